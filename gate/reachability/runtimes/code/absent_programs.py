"""Programs that own code starts and that are not in the image: they may come into being, or have another name.

A literal is not the name where code changes it: `"t_x".replace("_", "")`, `b64decode("dA==")`, `["t", "x"].join("")`,
and in Ruby and Lua `"xt".reverse`, `("xt"):reverse()`.
"""

import re

from gate.reachability.runtimes.shell.paths import CHANGING, OF_KERNEL, OF_PROGRAMS
from gate.reachability.runtimes.walk.files import Files

_SAME = "split|format|encode|concat|indexOf|includes"
"""Methods that keep the text, or make none of it."""
_SAME_IN_RUBY = (
    f"{_SAME}|freeze|dup|strip|chomp|to_s|to_str|to_sym|size|length|shell\\w+|b|lines|empty|nil|present|html_safe|join"
)
_BEHIND = re.compile(
    rf"[\"'`][ \t]*\)*[ \t]*(?:\[|=~|[.:]\s*(?!(?:{_SAME})\b)[a-z]\w*\s*\()"
    r"|[\"'`]\)*\.split\([^()\n]{0,20}\)\.(?:reverse|map|filter|toReversed)\b"
    rf"|[\"']\)*\.(?!(?:{_SAME_IN_RUBY})\b)[a-z]\w*(?![\w(])"
    r"|(?:[\"'][ \t]*,[ \t]*[\"'][^\"'\n]{0,40})*[\"'][ \t]*\][ \t]*\.(?:join|reverse|map|pack)\b"
)
"""What changes the literal or list that it stands behind; a name that is only put together is found by its parts."""
_CALLS = (
    r"b64decode|decode64|base64_decode|atob|\bfrom|fromhex|unhexlify|hex2bin|decode|decompress|g?sub|replace|strtr|pack"
    r"|revers\w*|strrev|chr|translate|substr|rot13|join|implode"
)
_IN_FRONT = r"""(?:[\[(]|r?["'][^"'\n]{0,40}["'],)*"""
_BEFORE = re.compile(rf"""(?:{_CALLS})[ \t]*\(?[ \t]*{_IN_FRONT}[ \t]*[rbuf]{{0,2}}["'`]\Z""")
"""Calls that make another text of the literal behind them."""
_CLOSED = re.compile(r"[\"'`][ \t]*\)")
_OF_START = re.compile(
    r"(?:exec|spawn|system|open|run|call|output|capture|passthru|sh|cmd|command)\w*[ \t]*\([ \t]*[rbuf]*[\"'`]\Z", re.I
)
"""A call that starts the program of the literal behind it: what stands behind the call changes the output."""
_NEAR = 120
_MAX_PLACES = 20


def may_come(program: str, text: str, files: Files) -> bool:
    """True for a program that is absent, and that a script's `text` starts, if there may be one at run time."""
    if "/" in program:
        return _may_be_made(program.lstrip("/"), files) if program.startswith("/") else False
    return is_changed(program, text)


def _may_be_made(path: str, files: Files) -> bool:
    is_elsewhere = not files.names(path.partition("/")[0]) and not path.startswith((*CHANGING, *OF_KERNEL))
    return not is_elsewhere and not path.startswith(OF_PROGRAMS)


def is_changed(word: str, text: str) -> bool:
    """True if code makes another text of a literal, wherever it stands."""
    place = text.find(word)
    for _ in range(_MAX_PLACES):
        if place < 0:
            return False
        end = place + len(word)
        if _is_changed_behind(text, place, end) or _BEFORE.search(text, max(0, place - _NEAR), place):
            return True
        place = text.find(word, end)
    return False


def _is_changed_behind(text: str, start: int, end: int) -> bool:
    if _BEHIND.match(text, end) is None:
        return False
    is_closed = _CLOSED.match(text, end) is not None
    return not (is_closed and _OF_START.search(text, max(0, start - _NEAR), start))
