"""A package that is installed in an image or locked by a repository."""

import enum

import msgspec


class Scope(enum.Enum):
    """What a package is needed for."""

    RUNTIME = "runtime"
    DEVELOPMENT = "development"
    OPTIONAL = "optional"


STRONGEST_FIRST = (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT)
"""The order in which scopes count: a package that is needed in several has the first of these."""


class BinaryPackage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A package that a distribution built of a source package, as it is installed."""

    name: str
    version: str
    purl: str
    license: str | None = None


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
    """True for a direct dependency, False for a transitive one, None if the file does not say."""
    via: tuple[str, ...] = ()
    """Names of the packages through which it is needed, the direct dependency first; empty if direct or unknown."""
    license: str | None = None
    """SPDX expression, or the licence's text as the file states it; None if it states none."""
    registry: str | None = None
    """URL that it is fetched from; None if the file does not say."""
    path: str = ""
    """File that lists it, relative to the target's root."""
    line: int | None = None
    """Line of that file, from 1."""
    installed_as: str | None = None
    """Name of the first binary package, if it differs from `name`."""
    binaries: tuple[BinaryPackage, ...] = ()
    """What is installed of a source package of a distribution, by name; empty where `name` is what is installed."""
    stated_as: str | None = None
    """`name version` as the file states them, if the URL that it is fetched from is that of another package."""
