"""The words of a file: what is between blanks and quotes, or in the constants of a program.

Files are searched for a few names, and most hold none of them. So that a file of a layer need not be read again for the
next image, CRC-32 numbers of its words are cached, and those words that are names of files in this image. If the number
of a name is missing, the file does not hold the name; if it is there, the file is read again to be sure.

Of the image's own texts nothing is cached. Long ones are data mostly: only their lines with a name are looked at.
"""

import re
import string
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import suppress
from functools import cached_property
from typing import Protocol

import msgspec

from gate.core.errors import UnreadableError
from gate.core.literals import Literals
from gate.inventory.installed.elf import MAGIC, parse_elf
from gate.reachability.runtimes.compiled.packed_strings import constants_of
from gate.reachability.runtimes.compiled.string_ends import ends_in
from gate.reachability.runtimes.compiled.strings_in_code import stated_in_code
from gate.reachability.runtimes.node.sources import SOURCES
from gate.reachability.runtimes.strings.javascript_keywords import without_imports
from gate.reachability.runtimes.strings.lines_with_names import lines_with
from gate.reachability.runtimes.strings.packed_texts import is_packed, text_of
from gate.reachability.runtimes.strings.python_keywords import without_keywords
from gate.reachability.runtimes.strings.values import next_to_signs
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_LONGEST = 62
"""Bytes of a name that is looked for."""
_NAME = re.compile(rb"[A-Za-z0-9_.+@~/-]{1,%d}+" % _LONGEST)
"""A word that is made of what names are made of; a key with its value is none."""
_LINE_WITH_NAME = re.compile(rb"\n(%s)(?=\n)" % _NAME.pattern)
"""A pattern that begins with a byte is found several times as fast as one that looks where lines begin."""
OF_PASSWORDS = frozenset({"etc/shadow", "etc/shadow-", "etc/gshadow", "etc/gshadow-"})
"""Files whose words all have a colon in them, which no name has, or are parts of a hash."""
OF_ADMINISTRATORS = re.compile(
    r"etc/(?:fstab|environment|(?:ssl|pki/tls)/openssl\.cnf|python3[.\d]*/sitecustomize\.py)"
)
"""Files that a distribution writes, and that name programs and libraries once the image has its own."""
_OF_C = re.compile(
    rb"^[ \t]*//.*$|^[ \t]*/\*(?:[^*]++|\*(?!/))*+\*/"
    rb"|/[/*][ \t]*(?:istanbul|c8|v8) ignore[\w \t-]*",
    re.MULTILINE,
)
_OF_SHELL = re.compile(rb"^[ \t]*#(?!!|include|define|exec).*$", re.MULTILINE)
_OF_PERL = re.compile(
    rb"^=(?:pod|head\d|over|item|back|begin|for|encoding)\b(?s:.*?)(?:^=cut\b.*$|\Z)|" + _OF_SHELL.pattern,
    re.MULTILINE,
)
"""Comments and documentation (perlpod)."""
_OF_SETTINGS = re.compile(_OF_SHELL.pattern + rb"|^[ \t]*import(?=[ \t]+[^-\n]*;[ \t]*$)", re.MULTILINE)
"""Comments, and the word that begins a statement (`import std;` in Varnish's language), not ImageMagick's program."""
_OF_INI = re.compile(rb"^[ \t]*;.*$|" + _OF_SHELL.pattern, re.MULTILINE)
_COMMENTS = dict.fromkeys(SOURCES, _OF_C)
_COMMENTS |= dict.fromkeys((".py", ".sh", ".bash"), _OF_SHELL)
_COMMENTS |= dict.fromkeys((".pl", ".pm", ".pod"), _OF_PERL)
_COMMENTS[".ini"] = _OF_INI
"""Comments that are lines of their own: what they name is not started."""
_SOURCES = (*_COMMENTS.keys() - {".sh", ".bash", ".pod", ".ini"}, ".php", ".phtml", ".inc", ".rb", ".lua")
_IS_CODE = re.compile(rb"#!.*(?:python|node|ruby|perl|php|lua)")
_IS_PYTHON = re.compile(rb"#![^\n]*python")
_IS_FOR_SHELL = re.compile(rb"#![^\n]*[/ \t][bdkz]?a?sh(?:[ \t]|$)", re.MULTILINE)
_SETTINGS_OF_SYSTEM = re.compile(r"etc/|usr/share/bash-completion/")
"""Where texts without such an ending have the comments of shells."""
_OF_ENVIRONMENT = re.compile(r"(?:^|/)bin/activate$")
"""What a shell sources to use a virtual environment (`venv`); it begins with no line for a shell."""
_FIRST_LINE = 1_000
"""Bytes of a text in which its interpreter may be named."""
_LONG = 20_000
"""Bytes of an own text of which only the lines with a name are looked at."""


