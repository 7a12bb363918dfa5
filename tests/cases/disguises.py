"""What a secret looks like behind an encoding, so that no file of cases holds one: `{token.hex}`, `{line.base64}`."""

import base64
import gzip
import html
import zlib
from collections.abc import Callable
from urllib.parse import quote


def _halves(value: str) -> tuple[str, str]:
    middle = len(value) // 2
    return value[:middle], value[middle:]


def _spread(between: str) -> Callable[[str], str]:
    return lambda value: between.join(_halves(value))


def _each(written: Callable[[int], str]) -> Callable[[str], str]:
    return lambda value: "".join(written(ord(letter)) for letter in value)


def _first(written: Callable[[int], str]) -> Callable[[str], str]:
    return lambda value: written(ord(value[0])) + value[1:]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _wrapped(value: str) -> str:
    text = base64.b64encode(value.encode() * 4).decode()
    return "\n".join(text[start : start + 64] for start in range(0, len(text), 64))


_HOMOGLYPHS = str.maketrans("AEOPCaeopcxyKMTHB", "АЕОРСаеорсхуКМТНВ")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

DISGUISES: dict[str, Callable[[str], str]] = {
    "hex": lambda value: value.encode().hex(),
    "hexlist": _each(lambda code: f"0x{code:02x}, "),
    "codes": _each(lambda code: f"{code}, "),
    "base64": lambda value: _base64(value.encode()),
    "base64url": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "base64twice": lambda value: _base64(_base64(value.encode()).encode()),
    "base64wide": lambda value: _base64(value.encode("utf-16-le")),
    "base64wrapped": _wrapped,
    "base32": lambda value: base64.b32encode(value.encode()).decode(),
    "gzip": lambda value: _base64(gzip.compress(value.encode(), mtime=0)),
    "gzip64": lambda value: _base64(_base64(gzip.compress(value.encode(), mtime=0)).encode()),
    "spaced": lambda value: "".join(letter + "\0" for letter in value),
    "zlib": lambda value: _base64(zlib.compress(value.encode())),
    "json": _each(lambda code: f"\\u{code:04x}"),
    "json1": _first(lambda code: f"\\u{code:04x}"),
    "brace1": _first(lambda code: f"\\u{{{code:x}}}"),
    "long1": _first(lambda code: f"\\U{code:08x}"),
    "x": _each(lambda code: f"\\x{code:02x}"),
    "x1": _first(lambda code: f"\\x{code:02x}"),
    "octal": _each(lambda code: f"\\{code:03o}"),
    "octal1": _first(lambda code: f"\\{code:03o}"),
    "percent": _each(lambda code: f"%{code:02X}"),
    "percent1": _first(lambda code: f"%{code:02x}"),
    "percent2": _first(lambda code: f"%25{code:02x}"),
    "quoted": quote,
    "entities": _each(lambda code: f"&#{code};"),
    "entity1": _first(lambda code: f"&#x{code:x};"),
    "entity": html.escape,
    "markdown": lambda value: value.replace("_", "\\_"),
    "utf7": _first(lambda code: "+" + base64.b64encode(chr(code).encode("utf-16-be")).decode().rstrip("=") + "-"),
    "head": lambda value: _halves(value)[0],
    "tail": lambda value: _halves(value)[1],
    "zerowidth": _spread("\u200b"),
    "joiner": _spread("\u2060"),
    "bom": _spread("\ufeff"),
    "softhyphen": _spread("\u00ad"),
    "bidi": _spread("\u202d"),
    "isolate": _spread("\u2068"),
    "selector": _spread("\ufe0f"),
    "tag": _spread("\U000e0001"),
    "combining": _spread("\u0332"),
    "nul": _spread("\0"),
    "bell": _spread("\a"),
    "ansi": _spread("\x1b[1m"),
    "separator": _spread("\u2028"),
    "fullwidth": lambda value: value.translate(_FULL_WIDTH),
    "homoglyphs": lambda value: value.translate(_HOMOGLYPHS),
    "bold": lambda value: "".join(chr(0x1D41A + ord(one) - 97) if "a" <= one <= "z" else one for one in value),
}
