"""The files that the programs of a script write to: coreutils, archives, downloads, package managers."""

import posixpath
from collections.abc import Iterator, Sequence

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.shell.values import likely
from gate.reachability.runtimes.walk.graph import UNKNOWN

_LISTS = word_lists(__file__)
_CHANGING = frozenset(_LISTS["changing"])
_MAKING = frozenset(_LISTS["making"])
_UNPACKING = frozenset(_LISTS["unpacking"])
_ANY_PLACE = frozenset({"tee", "curl", "wget"})
"""Those that write to files in other places than the last of their operands."""
_REMOVING = frozenset({"rm", "unlink"})
_INSTALLERS = frozenset(_LISTS["installers"])
_INSTALLING = frozenset(_LISTS["installing"])


def written_by(words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield the paths that a command may change, and of each whether it makes the whole content."""
    name = posixpath.basename(likely(words[0]))
    operands = [word for word in words[1:] if not word.startswith("-")]
    if name == "find" and any(word in ("-delete", "-exec", "-execdir", "-ok") for word in words):
        yield from ((word, False) for word in operands[:1])
    if name == "xargs" and any(posixpath.basename(likely(word)) in _CHANGING for word in operands):
        yield UNKNOWN, False
    if name not in _CHANGING:
        return
    if name in _UNPACKING:
        yield ".", False
    for place, word in enumerate(operands, start=1):
        yield word.partition("of=")[2] or word, name in _MAKING and (place == len(operands) or name in _ANY_PLACE)


def is_installer(words: Sequence[str]) -> bool:
    """True for a command that installs programs."""
    name = posixpath.basename(likely(words[0]))
    return name in _INSTALLERS and (name == "make" or not _INSTALLING.isdisjoint(words))


def is_remover(words: Sequence[str]) -> bool:
    """True for a command that removes files, and makes none."""
    return posixpath.basename(likely(words[0])) in _REMOVING
