"""Reading YAML safely: scalars as in YAML 1.2 (`yes` is a string, `1:30` no number), no alias bombs.

Every error has its line. What a document may cost is bounded by its bytes, where they are read, and its values here.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Any

import yaml

from gate.core.errors import ConfigError, LimitError

MAX_ALIASES = 100
"""Aliases in one document at most; a file that people write has a handful."""

MAX_EVENTS = 300_000
"""Values, and beginnings and ends of lists and mappings, of one document: each takes some 400 bytes, and 10 µs.

Ten thousand waivers, as many as are read, have fewer.
"""

MAX_NODES = 2 * MAX_EVENTS
"""Nodes of a file whose documents are read one after the other: values, and keys of mappings."""

MAX_MERGED = 100_000
"""Keys that the merge keys (`<<`) of a document bring in at most: mappings that merge each other twice double each
time."""

_MERGE = "<<"

_TAG_ERRORS = (LookupError, TypeError, AttributeError)
"""What PyYAML raises for a value that does not fit its tag: `!!int ''`, `!!bool x`, `!!timestamp x`."""

_OTHERWISE = (":bool", ":timestamp", ":int", ":float")
"""Tags of values that look otherwise here."""

_TAG = "tag:yaml.org,2002:"
STRING = _TAG + "str"
"""The tag of a scalar that is a text."""
_SHORT = 64
"""Characters of a plain scalar whose tag is kept."""
_SCALARS = (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+)$", "-+0123456789"),
    (
        "float",
        r"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|"
        r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        "-+0123456789.",
    ),
)
"""Tag, form and first characters of plain scalars that are no strings. PyYAML's numbers to the base of 60, which are
none in YAML 1.2, cost the square of their length."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_REDEFINED = "duplicate anchor"
"""What PyYAML says of an anchor that stands twice in a document."""

_Resolvers = list[tuple[str, re.Pattern[str]]]
"""The tags that a plain scalar may get, each with the pattern of its values, as PyYAML keeps them by first letter."""


def _without_those_of_yaml_1_1(resolvers: _Resolvers) -> _Resolvers:
    return [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(_OTHERWISE)]


class Loader(_Loader):  # type: ignore[misc]
    """PyYAML's safe loader with YAML 1.2's booleans and numbers, and without dates."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (PyYAML's own shape)
        first: _without_those_of_yaml_1_1(resolvers) for first, resolvers in _Loader.yaml_implicit_resolvers.items()
    }

    def resolve(self, kind: type[yaml.Node], value: str, implicit: Any) -> Any:
        """Return the tag of a node that states none, as PyYAML does; plain words are looked up once, as they repeat."""
        if kind is not yaml.ScalarNode:
            return super().resolve(kind, value, implicit)
        if not implicit[0]:
            return STRING
        return _plain_tag(value) if len(value) <= _SHORT else _tag_by_pattern(value)


def _tag_by_pattern(value: str) -> str:
    for tag, pattern in Loader.yaml_implicit_resolvers.get(value[:1], ()):
        if pattern.match(value):
            return str(tag)
    return STRING


@lru_cache(maxsize=4096)
def _plain_tag(value: str) -> str:
    return _tag_by_pattern(value)


def _number(loader: Any, node: yaml.ScalarNode) -> Any:
    """Make a number of what is tagged as one (`!!int 1:1`)."""
    if ":" in node.value:
        raise yaml.constructor.ConstructorError(problem="it is no number", problem_mark=node.start_mark)
    constructed = loader.construct_yaml_int if node.tag.endswith(":int") else loader.construct_yaml_float
    return constructed(node)


for _kind, _form, _first in _SCALARS:
    Loader.add_implicit_resolver(_TAG + _kind, re.compile(_form), _first)
for _kind in ("int", "float"):
    Loader.add_constructor(_TAG + _kind, _number)


class _RedefiningLoader(yaml.composer.Composer, Loader):
    """Composes what has an anchor twice, which YAML 1.2 allows (6.9.2): an alias means the last one before it."""

    def __init__(self, stream: str) -> None:
        super(yaml.composer.Composer, self).__init__(stream)
        self.anchors: dict[str, yaml.Node] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose as PyYAML does, without what it knows of an earlier anchor of the name."""
        if not self.check_event(yaml.AliasEvent):
            self.anchors.pop(self.peek_event().anchor, None)
        return super().compose_node(parent, index)


class _TooManyNodesError(Exception):
    """A file has more than MAX_NODES nodes."""


class _Counting:
    """Counts nodes before they are made, so that a file that is too large is refused in bounded memory."""

    _count = 0

    def descend_resolver(self, parent: yaml.Node | None, index: Any) -> None:
        """Count a node; PyYAML looks here for tags by path, of which there are none."""
        self._count += 1
        if self._count > MAX_NODES:
            raise _TooManyNodesError

    def ascend_resolver(self) -> None:
        """Do nothing: see `descend_resolver`."""


class _CountingLoader(_Counting, Loader):
    pass


class _CountingRedefiningLoader(_Counting, _RedefiningLoader):
    pass


class _StrictLoader(Loader):
    """Loads what people write: a key that occurs twice in one mapping is an error (YAML 1.2, 3.2.1.3)."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._checked: set[yaml.MappingNode] = set()
        self._merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Check a mapping's own keys before its merge keys (`<<`) add others, which may repeat them."""
        if node not in self._checked:
            self._checked.add(node)
            _check_keys(node)
        before = len(node.value)
        super().flatten_mapping(node)
        self._merged += max(0, len(node.value) - before)
        if self._merged > MAX_MERGED:
            problem = f"merge keys bring in more than {MAX_MERGED:,} keys"
            raise yaml.constructor.ConstructorError(problem=problem, problem_mark=node.start_mark)


