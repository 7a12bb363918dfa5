"""The words of a file: what stands between blanks and quotes, or in the constants of a program."""

import string
from contextlib import suppress

from gate.errors import UnreadableError
from gate.images.in_use.files import Files
from gate.inventory.installed.elf import MAGIC, parse_elf


def words_of(path: str, files: Files) -> set[bytes]:
    """Return the words in a file that may be names: in the constants of a program, or anywhere in a text."""
    if files.look_up(path) is None or files.find(path) is None:
        return set()
    content = files.read(path)
    if not content.startswith(MAGIC):
        return words_in(content)
    with suppress(UnreadableError):  # the whole of it, then
        content = parse_elf(content, path).section(".rodata") or b""
    return _parted(content, _IN_PROGRAM)


def words_in(text: bytes) -> set[bytes]:
    """Return the words of a text; of a path the folders keep their `/`, so that only its last name is a name."""
    return _parted(text, _IN_TEXT)


def _parting(ends: bytes) -> bytes:
    """Return a table for `bytes.translate`, after which `bytes.split` parts words at `ends` and nowhere else."""
    spaces = string.whitespace.encode()
    return bytes(range(256)).translate(bytes.maketrans(spaces + ends, b"!" * len(spaces) + b" " * len(ends)))


_IN_PROGRAM = _parting(b"\0 ")
_IN_TEXT = _parting(b"\"'` \n")


def _parted(content: bytes, table: bytes) -> set[bytes]:
    return set(content.replace(b"/", b"/ ").translate(table).split())
