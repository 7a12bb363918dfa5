"""What the readers of installed packages share: checked packages, their purl, JSON, one error."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

import msgspec

from gate.core.errors import UnreadableError
from gate.ecosystems import find
from gate.inventory.installed.distribution import Distribution
from gate.inventory.lockfile import package_url
from gate.model import BinaryPackage, Package
from gate.trees import Entry

Finder = Callable[[str, Entry], bool]
"""Tells for the path of a file, as links write it, and its entry without links, whether it states packages."""

Document = TypeVar("Document")


class Nameless(msgspec.Struct, frozen=True):
    """Something that is installed and does not say which package and version it is: counted by its kind."""

    kind: str


_MAX_LENGTH = 512
"""Characters of a name or version."""
_MAX_LICENSE = 200
"""Characters of a licence; some packages state its whole text."""
_NO_LICENSE = frozenset({"UNKNOWN", "NOASSERTION", "NONE", "(NONE)"})


def unparsable(path: str, why: str) -> UnreadableError:
    """Return the error for a file that is not what its name says."""
    return UnreadableError(
        f"cannot be parsed: {why}",
        path=path,
        hint="Install the package again, or list the file under `ignore` of the image stage in gate.yaml",
    )


def decode_json(content: bytes, path: str, shape: type[Document]) -> Document:
    """Return the JSON in `content` as `shape`. Raises UnreadableError if it is not that."""
    try:
        return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=shape)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise unparsable(path, str(error)) from error


def check(path: str, *texts: str) -> None:
    """Raise UnreadableError for a name or version that no installer accepts."""
    for text in texts:
        if len(text) > _MAX_LENGTH or not text.isprintable() or " " in text or not all(text.split("/")):
            raise unparsable(path, "the name or version of a package is empty, too long or not printable")


_VENDORS = {"rhel": "redhat"}
"""os-release's ID to the namespace of package URLs, where they differ."""


class BuiltPackage(msgspec.Struct, frozen=True, kw_only=True):
    """An installed package of a distribution, and the source package that it was built of."""

    type: str
    """Type of its package URL: `deb`, `rpm` or `apk`."""
    source: tuple[str, str]
    """Name and version that the distribution's advisories state: the source package's, for some the binary's."""
    binary: tuple[str, str]
    """Name and version of what is installed."""
    architecture: str = ""
    upstream: str = ""
    """The source package, if it is to be named in the package URL as it is written here."""
    license: str | None = None
    qualifiers: Mapping[str, str] = MappingProxyType({})
    """Further qualifiers of its package URL."""


def system_package(built: BuiltPackage, path: str, distribution: Distribution) -> Package:
    """Make a package of a distribution, which `path` lists, named as its advisories name it."""
    name, version = built.source
    binary, binary_version = built.binary
    check(path, name, version, binary, binary_version)
    purl = _installed_purl(built, distribution)
    package = Package(
        name=name,
        version=version,
        ecosystem=distribution.listed_as,
        purl=purl,
        path=path,
        license=stated(built.license),
        installed_as=binary if binary != name else None,
    )
    if is_named_as_installed(distribution):
        return package
    listed = BinaryPackage(name=binary, version=binary_version, purl=purl, license=package.license)
    source = _purl(built.type, built.source, "source", built.qualifiers, distribution)
    return msgspec.structs.replace(package, purl=source, binaries=(listed,))


def _installed_purl(built: BuiltPackage, distribution: Distribution) -> str:
    upstream = {"upstream": upstream} if (upstream := built.upstream or _upstream(built)) else {}
    return _purl(built.type, built.binary, built.architecture, {**built.qualifiers, **upstream}, distribution)


def _upstream(built: BuiltPackage) -> str:
    """Return what a package URL calls the source package: `glibc`, or `glibc@2.36-9` if its version differs."""
    (name, version), (binary, binary_version) = built.source, built.binary
    if version != binary_version:
        return f"{name}@{version}"
    return name if name != binary else ""


def _purl(
    type: str, named: tuple[str, str], architecture: str, qualifiers: Mapping[str, str], distribution: Distribution
) -> str:
    from packageurl import PackageURL

    name, version = named
    distro = f"{distribution.id}-{distribution.version}".rstrip("-")
    further = {"distro": distro, **({"arch": architecture} if architecture else {}), **qualifiers}
    if type == "rpm" and ":" in version:
        further["epoch"], _, version = version.partition(":")
    vendor = _VENDORS.get(distribution.id, distribution.id)
    return PackageURL(type, vendor, name, version, further).to_string()


_SOURCE_RPM = re.compile(r"(?P<name>.+)-(?P<version>[^-]+-[^-]+)\.(?:no)?src\.rpm")


def is_named_as_installed(distribution: Distribution) -> bool:
    """True if the distribution's advisories name binary packages."""
    known = find(distribution.ecosystem or "")
    return known is not None and known.distribution is not None and known.distribution.names_binaries


def rpm_name(binary: str, version: str, source: str, distribution: Distribution) -> tuple[str, str]:
    """Return name and version of an RPM package as the distribution's advisories state them.

    `version` is `epoch:version-release` with the epoch left out if it is 0, `source` the file name of the source RPM.
    """
    found = _SOURCE_RPM.fullmatch(source)
    if found is None or is_named_as_installed(distribution):
        return binary, version
    epoch, colon, _ = version.rpartition(":")
    return found["name"], f"{epoch}{colon}{found['version']}"


def language_package(ecosystem: str, name: str, version: str, path: str, license: str | None = None) -> Package:
    """Make a package of a language's ecosystem (`PyPI`, `npm`)."""
    check(path, name, version)
    try:
        purl = package_url(ecosystem, name, version)
    except ValueError as error:
        raise unparsable(path, "the name of a package is incomplete") from error
    return Package(
        name=name,
        version=version,
        ecosystem=ecosystem,
        purl=purl,
        license=stated(license),
        path=path,
    )


def stated(license: str | None) -> str | None:
    """Return the words in which a licence is stated as one line of bounded length; None if nothing is stated."""
    words = " ".join((license or "").split())
    return words[:_MAX_LICENSE] if words and words.isprintable() and words.upper() not in _NO_LICENSE else None