def _check_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
        if key.value in seen:
            problem = f"{key.value} stands twice"
            raise yaml.constructor.ConstructorError(problem=problem, problem_mark=key.start_mark)
        seen.add(key.value)


def parse(text: str, path: str) -> Any:
    """Return the one document in `text`. Raises ConfigError with the line if it cannot be parsed."""
    with _errors_of(path):
        _check_size(text, path)
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506  (a subclass of the safe loader)


def _check_size(text: str, path: str) -> None:
    """Raise ConfigError if a document has more values, or more aliases, than people write."""
    aliases = 0
    for count, event in enumerate(yaml.parse(text, Loader=Loader)):
        aliases += isinstance(event, yaml.AliasEvent)
        if count > MAX_EVENTS:
            raise ConfigError(f"has more than {MAX_EVENTS:,} values", path=path)
    if aliases > MAX_ALIASES:
        raise ConfigError(f"has {aliases} aliases; at most {MAX_ALIASES} are read", path=path)


def compose(text: str, path: str) -> yaml.Node | None:
    """Return the root node of the one document in `text`, whose nodes have their places; None if it is empty.

    An alias is the same node as its anchor, so aliases take no memory; unknown tags (`!reset`) are allowed; merge keys
    are not resolved. Raises ConfigError with the line if it cannot be parsed.
    """
    with _errors_of(path):
        node: yaml.Node | None = yaml.compose(text, Loader=Loader)
        return node


def compose_all(text: str, path: str, most: int) -> list[yaml.Node]:
    """Return the root nodes of all documents in `text` that are not empty, as `compose` does for one.

    Raises ConfigError if one cannot be parsed, LimitError if there are more than `most`, or more nodes than MAX_NODES.
    """
    return list(each_document(text, path, most))


def each_document(text: str, path: str, most: int) -> Iterator[yaml.Node]:
    """Yield what `compose_all` returns, each document before the next one is parsed."""
    done = 0
    with _errors_of(path):
        try:
            for done, node in enumerate(yaml.compose_all(text, Loader=_CountingLoader), 1):
                yield from _within(node, done, most, path)
        except yaml.composer.ComposerError as error:
            if _REDEFINED not in str(error):
                raise
            for number, node in enumerate(yaml.compose_all(text, Loader=_CountingRedefiningLoader), 1):
                if number > done:  # those before the one with the anchor were yielded
                    yield from _within(node, number, most, path)


def _within(node: yaml.Node | None, number: int, most: int, path: str) -> Iterator[yaml.Node]:
    """Yield the root of a document unless it is empty. Raises LimitError for the first one beyond `most`."""
    if number > most:
        raise LimitError(f"has more than {most} documents", path=path)
    if node is not None:
        yield node


def child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return the value of a key in a mapping or in what it merges; None if there is none."""
    return next((value for name, value in children(node) if name == key), None)


def children(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """Yield the keys and values of a mapping: its own, of two of a name the last, then what else it merges."""
    return ((name.value, value) for name, value in pairs(node))


def pairs(node: yaml.Node | None) -> Iterable[tuple[yaml.ScalarNode, yaml.Node]]:
    """Return the same as `children`, with the nodes of the keys."""
    own = node.value if isinstance(node, yaml.MappingNode) else ()
    names = {name.value for name, _ in own if isinstance(name, yaml.ScalarNode)}
    if len(names) == len(own) and _MERGE not in names:
        return own  # as nearly every mapping is: nothing to merge, no key that stands twice
    return _merged_pairs(node)


def _merged_pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Yield the pairs of a mapping and of what it merges.

    Each mapping is read once, however often it is merged: its keys are already known the second time.
    """
    names: set[str] = set()
    visited: set[int] = set()
    waiting = [node]
    while waiting:
        mapping = waiting.pop()
        if not isinstance(mapping, yaml.MappingNode) or id(mapping) in visited:
            continue
        visited.add(id(mapping))
        merged: list[yaml.Node] = []
        own: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
        for name, value in mapping.value:
            if name.value == _MERGE:
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
            elif isinstance(name, yaml.ScalarNode):
                own[name.value] = name, value  # of two with a name the last counts, as nearly all programs have it
        yield from (pair for name, pair in own.items() if name not in names)
        names |= own.keys()
        waiting += reversed(merged)


@contextmanager
def _errors_of(path: str) -> Iterator[None]:
    """Turn what PyYAML raises into a ConfigError with the file's name and the line."""
    try:
        yield
    except _TooManyNodesError as error:
        raise LimitError(f"has more than {MAX_NODES:,} keys and values", path=path, hint="Split it") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else path
        words = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ConfigError(f"cannot be parsed: {words}", path=place) from error
    except (RecursionError, ValueError, *_TAG_ERRORS) as error:
        raise ConfigError("cannot be parsed: nested too deeply or a value out of range", path=path) from error


class NodeLines:
    """The lines of the nodes of a text. It is parsed once, when the first of them is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _root(self) -> yaml.Node | None:
        return yaml.compose(self._text, Loader=Loader)

    def of(self, keys: Iterable[str | int]) -> int | None:
        """Return the line (from 1) of the node that `keys` lead to, or of the last one on the way that exists."""
        line, node = None, self._root
        for key in keys:
            step = _step(node, key)
            if step is None:
                break
            line, node = step
        return line


def line_of(text: str, keys: Iterable[str | int]) -> int | None:
    """Return one line; `NodeLines` is for several of the same text."""
    return NodeLines(text).of(keys)


def _step(node: Any, key: str | int) -> tuple[int, Any] | None:
    """Return the line and the node of a key in a mapping or an index in a sequence; None if there is none."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return name.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark.line + 1, node.value[key]
    return None
