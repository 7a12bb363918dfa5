"""Interpreters that run what their standard input holds: `generate | sh`, `python3 - <<EOF`."""

import posixpath
import re

_INTERPRETER = re.compile(
    r"(?:[bdkz]?a?|pdk|rb|mk)sh|(?:python|pypy|perl|j?ruby|php|node|nodejs|lua|luajit|tclsh|psql|sqlite3)[\d.]*"
)
_INPUTS = frozenset({"-", "-s", "/dev/stdin", "/dev/fd/0"})
_CODE = re.compile(r"-\w*[cemEr]")
"""Options behind which a script, a module or its name stands."""


def runs_its_input(words: tuple[str, ...]) -> bool:
    """True for a command that runs its standard input as a script, where that is not a terminal."""
    if not words or not _INTERPRETER.fullmatch(posixpath.basename(words[0])):
        return False
    operands = [word for word in words[1:] if not word.startswith("-") or word in _INPUTS]
    is_given = any(_CODE.fullmatch(word) for word in words[1:] if word not in _INPUTS)
    return (not operands and not is_given) or operands[:1] == ["-"] or bool(_INPUTS.intersection(operands[:1]))
