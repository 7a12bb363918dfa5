"""The units of a Ruby source, by tree-sitter (the extra `ruby`): methods, and what runs when the file is loaded.

Nothing is executed. What cannot be parsed is a part of the unit that it stands in.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import msgspec

MODULES = ("tree_sitter", "tree_sitter_ruby")
HINT = "tree-sitter is not installed (pip install tree-sitter tree-sitter-ruby)"
LOADED = ""
"""Name of the unit for what runs when the file is loaded."""
RubyNode = Any
"""A `tree_sitter.Node`; the gate has to work where that cannot be imported."""

_LONGEST_TEXT = 4_000
"""Bytes of a string in which words are names; a longer one is a text."""
_QUERY = """
(comment) @comment
[(method) (singleton_method)] @method
[(class) (module)] @type
(call) @call
(assignment) @assignment
[(string_content) (heredoc_content)] @text
(alias) @alias
"""
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_MARKED = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*[?!]")
_BLANK = re.compile(rb"\s")
_RUNS_TEXTS = re.compile(rb"(?<![\w.])eval\b|\b(?:class|module|instance)_eval\b|\bERB\b|\bbinding\b")
_NO_CALLERS = frozenset(
    (b"private", b"public", b"protected", b"module_function", b"private_class_method", b"private_constant", b"autoload")
)
"""Methods of classes that call nothing of what they name."""
_MIXES_IN = frozenset((b"include", b"extend", b"prepend"))
_RENAMES = frozenset((b"alias_method",))
_PATH = re.compile(rb"(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*")


class RubyCall(msgspec.Struct, frozen=True):
    """A call: `Rack::Utils.escape` is `parse` of `Rack::Utils`."""

    receiver: bytes
    """As it is written; empty if there is none."""
    name: bytes
    line: int


class RubyUnit(msgspec.Struct):
    """A part of a source."""

    owner: str
    """The class or module that it is in: `Rack.Utils`; empty outside of any."""
    name: str
    """Name of the method; LOADED for what runs when the file is loaded."""
    line: int
    words: set[bytes] = msgspec.field(default_factory=set)
    """All names in it, and the words of its short texts; `foo?` is `foo` too."""
    calls: list[RubyCall] = msgspec.field(default_factory=list)
    types: dict[bytes, bytes] = {}
    """Local variables that hold a new object, with the class as it is written."""
    span: tuple[int, int] = (0, 0)
    """Where its definition begins and ends, in bytes; of no meaning for LOADED."""

    @property
    def shown(self) -> str:
        """Its name as symbols have it: `Rack.Utils.escape`."""
        return ".".join(filter(None, (self.owner, self.name)))


class RubySource(msgspec.Struct):
    """What counts of one file."""

    units: list[RubyUnit]
    heirs: dict[str, bytes]
    """Last word of each class or module, and what stands for its superclass and for what it mixes in."""
    handed_on: set[str]
    """Last words of classes that hand themselves on when they are loaded (`register self`)."""


def is_available() -> bool:
    """True if the extra is installed."""
    return all(find_spec(name) is not None for name in MODULES)


def parse_ruby(content: bytes) -> RubySource:
    """Read a source. The extra has to be installed."""
    return _Reader(content).read()


@cache
def _tools() -> tuple[Any, Any, Any]:
    """Return parser, query, and the class that runs the query."""
    library = import_module("tree_sitter")
    language = library.Language(import_module("tree_sitter_ruby").language())
    return library.Parser(language), library.Query(language, _QUERY), library.QueryCursor


class _Reader:
    def __init__(self, content: bytes) -> None:
        parser, query, cursor = _tools()
        self._content = content
        self._root = parser.parse(content).root_node
        self._found: dict[str, list[RubyNode]] = cursor(query).captures(self._root)
        self._left = bytearray(content)
        """The source; what counts for no unit, or was counted, is blank."""
        self._units: dict[int, RubyUnit] = {}
        """By the place where the unit's definition begins; -1 for what runs when the file is loaded."""
        self._source = RubySource([], {}, set())

    def read(self) -> RubySource:
        self._units[-1] = RubyUnit("", LOADED, 1)
        self._read_texts()
        for node in self._each("comment"):
            self._blank(node)
        for node in self._each("type"):
            self._read_type(node)
        self._read_aliases()
        for node in self._each("call"):
            self._read_call(node)
        for node in self._each("assignment"):
            self._read_assignment(node)
        # The inner ones first, so that what is in a method inside of another counts once for each.
        for node in sorted(self._each("method"), key=lambda one: one.start_byte, reverse=True):
            self._read_method(node)
        self._units[-1].words |= words_of(bytes(self._left))
        self._source.units = [self._units[place] for place in sorted(self._units)]
        return self._source

    def _each(self, kind: str) -> list[RubyNode]:
        return sorted(self._found.get(kind, ()), key=lambda node: node.start_byte)

    def _blank(self, node: RubyNode) -> None:
        self._left[node.start_byte : node.end_byte] = b" " * (node.end_byte - node.start_byte)

    def _read_texts(self) -> None:
        """Leave out long texts and sentences: the words of a sentence are names only where texts are run as code."""
        runs_texts = _RUNS_TEXTS.search(self._content) is not None
        for node in self._each("text"):
            is_name = node.end_byte - node.start_byte < _LONGEST_TEXT and not _BLANK.search(node.text.strip())
            if not is_name and not runs_texts:
                self._blank(node)

    def _read_type(self, node: RubyNode) -> None:
        name, above = node.child_by_field_name("name"), node.child_by_field_name("superclass")
        self._blank(name)
        last = name.text.rpartition(b"::")[2].decode("utf-8", "replace")
        self._source.heirs.setdefault(last, b"")
        if above is not None:
            self._source.heirs[last] = self._source.heirs.get(last, b"") + above.text
            if _PATH.fullmatch(above.text.lstrip(b"< \t")):
                self._blank(above)

    def _read_aliases(self) -> None:
        for node in self._each("alias"):
            self._renamed(node, node.child_by_field_name("name"), node.child_by_field_name("alias"))

    def _renamed(self, node: RubyNode, new: RubyNode, old: RubyNode) -> None:
        """Add the unit of a further name for a method, which calls that."""
        unit = RubyUnit(_owner(node), _named(new), node.start_point[0] + 1, words_of(old.text))
        self._units.setdefault(node.start_byte, unit)
        self._blank(node)

    def _read_call(self, node: RubyNode) -> None:
        name, receiver = node.child_by_field_name("method"), node.child_by_field_name("receiver")
        if name is None:
            return
        arguments = node.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else ()
        if receiver is None and name.text in _RENAMES and len(given) == 2 and _method_of(node) is None:
            self._renamed(node, *given)
        elif receiver is None and name.text in _NO_CALLERS and all(map(_is_plain, given)):
            self._blank(node)
        else:
            self._read_class_call(node, name.text, given)
            written = receiver.text if receiver is not None else b""
            self._unit_of(node).calls.append(RubyCall(written, name.text, node.start_point[0] + 1))

    def _read_class_call(self, node: RubyNode, name: bytes, given: Sequence[RubyNode]) -> None:
        """Note what a class mixes in, and whether it hands itself on."""
        if _method_of(node) is not None or not (outer := _owner(node)):
            return
        last = outer.rpartition(".")[2]
        if name in _MIXES_IN:
            self._source.heirs[last] = b" ".join((self._source.heirs.get(last, b""), *(each.text for each in given)))
        if any(each.type == "self" for each in given) or (name in _MIXES_IN and b"self" in node.text):
            self._source.handed_on.add(last)

    def _read_assignment(self, node: RubyNode) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or left.type != "identifier" or right.type != "call":
            return
        made, new = right.child_by_field_name("receiver"), right.child_by_field_name("method")
        if made is not None and new is not None and new.text == b"new" and _PATH.fullmatch(made.text):
            self._unit_of(node).types = {**self._unit_of(node).types, left.text: made.text}

    def _read_method(self, node: RubyNode) -> None:
        unit = self._unit_at(node)
        name = node.child_by_field_name("name")
        self._blank(name)
        unit.words |= words_of(bytes(self._left[node.start_byte : node.end_byte]))
        if _method_of(node) is None:
            self._blank(node)

    def _unit_of(self, node: RubyNode) -> RubyUnit:
        method = _method_of(node)
        return self._units[-1] if method is None else self._unit_at(method)

    def _unit_at(self, method: RubyNode) -> RubyUnit:
        place = method.start_byte
        if place not in self._units:
            name = _named(method.child_by_field_name("name"))
            span = (place, method.end_byte)
            self._units[place] = RubyUnit(_owner(method), name, method.start_point[0] + 1, span=span)
        return self._units[place]


def words_of(code: bytes) -> set[bytes]:
    """Return every name in a text: one that ends with a mark (`foo?`) also without it."""
    return {*_WORD.findall(code), *_MARKED.findall(code)}


def _named(name: RubyNode) -> str:
    return str(name.text.lstrip(b":").decode("utf-8", "replace"))


def _method_of(node: RubyNode) -> RubyNode | None:
    """Return the method that something is in; None if it is in none."""
    holder = node.parent
    while holder is not None and holder.type not in ("method", "singleton_method"):
        holder = holder.parent
    return holder


def _owner(node: RubyNode) -> str:
    return ".".join(reversed([part for part in _outer(node) if part]))


def _outer(node: RubyNode) -> Iterator[str]:
    """Yield the names of the classes and modules around something, the innermost first."""
    holder = node.parent
    while holder is not None:
        if holder.type in ("class", "module"):
            name = holder.child_by_field_name("name").text.decode("utf-8", "replace")
            yield name.lstrip(":").replace("::", ".")
            if name.startswith("::"):
                return
        holder = holder.parent


def _is_plain(argument: RubyNode) -> bool:
    return argument.type in ("simple_symbol", "string", "constant", "scope_resolution")
