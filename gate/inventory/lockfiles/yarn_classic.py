"""The syntax of Yarn 1's lockfile: blocks of `key value`, indented by two spaces a level (Yarn 1 documentation)."""

import json
import re
from collections.abc import Iterator

import msgspec

from gate.inventory.lockfile import unparsable
from gate.inventory.lockfiles.package_json import split_alias
from gate.inventory.lockfiles.yarn_entry import YarnEntry

_WORD = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|$)|[^\s,:"][^\s,"]*+')
"""A quote that is not closed takes the rest, so that each row is read once; `_unquoted` refuses it."""
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")
_LOCAL = ("file:", "link:", "./", "../", "/", "~/")
_DEPENDENCIES = frozenset({"dependencies", "optionalDependencies"})


class _Row(msgspec.Struct, frozen=True):
    number: int
    depth: int
    words: tuple[str, ...]
    opens: bool
    """True if it ends with a colon: what follows deeper belongs to it."""


def entries(text: str, path: str) -> list[YarnEntry]:
    """Return the entries of a yarn.lock of version 1. Raises UnreadableError with the line.

    A descriptor may stand in several entries, as merges leave it: Yarn takes the last. All are returned.
    """
    return [_entry(block, path) for block in _blocks(_rows(text, path), path)]


def _rows(text: str, path: str) -> Iterator[_Row]:
    for number, row in enumerate(text.split("\n"), 1):
        said = row.strip()
        if not said or said.startswith("#"):
            continue
        if row.startswith(_CONFLICT):
            raise unparsable(path, "it holds a merge conflict", number)
        indent = len(row) - len(row.lstrip(" "))
        written = _WORD.findall(said.removesuffix(":"))
        words = tuple(word for word in map(_unquoted, written) if word is not None)
        if indent % 2 or indent > 4 or not words or len(words) < len(written):
            raise unparsable(path, "not a line as Yarn 1 writes it", number)
        yield _Row(number, indent // 2, words, said.endswith(":"))


def _unquoted(word: str) -> str | None:
    """Return what a word says, or None if its quotes do not hold a JSON string."""
    if not word.startswith('"'):
        return word
    try:
        return str(json.loads(word)) if "\\" in word or word.count('"') != 2 else word[1:-1]
    except ValueError:
        return None


def _blocks(rows: Iterator[_Row], path: str) -> Iterator[list[_Row]]:
    block: list[_Row] = []
    for row in rows:
        if row.depth == 0:
            if block:
                yield block
            block = []
            if not row.opens:
                raise unparsable(path, "not a line as Yarn 1 writes it", row.number)
        elif not block:
            raise unparsable(path, "it does not begin with an entry", row.number)
        block.append(row)
    if block:
        yield block


def _entry(block: list[_Row], path: str) -> YarnEntry:
    head, *rows = block
    for descriptor in head.words:
        if "@" not in descriptor[1:]:
            raise unparsable(path, f"{descriptor[:60]!r} is no name@range", head.number)
    alias, said = _split(head.words[0])
    fields = {row.words[0]: row.words[1] for row in rows if row.depth == 1 and len(row.words) == 2}
    return YarnEntry(
        descriptors=head.words,
        name=split_alias(alias, said)[0],
        version=fields.get("version"),
        registry=fields.get("resolved"),
        line=head.number,
        needs=tuple(_needs(rows)),
        is_local=said.startswith(_LOCAL),
    )


def _split(descriptor: str) -> tuple[str, str]:
    at = descriptor.index("@", 1)
    return descriptor[:at], descriptor[at + 1 :]


def _needs(rows: list[_Row]) -> Iterator[tuple[str, str]]:
    section = ""
    for row in rows:
        if row.depth == 1:
            section = row.words[0] if row.opens else ""
        elif section in _DEPENDENCIES:
            yield row.words[0], row.words[1] if row.words[1:] else ""
