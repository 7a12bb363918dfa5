"""Which distribution and which runtimes an image holds, under the names of `gate.core.end_of_life`."""

from collections.abc import Iterator, Mapping

from gate.ecosystems import find
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


def releases_of(installed: Installed) -> tuple[Release, ...]:
    """Return each release once, the distribution first."""
    return tuple(dict.fromkeys((*_distribution(installed), *_runtimes(installed.packages))))


def _distribution(installed: Installed) -> Iterator[Release]:
    found = installed.distribution
    if found is not None and found.id in _DISTRIBUTIONS:
        yield Release(_DISTRIBUTIONS[found.id], found.version, "etc/os-release")


def _runtimes(packages: tuple[Package, ...]) -> Iterator[Release]:
    for package in packages:
        # A distribution mends the runtimes of its own packages: its ecosystem names none.
        known = find(package.ecosystem)
        name = known.runtimes.get(package.name) if known else None
        if name is not None:
            yield Release(name, package.version, package.path)
