"""rpm's database of installed packages (Red Hat, SUSE and derived distributions), in any of its three forms."""

from collections.abc import Iterator

from gate.inventory.installed import rpm_header as tags
from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import BuiltPackage, Finder, rpm_name, system_package, unparsable
from gate.inventory.installed.rpm_databases import header_blobs
from gate.inventory.installed.rpm_header import Header
from gate.model import Package
from gate.trees import FileTree, resolve

_FOLDERS = ("usr/lib/sysimage/rpm", "var/lib/rpm", "usr/share/rpm")
_FILES = ("rpmdb.sqlite", "Packages.db", "Packages")
"""Newest form first, as a conversion may leave the older database in the same folder."""
_KEY = "gpg-pubkey"
"""The name of the entries that are keys, not packages."""


def finder(tree: FileTree) -> Finder:
    """Return the test for the database's file, with links resolved: the first of `_FILES` in each folder."""
    paths = databases(tree)
    return lambda _, entry: entry.path in paths


def databases(tree: FileTree) -> frozenset[str]:
    """Return the paths of the databases, without links."""
    paths: set[str] = set()
    for folder in _FOLDERS:
        entries = (resolve(tree, f"{folder}/{name}") for name in _FILES)
        paths.update(entry.path for entry in list(filter(None, entries))[:1])
    return frozenset(paths)


def read(content: bytes, path: str, distribution: Distribution | None) -> Iterator[Package]:
    """Yield a package for each that is installed, under the name by which its distribution's advisories call it."""
    assert distribution is not None
    for blob in header_blobs(content, path):
        header = Header(blob, path)
        name = header.text(tags.NAME)
        if name != _KEY:
            yield _package(header, name, path, distribution)


def _package(header: Header, name: str, path: str, distribution: Distribution) -> Package:
    version, release = header.text(tags.VERSION), header.text(tags.RELEASE)
    if not name or not version or not release:
        raise unparsable(path, "a package has no name, version or release")
    epoch = header.number(tags.EPOCH)
    full = f"{epoch}:{version}-{release}" if epoch else f"{version}-{release}"
    source, module = header.text(tags.SOURCE), header.text(tags.MODULE)
    built = BuiltPackage(
        type="rpm",
        source=rpm_name(name, full, source, distribution),
        binary=(name, full),
        architecture=header.text(tags.ARCHITECTURE),
        upstream=source,
        license=header.text(tags.LICENSE),
        qualifiers={"rpmmod": module} if module else {},
    )
    return system_package(built, path, distribution)


def owned_files(content: bytes, path: str) -> Iterator[str]:
    """Yield the paths of all files of the packages in the database."""
    for blob in header_blobs(content, path):
        yield from Header(blob, path).files()
