"""How package names are compared: by the rules of each ecosystem, which lockfiles and advisories follow unequally."""

import re
from collections.abc import Callable

from gate.advisories.versions import base_of

_SCHEME = re.compile(r"\A(?:[a-z][a-z0-9+.-]*://|git@)")
_SEPARATORS = re.compile(r"[-_.]+")


def _pep_503(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()


def _repository(name: str) -> str:
    """Return `github.com/apple/swift-nio` for `https://github.com/apple/swift-nio.git`."""
    return _SCHEME.sub("", name.lower()).replace(":", "/").removesuffix("/").removesuffix(".git")


def _action(name: str) -> str:
    """Return `owner/repository` for an action, whichever folder of the repository it is in."""
    return "/".join(name.lower().split("/")[:2])


_RULES: dict[str, Callable[[str], str]] = {
    "ConanCenter": str.lower,
    "GIT": _repository,
    "GitHub Actions": _action,
    "Hex": str.lower,
    "NuGet": str.lower,
    "Packagist": str.lower,
    "Pub": str.lower,
    "PyPI": _pep_503,
    "SwiftURL": _repository,
}
"""Ecosystem to its rule; in all others two names are one only if they are equal, case included."""


def canonical_name(ecosystem: str, name: str) -> str:
    """Return the one spelling that stands for all spellings of a package's name in `ecosystem`."""
    rule = _RULES.get(base_of(ecosystem))
    return rule(name) if rule else name
