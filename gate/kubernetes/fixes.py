"""Fixes of manifests that keep the file's formatting: a field is added to what is written, or its value replaced."""

import json
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.values import FLOW, Value
from gate.kubernetes.objects import Container, PodTemplate
from gate.rules import Change, Hit

_TEMPLATE = lazy_regex(r"\{\{|\{%|<%")
"""What a file holds that another program fills in: its text is no manifest yet."""


def setting(mapping: Value, field: str, value: bool | str | list[str], behind: str = "") -> tuple[Change, ...]:
    """Return the change that sets a field below a mapping (`securityContext.runAsNonRoot`); nothing if none is safe.

    A field that is missing, with what holds it, is put behind the key `behind` of the mapping, else before all others.
    """
    keys = field.split(".")
    while len(keys) > 1 and (below := mapping.get(keys[0])) is not None:
        mapping, behind, keys = below, "", keys[1:]
    found = mapping.get(keys[0])
    quoted = json.dumps(value)
    plain = quoted.replace('"', "")
    if found is not None:
        return _replaced(found, plain)
    if not isinstance(mapping.data, dict):
        return ()
    if mapping.style == FLOW:
        return _in_flow(mapping, keys, quoted if mapping.path.endswith(".json") else plain)
    return _in_block(mapping, keys, plain, behind)


def set_in_container(container: Container, field: str, value: bool | list[str]) -> tuple[Change, ...]:
    """Return the change that sets a field of a container; a security context of its own comes behind its image."""
    return setting(container.value, field, value, behind="image")


def set_in_pod(pod: PodTemplate, at: Value, field: str, value: bool | str) -> tuple[Change, ...]:
    """Return the change that sets a field of a pod's spec; nothing if the finding, `at`, is in another file."""
    return setting(pod.spec, field, value) if pod.spec.path == at.path else ()


def fitting(hit: Hit, text: str) -> Hit:
    """Return a hit without its changes where the text of its file is not what they were made for, or a template."""
    if not hit.changes or all(_fits(change, _lines(text)) for change in hit.changes):
        return hit
    return msgspec.structs.replace(hit, changes=())


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[str, ...]:
    """Return the lines of a file, which are asked for again and again; none of a template."""
    return () if _TEMPLATE.search(text) else tuple(text.split("\n"))


def _fits(change: Change, lines: Sequence[str]) -> bool:
    """True if a change stands where something begins: at a key, behind an opened bracket, or at a value."""
    (line, column), end = change.span
    if line > len(lines):
        return False
    before, behind = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    if end != change.span[0]:
        return end[0] == line and bool(behind)
    return not before.strip() or before.endswith("{") or (before.strip() == "-" and bool(behind))


def _replaced(found: Value, value: str) -> tuple[Change, ...]:
    """Return the change of a scalar or list on one line; an empty value, and a block, are left to a person."""
    is_block = isinstance(found.data, dict) or (isinstance(found.data, list) and found.style != FLOW)
    is_one_line = found.start[0] == found.end[0] and found.start != found.end
    quote = found.style if found.style in ("'", '"') else ""
    return (Change((found.start, found.end), f"{quote}{value}{quote}"),) if is_one_line and not is_block else ()


def _in_block(mapping: Value, keys: Sequence[str], value: bool | str | list[str], behind: str) -> tuple[Change, ...]:
    """Add the keys, each in a line of its own, before the first key or behind another."""
    column = mapping.start[1]
    lines = [f"{' ' * (column - 1 + 2 * depth)}{key}:" for depth, key in enumerate(keys)]
    text = "\n".join(lines) + f" {value}\n"
    before = mapping.get(behind) if behind else None
    if before is None:
        start = mapping.start
        return (Change((start, start), text[column - 1 :] + " " * (column - 1)),)
    if before.line != before.end[0] or before.style in ("|", ">"):
        return ()
    start = (before.line + 1, 1)
    return (Change((start, start), text),)


def _in_flow(mapping: Value, keys: Sequence[str], value: str) -> tuple[Change, ...]:
    """Add the keys behind the bracket that opens a mapping, if its first value stands on the same line."""
    line, column = mapping.start
    below = [one for _, one in mapping.items()]
    if below and below[0].line != line:
        return ()
    quote = '"' if mapping.path.endswith(".json") else ""
    opened = "".join(f"{{{quote}{key}{quote}: " for key in keys).removeprefix("{")
    text = f"{opened}{value}{'}' * (len(keys) - 1)}{', ' if below else ''}"
    return (Change(((line, column + 1), (line, column + 1)), text),)
