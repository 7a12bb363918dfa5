"""The interface of the modules for the languages, and helpers that they share."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Protocol, cast

import msgspec

from gate.ecosystems import described, find
from gate.model import Package
from gate.trees import FileTree

MAX_NAME = 500
"""Characters of the name of a module."""


class Import(msgspec.Struct, frozen=True):
    """One import statement."""

    module: str
    """As the language writes it."""
    line: int


class Language(Protocol):
    """The module of one language."""

    NAME: str
    ENDINGS: tuple[str, ...]
    """What its files' names end with."""

    def imports(self, text: str) -> Iterator[Import]:
        """Yield the imports of a source, without those of its own project where these are recognisable."""

    def keys_of(self, module: str) -> Iterator[str]:
        """Yield the names under which an imported module may be looked up: its own and those of its parents."""

    def names_of(self, package: Package, tree: FileTree) -> tuple[str, ...]:
        """Return the names, each a key of some import, by which a package is imported; empty if they are unknown."""


def has_language(ecosystem: str) -> bool:
    """True if sources are searched for imports of the packages of an ecosystem."""
    known = find(ecosystem)
    return known is not None and known.language is not None


@cache
def language_of(ecosystem: str) -> Language:
    """Return the reader of the language that imports the packages of an ecosystem, which has one."""
    return cast(Language, import_module(f"gate.reachability.imports.{described(ecosystem).language}"))


def found_by(pattern: re.Pattern[str], text: str) -> Iterator[Import]:
    """Yield the group that matched of every match of `pattern`, with its line."""
    line, counted = 1, 0
    for found in pattern.finditer(text):
        group = found.lastindex or 0
        line += text.count("\n", counted, found.start(group))
        counted = found.start(group)
        yield Import(found[group], line)


def beginnings(module: str, separator: str) -> Iterator[str]:
    """Yield `a`, `a.b`, `a.b.c` for `a.b.c`; nothing for a name that is too long to be one."""
    if len(module) > MAX_NAME:
        return
    place = module.find(separator)
    while place > 0:
        yield module[:place]
        place = module.find(separator, place + len(separator))
    yield module
