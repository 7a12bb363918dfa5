"""Programs that own code starts and that are not in the image: they may come into being, or have another name.

A literal is not the name where code changes it: `"t_x".replace("_", "")`, `b64decode("dA==")`, `["t", "x"].join("")`.
"""

import re

from gate.reachability.runtimes.shell.paths import CHANGING, OF_KERNEL, OF_PROGRAMS
from gate.reachability.runtimes.walk.files import Files

_BEHIND = re.compile(
    r"[\"'`][ \t]*\)*[ \t]*(?:\[|=~|\.\s*(?!(?:split|format|encode|concat|indexOf|includes)\b)[a-z]\w*\s*\()"
    r"|(?:[\"'][ \t]*,[ \t]*[\"'][^\"'\n]{0,40})*[\"'][ \t]*\][ \t]*\.(?:join|reverse|map)\("
)
"""What changes the literal or list that it stands behind; a name that is only put together is found by its parts."""
_CALLS = (
    r"b64decode|decode64|base64_decode|atob|\bfrom|fromhex|unhexlify|hex2bin|decode|decompress|g?sub|replace|strtr|pack"
    r"|revers\w*|strrev|chr|translate|substr|rot13|join|implode"
)
_IN_FRONT = r"""(?:[\[(]|r?["'][^"'\n]{0,40}["'],)*"""
_BEFORE = re.compile(rf"""(?:{_CALLS})[ \t]*\(?[ \t]*{_IN_FRONT}[ \t]*[rbuf]{{0,2}}["'`]\Z""")
"""Calls that make another text of the literal behind them."""
_NEAR = 120
_MAX_PLACES = 20


def may_come(program: str, text: str, files: Files) -> bool:
    """True for a program that is absent, and that a script's `text` starts, if there may be one at run time."""
    if "/" in program:
        return _may_be_made(program.lstrip("/"), files) if program.startswith("/") else False
    return _is_changed(program, text)


def _may_be_made(path: str, files: Files) -> bool:
    is_elsewhere = not files.names(path.partition("/")[0]) and not path.startswith((*CHANGING, *OF_KERNEL))
    return not is_elsewhere and not path.startswith(OF_PROGRAMS)


def _is_changed(word: str, text: str) -> bool:
    """True if code makes another text of a literal, wherever it stands."""
    place = text.find(word)
    for _ in range(_MAX_PLACES):
        if place < 0:
            return False
        end = place + len(word)
        if _BEHIND.match(text, end) or _BEFORE.search(text, max(0, place - _NEAR), place):
            return True
        place = text.find(word, end)
    return False
