"""NuGet: packages of .NET."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands, both

ECOSYSTEM = Ecosystem(
    name="NuGet",
    version_order="nuget",
    canonical_name=str.lower,
    has_popular_names=True,
    package_urls=PackageUrls(type="nuget"),
    update=UpdateCommands(
        by_file={
            "packages.lock.json": both("dotnet add package {name} --version {version}"),
        },
    ),
    language="dotnet",
    has_followed_runtime=True,
    has_named_functions=True,
)
