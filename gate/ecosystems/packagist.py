"""Packagist: packages of PHP."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands

ECOSYSTEM = Ecosystem(
    name="Packagist",
    version_order="packagist",
    canonical_name=str.lower,
    has_popular_names=True,
    package_urls=PackageUrls(type="composer"),
    update=UpdateCommands(
        by_file={
            "composer.lock": ("composer require {name}:^{version}", "composer update {name} --with-dependencies"),
        },
    ),
    language="php",
    has_followed_runtime=True,
    system_modules=r"usr/share/php/[^/.]+",
)
