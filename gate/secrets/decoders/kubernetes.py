"""Kubernetes Secret manifests: the values under `data` are base64.

https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data. Read as text, not as YAML: Helm
templates and broken manifests hold secrets too. `stringData` is plain, and needs no form.
"""

import re
from collections.abc import Iterator, Mapping

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import DecodedPart, assignment, part
from gate.secrets.engine.prefilter_patterns import Pattern
from gate.secrets.engine.text import Text
from gate.secrets.kinds.values import decoded

_KIND = lazy_regex(r"^[ \t-]*+[\"']?kind[\"']?[ \t]*+:[ \t]*+[\"']?Secret[\"']?[ \t]*+,?[ \t]*+(?:#.*)?$", re.MULTILINE)
_MAY_BE_KIND = lazy_regex(rb"kind[\"' \t]*+:[\"' \t]*+Secret")
_DATA = lazy_regex(r"[ \t-]*+[\"']?data[\"']?[ \t]*+:[ \t]*+\{?[ \t]*+(?:#.*)?$")
_ENTRY = lazy_regex(
    r"[ \t]*+[\"']?([\w.-]{1,253})[\"']?[ \t]*+:[ \t]*+(?:!!binary[ \t]++)?"
    r"(?:[\"']?([A-Za-z0-9+/]++={0,2})[\"']?[ \t]*+,?|[|>][-+0-9]{0,2})[ \t]*+(?:#.*)?$"
)
_FOLDED = lazy_regex(r"[ \t]+([A-Za-z0-9+/]+={0,2})[ \t]*$")
_MAX_LINES = 20_000
"""Lines of one value."""
FORM = "Secrets of Kubernetes"
SIEVE = (Pattern(FORM, rb"kind[\"' \t]*:[\"' \t]*Secret"),)
"""What `may_be_secret` looks for."""


def may_be_secret(content: bytes) -> bool:
    """True for every file with a line that says `kind: Secret`, and for a few others."""
    return b"Secret" in content and _MAY_BE_KIND.search(content) is not None


def parts(text: Text, path: str, values: Mapping[int, int] | None = None) -> Iterator[DecodedPart]:
    """Yield each value under the `data` of a Secret, decoded, at its line.

    `values`: the lines in which SIEVE matches; None: any.
    """
    is_unmarked = values is not None and not values
    if is_unmarked or not may_be_secret(text.utf8) or not _KIND.search(text.content):
        return
    for first, lines in _documents(text.content.split("\n")):
        if _KIND.search("\n".join(lines)):
            for number, key, value in _values(lines):
                plain = decoded(value)
                if plain is not None:
                    yield _revealed(first + number, key, plain, path)


def _documents(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each document of a file with the number of its first line, from 1."""
    start = 0
    for number, line in enumerate(lines):
        if line.startswith("---"):
            yield start + 1, lines[start:number]
            start = number + 1
    yield start + 1, lines[start:]


def _values(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield (line from 0, key, base64) of the entries of every `data`."""
    depth: int | None = None
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if depth is not None and _depth(line) <= depth:
            depth = None
        if depth is None:
            depth = _depth(line) if _DATA.match(line) else None
        elif entry := _ENTRY.match(line):
            yield number, entry[1], entry[2] or _folded(lines, number)


def _folded(lines: list[str], number: int) -> str:
    """Return a value that goes on below the line of its key."""
    found = []
    for below in range(number + 1, min(number + 1 + _MAX_LINES, len(lines))):
        piece = _FOLDED.match(lines[below])
        if piece is None:
            break
        found.append(piece[1])
    return "".join(found)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" \t-"))


def _revealed(number: int, key: str, plain: str, path: str) -> DecodedPart:
    """Read a value of one line as assigned to its key, a longer one as the file that it is mounted as."""
    within = f"key {key}"
    if any(letter in plain.strip() for letter in '\n"'):
        return part(plain, f"{path}!/{key}", within, (number,))
    return part(assignment(key, plain.strip()), path, within, (number,))
