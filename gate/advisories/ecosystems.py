"""Which of OSV's ecosystems speak of a package: releases of a distribution have several names, some nothing at all."""

import re
from collections.abc import Callable, Iterable

from gate.advisories.versions import ORDERS, base_of

BY_COMMIT = ("GIT", "OSS-Fuzz")
"""Ecosystems whose advisories are on the commits of repositories. OSV puts what has no package into the first, which
is also the ecosystem of what is looked up by commit."""
JUDGED = frozenset({*ORDERS, *BY_COMMIT})
"""Ecosystems whose packages can be judged."""
NOT_IN_EVERY_SOURCE = frozenset({"Bitnami", "GitHub Actions", *BY_COMMIT})
"""Ecosystems of programs outside of distributions and of the pipeline: that a source lacks them is a fact, no error."""
WITHOUT_ADVISORIES = frozenset({"CocoaPods", "Conda", "JSR", "Terraform", "generic"})
"""Ecosystems that lockfiles and images know and OSV does not."""


def bases_of(used: Iterable[str]) -> list[str]:
    """Return the ecosystems whose advisories speak of packages of the ecosystems `used`, which have no release."""
    bases = JUDGED & set(used)
    return sorted(bases | set(BY_COMMIT)) if bases & set(BY_COMMIT) else sorted(bases)


_EXTENDED = re.compile(r"[.+~]esm")
"""A version that Ubuntu Pro's extended maintenance built."""
_SERVICE_PACK = re.compile(r"\d+(?:\.\d+)?(?: SP\d+)?\Z")


def _ubuntu(release: str) -> str:
    """`22.04` for `22.04:LTS`, `Pro:22.04` for `Pro:22.04:LTS`."""
    return release.removesuffix(":LTS")


def _major(release: str) -> str:
    """`9` for `9.3`."""
    return release.partition(".")[0]


def _red_hat(release: str) -> str:
    """`enterprise_linux:9` for `enterprise_linux:9::baseos`, `9` and `9.3`."""
    product, colon, rest = release.partition(":")
    if not colon:
        return f"enterprise_linux:{_major(product)}"
    return f"{product}:{rest.partition(':')[0]}"


def _suse(release: str) -> str:
    """`15 SP5` for `Linux Enterprise Server 15 SP5` and the modules of that service pack."""
    found = _SERVICE_PACK.search(release)
    return found[0] if found else release


_RELEASES: dict[str, Callable[[str], str]] = {
    "AlmaLinux": _major,
    "Red Hat": _red_hat,
    "Rocky Linux": _major,
    "SUSE": _suse,
    "Ubuntu": _ubuntu,
}
"""Ecosystem to what makes one of the names of a release; the releases of all others have one name each."""


class Releases:
    """The ecosystems that an index has advisories for."""

    def __init__(self, ecosystems: Iterable[str]) -> None:
        self._by_release: dict[str, list[str]] = {}
        for ecosystem in sorted(ecosystems):
            self._by_release.setdefault(_release_of(ecosystem), []).append(ecosystem)

    def about(self, ecosystem: str, version: str) -> tuple[str, ...]:
        """Return those whose advisories speak of `version` of a package of `ecosystem`; none if it is unknown."""
        own = self._by_release.get(_release_of(ecosystem), [])
        return (*own, *self._extended(ecosystem, version))

    def _extended(self, ecosystem: str, version: str) -> list[str]:
        base, _, release = ecosystem.partition(":")
        if base != "Ubuntu" or not _EXTENDED.search(version):
            return []
        return self._by_release.get(f"Ubuntu:Pro:{_ubuntu(release)}", [])


def _release_of(ecosystem: str) -> str:
    base = base_of(ecosystem)
    release = ecosystem.removeprefix(base).removeprefix(":")
    shorten = _RELEASES.get(base)
    return f"{base}:{shorten(release) if shorten else release}"
