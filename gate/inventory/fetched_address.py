"""What an address in a lockfile fetches: name and version, as each ecosystem writes them in the names of its files.

    https://HOST/@scope/name/-/name-1.0.0.tgz                   npm (registry API, "tarball")
    https://npm.pkg.github.com/download/@scope/name/1.0.0/ID    npm, GitHub Packages
    https://HOST/…/name-1.0.0-py3-none-any.whl, name-1.0.0.tar.gz   PyPI (binary and source distribution formats)
    https://HOST/…/name-1.0.0-0.conda                           Conda
    https://HOST/…/name-1.0.0.gem                               RubyGems

Installers fetch the address; what a lockfile calls the package is only what it says of itself.
"""

import re
from collections.abc import Callable
from urllib.parse import unquote

import msgspec

from gate.inventory.lockfile import normalised
from gate.inventory.lockfiles.conda_names import name_and_version as conda_name_and_version

_SEMANTIC = r"(?P<version>[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?)"
_NPM = re.compile(
    rf"(?:.*?/)?(?P<name>(?:@[^/@]+/)?(?P<bare>[^/@]+))/(?:-|download)/(?:@[^/@]+/)?(?P<file>[^/]+?)-{_SEMANTIC}\.tgz"
)
_GITHUB_PACKAGES = re.compile(r".*/download/(?P<name>@[^/@]+/[^/@]+)/(?P<version>[^/]+)/[0-9a-f]+")
_WHEEL = re.compile(r"(?P<name>[^-/]+)-(?P<version>[^-/]+)(?:-[0-9][^-/]*)?-[^-/]+-[^-/]+-[^-/]+\.whl")
_SOURCE = re.compile(r"(?P<name>[^/]+)-(?P<version>[0-9][^-/]*)\.(?:tar\.gz|tar\.bz2|tar\.xz|zip|tgz)")
_GEM = re.compile(r"(?P<name>[^/]+?)-(?P<version>[0-9][^-/]*)(?:-[^/]+)?\.gem")


class Fetched(msgspec.Struct, frozen=True):
    """The package that an address leads to."""

    name: str
    version: str


def fetched_from(ecosystem: str, address: str) -> Fetched | None:
    """Return what `address` fetches; None if it does not say, or is of an ecosystem whose addresses do not."""
    if ecosystem not in _READERS or not address:
        return None
    path = unquote(re.split("[?#]", address, maxsplit=1)[0])
    return _READERS[ecosystem](path)


def is_same(ecosystem: str, fetched: Fetched, name: str, version: str | None) -> bool:
    """True if `fetched` is the package `name` in `version`, however both are spelled; without a version, in any."""
    if _spelled(ecosystem, fetched.name) != _spelled(ecosystem, name):
        return False
    return version is None or _is_same_version(ecosystem, fetched.version, version)


def _spelled(ecosystem: str, name: str) -> str:
    return normalised(name) if ecosystem == "PyPI" else name.lower()


def _is_same_version(ecosystem: str, one: str, other: str) -> bool:
    if one == other:
        return True
    if ecosystem == "PyPI":
        from packaging.utils import canonicalize_version

        return canonicalize_version(one) == canonicalize_version(other)
    return one.partition("+")[0] == other.partition("+")[0].removeprefix("v")


def _npm(path: str) -> Fetched | None:
    """Read an address of a registry; a file that bears another name than its folder is what the file is called."""
    if found := _NPM.fullmatch(path):
        is_named_alike = found["file"].lower() == found["bare"].lower()
        return Fetched(found["name"] if is_named_alike else found["file"], found["version"])
    if found := _GITHUB_PACKAGES.fullmatch(path):
        return Fetched(found["name"], found["version"])
    return None


def _pypi(path: str) -> Fetched | None:
    file = path.rpartition("/")[2]
    found = _WHEEL.fullmatch(file) or _SOURCE.fullmatch(file)
    return Fetched(normalised(found["name"]), found["version"]) if found else None


def _conda(path: str) -> Fetched | None:
    found = conda_name_and_version(path)
    return Fetched(*found) if found else None


def _gem(path: str) -> Fetched | None:
    found = _GEM.fullmatch(path.rpartition("/")[2])
    return Fetched(found["name"], found["version"]) if found else None


_READERS: dict[str, Callable[[str], Fetched | None]] = {
    "Conda": _conda,
    "PyPI": _pypi,
    "RubyGems": _gem,
    "npm": _npm,
}
"""Ecosystem to what reads the path of an address."""
