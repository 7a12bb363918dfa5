"""YAML as values that know where they stand."""

import yaml

from gate.core.errors import ConfigError, LimitError
from gate.core.values import FLOW, MAX_DEPTH, Data, Scalar, Value
from gate.core.yaml import MAX_EVENTS, STRING, Loader, each_document, pairs

MAX_DOCUMENTS = 5_000
"""Documents of one file at most."""


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
