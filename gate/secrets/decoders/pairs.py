"""Names and values that stand apart: `name: DB_PASSWORD` above `value: …`, in every format that has such pairs.

Kubernetes and Helm (`env`), Compose (`- NAME=value`), GitLab CI (`variables` with `value`), task definitions, Terraform
(`default`), property lists, Hadoop's and Maven's XML, systemd (`Environment=`).
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.core.literals import Literals
from gate.secrets.decoders.part import MAX_LINE, NAME_WORDS, SECRET_NAME, DecodedPart, assignment, part_of
from gate.secrets.engine.prefilter_patterns import Pattern
from gate.secrets.engine.text import Text
from gate.secrets.triage.evidence import names_a_secret

_ASSIGNED_NAME = (
    r"[\"']?(?i:name|key|parameterkey|option_name|variable)[\"']?[ \t]*+[:=][ \t]*+[\"']?([\w.-]{2,80})[\"']?[ \t]*+,?"
)
_XML_NAME = (
    r"<(?i:(?:param-)?name|key|string)>([\w. -]{2,80})</(?i:(?:param-)?name|key|string)>"
    r"|<elementProp[ ]name=\"([\w.-]{2,80})\"[^\n>]{0,80}>"
    r"|<stringProp[ ]name=\"\w{1,20}\.name\">([\w.-]{2,80})</stringProp>"
)
_BLOCK_NAME = r"variable[ \t]++\"([\w-]{2,80})\"[ \t]*+\{|[\"']?([\w.-]{2,80})[\"']?[ \t]*+:[ \t]*+\{?"
_NAME = lazy_regex(rf"[ \t{{-]*+(?:{_ASSIGNED_NAME}|{_XML_NAME}|{_BLOCK_NAME})[ \t]*+$")
_ASSIGNED_VALUE = (
    r"[\"']?(?i:value|parametervalue|default|default_?value|stringvalue)[\"']?[ \t]*+[:=][ \t]*+([^\s{\[|>].{0,4000})"
)
_XML_VALUE = (
    r"<(?i:(?:param-)?value|string)>([^<]{3,4000})</(?i:(?:param-)?value|string)>[ \t]*+"
    r"|<stringProp[ ]name=\"\w{1,20}\.value\">([^<]{3,4000})</stringProp>[ \t]*+"
)
_VALUE = lazy_regex(rf"[ \t]*+(?:{_ASSIGNED_VALUE}|{_XML_VALUE})$")
_INLINE_PAIR = (
    r"(?i:\bname|\bkey)[\"']?[ \t]*[:=][ \t]*[\"']?([\w.-]{2,80})[\"']?[ \t]*,[ \t]*"
    r"[\"']?(?i:value)[\"']?[ \t]*[:=][ \t]*([\"'][^\"'\n]{3,1000}[\"']|[^\s,}\"']{3,1000})"
)
_INLINE_DEFAULT = r"variable[ \t]+\"([\w-]{2,80})\"[ \t]*\{[^\n{}]{0,200}?default[ \t]*=[ \t]*(\"[^\"\n]{3,1000}\")"
_INLINE_XML = (
    r"<(?:param-)?name>([\w.-]{2,80})</(?:param-)?name>[ \t]*<(?:param-)?value>([^<\n]{3,1000})</(?:param-)?value>"
)
_INLINE = lazy_regex(f"{_INLINE_PAIR}|{_INLINE_DEFAULT}|{_INLINE_XML}")
_LISTED = lazy_regex(r"[ \t]*(?:-[ \t]+|Environment=)[\"']?([A-Za-z][A-Za-z0-9_]{1,80})=([^\n]{3,4000})$")
_INDEXED = lazy_regex(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*\[[^\[\]]{1,80}\](?:\.[\w-]+|\[[^\[\]]{1,80}\])*")
"""`data.vault_secret.home[0].data["password"]`: what a program looks up."""
_REACH = 4
"""Lines between a name and its value: a description, a type."""
_SAYS_SECRET = Literals(NAME_WORDS)
_VALUED = (
    rb"^(?:[ \t]*[\"']?(?:value|parametervalue|default|default_?value|stringvalue)[\"']?[ \t]*[:=]"
    rb"|[ \t]*<(?:(?:param-)?value|string)>|[ \t]*<stringProp[ ]name=\"\w{1,20}\.value\">)"
)
FORM = "Pairs"
SIEVE = (
    Pattern(FORM, _VALUED, True),
    Pattern(FORM, SECRET_NAME + rb"[\w.-]{0,80}[\"']?[ \t]*,[ \t]*[\"']?value", True),
    Pattern(FORM, rb"\{[^\n{}]{0,200}default[ \t]*=", True),
    Pattern(FORM, rb"</(?:param-)?name>[ \t]*<(?:param-)?value>", True),
    Pattern(FORM, rb"(?:-[ \t]|Environment=)[ \t]*[\"']?\w{0,80}" + SECRET_NAME + rb"\w{0,80}=[^\n]{3}", True),
)
"""Lines with a value, below a name or next to it."""


def parts(text: Text, path: str, values: Mapping[int, int] | None = None) -> Iterator[DecodedPart]:
    """Yield one part with every pair whose name says that it is a secret, each on the line of its value.

    `values`: the lines in which SIEVE matches, and where in bytes they start; None: any.
    """
    if values is not None:
        values = dict(_near_secrets(text.utf8, values))
        if not values:
            return
    lines = text.lines
    found = [
        (number, assignment(name, plain))
        for number, name, value in _pairs(lines, range(1, len(lines) + 1) if values is None else _around(values))
        if names_a_secret(name) and (plain := _unquoted(value))
    ]
    yield from part_of(found, path)


def _near_secrets(utf8: bytes, values: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the lines that say what a secret's name has in it, or have it near above them.

    A pattern of many lines takes the pre-filter a fifth of its time; a search around each line takes longer than all
    else where every fourth line has a value.
    """
    named = _SAYS_SECRET.ends(utf8.lower())
    if not named:
        return
    for number, start in values.items():
        end = utf8.find(b"\n", start)
        before = bisect(named, end if end >= 0 else len(utf8))
        if before and _is_near(utf8, named[before - 1], start):
            yield number, start


