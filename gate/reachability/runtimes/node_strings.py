"""Strings of JavaScript that may be names of packages, or parts of which such names are put together.

The text is not parsed: what stands between quotes by chance counts too.
"""

import re

import msgspec

_NAMED = re.compile(
    rb"""["'`/!]((?:@[a-z\d~][\w.~-]{0,100}/)?[a-zA-Z\d~][\w.~-]{0,100})(?=["'`/@ ,:?])""",
)
_LISTED = re.compile(rb"""["'`]([\w@./-]{1,100}(?:[ ,|]{1,9}[\w@./-]{1,100}){1,500})["'`]""")
"""Several words in one string, as code takes apart with `split`."""
_BEGINNING = re.compile(rb"""["'`]((?:@[\w.-]{1,100}/)?[\w.@-]{0,100}[-/])(?=["'`]|\$\{)""")
_END = re.compile(rb"""["'`}](-[\w.-]{2,100})["'`]""")
JOINT = re.compile("[-/]")
"""Where names are put together."""
_SHORTEST_BEGINNING = 3


class Strings(msgspec.Struct, frozen=True):
    """What the strings of a source may name."""

    names: frozenset[str]
    """Whole names, of packages or commands, also those that a path goes on or comes before."""
    beginnings: frozenset[str]
    """`eslint-plugin-`, `@babel/`: a name may be put behind."""
    ends: frozenset[str]
    """`-loader`: a name may be put in front."""


def strings_in(content: bytes) -> Strings:
    """Return what may be a name, or a part of one, in a source."""
    names = {*_NAMED.findall(content)}
    for words in _LISTED.findall(content):
        names.update(re.split(rb"[ ,|]+", words))
    beginnings = {found for found in _BEGINNING.findall(content) if len(found) >= _SHORTEST_BEGINNING}
    return Strings(
        frozenset(map(_text, names)),
        frozenset(map(_text, beginnings)),
        frozenset(map(_text, _END.findall(content))),
    )


def _text(found: bytes) -> str:
    return found.decode("utf-8", "replace")
