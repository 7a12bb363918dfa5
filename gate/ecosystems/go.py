"""Go's modules, and its standard library, which is released with the compiler."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands, both

STANDARD_LIBRARY = "stdlib"
"""What OSV calls Go's standard library."""

ECOSYSTEM = Ecosystem(
    name="Go",
    version_order="semver",
    version_prefix="v",
    advisory_ids=("GO-",),
    package_urls=PackageUrls(type="golang"),
    update=UpdateCommands(
        by_file={
            "go.mod": both("go get {name}@{version}"),
        },
        by_package={STANDARD_LIBRARY: "go get go@{version}"},
    ),
    language="go",
    is_linked=True,
    has_followed_runtime=True,
    runtimes={STANDARD_LIBRARY: "golang"},
)
