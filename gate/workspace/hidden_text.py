"""What a text hides from people and shows to an agent: signs without a shape, comments, letters of other alphabets."""

import base64
import binascii
import re
from collections.abc import Iterator

import msgspec

from gate.core.lazy_regex import lazy_regex

_TAGS = lazy_regex("[\U000e0001-\U000e007f]+")
_FLAG = "\U0001f3f4"
"""Flags of regions are written by this sign and tags behind it (Unicode Technical Standard 51)."""
_BIDI = lazy_regex("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = lazy_regex("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NO_WIDTH = lazy_regex(
    "[\u200b-\u200d\u2060-\u2064\u180e\ufeff\u00ad]{8,}|[\ufe00-\ufe0f]{3,}|[\U000e0100-\U000e01ef]{2,}"
)
"""So many in a row hold a message: each stands for a bit or a byte."""
_ONE_NO_WIDTH = lazy_regex("(?<=[A-Za-z0-9.,;:!? ])[\u200b\u2060-\u2064](?=[A-Za-z0-9.,;:!? ])")
_COMMENT = lazy_regex(r"<!--(?P<text>(?:(?!-->)[\s\S]){1,4000})-->")
_UNSEEN_STYLE = (
    r"(?:color\s*:\s*(?:white|#fff(?:fff)?\b|transparent)|font-size\s*:\s*0(?:px|em|pt)?\s*[;\"']|display\s*:\s*none"
    r"|visibility\s*:\s*hidden|opacity\s*:\s*0\s*[;\"'])"
)
_UNSEEN = lazy_regex(
    rf"<(?P<tag>span|div|p|font)\b[^>]{{0,200}}{_UNSEEN_STYLE}[^>]{{0,200}}>(?P<text>[^<]{{20,2000}})<",
    flags=re.IGNORECASE,
)
_TO_AGENTS = (
    r"(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:instructions?|rules|guidelines|prompts?|policies)\b"
    r"|\b(?:do not|don't|never|without)\s+(?:tell|telling|inform|informing|notify|notifying|mention|mentioning|reveal"
    r"|revealing|alert|alerting)\b[^.\n]{0,40}\b(?:user|human|developer|reviewer|person|anyone)"
    r"|\b(?:curl|wget|Invoke-WebRequest)\b[^\n]{0,80}https?://"
    r"|\b(?:send|upload|post|exfiltrate|transmit|forward|leak)\b[^.\n]{0,60}(?:secrets?|tokens?|api[ _-]?keys?|\.env"
    r"|credentials?|passwords?|private keys?|ssh)"
    r"|\bsystem prompt\b"
)
_INSTRUCTION = lazy_regex(_TO_AGENTS, flags=re.IGNORECASE)
_LOOKALIKES = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421"
    "\u0422\u0425\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1"
)
"""Letters of the Cyrillic and Greek alphabets that look like Latin ones (Unicode's confusables)."""
_CODE = lazy_regex(r"`(?P<code>[^`\n]{2,300})`")
_MIXED = lazy_regex(
    rf"(?<![^\W_])[A-Za-z{_LOOKALIKES}]*(?:[A-Za-z]{{2}}[{_LOOKALIKES}]|[{_LOOKALIKES}][A-Za-z]{{2}})[A-Za-z{_LOOKALIKES}]*(?![^\W_])"
)
_ENCODED = lazy_regex(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{160,}={0,2}(?![A-Za-z0-9+/=])")
_FENCE = lazy_regex(r"^(?P<fence>[ \t]*(?:`{3,}|~{3,}))[^\n]*\n(?:(?!(?P=fence))[^\n]*\n)*", flags=re.MULTILINE)
_NOT_A_LINE_END = lazy_regex(r"[^\n]")
_MOST = 50


class HiddenPart(msgspec.Struct, frozen=True):
    """A part of a text that people do not see."""

    start: int
    """Where it begins in the text."""
    why: str
    meaning: str = ""
    """What it says, as far as it can be read."""


def tag_messages(text: str) -> Iterator[HiddenPart]:
    """Yield what is written in tag characters, which no editor shows; flags of regions are none."""
    for found in _limited(_TAGS, text):
        if text[found.start() - 1 : found.start()] != _FLAG:
            meaning = "".join(chr(ord(sign) - 0xE0000) for sign in found[0] if 0xE0020 <= ord(sign) <= 0xE007E)
            yield HiddenPart(found.start(), f"{len(found[0])} tag characters, which no one sees", meaning)


def direction_changes(text: str) -> Iterator[HiddenPart]:
    """Yield signs that turn the order of letters, in a text that has no letters that are read from the right."""
    if _RIGHT_TO_LEFT.search(text):
        return
    for found in _limited(_BIDI, text):
        yield HiddenPart(found.start(), f"U+{ord(found[0]):04X} turns the order in which the line is shown")


def runs_without_width(text: str) -> Iterator[HiddenPart]:
    """Yield runs of signs without width that are long enough to be a message."""
    for found in _limited(_NO_WIDTH, text):
        yield HiddenPart(found.start(), f"{len(found[0])} signs without width in a row")


def single_signs_without_width(text: str) -> Iterator[HiddenPart]:
    """Yield signs without width within or between words of the Latin alphabet."""
    for found in _limited(_ONE_NO_WIDTH, text):
        yield HiddenPart(found.start(), f"U+{ord(found[0]):04X} has no width")


def hidden_instructions(text: str) -> Iterator[HiddenPart]:
    """Yield comments and unseen elements of HTML that speak to an agent."""
    text = _without_fences(text)
    for pattern, why in (
        (_COMMENT, "a comment, which readers of the page do not see"),
        (_UNSEEN, "text that is not shown"),
    ):
        for found in _limited(pattern, text):
            asked = _INSTRUCTION.search(found["text"])
            if asked:
                yield HiddenPart(found.start(), why, " ".join(asked[0].split()))


def unseen_elements(text: str) -> Iterator[HiddenPart]:
    """Yield elements of HTML with a text that is not shown: white on white, of no size."""
    for found in _limited(_UNSEEN, _without_fences(text)):
        yield HiddenPart(found.start(), "text that is not shown", " ".join(found["text"].split()))


def lookalikes_in_code(text: str) -> Iterator[HiddenPart]:
    """Yield words in code that mix letters of two alphabets that look alike."""
    if text.isascii():
        return
    for found in _limited(_CODE, text):
        mixed = _MIXED.search(found["code"])
        if mixed:
            yield HiddenPart(found.start(), "letters of another alphabet that look like Latin ones", mixed[0])


def encoded_texts(text: str) -> Iterator[HiddenPart]:
    """Yield words in base64 that are sentences."""
    for found in _limited(_ENCODED, text):
        if text[max(0, found.start() - 8) : found.start()].endswith("base64,"):
            continue
        meaning = _sentence(found[0])
        if meaning:
            yield HiddenPart(found.start(), f"{len(found[0])} signs of base64 that are a text", meaning)


def _without_fences(text: str) -> str:
    """Return a text with blanks in place of its blocks of code, which readers see as they are written."""
    return _FENCE.sub(lambda found: _NOT_A_LINE_END.sub(" ", found[0]), text)


def _limited(pattern: "re.Pattern[str]", text: str) -> Iterator["re.Match[str]"]:
    for number, found in enumerate(pattern.finditer(text)):
        if number >= _MOST:
            return
        yield found


def _sentence(encoded: str) -> str:
    try:
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
        words = decoded.decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    is_text = words.isprintable() or all(sign.isprintable() or sign in "\n\t\r" for sign in words)
    return " ".join(words.split()) if is_text and words.count(" ") * 12 > len(words) else ""
