"""Values in a sequence under a plural name, and members of JSON in a string: each behind its name, as an assignment.

api_keys:                 passwords = [         CREDENTIALS='{"shop": "…"}'
  - …                         "…",

The bytes of a key that stand on several lines are joined to one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import MAX_LINE, SECRET_NAME, DecodedPart, assignment, numbers_of_lines, part_of
from gate.secrets.engine.prefilter_patterns import Pattern
from gate.secrets.engine.text import Text
from gate.secrets.kinds.values import is_keylike, is_unworded
from gate.secrets.triage.evidence import (
    names_a_digest,
    names_a_secret,
    names_what_is_public,
    names_what_is_sent_along,
)
from gate.secrets.triage.wordlikeness import is_scrambled

_SIGN = r"[ \t]{0,8}(?:=>|:=|[=:(])[ \t]{0,8}"
_TYPE = r"(?:(?:new[ ])?(?:\[\])?[\w<>.&' ]{0,40}?(?:\[\])?[ ]{0,2})"
_PLURAL = r"([\w.-]{1,80}[sS])[\"'\]]{0,2}"
_OPENS = rf"(?:{_TYPE}[\[{{]+|\(+)"
_ABOVE = lazy_regex(rf"{_PLURAL}{_SIGN}{_OPENS}?[ \t]*$")
_WITHIN = lazy_regex(rf"{_PLURAL}{_SIGN}{_OPENS}([^\])}}\n]{{3,4000}})")
_QUOTED_ITEM = r"([\"'])([^\"'\n]{4,400})\1[ \t]*[,;]?[ \t]*(?:(?:#|//).*)?$"
_BARE_ITEM = r"[ \t]*-[ \t]+([^\s\"'{}\[\]:#,&*!|>][^\s\"',{}\[\]:]{3,400})[ \t]*$"
_ITEM = lazy_regex(rf"[ \t]*(?:-[ \t]+)?{_QUOTED_ITEM}|{_BARE_ITEM}")
_BARE_LIST = lazy_regex(rf"{_PLURAL}[ ]?:[ ]*\[([^\]\"'{{}}\n]{{4,4000}})\]")
_OF_YAML = lazy_regex(r"\.ya?ml\Z", re.IGNORECASE)
"""In other languages a word without quotes is a name."""
_WORDS_OF_RUBY = lazy_regex(rf"{_PLURAL}{_SIGN}%[wW][\[({{<|]([^\])}}>|\n]{{4,4000}})")
_BARE = lazy_regex(r"[^\s,]{4,400}")
_OPENED = lazy_regex(r"[\w.-]{1,80}[\"'\]]{0,2}[^=\n]{0,40}[=:][^=\n]{0,40}[\[({][ \t]*\Z")
_NUMBER = r"(?:0x[0-9A-Fa-f]{1,2}|-?[0-9]{1,3})"
_NUMBERS = lazy_regex(rf"[ \t]*({_NUMBER}(?:[ \t]*,[ \t]*{_NUMBER}){{0,63}})[ \t]*,?[ \t]*")
_QUOTED = lazy_regex(r"(?<![\w])[rbuL@]{0,2}([\"'])([^\"'\n]{4,400})\1(?=[ ]*(?:,|$))")
_HELD = lazy_regex(rf"([\w.-]{{2,80}})[\"'\]]{{0,2}}{_SIGN}([\"'`])[ ]?(\{{.{{5,4000}}\}})[ ]?\2")
_MEMBER_NAME = r"\\{0,3}[\"']([\w.@ -]{1,80}?)\\{0,3}[\"']"
_MEMBER = lazy_regex(rf"{_MEMBER_NAME}[ ]?:[ ]?\\{{0,3}}[\"']([^\"'\\\n]{{4,400}})\\{{0,3}}[\"']")
_OTHER_WORDS = (
    "id|type|url|uri|email|mail|user(?:name)?|name|host|domain|region|account|project|path|issuer|cert|algorithm|alg"
)
_OTHER_MEMBERS = lazy_regex(rf"(?:\A|[_.-])(?:{_OTHER_WORDS})s?\Z|_(?:id|uri|url)")
_MOST = 200
"""Values of one sequence that are looked at."""
_NAMED = SECRET_NAME + rb"[\w.-]{0,80}"
_ASSIGNED = rb"[\"'\]]{0,2}[ \t]{0,8}(?:=>|:=|[=:(])"
FORM = "Sequences"
SIEVE = (
    Pattern(FORM, _NAMED + rb"s" + _ASSIGNED + rb"[^\n]{0,60}\n[ \t]*(?:-[ \t]+)?[^\s-]", True),
    Pattern(FORM, _NAMED + rb"s" + _ASSIGNED + rb"[^\n\[({]{0,60}(?:\[\][^\n\[({]{0,40})?[\[({][ ]{0,4}[\"']", True),
    Pattern(FORM, _NAMED + rb"s" + rb"[ ]?(?::[ ]{0,8}\[|(?:=>|[=:])[ ]{0,8}%[wW][\[({<|])[ ]{0,4}[0-9A-Za-z]", True),
    Pattern(FORM, _NAMED + rb"[^\n]{0,60}[=:][^\n]{0,40}[\[({][ \t]*\r?\n[ \t]*(?:0x|-)?[0-9A-Fa-f]{1,3}[ \t]*,", True),
    Pattern(FORM, _NAMED + _ASSIGNED + rb"[ \t]{0,8}[\"'`][ ]?\{[^\n]{0,4}[\"']", True),
)
"""Lines with the first value below a plural name, or behind it, and with JSON in a string."""


def parts(text: Text, path: str, values: Mapping[int, int] | None = None) -> Iterator[DecodedPart]:
    """Yield one part with every such value behind its name, each on its own line.

    `values`: the lines in which SIEVE matches, and where in bytes they start; None: any.
    """
    lines, found = text.lines, dict[tuple[int, str], None]()
    for number in numbers_of_lines(text, values):
        if len(lines[number - 1]) <= MAX_LINE:
            found.update(dict.fromkeys(_below(lines, number)))
            found.update(dict.fromkeys(_inside(lines[number - 1], number)))
            found.update(dict.fromkeys(_unquoted(lines[number - 1], number, path)))
            found.update(dict.fromkeys(_bytes(lines, number)))
    yield from part_of(list(found), path)


def _below(lines: Sequence[str], number: int) -> Iterator[tuple[int, str]]:
    """Yield the values of the sequence whose name stands in the line above the one that is given."""
    above = lines[number - 2].rstrip() if number > 1 else ""
    is_open = above.endswith((":", "=", "[", "(", "{", ">")) and len(above) <= MAX_LINE
    opened = _ABOVE.search(above) if is_open else None
    name = _singular(opened[1]) if opened else None
    if name is None:
        return
    for place in range(number, min(number + _MOST, len(lines) + 1)):
        item = _ITEM.match(lines[place - 1].rstrip("\n"))
        if item is None:
            return
        if _is_likely(item[2] or item[3]):
            yield place, assignment(name, item[2] or item[3])


def _inside(line: str, number: int) -> Iterator[tuple[int, str]]:
    """Yield the values of a sequence, or the members of JSON, that one line holds whole."""
    for opened in _WITHIN.finditer(line):
        name = _singular(opened[1])
        if name is not None:
            likely = (item[2] for item in _QUOTED.finditer(opened[2]) if _is_likely(item[2]))
            yield from ((number, assignment(name, value)) for value in likely)
    for held in _HELD.finditer(line):
        if names_a_secret(held[1]):
            yield from ((number, assignment(held[1], value)) for value in _members(held[3]))


def _unquoted(line: str, number: int, path: str) -> Iterator[tuple[int, str]]:
    """Yield the values of a sequence that are written without quotes: in YAML, and as words of Ruby."""
    opened = [*_WORDS_OF_RUBY.finditer(line), *(_BARE_LIST.finditer(line) if _OF_YAML.search(path) else ())]
    for one in opened:
        name = _singular(one[1])
        if name is not None:
            yield from ((number, assignment(name, value)) for value in _BARE.findall(one[2]) if _is_likely(value))


def _bytes(lines: Sequence[str], number: int) -> Iterator[tuple[int, str]]:
    """Yield the bytes of a key from the line below its name on, as one line."""
    above = lines[number - 2].rstrip() if number > 1 else ""
    first = _NUMBERS.fullmatch(lines[number - 1].rstrip())
    if first is None or len(above) > MAX_LINE or not _OPENED.search(above):
        return
    joined = [first[1]]
    for line in lines[number : number + _MOST]:
        more = _NUMBERS.fullmatch(line.rstrip())
        if more is None:
            break
        joined.append(more[1])
    yield number, f"{above} {', '.join(part.strip(' ,') for part in joined)}"


def _members(text: str) -> Iterator[str]:
    """Yield the values of JSON's members, but for those whose names say that they are none."""
    for member in _MEMBER.finditer(text):
        name = member[1]
        is_public = names_what_is_public(name) or names_a_digest(name) or names_what_is_sent_along(name)
        if not is_public and not _OTHER_MEMBERS.search(name.lower()) and _is_likely(member[2]):
            yield member[2]


def _is_likely(value: str) -> bool:
    """True for a key or a password that looks generated: lists of words are most often names, kinds or a dictionary."""
    return is_keylike(value) or is_unworded(value) or is_scrambled(value)


def _singular(name: str) -> str | None:
    """Return the name of one of them, if it is a secret's: `api_keys` gives `api_key`."""
    one = name[:-1]
    is_other = names_a_digest(name) or one.endswith(("s", "S"))
    return one if names_a_secret(one) and not is_other else None