class Names:
    """Names that are looked for in files, by the numbers of words."""

    def __init__(self, names: Iterable[bytes]) -> None:
        self.all = frozenset(names)
        self._by_number: dict[int, list[bytes]] = {}
        for name in self.all:
            self._by_number.setdefault(zlib.crc32(name), []).append(name)

    @cached_property
    def literals(self) -> Literals:
        """The names for a search in one pass."""
        return Literals(self.all)

    def with_numbers(self, numbers: Set[int]) -> list[bytes]:
        """Return the names whose numbers are among `numbers`."""
        return [name for number in self._by_number.keys() & numbers for name in self._by_number[number]]


class _WordIndex(msgspec.Struct, frozen=True, array_like=True):
    """What is cached of a file's words."""

    numbers: bytes
    """CRC-32 of each word that may be a name."""
    names: list[bytes]
    """Words that are called like a file of the image."""
    next_to_signs: bytes = b""
    """CRC-32 of each word of a text that stands next to a sign."""


class FileWords(Protocol):
    """The words of one file."""

    def __contains__(self, name: bytes) -> bool:
        """True if a name is a word of the file."""

    def among(self, names: Names) -> list[bytes]:
        """Return those of `names` that are words of the file, sorted."""

    def next_to_signs(self, names: Names) -> list[bytes]:
        """Return those of `names` that stand next to a sign, such as `=`, sorted."""


class _IndexedWords:
    """The words of a file of which the numbers are known."""

    def __init__(self, index: _WordIndex, read: Callable[[], Set[bytes]]) -> None:
        self._names = frozenset(index.names)
        self._numbers = frozenset(array("I", index.numbers))
        self._next_to_signs = frozenset(array("I", index.next_to_signs))
        self._read = read

    def __contains__(self, name: bytes) -> bool:
        may_be_there = zlib.crc32(name) in self._numbers or not _NAME.fullmatch(name)
        return name in self._names or (may_be_there and name in self._all)

    def among(self, names: Names) -> list[bytes]:
        return sorted(name for name in names.with_numbers(self._numbers) if name in self)

    def next_to_signs(self, names: Names) -> list[bytes]:
        return sorted(names.with_numbers(self._next_to_signs))

    @cached_property
    def _all(self) -> Set[bytes]:
        return self._read()


class _LongText:
    """The words of a long text, looked for when they are asked for."""

    def __init__(self, path: str, begin: bytes, read: Callable[[], bytes]) -> None:
        self._read = read
        self._comments = _comments_of(path, begin)
        self._is_setting = _is_setting(path)
        self._is_code = _is_code(path, begin)
        self._last: tuple[Names, bytes] | None = None

    def __contains__(self, name: bytes) -> bool:
        return name in self._words_with(Names((name,)))

    def among(self, names: Names) -> list[bytes]:
        return sorted(name for name in self._words_with(names) & names.all if _NAME.fullmatch(name))

    def next_to_signs(self, names: Names) -> list[bytes]:
        found = names.all.intersection(next_to_signs(self._lines_with(names), is_code=self._is_code))
        if self._comments is None or not found:
            return sorted(found)
        return sorted(found & set(next_to_signs(self._comments.sub(b"", self._read()), is_code=self._is_code)))

    def _words_with(self, names: Names) -> Set[bytes]:
        lines = self._lines_with(names)
        found = words_in(_OF_SETTINGS.sub(b"", lines) if self._is_setting else lines)
        if self._comments is None or names.all.isdisjoint(found):
            return found
        return found & words_in(self._comments.sub(b"", self._read()))

    def _lines_with(self, names: Names) -> bytes:
        if self._last is None or self._last[0] is not names:
            is_data = not (self._is_code or self._is_setting)
            self._last = names, lines_with(names.literals, self._read(), is_data=is_data)
        return self._last[1]


def words_of(path: str, files: Files, is_published: Callable[[str], bool]) -> FileWords | None:
    """Return the words in a file that may be names: in the constants of a program, or anywhere in a text.

    None if there is no such file, or nothing in it. Texts that are not published are the image's own: of their words
    nothing is cached.
    """
    entry = files.find(path) if files.look_up(path) is not None else None
    if entry is None or not entry.size or entry.path in OF_PASSWORDS:
        return None

    is_kept = is_published(path) or files.starts_with(path, MAGIC)
    if not is_kept and is_packed(path, files.read(path)):
        return _LongText(path, b"", lambda: text_of(path, files.read_again(path)))
    if not is_kept and entry.size > _LONG:
        return _LongText(path, files.read(path)[:_FIRST_LINE], lambda: files.read_again(path))

    comments = _comments_of(path, b"" if is_kept else files.read(path)[:_FIRST_LINE])
    is_setting = _is_setting(path)

    ends = (*ends_in(path, files), *stated_in_code(path, files))

    def prepared(content: bytes) -> bytes:
        if _ending(path) == ".py" or _IS_PYTHON.match(content):
            return without_keywords(content)
        if _ending(path) in SOURCES:
            return without_imports(content)
        return _OF_SETTINGS.sub(b"", content) if is_setting else content

    def analyse(content: bytes) -> _WordIndex:
        names = _names_in(*_text_and_table(path, prepared(content), ends))
        numbers = array("I", map(zlib.crc32, names)).tobytes()
        near = _next_to_signs(path, content, None if is_kept else comments)
        return _WordIndex(numbers, list(names & _known_names(files)), near)

    if is_kept:
        kind = (
            "words of settings without statements, by tabs and all signs"
            if is_setting
            else "words of strings, ends of strings, in code, by all signs, but for imports"
        )
        index = files.analysed(path, Analysis(kind, _WordIndex, analyse))
    else:
        index = analyse(files.read(path))
    if comments is None:
        return _IndexedWords(index, lambda: _words(path, prepared(files.read_again(path)), ends))
    # To leave out comments takes longer than all the rest: it is done where a name is looked for that is there.
    numbers = msgspec.structs.replace(index, names=[])
    return _IndexedWords(numbers, lambda: _words(path, comments.sub(b"", prepared(files.read_again(path))), ends))


