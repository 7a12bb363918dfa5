"""Terms of Erlang and Elixir as lockfiles hold them: strings, atoms and numbers in tuples, lists and maps.

Only the nesting is kept. A key and its value follow one another, as do `a: 1` in a keyword list and `"a": 1` in a map.
"""

import re
from collections.abc import Iterator
from typing import Union

import msgspec

from gate.inventory.lockfile import refused, unparsable

MAX_DEPTH = 50
"""Terms in one another."""
_TOKEN = re.compile(
    r"(?P<space>[\s,]+|%(?!\{)[^\n]*|\#[^\n]*)|(?P<open>%?\{|\[)|(?P<close>[}\]])"
    r'|:?(?:<<\s*)?"(?P<text>(?:[^"\\]|\\.)*+)"(?:/utf8)?(?:\s*>>)?\s*:?(?!:)'
    r"|:?'(?P<quoted>(?:[^'\\]|\\.)*+)'"
    r"|:?(?P<word>[A-Za-z0-9_@?!+-]+(?:\.[A-Za-z0-9_]+)*):?|=>|(?P<end>\.)",
    re.DOTALL,
)


class BeamText(msgspec.Struct, frozen=True):
    """A string, an atom or a number, as it is written."""

    said: str
    line: int


class BeamGroup(msgspec.Struct, frozen=True):
    """A tuple, a list or a map."""

    line: int
    items: list[Union[BeamText, "BeamGroup"]]

    @property
    def texts(self) -> list[str]:
        """What stands directly in it; an empty text for each group."""
        return [item.said if isinstance(item, BeamText) else "" for item in self.items]

    @property
    def groups(self) -> "Iterator[BeamGroup]":
        return (item for item in self.items if isinstance(item, BeamGroup))


Term = BeamText | BeamGroup


def parse(text: str, path: str) -> BeamGroup:
    """Return the terms of a file, in one group. Raises UnreadableError with the line."""
    top = BeamGroup(1, [])
    opened = [top]
    position, line = 0, 1
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise unparsable(path, "not a term of Erlang or Elixir", line)
        if token["open"]:
            if len(opened) > MAX_DEPTH:
                raise refused(path, f"more than {MAX_DEPTH} terms in one another", line)
            group = BeamGroup(line, [])
            opened[-1].items.append(group)
            opened.append(group)
        elif token["close"]:
            if len(opened) == 1:
                raise unparsable(path, "a bracket closes that was not opened", line)
            opened.pop()
        else:
            said = next((token[kind] for kind in ("text", "quoted", "word") if token[kind] is not None), None)
            if said is not None:
                opened[-1].items.append(BeamText(said, line))
        line += text.count("\n", position, token.end())
        position = token.end()
    if len(opened) > 1:
        raise unparsable(path, "a bracket is not closed", opened[-1].line)
    return top
