"""Libraries that start programs only for who calls some of their functions, and whether anyone does.

Most of what is linked with libcap or libselinux never calls the one function of each that starts a program.
"""

import posixpath
import re
import zlib
from collections.abc import Iterator

import msgspec

from gate.core.literals import Literals
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes.compiled import elf
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_CODE = (".py", ".rb", ".pl", ".pm", ".php", ".lua", ".tcl", ".js", ".cjs", ".mjs", ".ts", "")
_BY_NAME = Literals(
    (
        b"ctypes",
        b"cffi",
        b"FFI",
        b"ffi_lib",
        b"iddle",
        b"dlopen",
        b"dlsym",
        b"koffi",
        b"ffi-napi",
        b"'ffi'",
        b'"ffi"',
    )
)
"""Words in code that calls functions of libraries by their names."""
_WORD = re.compile(rb"[\w.+$@-]+")
_BLANKS = bytes(byte if _WORD.match(bytes([byte])) else ord(" ") for byte in range(256))
"""For `bytes.translate`: all that is not in a word becomes a blank."""
_SHORT = 6
"""Characters of names that are looked for first."""


def _calls_by_name(content: bytes) -> bool:
    return bool(_BY_NAME.among(content))


def _words_in(content: bytes) -> bytes:
    return b"\0".join(sorted(set(content.translate(_BLANKS).split())))


_WORDS = Analysis("words of a source that calls functions by name", bytes, _words_in)
_CALLS_BY_NAME = Analysis("calls functions of libraries by name", bool, _calls_by_name, is_cheap=True)


class _Waiting(msgspec.Struct, frozen=True):
    """A library that starts programs, of which nothing that does so was seen to be called."""

    path: str
    stem: bytes
    """How its name begins: `libcap.so`."""
    names: tuple[bytes, ...]
    """Of its functions that lead to a start."""
    begins: frozenset[bytes]
    numbers: frozenset[int]
    """CRC-32 of the names."""


class StartingLibraries:
    """The files that were taken in so far."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._waiting: list[_Waiting] = []
        self._taken: dict[str, frozenset[int]] = {}
        """What each compiled file takes from others."""
        self._by_name: dict[str, None] = {}
        """Files that may find a function by its name."""
        self._words: dict[str, bytes] = {}
        """The words of these, a NUL between them: of a source all, of a compiled file what its strings end with."""

    def add(self, path: str) -> Iterator[str]:
        """Take in a file, and yield the compiled files of which it now shows that they start programs."""
        if self._files.starts_with(path, MAGIC):
            yield from self._add_compiled(path)
        elif posixpath.splitext(path)[1] in _CODE and self._files.analysed_again(path, _CALLS_BY_NAME):
            self._by_name[path] = None
            yield from self._called([one for one in self._waiting if self._names(path, one)])

    def _add_compiled(self, path: str) -> Iterator[str]:
        if path in self._taken:
            return
        self._taken[path] = elf.imported_by(path, self._files)
        if elf.finds_functions(path, self._files):
            self._by_name[path] = None
        yield from self._called([one for one in self._waiting if self._calls(path, one)])
        if elf.starts_programs(path, self._files):
            names = elf.leading_to_start(path, self._files)
            if names is None:
                yield path
                return
            stated = tuple(map(str.encode, names))
            stem = posixpath.basename(path).partition(".so")[0].encode() + b".so"
            begins = frozenset(name[:_SHORT] for name in stated)
            one = _Waiting(path, stem, stated, begins, frozenset(map(zlib.crc32, stated)))
            self._waiting.append(one)
            users = {**self._taken, **self._by_name}
            yield from self._called([one] if any(self._calls(user, one) for user in users) else [])

    def _called(self, called: list[_Waiting]) -> Iterator[str]:
        for one in called:
            self._waiting.remove(one)
            yield one.path

    def _calls(self, path: str, one: _Waiting) -> bool:
        """True if a file may call what leads to a start: it is linked with it, or finds or loads it by name."""
        if path == one.path:
            return False
        if not one.numbers.isdisjoint(self._taken.get(path, ())):
            return True
        return path in self._by_name and self._names(path, one)

    def _names(self, path: str, one: _Waiting) -> bool:
        is_text = path not in self._taken
        words = self._words_of(path, is_text)
        if one.stem in words:
            return True
        if not any(begin in words for begin in one.begins):
            return False
        return any((name if is_text else name + b"\0") in words for name in one.names)

    def _words_of(self, path: str, is_text: bool) -> bytes:
        if path not in self._words:
            files = self._files
            self._words[path] = files.analysed_again(path, _WORDS) if is_text else elf.names_in(path, files)
        return self._words[path]
