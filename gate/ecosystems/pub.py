"""Pub: packages of Dart and Flutter."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands

ECOSYSTEM = Ecosystem(
    name="Pub",
    version_order="semver_with_build",
    canonical_name=str.lower,
    package_urls=PackageUrls(type="pub"),
    update=UpdateCommands(
        by_file={
            "pubspec.lock": ("dart pub add {name}:^{version}", "dart pub upgrade {name}"),
        },
    ),
    language="dart",
)
