r"""Letters written as something else: escapes of programs and JSON, entities, `%67`, and invisible characters.

    "\u0067hp_…"    g&#104;p_…    %67hp_…    ghp\_…    a zero-width space within a token, full-width or Cyrillic letters

Each marked line is read as a parser or a reader would, a few times over, until nothing changes.
"""

import re
import unicodedata
from collections.abc import Sequence

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import Mark
from gate.secrets.engine.prefilter_patterns import Pattern

DISGUISES = "Disguises"
"""Stands for a plugin in the pre-filter's patterns."""
_HEX = rb"(?:2[257defDEF]|3[0-9adAD]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|0[aA])"
"""Letters, digits and what tokens and assignments have between them, and the line's end."""
_WORD = rb"[A-Za-z0-9_=+/-]"
_UNSEEN = (
    rb"(?:\xc2\xad|\xcd\x8f|\xd8\x9c|\xe1\x85[\x9f\xa0]|\xe1\x9e[\xb4\xb5]|\xe1\xa0[\x8b-\x8f]|\xe2\x80[\x8b-\x8f\xa8-\xae]"
    rb"|\xe2\x81[\xa0-\xaf]|\xe3\x85\xa4|\xef\xbb\xbf|\xef\xbe\xa0|\xf3\xa0[\x80\x81\x84-\x87][\x80-\xbf])"
)
_MARKS = rb"(?:\xcc[\x80-\xbf]|\xcd[\x80-\xaf]|\xe2\x83[\x90-\xbf]|\xef\xb8[\x80-\x8f\xa0-\xaf])"
"""What is put on the letter before: strokes, rings, variation selectors."""
_OTHER_LETTER = rb"(?:[\xd0\xd1][\x80-\xbf]|\xce[\x91-\xbf]|\xcf[\x80-\x8e])"
"""Cyrillic and Greek."""
_WIDE = (
    rb"(?:\xef\xbc[\x8d\x90-\x99\xa1-\xba\xbf]|\xef\xbd[\x81-\x9a]|\xf0\x9d[\x90-\x9f][\x80-\xbf]|\xe2\x93[\x90-\xa9])"
)
"""Full-width, mathematical and circled letters."""
SIEVE = tuple(
    Pattern(DISGUISES, expression)
    for expression in (
        rb"\\(?:u00|x|u\{0{0,4}|x\{0{0,4}|U000000)" + _HEX,
        rb"`u\{0{0,4}" + _HEX,
        rb"\\(?:05[5-7]|06[0-7]|07[0-5]|1[0-7][0-7]|012)",
        rb"%" + _HEX,
        rb"&(?:#(?:[xX][0-9a-fA-F]{2}|[0-9]{2})|(?:lowbar|hyphen|equals|colon|sol|period|shy|zwn?j|quot|apos|NewLine|Zero)\b)",
        rb"[A-Za-z0-9]\\[_-][A-Za-z0-9]{12}",
        rb"[A-Za-z0-9+:/]\\/[A-Za-z0-9+\\]",
        rb"\+A[A-H][A-Za-z0-9+/]{1,40}-",
        _WORD + rb"(?:<!--|<!\[CDATA\[|\]\]>|<wbr ?/?>)" + rb"[^\n]{0,4}" + _WORD,
        rb"[!-~][\x00-\x08\x0b\x0c\x0e-\x1f\x7f]{1,8}[!-~]",
        rb"\x1b\[[0-9;]{0,20}m" + _WORD,
        rb"(?:Q|q)uoted-(?:P|p)rintable|QUOTED-PRINTABLE",
    )
)
"""Lines in which a letter may be written as something else, in ASCII."""
FOREIGN = tuple(
    Pattern(DISGUISES, expression)
    for expression in (
        rb"[!-~]" + _UNSEEN + rb"|" + _UNSEEN + rb"[!-~]",
        _WORD + _MARKS,
        _WORD + _OTHER_LETTER + rb"|" + _OTHER_LETTER + _WORD,
        _WIDE,
    )
)
"""The same for what is not ASCII: looked for in texts that are not."""

