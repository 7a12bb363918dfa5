"""Facts on each ecosystem of packages, one file an ecosystem: names, versions, advisories, addresses, commands.

An ecosystem is a module with `ECOSYSTEM`, and one line in `ECOSYSTEMS`. It is imported when a package of it occurs.
"""

from functools import cache, lru_cache
from importlib import import_module
from typing import cast

from gate.core.errors import UnreadableError
from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEMS = {
    "AlmaLinux": "gate.ecosystems.almalinux",
    "Alpaquita": "gate.ecosystems.alpaquita",
    "Alpine": "gate.ecosystems.alpine",
    "Azure Linux": "gate.ecosystems.azure_linux",
    "Bazel": "gate.ecosystems.bazel",
    "BellSoft Hardened Containers": "gate.ecosystems.bellsoft",
    "Bioconductor": "gate.ecosystems.bioconductor",
    "Bitnami": "gate.ecosystems.bitnami",
    "CRAN": "gate.ecosystems.cran",
    "Chainguard": "gate.ecosystems.chainguard",
    "CleanStart": "gate.ecosystems.cleanstart",
    "CocoaPods": "gate.ecosystems.cocoapods",
    "ConanCenter": "gate.ecosystems.conan",
    "Conda": "gate.ecosystems.conda",
    "Debian": "gate.ecosystems.debian",
    "Docker Hardened Images": "gate.ecosystems.docker_hardened",
    "Echo": "gate.ecosystems.echo",
    "GHC": "gate.ecosystems.ghc",
    "GIT": "gate.ecosystems.git",
    "GitHub Actions": "gate.ecosystems.github_actions",
    "Go": "gate.ecosystems.go",
    "Hackage": "gate.ecosystems.hackage",
    "Hex": "gate.ecosystems.hex",
    "JSR": "gate.ecosystems.jsr",
    "Julia": "gate.ecosystems.julia",
    "Kubernetes": "gate.ecosystems.kubernetes",
    "Linux": "gate.ecosystems.linux",
    "LuaRocks": "gate.ecosystems.luarocks",
    "Mageia": "gate.ecosystems.mageia",
    "Maven": "gate.ecosystems.maven",
    "MinimOS": "gate.ecosystems.minimos",
    "NuGet": "gate.ecosystems.nuget",
    "OSS-Fuzz": "gate.ecosystems.oss_fuzz",
    "Packagist": "gate.ecosystems.packagist",
    "Photon OS": "gate.ecosystems.photon",
    "Pub": "gate.ecosystems.pub",
    "PyPI": "gate.ecosystems.pypi",
    "Red Hat": "gate.ecosystems.red_hat",
    "Rocky Linux": "gate.ecosystems.rocky_linux",
    "Root": "gate.ecosystems.root",
    "RubyGems": "gate.ecosystems.rubygems",
    "SUSE": "gate.ecosystems.suse",
    "SwiftURL": "gate.ecosystems.swift",
    "Terraform": "gate.ecosystems.terraform",
    "TuxCare": "gate.ecosystems.tuxcare",
    "Ubuntu": "gate.ecosystems.ubuntu",
    "VSCode": "gate.ecosystems.vscode",
    "Wolfi": "gate.ecosystems.wolfi",
    "WordPress": "gate.ecosystems.wordpress",
    "crates.io": "gate.ecosystems.cargo",
    "generic": "gate.ecosystems.generic",
    "npm": "gate.ecosystems.npm",
    "opam": "gate.ecosystems.opam",
    "openEuler": "gate.ecosystems.openeuler",
    "openSUSE": "gate.ecosystems.opensuse",
    "other distributions": "gate.ecosystems.other_distributions",
}
"""Name of an ecosystem (OSV's, without release) to the module that describes it."""

OS_RELEASE_IDS = {
    "almalinux": "AlmaLinux",
    "alpaquita": "Alpaquita",
    "alpine": "Alpine",
    "azurelinux": "Azure Linux",
    "chainguard": "Chainguard",
    "debian": "Debian",
    "echo": "Echo",
    "mageia": "Mageia",
    "mariner": "Azure Linux",
    "minimos": "MinimOS",
    "openeuler": "openEuler",
    "opensuse-leap": "openSUSE",
    "opensuse-tumbleweed": "openSUSE",
    "photon": "Photon OS",
    "rhel": "Red Hat",
    "rocky": "Rocky Linux",
    "sles": "SUSE",
    "sles_sap": "SUSE",
    "ubuntu": "Ubuntu",
    "wolfi": "Wolfi",
}
"""ID of a distribution in os-release(5) to its ecosystem."""

OTHER_DISTRIBUTIONS = "other distributions"
"""The ecosystem of the packages of distributions that OSV lacks; their name and version are its release."""

COMMITS = "GIT"
"""The ecosystem of what is known by commit."""
BY_COMMIT = (COMMITS, "OSS-Fuzz")
"""Ecosystems whose advisories are on the commits of repositories, which are looked up together."""


def base_of(name: str) -> str:
    """Return an ecosystem's name without its release: `Debian` for `Debian:12`."""
    return name.partition(":")[0]


@lru_cache(maxsize=256)  # asked once and more for each package and advisory
def find(name: str) -> Ecosystem | None:
    """Return the description of an ecosystem by its name, with or without release; None if it is not known."""
    base = base_of(name)
    return cast(Ecosystem, import_module(ECOSYSTEMS[base]).ECOSYSTEM) if base in ECOSYSTEMS else None


def described(name: str) -> Ecosystem:
    """Return the description of an ecosystem by its name, with or without release.

    Raises UnreadableError if it is not known.
    """
    found = find(name)
    if found is None:
        shown = "".join(sign if sign.isprintable() else "?" for sign in name[:60])
        raise UnreadableError(
            f"the ecosystem {shown!r} is not known", hint="gate.ecosystems lists those that the gate knows"
        )
    return found


def canonical_name(ecosystem: str, name: str) -> str:
    """Return the one spelling that stands for all spellings of a package's name in `ecosystem`.

    Where an ecosystem has no rule, two names are one only if they are equal, case included.
    """
    known = find(ecosystem)
    return known.canonical_name(name) if known else name


@cache
def all_ecosystems() -> tuple[Ecosystem, ...]:
    """Return the descriptions of all ecosystems; imports each of them."""
    return tuple(map(described, ECOSYSTEMS))


def by_package_url_type(type: str) -> Ecosystem | None:
    """Return the ecosystem whose packages have package URLs of a type (`pypi`); None if there is none."""
    return _by_package_url_type().get(type)


@cache
def _by_package_url_type() -> dict[str, Ecosystem]:
    return {known.package_urls.type: known for known in all_ecosystems() if known.package_urls}
