"""The shape of the description of an ecosystem: every fact that the gate needs of one, with what holds for most."""

from collections.abc import Callable, Mapping

import msgspec

OsRelease = Mapping[str, str]
"""Fields of os-release(5): `{"ID": "debian", "VERSION_ID": "12"}`."""


class Fetched(msgspec.Struct, frozen=True):
    """The package that an address leads to."""

    name: str
    version: str


def unchanged(text: str) -> str:
    """Return `text`."""
    return text


def is_same_but_for_build(one: str, other: str) -> bool:
    """True if two versions differ by build metadata alone; `other` may have a `v` before it."""
    return one == other or one.partition("+")[0] == other.partition("+")[0].removeprefix("v")


def _no_release(_release: str, _version: str) -> None:
    """Return None: further releases have nothing to say."""


def both(command: str) -> tuple[str, str]:
    """Return the commands of a lockfile whose tool raises direct packages and those of others alike."""
    return command, command


class PackageUrls(msgspec.Struct, frozen=True, kw_only=True):
    """How package URLs (purl-spec) of an ecosystem are written."""

    type: str
    """`pypi` in `pkg:pypi/requests@2.0`."""
    namespace_end: str = "/"
    """What stands between namespace and name in the names of packages: `:` in `org.slf4j:slf4j-api`."""
    names_namespace: bool = True
    """False if the namespace of a package URL is no part of the package's name."""


class UpdateCommands(msgspec.Struct, frozen=True, kw_only=True):
    """What to type to raise a package to a version; templates with `{name}`, `{version}`, `{last}` and `{binary}`."""

    by_file: Mapping[str, tuple[str, str]] = {}
    """Name of a lockfile to the commands that raise what the project asks for itself, and what others bring in."""
    by_package: Mapping[str, str] = {}
    """Name of a package that is raised in its own way, whichever file states it."""
    installed: str = ""
    """What raises an installed package of a distribution."""


class DistributionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What only the ecosystem of a distribution has: a part for each release (`Debian:12`)."""

    release: Callable[[OsRelease], str | None] | None = None
    """Returns what OSV calls the release that os-release describes, or None if it does not say which release it is."""
    comparable_release: Callable[[str], str] = unchanged
    """Returns the one name that stands for all names of a release (without the ecosystem's): `9` for `9.3`."""
    extended_release: Callable[[str, str], str | None] = _no_release
    """Returns the release, if any, whose advisories are about a version of a release's package too."""
    names_binaries: bool = False
    """True if its advisories name the packages that are installed; those of most name source packages."""
    has_module_streams: bool = False
    """True if RPM packages are built for module streams (`nodejs:18`), whose builds do not compare."""


class Ecosystem(msgspec.Struct, frozen=True, kw_only=True):
    """One ecosystem of packages: a registry, a distribution, or another kind of advisories."""

    name: str
    """As OSV spells it, without release; of an ecosystem that OSV lacks, as our reports spell it."""

    # versions
    version_order: str | None = None
    """Module of `gate.ecosystems.version_orders`; None: its versions cannot be compared."""
    version_prefix: str = ""
    """What files write before a version and advisories leave out: `v`."""
    advised_version: Callable[[str], str] = unchanged
    """Returns the version that advisories speak of for one that is installed."""

    # names
    canonical_name: Callable[[str], str] = unchanged
    """Returns the one spelling that stands for all spellings of a package's name."""
    written_name: Callable[[str], str] = unchanged
    """Returns the spelling of a package's name that we write."""
    has_popular_names: bool = False
    """True if `popular/NAME.txt` lists the names that others are confused with."""

    # advisories
    has_advisories: bool = True
    """False for an ecosystem that OSV lacks."""
    is_in_every_source: bool = True
    """False if a source of advisories may do without it: that it lacks them is a fact, no error."""
    has_named_functions: bool = False
    """True if tables of vulnerable functions have rows of its packages (`gate.advisories.vulnerable_functions`)."""
    advisory_ids: tuple[str, ...] = ()
    """How ids of the ecosystem's own database begin: who knows its packages best decides on versions."""
    judged_as: Callable[[str], tuple[str, str] | None] | None = None
    """Returns the ecosystem, and the name there, whose advisories are about a package of this one; None if unknown."""
    rebuilds_others: bool = False
    """True if it rebuilds the packages of other ecosystems, whose name then follows its own: `Root:npm`."""

    # packages
    package_urls: PackageUrls | None = None
    """None: its packages have URLs of their distribution (`pkg:deb/…`), or none."""
    fetched: Callable[[str], Fetched | None] | None = None
    """Returns the package that the path of an address fetches, None if it does not say; None: addresses never do."""
    is_same_version: Callable[[str, str], bool] = is_same_but_for_build
    """True if two spellings, the first from an address, are one version."""
    update: UpdateCommands = UpdateCommands()
    distribution: DistributionFacts | None = None
    """None for what is no distribution."""

    # use
    language: str | None = None
    """Module of `gate.reachability.imports` that reads what sources import; None: imports are not looked for."""
    is_linked: bool = False
    """True if its packages are parts of a program that is built with them, and no files of their own."""
    has_followed_runtime: bool = False
    """True if `gate.reachability.runtimes` follows which of its packages a container loads."""
    system_modules: str = ""
    """Pattern of files of a distribution's packages that its programs load as modules.

    Group 1, where it has one, is the name by which sources import the module."""
    runtimes: Mapping[str, str] = {}
    """Name of a package that is a language's runtime or a server, to its name in `gate.core.end_of_life`."""
