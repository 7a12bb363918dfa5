"""The files that package databases record, with their packages and digests."""

from collections.abc import Callable

from gate.inventory.records import apk_records, dpkg_records, rpm_records
from gate.inventory.records.file_record import Record
from gate.trees import EntryKind, FileTree, resolve

Records = dict[str, Record]
"""By the path of the file in the tree, with links of folders resolved."""

_FORMATS = (dpkg_records.read, apk_records.read, rpm_records.read)


def read_records(tree: FileTree) -> Records:
    """Read the file lists of dpkg, apk and rpm. Raises GateError as `FileTree.read` does, or for a broken database."""
    records: Records = {}
    real_path = _real_paths(tree)
    for read in _FORMATS:
        for record in read(tree):
            path = real_path(record.path)
            known = records.get(path)
            if known is None or (record.digest and not known.digest):
                records[path] = record
    return records


def _real_paths(tree: FileTree) -> Callable[[str], str]:
    """Return a function that follows the links of a file's folder (usrmerge: `/bin` is `usr/bin`), each folder once."""
    known: dict[str, str] = {}

    def real_path(path: str) -> str:
        folder, slash, name = path.strip("/").rpartition("/")
        if folder not in known:
            entry = resolve(tree, folder) if folder else None
            known[folder] = entry.path if entry is not None and entry.kind is EntryKind.FOLDER else folder
        return f"{known[folder]}{slash}{name}"

    return real_path
