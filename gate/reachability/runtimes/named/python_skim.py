"""What a Python module may name and start, by its words alone: most modules name nothing that is looked for.

To read a module (`python_read`) takes several times as long. So a module that nothing imports is read only if it has a
word of a name that is looked for, or of a part from which such a name may be put together.
"""

import re
import zlib
from array import array
from collections.abc import Iterable, Iterator

from gate.reachability.imports.python_sources import SHORTEST_NAME
from gate.reachability.runtimes.python import read as python_read
from gate.reachability.runtimes.python.read import is_read, read_module, starts_programs, takes_distributions
from gate.reachability.runtimes.strings.words import Names
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_WORD = re.compile(r"[A-Za-z0-9_]+")
_BLANKS = bytes(byte if _WORD.match(chr(byte)) else ord(" ") for byte in range(256))
"""For `bytes.translate`: all that is not in a word becomes a blank."""
_JOINT = re.compile("[._-]")
TAKES_DISTRIBUTIONS = "takes distributions"
"""Stands among the words of a module that does."""
_FORMATTED = ("s", "r")
"""What stands in front of the end of a name in `%s_plugin`."""


def _skim(content: bytes) -> bytes:
    """Return the CRC-32 of each word; of the empty one too if a module has letters beyond ASCII."""
    words = {*content.translate(_BLANKS).split(), *([] if content.isascii() else [b""])}
    words.update([TAKES_DISTRIBUTIONS.encode()] if takes_distributions(content) else [])
    return array("I", map(zlib.crc32, words)).tobytes()


_NUMBERS = Analysis("words of a Python module, and whether it takes distributions", bytes, _skim)
_STARTS = Analysis("starts programs by code of Python", bool, starts_programs, is_cheap=True)


def words_of_names(names: Iterable[str]) -> Names:
    """Return words of which a module has one if `ReadModule.named_among` finds one of `names` in it."""
    pieces = (piece for name in names for piece in (name, *_pieces(name)))
    words = (word.encode() for piece in set(pieces) for word in _words(piece))
    return Names((*words, TAKES_DISTRIBUTIONS.encode()))


def _pieces(name: str) -> Iterator[str]:
    """Yield the beginnings behind which code may put a name together, and the ends. Short names only stand whole."""
    for joint in _JOINT.finditer(name) if len(name) >= SHORTEST_NAME else ():
        yield name[: joint.end()]
        yield name[joint.start() :]


def _words(piece: str) -> Iterator[str]:
    """Yield the longest word of a piece, as a module has it; the empty one for a piece of other letters alone."""
    longest = max(_WORD.findall(piece), key=len, default="")
    yield longest
    if longest.startswith("_") and piece.startswith(longest):
        yield from (sign + longest for sign in _FORMATTED)


def may_name(path: str, words: Names, files: Files) -> bool:
    """True if a module has one of `words`, or was read anyway. Raises as `read_module` does."""
    if is_read(path, files):
        return True
    numbers = files.cached((_skim, path), lambda: files.analysed(path, _NUMBERS, python_read.MAX_SOURCE))
    return bool(words.with_numbers(frozenset(array("I", numbers))))


def may_start_programs(path: str, files: Files) -> bool:
    """True if a module may start programs. Raises as `read_module` does."""
    if is_read(path, files):
        return read_module(path, files, is_own=False).starts_programs
    return files.cached((starts_programs, path), lambda: files.analysed(path, _STARTS, python_read.MAX_SOURCE))
