"""What compiled modules of Erlang and Elixir name: programs to start, libraries to load, paths.

Read are the chunks of a BEAM file (`beam_lib`(3erl)): literals, the names of functions that are taken from others,
and in the code the letters that are put in front of a list, as `"git " ++ Arguments` is compiled. Of a module that
takes a function which starts programs, also its atoms and the texts of binaries that it puts together.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Set

from gate.core.zip_errors import ZIP_DAMAGE
from gate.reachability.runtimes.strings.stated_names import StatedNames, stated_in
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

MODULE = ".beam"
ARCHIVE = ".ez"
_MAGIC = b"FOR1"
_PACKED = b"\x1f\x8b"
_BY_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_MOST = 16 << 20
"""Bytes of one module, or of its literals, that are unpacked."""
_MOST_IN_ARCHIVE = 512 << 20
_LARGEST_SHARE = 8
"""How much more bytes strings may have than the literals in which they are found: what only looks like one overlaps."""
_SMALL = 1 << 16
_STARTING = {
    b"os": frozenset({b"cmd", b"find_executable"}),
    b"erlang": frozenset({b"open_port"}),
    b"Elixir.System": frozenset({b"cmd", b"shell", b"find_executable"}),
    b"Elixir.Port": frozenset({b"open"}),
    b"exec": frozenset({b"run", b"run_link"}),
}
"""Functions that start programs, by their modules; `exec` is that of erlexec."""
_LOADING = frozenset({b"load_nif", b"load_driver", b"load", b"try_load"})
_OF_LOADING = frozenset({b"erlang", b"erl_ddll"})
_TEXT = re.compile(rb"k(?=([\0-\x1f].))|m(?=(\0[\0-\x3f]..))", re.DOTALL)
"""A string or binary of the external term format, with its length."""
_REGISTER = rb"(?:[%b]|[\x0b\x0c].)" % bytes(kind | number << 4 for kind in (3, 4) for number in range(16))
"""An operand that is a register of either kind, the numbers above 15 in a second byte."""
_PUT = re.compile(rb"(?:E\x09[\t\n\x20-\x7e](?:%b|.{1,3}?)(?:%b))+" % (_REGISTER, _REGISTER), re.DOTALL)
"""Letters that are put in front of a list one by one, the last first (`put_list`)."""
_LETTER = re.compile(rb"E\x09(.)", re.DOTALL)
_NAME = re.compile(rb"[\w.+@~-]{2,62}")
_LONG, _HIGH = 0x08, 0xE0
"""Bits of an operand that has a second byte, and of its upper part."""
_DAMAGE: tuple[type[Exception], ...] = (*ZIP_DAMAGE, IndexError, struct.error)


def beam_strings(path: str, files: Files) -> StatedNames:
    """Return what a module, or an archive or script with modules, states. Raises as `Files.read` does."""
    return files.analysed(path, Analysis("words of strings in modules of Erlang", StatedNames, read_modules))


def read_modules(content: bytes) -> StatedNames:
    """Return what the modules in an archive, or one module, state; nothing of what is neither."""
    texts: set[str] = set()
    names: set[bytes] = set()
    try:
        for module in _modules(content):
            read = _Module(module)
            stated = {text.decode("utf-8", "replace") for text in read.texts()}
            texts |= stated
            if read.loads_libraries:
                names.update(f"{text.rpartition('/')[2]}.so".encode() for text in stated)
            if read.starts_programs:
                names |= read.values()
                names.update(read.parts())
    except _DAMAGE:
        return StatedNames(is_read=False)
    return stated_in(texts, names)


def _modules(content: bytes) -> Iterator[bytes]:
    if content.startswith((_MAGIC, _PACKED)):
        yield _unpacked(content) if content.startswith(_PACKED) else content
        return
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    left = _MOST_IN_ARCHIVE
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for one in archive.infolist():
            if one.filename.endswith(MODULE):
                left -= one.file_size
                if left < 0:
                    raise ValueError
                yield from _modules(archive.read(one))


def _unpacked(packed: bytes) -> bytes:
    """Unpack gzip or zlib; raises ValueError beyond the bound, or `zlib.error`."""
    unpacking = zlib.decompressobj(_BY_GZIP_OR_ZLIB)
    content = unpacking.decompress(packed, _MOST)
    if not unpacking.eof:
        raise ValueError
    return content


class _Module:
    """The chunks of one module. Raises IndexError, ValueError or `struct.error` if it is damaged."""

    def __init__(self, content: bytes) -> None:
        self._chunks = dict(_chunks(content))
        self._atoms = _atoms(self._chunks)
        taken = [(self._atoms[module - 1], self._atoms[name - 1]) for module, name, _ in self._table(b"ImpT")]
        own = (self._atoms[name - 1] for table in (b"ExpT", b"LocT") for name, _, _ in self._table(table))
        self._functions = {*own, *(name for one in taken for name in one)}
        self.starts_programs = any(name in _STARTING.get(module, ()) for module, name in taken)
        self.loads_libraries = any(name in _LOADING and module in _OF_LOADING for module, name in taken)

    def _table(self, name: bytes) -> Iterator[tuple[int, int, int]]:
        chunk = self._chunks.get(name, bytes(4))
        yield from struct.iter_unpack(">III", chunk[4 : len(chunk) - (len(chunk) - 4) % 12])

    def texts(self) -> Iterator[bytes]:
        """Yield the strings and binaries among the literals, and what the code puts in front of lists."""
        literals = self._chunks.get(b"LitT", bytes(4))
        size, packed = int.from_bytes(literals[:4], "big"), literals[4:]
        content = _unpacked(packed) if size else packed
        left = _LARGEST_SHARE * len(content) + _SMALL
        for found in _TEXT.finditer(content):
            length = int.from_bytes(found[1] or found[2], "big")
            begin = found.end() + (2 if found[1] else 4)
            if begin + length <= len(content):
                left -= length
                if left < 0:
                    raise ValueError
                yield content[begin : begin + length]
        for found in _PUT.finditer(self._chunks.get(b"Code", b"")):
            yield b"".join(reversed(_LETTER.findall(found[0])))

    def values(self) -> Set[bytes]:
        """Return the atoms that name no function or module."""
        return set(self._atoms).difference(self._functions)

    def parts(self) -> Iterator[bytes]:
        """Yield each end of a word in the texts of binaries: these stand there with nothing between them."""
        for word in _NAME.findall(self._chunks.get(b"StrT", b"")):
            yield from (word[place:] for place in range(len(word) - 1))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    while place + 8 <= len(content):
        name, size = content[place : place + 4], int.from_bytes(content[place + 4 : place + 8], "big")
        if place + 8 + size > len(content):
            raise ValueError
        yield name, content[place + 8 : place + 8 + size]
        place += 8 + (size + 3) // 4 * 4


def _atoms(chunks: Mapping[bytes, bytes]) -> list[bytes]:
    """Return the atoms; a negative count says that their lengths are written as operands of the code are (OTP 28)."""
    chunk = chunks.get(b"AtU8") or chunks.get(b"Atom") or bytes(4)
    count = int.from_bytes(chunk[:4], "big", signed=True)
    atoms = []
    place = 4
    for _ in range(abs(count)):
        size = chunk[place]
        place += 1
        if count < 0:
            is_long = bool(size & _LONG)
            size = (size & _HIGH) << 3 | chunk[place] if is_long else size >> 4
            place += is_long
        atoms.append(chunk[place : place + size])
        place += size
    return atoms