def _next_to_signs(path: str, content: bytes, comments: "re.Pattern[bytes] | None") -> bytes:
    if content.startswith(MAGIC):
        return b""
    is_code = _is_code(path, content)
    found = set(next_to_signs(content, is_code=is_code))
    if comments is not None:
        found &= set(next_to_signs(comments.sub(b"", content), is_code=is_code))
    return array("I", map(zlib.crc32, found)).tobytes()


def _comments_of(path: str, begin: bytes) -> "re.Pattern[bytes] | None":
    """Return the form of comments in a file, by how it is called or, of an own script of a shell, begins."""
    is_for_shell = _IS_FOR_SHELL.match(begin) or _OF_ENVIRONMENT.search(path)
    return _COMMENTS.get(_ending(path)) or (_OF_SHELL if is_for_shell else None)


def _ending(path: str) -> str:
    return path[path.rfind(".") :]


def _is_setting(path: str) -> bool:
    return _ending(path) not in _COMMENTS and _SETTINGS_OF_SYSTEM.match(path) is not None


def _is_code(path: str, content: bytes) -> bool:
    return path.endswith(_SOURCES) or _IS_CODE.match(content) is not None


def _known_names(files: Files) -> Set[bytes]:
    """Return what the files of the image and their folders are called, with endings, without, and as parts of paths."""
    return files.cached("known names", lambda: frozenset(_names_of(entry.path for entry in files.walk())))


def _names_of(paths: Iterable[str]) -> Iterator[bytes]:
    known: set[str] = set()
    for path in paths:
        known.update(path.split("/"))
    for name in known:
        for each in (name, name.partition(".")[0]):
            yield each.encode()
            yield each.encode() + b"/"


def _parting(ends: bytes) -> bytes:
    """Return a table for `bytes.translate`, after which `bytes.split` separates words at `ends` and nowhere else."""
    spaces = string.whitespace.encode()
    return bytes(range(256)).translate(bytes.maketrans(spaces + ends, b"!" * len(spaces) + b" " * len(ends)))


_IN_PROGRAM = _parting(b"\0 \n\t|;&()<>`'\"=,")
_IN_TEXT = _parting(b"\"'` \n\t\r\f\v")
_BETWEEN_SIGNS = bytes(sign if _NAME.fullmatch(bytes([sign])) else ord(" ") for sign in range(256))


def _text_and_table(path: str, content: bytes, ends: Iterable[bytes]) -> tuple[bytes, bytes]:
    """Return the text of a file that has its words, and the table by which they are separated."""
    if not content.startswith(MAGIC):
        return content, _IN_TEXT
    with suppress(UnreadableError):  # of a broken program, all words
        content = constants_of(parse_elf(content, path), ends)
    return content, _IN_PROGRAM


def _words(path: str, content: bytes, ends: Iterable[bytes]) -> Set[bytes]:
    return _parted(*_text_and_table(path, content, ends))


def _names_in(content: bytes, table: bytes) -> set[bytes]:
    """Return the words that may be names: of a program's data most are none."""
    lines = content.replace(b"/", b"/ ").translate(table).replace(b" ", b"\n")
    return set(_LINE_WITH_NAME.findall(b"\n%b\n" % lines))


def words_in(text: bytes) -> Set[bytes]:
    """Return the words of a text; of a path the folders keep their `/`, so that only its last name is a name."""
    return _parted(text, _IN_TEXT)


def names_in(text: bytes) -> Set[bytes]:
    """Return the words of a text, of which any sign may stand around: `a,b`, `[a, b]`, `a: 1`, `x=a`."""
    return _parted(text, _BETWEEN_SIGNS)


def without_comments(path: str, content: bytes) -> bytes:
    """Return an own text without its comments that are lines of their own, where the form of these is known."""
    comments = _comments_of(path, content[:_FIRST_LINE])
    return content if comments is None else comments.sub(b"", content)


def _parted(content: bytes, table: bytes) -> Set[bytes]:
    return set(content.replace(b"/", b"/ ").translate(table).split())
