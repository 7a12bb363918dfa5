"""Which distribution and which runtimes an image holds, under the names of `gate.core.end_of_life`."""

from collections.abc import Iterator, Mapping

from gate.images.contents.release import Release
from gate.inventory.installed.inventory import Installed
from gate.model import Package

_DISTRIBUTIONS: Mapping[str, str] = {
    "almalinux": "almalinux",
    "alpine": "alpine",
    "amzn": "amazonlinux",
    "centos": "centos",
    "debian": "debian",
    "fedora": "fedora",
    "ol": "oraclelinux",
    "opensuse-leap": "opensuse/leap",
    "ubuntu": "ubuntu",
}
"""os-release's ID to the table's name."""
_RUNTIMES: Mapping[tuple[str, str], str] = {
    ("Go", "stdlib"): "golang",
    ("Bitnami", "mariadb"): "mariadb",
    ("Bitnami", "mysql"): "mysql",
    ("Bitnami", "node"): "node",
    ("Bitnami", "php"): "php",
    ("Bitnami", "postgresql"): "postgres",
    ("Bitnami", "python"): "python",
    ("Bitnami", "ruby"): "ruby",
}
"""Ecosystem and name of a package to the table's name. A distribution mends the runtimes of its own packages."""


def releases_of(installed: Installed) -> tuple[Release, ...]:
    """Return each release once, the distribution first."""
    return tuple(dict.fromkeys((*_distribution(installed), *_runtimes(installed.packages))))


def _distribution(installed: Installed) -> Iterator[Release]:
    found = installed.distribution
    if found is not None and found.id in _DISTRIBUTIONS:
        yield Release(_DISTRIBUTIONS[found.id], found.version, "etc/os-release")


def _runtimes(packages: tuple[Package, ...]) -> Iterator[Release]:
    for package in packages:
        name = _RUNTIMES.get((package.ecosystem, package.name))
        if name is not None:
            yield Release(name, package.version, package.path)
