"""YAML as values that know where they stand."""

import yaml

from gate.core.errors import ConfigError, LimitError
from gate.core.values import FLOW, MAX_DEPTH, Data, Scalar, Value
from gate.core.yaml import MAX_EVENTS, STRING, Loader, each_document, pairs

MAX_DOCUMENTS = 5_000
"""Documents of one file at most."""
_BINARY = "tag:yaml.org,2002:binary"
_YAML_1_1 = {
    **{form: True for word in ("y", "yes", "on") for form in (word, word.title(), word.upper())},
    **{form: False for word in ("n", "no", "off") for form in (word, word.title(), word.upper())},
}
"""Plain scalars that are booleans in YAML 1.1 (https://yaml.org/type/bool.html) and texts in 1.2."""


def read_values(text: str, path: str, *, is_yaml_1_1: bool = False) -> list[Value]:
    """Return the documents of a YAML (or JSON) text that are not empty.

    Merge keys are resolved, an alias is the same value as its anchor, of two keys of a name the last counts, unknown
    tags are kept. With `is_yaml_1_1` plain `yes`, `on` and `y` are booleans, as Go's and Ruby's libraries take them.
    Raises LimitError beyond a bound, ConfigError with the line for what cannot be parsed.
    """
    read = map(_Reader(path, is_yaml_1_1).document, each_document(text, path, MAX_DOCUMENTS))
    return [document for document in read if document.data is not None]


class _Reader:
    """Makes values of the nodes of the documents of a file."""

    def __init__(self, path: str, is_yaml_1_1: bool) -> None:
        self._path = path
        self._booleans = _YAML_1_1 if is_yaml_1_1 else {}
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
                if self._booleans and not style and node.tag == STRING:
                    data = self._booleans.get(node.value, data)
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
            data = {self._key(name): self.value(one, name.start_mark.line + 1, depth + 1) for name, one in pairs(node)}
        else:
            data = [self.value(one, 0, depth + 1) for one in node.value]
        self._open.discard(id(node))
        return data

    def _key(self, name: yaml.ScalarNode) -> str:
        return str(self._scalar(name)) if name.tag == _BINARY else str(name.value)

    def _scalar(self, node: yaml.Node) -> Scalar:
        try:
            made = self._scalars.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError):
            # a number or date that is none stays the text that it is
            made = node.value
        if isinstance(made, bytes):  # in base64 by its tag: a text to the programs that read it
            return made.decode("utf-8", "replace")
        return made if isinstance(made, str | int | float | bool) or made is None else str(node.value)