_ESCAPED = lazy_regex(
    r"\\{1,8}(?:u00|x)([0-9a-fA-F]{2})|[\\`]{1,8}[ux]\{0{0,4}([0-9a-fA-F]{1,6})\}|\\{1,8}U00([0-9a-fA-F]{6})"
    r"|\\{1,8}([01][0-7]{2})"
)
_UNICODE = lazy_regex(r"\\{1,8}u([0-9a-fA-F]{4})")
_NEEDLESS = lazy_regex(r"\\{1,8}([_/+=-])")
_PERCENT = lazy_regex(r"%([0-9a-fA-F]{2})")
_UTF7 = lazy_regex(r"\+[A-Za-z0-9+/]{2,80}-")
_MARKUP = lazy_regex(r"<!--.{0,200}?-->|<!\[CDATA\[|\]\]>|<wbr ?/?>")
_ANSI = lazy_regex(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_ON_LETTERS = lazy_regex("(?<=[!-~])[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+")
_BREAKS = lazy_regex("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What some programs end a line by."""
_ROUNDS = 4
"""Disguises within one another."""
_HIDDEN = (
    *range(0x09),
    *range(0x0B, 0x20),
    0x7F,
    *range(0x80, 0xA0),
    0xAD,
    0x34F,
    0x61C,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0x3164,
    *range(0xFE00, 0xFE10),
    0xFEFF,
    0xFFA0,
    0xFFFD,
    *range(0xE0000, 0xE0200),
)
"""Characters without a shape of their own (Unicode, Default_Ignorable_Code_Point), controls, and broken bytes."""
_ALIKE = {
    **dict(zip("АВЕЅІЈКМНОРСТХУаеѕіјорсухһԁԛԝ", "ABESIJKMHOPCTXYaesijopcyxhdqw", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαρνγϲ", "ABEZHIKMNOPTYXoapvyc", strict=True)),
    **dict(zip("‐‑‒–−", "-----", strict=True)),
}
"""Letters of other alphabets, and dashes, that look like ours (Unicode, confusables)."""
_UNSEEN_CODES = frozenset(code for code in _HIDDEN if code >= 0x80)
_QUOTED = lazy_regex(r"=([0-9A-Fa-f]{2})")
_LONGEST_MAIL = 100_000
"""Characters of a line, and of one that goes on; mail has 76."""
_LINES_OF_KEY = 60


def read_plainly(line: str, *, is_latin: bool = False) -> str:
    """Return a line with every letter written plainly. `is_latin`: it was read byte by byte, and may be UTF-8."""
    text = line.encode("latin-1", "ignore").decode("utf-8", "ignore") if is_latin else line
    for _ in range(_ROUNDS):
        plain = _once(text)
        if plain == text:
            break
        text = plain
    return text


def _once(text: str) -> str:
    if "&" in text:
        from html import unescape  # late: its table of names takes 1 ms

        text = unescape(text)
    if "\\" in text or "`" in text:
        text = _NEEDLESS.sub(r"\1", _UNICODE.sub(_of_unicode, _ESCAPED.sub(_of_escape, text)))
    if "%" in text:
        text = _PERCENT.sub(lambda found: _letter(int(found[1], 16)) or found[0], text)
    if "+A" in text:
        text = _UTF7.sub(_of_utf7, text)
    if "<" in text or "]]>" in text:
        text = _MARKUP.sub("", text)
    return text if text.isascii() and text.isprintable() else _seen(text)


def _of_escape(found: re.Match[str]) -> str:
    code = int(found[4], 8) if found[4] else int(found[1] or found[2] or found[3], 16)
    return _letter(code) or found[0]


def _of_unicode(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if code < 0x80 or 0xD800 <= code < 0xE000 else chr(code)


def _of_utf7(found: re.Match[str]) -> str:
    try:
        plain = found[0].encode().decode("utf-7")
    except UnicodeDecodeError:
        return found[0]
    return plain if plain.isascii() and plain.isprintable() else found[0]


def _letter(code: int) -> str | None:
    """Return a printable letter, a blank or a line's end; None for what a line had better not hold."""
    if code in (0x09, 0x0A) or 0x20 <= code < 0x7F:
        return chr(code)
    return "" if code in _UNSEEN_CODES else None


_TABLE: dict[int, int | str | None] = {
    **{ord(other): ours for other, ours in _ALIKE.items()},
    **{code: None for code in _HIDDEN if code != 0x0A},
}


def _seen(text: str) -> str:
    """Return a text as people see it: letters in their plain shape, nothing that has none."""
    bare = _ON_LETTERS.sub("", _ANSI.sub("", text))
    return unicodedata.normalize("NFKC", bare).translate(_TABLE)


def unquoted(marks: Sequence[Mark], lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return (line, text) for the lines of a mail in quoted-printable, those that go on below as one; else nothing."""
    if not any("uoted-" in mark.text or "UOTED-" in mark.text for mark in marks):
        return []
    found: list[tuple[int, str]] = []
    text, first = "", 1
    for number, line in enumerate(lines, 1):
        bare = line.rstrip("\r\n") if len(line) < _LONGEST_MAIL else ""
        text, first = (text, first) if text else ("", number)
        if bare.endswith("=") and len(text) < _LONGEST_MAIL:
            text += bare[:-1]
            continue
        if text or "=" in bare:
            plain = _QUOTED.sub(lambda one: _letter(int(one[1], 16)) or one[0], text + bare)
            found += [(first, plain)] if plain != bare else []
        text = ""
    return found


def revealed(marks: Sequence[Mark], lines: Sequence[str], *, is_latin: bool = False) -> list[tuple[int, str]]:
    """Return (line, text) for what each marked place reads as, if that differs from what is written there.

    A private key's header comes with the lines below.
    """
    found: list[tuple[int, str]] = []
    for mark in marks:
        for piece in mark.pieces():
            plain = read_plainly(piece, is_latin=is_latin)
            broken = _BREAKS.sub("\n", piece)
            found += [(mark.line, text) for text in (plain, broken) if text != piece]
            if "PRIVATE KEY" in plain and len(piece) == len(mark.text):
                found += _below(mark.line, lines, is_latin=is_latin)
    return found


def _below(number: int, lines: Sequence[str], *, is_latin: bool) -> list[tuple[int, str]]:
    last = min(number + _LINES_OF_KEY, len(lines))
    return [(one, read_plainly(lines[one - 1].rstrip("\n"), is_latin=is_latin)) for one in range(number + 1, last + 1)]
