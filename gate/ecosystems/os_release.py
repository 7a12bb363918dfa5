"""What OSV calls the release of a distribution, by the fields of its os-release(5)."""

import re
from collections.abc import Callable

from gate.ecosystems.ecosystem import OsRelease

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def version_number(fields: OsRelease) -> str | None:
    """Return VERSION_ID if it is numbers with dots between them."""
    version = fields.get("VERSION_ID", "")
    return version if _NUMBER.fullmatch(version) else None


def major(release: str) -> str:
    """Return `9` for `9.3`."""
    return release.partition(".")[0]


def named_by_major(name: str) -> Callable[[OsRelease], str | None]:
    """Return what names the releases of the ecosystem `name` by their first number."""

    def release(fields: OsRelease) -> str | None:
        version = version_number(fields)
        return f"{name}:{major(version)}" if version else None

    return release


def without_releases(name: str) -> Callable[[OsRelease], str]:
    """Return what names the distribution `name` that has one release for ever, or names its only one."""

    def release(_fields: OsRelease) -> str:
        return name

    return release
