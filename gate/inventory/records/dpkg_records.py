"""dpkg's lists (`info/*.list`), sums (`info/*.md5sums`, `status.d/*.md5sums`), conffiles and diversions.

dpkg(1), deb-md5sums(5), deb-conffiles(5), dpkg-divert(1).
"""

import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from gate.inventory.installed.dpkg import listed_files, sums_in
from gate.inventory.records.file_record import Record
from gate.trees import Entry, EntryKind, FileTree, resolve
from gate.trees.memo import Analysis, analysed

Result = TypeVar("Result")

_HOME = "var/lib/dpkg"
_MAX_SIZE = 64 << 20
_NAMES = re.compile(r"^(Package|Architecture): *(\S+)", re.MULTILINE)
_CONFFILE = re.compile(r"^ (/.+?) ([0-9a-f]{32})(?: .*)?$", re.MULTILINE)
_ETC = "etc/"
_OF_SUMS = ".md5sums"
_Diversions = dict[str, tuple[str, str]]
"""By the path of a diverted file: where other packages' versions are, and the package that keeps the path."""


class _Package(msgspec.Struct, frozen=True, array_like=True):
    name: str
    architecture: str


class _Status(msgspec.Struct, frozen=True, array_like=True):
    """The packages and configuration files in `status`."""

    packages: list[_Package]
    conffiles: dict[str, str]
    """Path to MD5 digest."""


def _packages(status: str) -> Iterator[_Package]:
    name = ""
    for key, value in _NAMES.findall(status):
        if key == "Package":
            name = value
        elif name:
            yield _Package(name, value)
            name = ""


def _status(content: bytes) -> _Status:
    text = _text(content)
    conffiles = {path.strip("/"): digest for path, digest in _CONFFILE.findall(text)}
    return _Status(list(_packages(text)), conffiles)


_READ_STATUS = Analysis("dpkg status", _Status, _status)


def read(tree: FileTree) -> Iterator[Record]:
    """Yield the files of the packages that `status` names, and of the files in `status.d` (distroless images)."""
    home = resolve(tree, _HOME)
    if home is None or home.kind is not EntryKind.FOLDER:
        return
    status = _analysed(tree, f"{home.path}/status", _READ_STATUS)
    diversions = _analysed(tree, f"{home.path}/diversions", Analysis("dpkg diversions", _Diversions, _diversions))
    for package in status.packages:
        for record in _installed(tree, f"{home.path}/info", package, status.conffiles):
            yield _where_it_is(record, diversions)
    yield from _distroless(tree, home.path)


def _installed(tree: FileTree, folder: str, package: _Package, conffiles: Mapping[str, str]) -> Iterator[Record]:
    names = (package.name, f"{package.name}:{package.architecture}")
    stem = next((name for name in names if tree.look_up(f"{folder}/{name}.list")), None)
    if stem is None:
        return
    listed = tree.look_up(f"{folder}/{stem}.list")
    sums = sums_in(tree, f"{folder}/{stem}.md5sums")
    for line in listed_files(tree, f"{folder}/{stem}.list"):
        path = line.strip("/")
        if path not in ("", "."):
            yield _record(path, package.name, sums, conffiles, listed)


def _record(
    path: str, package: str, sums: Mapping[str, str], conffiles: Mapping[str, str], listed: Entry | None
) -> Record:
    digest = sums.get(path) or conffiles.get(path, "")
    algorithm = "md5" if digest else ""
    return Record(
        path=path,
        package=package,
        digest=digest,
        algorithm=algorithm,
        is_configuration=path in conffiles or path.startswith(_ETC),
        origin=listed.origin if listed else None,
    )


def _distroless(tree: FileTree, home: str) -> Iterator[Record]:
    prefix = f"{home}/status.d/"
    if tree.look_up(prefix.rstrip("/")) is None:
        return
    for entry in tree.walk():
        if entry.path.startswith(prefix):
            package = entry.path.removeprefix(prefix).removesuffix(_OF_SUMS)
            is_of_sums = entry.path.endswith(_OF_SUMS)
            sums = sums_in(tree, entry.path) if is_of_sums else {}
            conffiles = {} if is_of_sums else _analysed(tree, entry.path, _READ_STATUS).conffiles
            yield from (_record(path, package, sums, conffiles, entry) for path in (*sums, *conffiles))


def _diversions(content: bytes) -> _Diversions:
    lines = _text(content).split("\n")
    rows = zip(lines[0::3], lines[1::3], lines[2::3], strict=False)
    return {path.strip("/"): (place.strip("/"), package) for path, place, package in rows}


def _where_it_is(record: Record, diversions: _Diversions) -> Record:
    place, keeper = diversions.get(record.path, (record.path, ""))
    return record if keeper == record.package else msgspec.structs.replace(record, path=place)


def _analysed(tree: FileTree, path: str, analysis: Analysis[Result]) -> Result:
    """Return the result of an analysis; a missing file counts as empty."""
    entry = resolve(tree, path)
    if entry is None or entry.kind is not EntryKind.FILE:
        return analysis.function(b"")
    return analysed(tree, path, analysis, _MAX_SIZE)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")
