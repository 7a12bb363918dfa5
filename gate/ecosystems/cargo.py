"""crates.io: packages of Rust."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands, both

ECOSYSTEM = Ecosystem(
    name="crates.io",
    version_order="semver",
    has_popular_names=True,
    advisory_ids=("RUSTSEC-",),
    package_urls=PackageUrls(type="cargo"),
    update=UpdateCommands(
        by_file={
            "Cargo.lock": both("cargo update {name} --precise {version}"),
        },
    ),
    language="rust",
    is_linked=True,
    has_followed_runtime=True,
)