def _is_near(utf8: bytes, named: int, start: int) -> bool:
    """True if there are at most _REACH lines from the one with the name to the one that starts at `start`."""
    above = start
    for _ in range(_REACH):
        above = utf8.rfind(b"\n", 0, max(above - 1, 0)) + 1
        if named >= above:
            return True
    return False


def _around(values: Iterable[int]) -> list[int]:
    """Return the lines, from 1, that can have a part in a pair, in their order."""
    return sorted({line for value in values for line in range(max(value - _REACH, 1), value + 1)})


def _pairs(lines: Sequence[str], numbers: Iterable[int]) -> Iterator[tuple[int, str, str]]:
    """Yield (line of the value from 1, name, value)."""
    named, name = -_REACH, ""
    for number in numbers:
        line = lines[number - 1].removesuffix("\n")
        if len(line) > MAX_LINE:
            continue
        for inline in _INLINE.finditer(line):
            named_so, valued = filter(None, inline.groups())
            yield number, named_so, valued
        if listed := _LISTED.match(line):
            yield number, listed[1], listed[2]
        if (value := _VALUE.match(line)) and number - named <= _REACH:
            yield number, name, value[1] or value[2] or value[3]
            named = -_REACH
        elif match := _NAME.match(line):
            named, name = number, next(filter(None, match.groups()))


def _unquoted(value: str) -> str:
    """Return a value without its quotes, the comma behind it and YAML's comment; nothing of what is code."""
    text = value.strip().rstrip(",").strip()
    if text[:1] in ("'", '"'):
        return text[1:].partition(text[0])[0]
    bare = re.split(r"[ \t]#", text.rstrip("\"'"), maxsplit=1)[0].replace('"', "'").strip()
    return "" if re.search(r"[\s(){}]", bare) or _INDEXED.fullmatch(bare) else bare
