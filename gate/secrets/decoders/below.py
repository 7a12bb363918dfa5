"""A value on the line below its name: `API_KEY =` above `"…";`, as formatters break long lines.

Also an option above its value in a list of arguments (`- --password`), and YAML's text blocks (`password: |`).
"""

from collections.abc import Iterator, Mapping, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import MAX_LINE, SECRET_NAME, DecodedPart, assignment, numbers_of_lines, part_of
from gate.secrets.engine.prefilter_patterns import Pattern
from gate.secrets.engine.text import Text
from gate.secrets.triage.evidence import names_a_secret

_SIGN = r"(?:(?:=>|:=|[=:])[ \t]{0,8}[(\\]?|:[ \t]{0,8}[|>][+-]?)"
_TYPE = r"(?:[ \t]{0,4}:[ \t]{0,4}[A-Za-z&][\w<>&' .]{0,40})?"
_NAME_ABOVE = lazy_regex(
    rf"([\w.-]{{2,80}})[\"'\]]{{0,2}}{_TYPE}[ \t]{{0,8}}{_SIGN}[ \t]*$"
    r"|(?<![\w])((?i:set|with)_?\w{2,60})[ ]?\([ \t]*$"
    r"|^[ \t]*(?:-[ \t]+)?[\"']?--([\w-]{2,60})[\"']?,?[ \t]*$"
)
_VALUE_BELOW = lazy_regex(r"[ \t]*[rbuL@$]{0,2}([\"'`])([^\"'`\n]{3,1000})\1[ \t]*[;,)\]\\]*[ \t]*$")
_ARGUMENT_BELOW = lazy_regex(r"[ \t]*(?:-[ \t]+)?()([^\s\"',:{}\[\]-][^\s\"',:{}\[\]]{2,999})[ \t]*$")
"""Without quotes: below an option, or in a text block."""
_BLOCK = lazy_regex(r":[ \t]{0,8}[|>][+-]?[ \t]*\n?$")
FORM = "Below"
SIEVE = (
    Pattern(
        FORM,
        SECRET_NAME
        + rb"[\w.-]{0,80}[\"'\]]{0,2}(?:[ \t]{0,4}:[ \t]{0,4}[A-Za-z&][\w<>&' .\x80-\xff]{0,160})?[ \t]{0,8}"
        + rb"(?:=>|:=|[=:(])[ \t]{0,8}(?:[(\\]?[ \t]*\n[ \t]*[rbuL@$]{0,2}[\"'`]|[|>][+-]?[ \t]*\n[ \t])",
        True,
    ),
    Pattern(FORM, rb"--[\w-]{0,60}" + SECRET_NAME + rb"[\w-]{0,60}[\"']?,?[ \t]*\n[ \t]*(?:-[ \t]+)?[^\s-]", True),
)
"""Lines with a value below a secret's name."""


def parts(text: Text, path: str, values: Mapping[int, int] | None = None) -> Iterator[DecodedPart]:
    """Yield one part with every such value behind its name, each on the line of the value.

    `values`: the lines in which SIEVE matches, and where in bytes they start; None: any.
    """
    lines = text.lines
    found = [
        (number, line)
        for number in numbers_of_lines(text, values, first=2)
        if (line := _joined(lines[number - 2], lines[number - 1])) and not _goes_on(lines, number)
    ]
    yield from part_of(found, path)


def _goes_on(lines: Sequence[str], number: int) -> bool:
    """True if the text in line `number` is the first piece of one that the next line goes on with."""
    is_open = lines[number - 1].rstrip().endswith(('"', "'"))
    return is_open and number < len(lines) and lines[number].lstrip().startswith(('"', "'"))


def _joined(above: str, below: str) -> str | None:
    """Return two lines as one assignment, if they are one and the name is a secret's."""
    if max(len(above), len(below)) > MAX_LINE or not _may_open(above):
        return None
    opened = _NAME_ABOVE.search(above.removesuffix("\n"))
    name = opened and (opened[1] or opened[2] or opened[3])
    if not opened or not name or not names_a_secret(name):
        return None
    value = _value(below, is_block=_BLOCK.search(above) is not None, is_argument=opened[3] is not None)
    return assignment(name, value) if value else None


def _may_open(above: str) -> bool:
    """True for every line that a name's value can stand below, by its end: asking `_NAME_ABOVE` takes far longer."""
    return above.rstrip().endswith(("=", ":", "(", "\\", "|", ">", "+", "-")) or "--" in above


def _value(below: str, *, is_block: bool, is_argument: bool) -> str | None:
    if is_block and not below[:1].isspace():
        return None
    quoted = None if is_block else _VALUE_BELOW.match(below)
    match = quoted or (_ARGUMENT_BELOW.match(below) if is_block or is_argument else None)
    return match[2] if match else None
