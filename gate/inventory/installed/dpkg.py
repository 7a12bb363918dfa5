"""dpkg's database: `var/lib/dpkg/status`, or a file a package in `status.d` (distroless images); deb-control(5)."""

import re
from collections.abc import Iterator

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import BuiltPackage, Finder, system_package, unparsable
from gate.model import Package
from gate.trees import Entry, EntryKind, FileTree, resolve
from gate.trees.memo import Analysis, analysed

_STATUS = "var/lib/dpkg/status"
_FOLDER = "var/lib/dpkg/status.d"
_MAX_LIST = 64 << 20
_SUM = re.compile(r"^([0-9a-f]{32}) [ *](.+)$", re.MULTILINE)
_NOT_INSTALLED = frozenset({"not-installed", "config-files"})
"""States of dpkg(1) in which no file of the package but its configuration is there."""
_FIELDS = frozenset({"Package", "Version", "Source", "Status", "Architecture"})


def finder(tree: FileTree) -> Finder:
    """Return the test for the database's files, with links resolved."""
    status = resolve(tree, _STATUS)
    folder = resolve(tree, _FOLDER)
    path = status.path if status else _STATUS
    prefix = (folder.path if folder and folder.kind is EntryKind.FOLDER else _FOLDER) + "/"

    def states_packages(_: str, entry: Entry) -> bool:
        return entry.path == path or (entry.path.startswith(prefix) and not entry.path.endswith(".md5sums"))

    return states_packages


def read(content: bytes, path: str, distribution: Distribution | None) -> Iterator[Package]:
    """Yield a package for each binary package that is installed, named by its source package as OSV does."""
    assert distribution is not None
    for fields in _paragraphs(content.decode("utf-8", "replace")):
        if "Package" not in fields or "Version" not in fields:
            if "Status" not in fields or _is_installed(fields):
                raise unparsable(path, "a paragraph has no Package or no Version")
        elif _is_installed(fields):
            yield system_package(_build(fields), path, distribution)


def _build(fields: dict[str, str]) -> BuiltPackage:
    binary = (fields["Package"], fields["Version"])
    return BuiltPackage(type="deb", source=_source(fields), binary=binary, architecture=fields.get("Architecture", ""))


def listed_files(tree: FileTree, path: str) -> list[str]:
    """Return the paths in a package's `.list`, as they are written there. Raises as `FileTree.read` does."""
    return analysed(tree, path, Analysis("files of a dpkg list", list[str], _lines), _MAX_LIST)


def sums_in(tree: FileTree, path: str) -> dict[str, str]:
    """Return the MD5 digests in a file of sums (deb-md5sums(5)), by path; nothing if there is no such file."""
    entry = resolve(tree, path)
    if entry is None or entry.kind is not EntryKind.FILE:
        return {}
    return analysed(tree, path, Analysis("dpkg sums", dict[str, str], _sums), _MAX_LIST)


def _sums(content: bytes) -> dict[str, str]:
    text = content.decode("utf-8", "backslashreplace")
    return {path.removeprefix("./").strip("/"): digest for digest, path in _SUM.findall(text)}


def _lines(content: bytes) -> list[str]:
    return list(filter(None, content.decode("utf-8", "backslashreplace").split("\n")))


def _is_installed(fields: dict[str, str]) -> bool:
    state = fields.get("Status", "installed").rpartition(" ")[2]
    return state not in _NOT_INSTALLED


def _paragraphs(text: str) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    is_empty = True
    for line in text.split("\n"):
        if not line.strip():
            if not is_empty:
                yield fields
            fields, is_empty = {}, True
            continue
        is_empty = False
        key, colon, value = line.partition(":")
        if colon and key in _FIELDS:
            fields[key] = value.strip()
    if not is_empty:
        yield fields


def _source(fields: dict[str, str]) -> tuple[str, str]:
    """Return name and version of the source: `Source: glibc (2.36-9)`, each left out where it is the binary's own."""
    name, _, version = fields.get("Source", "").partition("(")
    return name.strip() or fields["Package"], version.strip(" )") or fields["Version"]
