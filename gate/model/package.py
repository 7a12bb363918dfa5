"""A package that is installed in an image or locked by a repository."""

import enum

import msgspec


class Scope(enum.Enum):
    """What a package is needed for."""

    RUNTIME = "runtime"
    DEVELOPMENT = "development"
    OPTIONAL = "optional"


STRONGEST_FIRST = (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT)
"""A package that is needed in several scopes has the first of these."""


class Package(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A package as its ecosystem names it.

    `ecosystem` is OSV's name with its release suffix where it has one (`PyPI`, `npm`, `Debian:12`), `name`
    is as OSV spells it (the source package for Debian, normalised by PEP 503 for PyPI).
    """

    name: str
    version: str
    ecosystem: str
    purl: str
    scope: Scope = Scope.RUNTIME
    direct: bool | None = None
    """True if the project asks for it itself, False if another package brings it, None if the file does not say."""
    via: tuple[str, ...] = ()
    """Names of those that bring it in, from the direct dependency down; empty if it is direct or nobody knows."""
    license: str | None = None
    """SPDX expression, or the words in which the file states its licence; None if it states none."""
    registry: str | None = None
    """Address that the file takes it from; None if the file does not say."""
    path: str = ""
    """File that states it, relative to the target's root."""
    line: int | None = None
    installed_as: str | None = None
    """Name of the binary package, where it differs from `name` (dpkg)."""
    stated_as: str | None = None
    """What the file calls it (`name version`), where the address that it is fetched from names another package."""
