"""Values of a YAML or JSON document that know where they stand: what rules on definitions and manifests are asked of.

A value keeps its place when it is merged into another one (`extends`, `include`, an overlay), so that a finding names
the line on which it was written.
"""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec
import yaml

from gate.core.errors import ConfigError, LimitError
from gate.core.yaml import MAX_EVENTS, STRING, Loader, each_document, pairs

MAX_DOCUMENTS = 5_000
"""Documents of one file at most."""
MAX_DEPTH = 200
"""Mappings and lists in one another at most; deeper ones are no definition that a person wrote."""

FLOW = "{}"
"""Style of a mapping or list in brackets."""

Scalar: TypeAlias = str | int | float | bool | None
Data: TypeAlias = "Scalar | dict[str, Value] | list[Value]"
Position: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""


class Value(msgspec.Struct, frozen=True):
    """A scalar, a mapping or a list, and where it stands."""

    data: Data
    path: str
    line: int
    """From 1; of a mapping's value, the line of its key."""
    start: Position = (1, 1)
    end: Position = (1, 1)
    """Where the value itself begins and ends (exclusive)."""
    tag: str = ""
    """A tag of its own (`!reference`), as written."""
    style: str = ""
    """How it is written: a scalar by `'`, `"`, `|` or `>`, a mapping or list in brackets by `FLOW`; empty: plain."""

    def get(self, *keys: str) -> "Value | None":
        """Return what the keys lead to in mappings; None if there is nothing."""
        found: Value | None = self
        for key in keys:
            found = found.data.get(key) if found is not None and isinstance(found.data, dict) else None
        return found

    def items(self) -> Iterator[tuple[str, "Value"]]:
        """Yield keys and values of a mapping; nothing of anything else."""
        if isinstance(self.data, dict):
            yield from self.data.items()

    def elements(self) -> Iterator["Value"]:
        """Yield the elements of a list; anything else but null is its own only element."""
        if isinstance(self.data, list):
            yield from self.data
        elif self.data is not None:
            yield self

    def text(self, *keys: str) -> str:
        """Return the scalar that the keys lead to as YAML would write it; empty if there is none, or no scalar."""
        found = self.get(*keys) if keys else self
        if found is None or found.data is None or isinstance(found.data, dict | list):
            return ""
        return str(found.data).lower() if isinstance(found.data, bool) else str(found.data)

    def texts(self, *keys: str) -> list[str]:
        """Return the scalars of a list, or the one scalar, that the keys lead to."""
        found = self.get(*keys)
        return [one.text() for one in found.elements() if not isinstance(one.data, dict | list)] if found else []

    def walk(self) -> Iterator["Value"]:
        """Yield the value and all below it, in the order of the document; what an alias repeats comes once."""
        waiting, seen = [self], set()
        while waiting:
            value = waiting.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            yield value
            if isinstance(value.data, dict):
                waiting += reversed(value.data.values())
            elif isinstance(value.data, list):
                waiting += reversed(value.data)

    def plain(self) -> object:
        """Return the value as dicts, lists and scalars, without places."""
        if isinstance(self.data, dict):
            return {key: value.plain() for key, value in self.data.items()}
        if isinstance(self.data, list):
            return [value.plain() for value in self.data]
        return self.data


def value_of(data: object, path: str, depth: int = 0) -> Value:
    """Return dicts, lists and scalars as a value without places. Raises LimitError if they are nested too deeply."""
    if depth > MAX_DEPTH:
        raise LimitError(f"has more than {MAX_DEPTH} mappings and lists in one another", path=path)
    if isinstance(data, dict):
        return Value({str(key): value_of(one, path, depth + 1) for key, one in data.items()}, path, 1)
    if isinstance(data, list | tuple):
        return Value([value_of(one, path, depth + 1) for one in data], path, 1)
    return Value(data if isinstance(data, str | int | float) else None, path, 1)


def read_values(text: str, path: str, *, keys_once: bool = False) -> list[Value]:
    """Return the documents of a YAML (or JSON) text that are not empty.

    Merge keys are resolved, an alias is the same value as its anchor, the first of two keys of a name counts, unknown
    tags are kept. Raises LimitError beyond a bound, ConfigError with the line for what cannot be parsed and, with
    `keys_once`, for a key that stands twice.
    """
    read = map(_Reader(path, keys_once).document, each_document(text, path, MAX_DOCUMENTS))
    return [document for document in read if document.data is not None]


class _Reader:
    """Makes values of the nodes of the documents of a file."""

    def __init__(self, path: str, keys_once: bool) -> None:
        self._path = path
        self._keys_once = keys_once
        self._scalars = Loader("")
        self._known: dict[tuple[int, int], Value] = {}
        """By the identity of a node and the line of its key: an alias is the same value as its anchor."""
        self._open: set[int] = set()
        self._count = 0

    def document(self, root: yaml.Node) -> Value:
        """Return the value of a document. Its nodes are given up then, and the next one's may have their identities."""
        document = self.value(root)
        self._known.clear()
        self._scalars.constructed_objects.clear()
        return document

    def value(self, node: yaml.Node, line: int = 0, depth: int = 0) -> Value:
        """Return the value of a node; `line` is that of its key, 0 if it has none."""
        start = node.start_mark
        line = line or start.line + 1
        place = (id(node), line)
        known = self._known.get(place)
        if known is None:
            self._count += 1
            if self._count > MAX_EVENTS:
                raise LimitError(f"has more than {MAX_EVENTS:,} values", path=self._path)
            tag = node.tag if node.tag[0] == "!" else ""
            data: Data
            if isinstance(node, yaml.ScalarNode):
                # nearly all are texts, and every definition has many
                data = node.value if tag or node.tag == STRING else self._scalar(node)
                style = node.style or ""
            else:
                data = self._collection(node, line, depth)
                style = FLOW if isinstance(node, yaml.CollectionNode) and node.flow_style else ""
            end = node.end_mark
            span = (start.line + 1, start.column + 1), (end.line + 1, end.column + 1)
            known = self._known[place] = Value(data, self._path, line, *span, tag, style)
        return known

    def _collection(self, node: yaml.Node, line: int, depth: int) -> Data:
        if id(node) in self._open or depth > MAX_DEPTH:
            place = f"{self._path}:{line}"
            raise ConfigError("cannot be parsed: nested too deeply, or an alias that holds itself", path=place)
        self._open.add(id(node))
        data: Data
        if isinstance(node, yaml.MappingNode):
            if self._keys_once:
                self._check_keys(node)
            data = {name.value: self.value(one, name.start_mark.line + 1, depth + 1) for name, one in pairs(node)}
        else:
            data = [self.value(one, 0, depth + 1) for one in node.value]
        self._open.discard(id(node))
        return data

    def _check_keys(self, node: yaml.MappingNode) -> None:
        """Raise ConfigError for a key that stands twice: programs differ in which of them counts."""
        keys = [name for name, _ in node.value if isinstance(name, yaml.ScalarNode)]
        if len({name.value for name in keys}) == len(keys):
            return
        seen: set[str] = set()
        for name in keys:
            if name.value in seen:
                place = f"{self._path}:{name.start_mark.line + 1}"
                raise ConfigError(f"cannot be parsed: {name.value} stands twice", path=place, hint="Remove one of them")
            seen.add(name.value)

    def _scalar(self, node: yaml.Node) -> Scalar:
        try:
            made = self._scalars.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError):
            # a number or date that is none stays the text that it is
            made = node.value
        return made if isinstance(made, str | int | float | bool) or made is None else str(node.value)
