"""apk's database as a list of files: `P:` package, `F:` folder, `R:` file in it, `Z:Q1…` SHA-1 of its content.

apk-package(5), "installed database". apk keeps changed files below `etc/` as configuration (protected paths).
"""

import base64
import binascii
from collections.abc import Iterator

from gate.inventory.installed import apk
from gate.inventory.records.file_record import Record
from gate.trees import EntryKind, FileTree, resolve
from gate.trees.memo import Analysis, analysed

_MAX_SIZE = 64 << 20
_SHA1 = "Q1"


def read(tree: FileTree) -> Iterator[Record]:
    """Yield the files of all installed packages."""
    for place in apk.PLACES:
        entry = resolve(tree, place)
        if entry is not None and entry.kind is EntryKind.FILE:
            yield from analysed(tree, entry.path, Analysis("apk records", list[Record], _records), _MAX_SIZE)


def _records(content: bytes) -> list[Record]:
    return list(parse(content.decode("utf-8", "backslashreplace")))


def parse(text: str) -> Iterator[Record]:
    """Yield the files that a database lists."""
    package = folder = ""
    name: str | None = None
    for line in text.split("\n"):
        key, value = line[:2], line[2:]
        if name is not None and key in ("", "P:", "F:", "R:", "Z:"):
            yield _record(package, f"{folder}/{name}".strip("/"), value if key == "Z:" else "")
            name = None
        if key == "P:":
            package, folder = value, ""
        elif key == "F:":
            folder = value
        elif key == "R:":
            name = value
    if name is not None:
        yield _record(package, f"{folder}/{name}".strip("/"), "")


def _record(package: str, path: str, stated: str) -> Record:
    digest = _digest(stated.removeprefix(_SHA1)) if stated.startswith(_SHA1) else ""
    return Record(
        path=path,
        package=package,
        digest=digest,
        algorithm="sha1" if digest else "",
        is_configuration=path.startswith("etc/"),
    )


def _digest(text: str) -> str:
    """Return the hexadecimal digits of a digest in base64; empty for what is none."""
    try:
        return base64.b64decode(text, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""
