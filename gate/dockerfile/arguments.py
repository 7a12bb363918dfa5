"""The arguments of each instruction, cut as Docker's parser (buildkit, frontend/dockerfile/parser) cuts them."""

import re
from collections.abc import Callable, Mapping

import msgspec

from gate.dockerfile.text import Word
from gate.dockerfile.words import BLANKS, split_bare, split_first, split_quoted

Arguments = tuple[tuple[Word, ...], bool]
"""The words, and whether they came as a JSON array."""
Cutter = Callable[[str, int, int, str], Arguments]
"""Takes the text, start and end of the arguments, and the escape character."""


class ArgumentError(ValueError):
    """The arguments are none that Docker takes; the text says why, in Docker's sense."""


_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')


def _json(text: str, start: int, end: int) -> tuple[Word, ...] | None:
    """Return the strings of a JSON array, or None if the text is none although it begins like one."""
    try:
        values = msgspec.json.decode(text[start:end])
    except (msgspec.DecodeError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        raise ArgumentError("a JSON array must hold strings only")
    places = _STRING.finditer(text, start, end)
    return tuple(Word(value, place.start(), place.end()) for value, place in zip(values, places, strict=True))


def _whole(text: str, start: int, end: int, escape: str) -> Arguments:
    return ((Word(text[start:end], start, end),) if end > start else ()), False


def _bare(text: str, start: int, end: int, escape: str) -> Arguments:
    return split_bare(text, start, end), False


def _quoted(text: str, start: int, end: int, escape: str) -> Arguments:
    return tuple(split_quoted(text, start, end, escape)), False


def _json_or(otherwise: Cutter) -> Cutter:
    def cut(text: str, start: int, end: int, escape: str) -> Arguments:
        words = _json(text, start, end) if text.startswith("[", start, end) else None
        return otherwise(text, start, end, escape) if words is None else (words, True)

    return cut


def _assignments(text: str, start: int, end: int, escape: str) -> Arguments:
    """Return name and value in turn, from `name=value …` or from the old `name value`."""
    words = tuple(split_quoted(text, start, end, escape))
    if not words:
        return (), False
    if "=" not in words[0].text:
        return _old_assignment(text, start, end), False
    return tuple(part for word in words for part in _assignment(word)), False


def _assignment(word: Word) -> tuple[Word, Word]:
    name, equals, value = word.text.partition("=")
    if not equals:
        raise ArgumentError("name=value is expected, and one word has no =")
    middle = word.start + len(name)
    return Word(name, word.start, middle), Word(value, middle + 1, word.end)


def _old_assignment(text: str, start: int, end: int) -> tuple[Word, ...]:
    name, rest = split_first(text, start, end)
    if name.end == end:
        raise ArgumentError("a name is given without a value")
    return name, Word(text[rest:end], rest, end)


_shell_or_exec = _json_or(_whole)


def _health_check(text: str, start: int, end: int, escape: str) -> Arguments:
    kind = next(iter(split_bare(text, start, end)), None)
    if kind is None:
        return (), False
    rest = end - len(text[kind.end : end].lstrip(BLANKS))
    words, is_exec = _shell_or_exec(text, rest, end, escape)
    return (kind, *words), is_exec


CUTTERS: Mapping[str, Cutter] = {
    "ADD": _json_or(_bare),
    "ARG": _quoted,
    "CMD": _shell_or_exec,
    "COPY": _json_or(_bare),
    "ENTRYPOINT": _shell_or_exec,
    "ENV": _assignments,
    "EXPOSE": _bare,
    "FROM": _bare,
    "HEALTHCHECK": _health_check,
    "LABEL": _assignments,
    "MAINTAINER": _whole,
    "ONBUILD": _whole,
    "RUN": _shell_or_exec,
    "SHELL": _shell_or_exec,
    "STOPSIGNAL": _whole,
    "USER": _whole,
    "VOLUME": _json_or(_bare),
    "WORKDIR": _whole,
}
"""Every instruction there is, and how its arguments are cut."""
