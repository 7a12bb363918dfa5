"""Calls of methods in sources of C#, by tree-sitter (the extra `csharp`). Nothing is executed.

Resolved are calls of a type by its name, of a new object, and of a variable, field or parameter that is declared with a
type. A type's name is resolved by the `using` directives of its source and by the namespaces around it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import msgspec

_MODULES = ("tree_sitter", "tree_sitter_c_sharp")
_QUERY = """
(using_directive) @using
[(namespace_declaration) (file_scoped_namespace_declaration)] @namespace
(invocation_expression) @call
(object_creation_expression) @new
(variable_declaration) @declared
[(parameter) (property_declaration)] @parameter
"""
_ARGUMENTS = re.compile(r"<[^<>]*>|\[[\s,]*\]|[?\s]")
_ARITY = re.compile(r"`\d+")
_GLOBAL = re.compile(rb"^\s*global\s+using\s+(?!static\b)([\w.]+)\s*;", re.MULTILINE)
"""A directive that holds for all sources of a project."""
CONSTRUCTOR = ".ctor"
_ROOT = "global::"

CsharpNode = Any
"""A `tree_sitter.Node`; the gate has to work where that cannot be imported."""


class CsharpCall(msgspec.Struct, frozen=True):
    """A call of a method, or of a constructor."""

    types: frozenset[str]
    """The names that its type may have, with their namespaces."""
    method: str
    line: int


def is_available() -> bool:
    """True if the extra is installed."""
    return all(find_spec(name) is not None for name in _MODULES)


class CsharpSources:
    """The application's own sources of C#."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._calls: dict[str, list[CsharpCall]] = {}
        found = (_GLOBAL.finditer(content) for content in contents.values())
        self._everywhere = tuple(sorted({each[1].decode() for matches in found for each in matches}))

    def call_of(self, symbol: str) -> str:
        """Return the place of a call of a method (`Ns.Outer+Inner:Run`); empty if there is none.

        Without a method any call of the type counts.
        """
        of, _, method = symbol.partition(":")
        name = _ARITY.sub("", of).replace("+", ".")
        simple = name.rpartition(".")[2].encode()
        for path, content in self._contents.items():
            if simple not in content or (method not in ("", CONSTRUCTOR) and method.encode() not in content):
                continue
            for call in self._calls_in(path):
                if name in call.types and method in ("", call.method):
                    return f"{path}:{call.line} calls {name}.{call.method}"
        return ""

    def _calls_in(self, path: str) -> list[CsharpCall]:
        if path not in self._calls:
            content = self._contents[path]
            self._calls[path] = list(_Reader(content, self._everywhere).calls()) if is_available() else []
        return self._calls[path]


@cache
def _tools() -> tuple[Any, Any, Any]:
    """Return parser, query, and the class that runs the query."""
    library = import_module("tree_sitter")
    language = library.Language(import_module("tree_sitter_c_sharp").language())
    return library.Parser(language), library.Query(language, _QUERY), library.QueryCursor


class _Reader:
    """What one source calls."""

    def __init__(self, content: bytes, everywhere: tuple[str, ...]) -> None:
        parser, query, cursor = _tools()
        self._found: dict[str, list[CsharpNode]] = cursor(query).captures(parser.parse(content).root_node)
        self._spaces = ["", *everywhere]
        """Namespaces in which a name may stand; of a nested one those around it, too."""
        self._static: list[str] = []
        """Types whose methods are called without their name."""
        self._names: dict[str, str] = {}
        """Types by the other names that the source gives them."""
        self._types: dict[str, str | None] = {}
        """Type of each variable, None if it has several in the source."""
        self._read_spaces()
        self._read_variables()

    def calls(self) -> Iterator[CsharpCall]:
        """Yield the calls that can be resolved."""
        for node in self._found.get("new", ()):
            yield CsharpCall(self._named(_text(node.child_by_field_name("type"))), CONSTRUCTOR, _line(node))
        for node in self._found.get("call", ()):
            called = node.child_by_field_name("function")
            if called.type == "identifier":
                yield CsharpCall(frozenset(self._static), _text(called), _line(node))
            elif called.type == "member_access_expression":
                name = _ARGUMENTS.sub("", _text(called.child_by_field_name("name")))
                yield CsharpCall(self._of(called.child_by_field_name("expression")), name, _line(node))

    def _of(self, node: CsharpNode) -> frozenset[str]:
        """Return the types of what a method is called on."""
        if node.type == "object_creation_expression":
            return self._named(_text(node.child_by_field_name("type")))
        name = _text(node).removeprefix("this.")
        if name in self._types:
            known = self._types[name]
            return self._named(known) if known else frozenset()
        return self._named(name) if re.fullmatch(r"(?:global::)?[\w.]+", name) else frozenset()

    def _named(self, name: str) -> frozenset[str]:
        while (shorter := _ARGUMENTS.sub("", name)) != name:
            name = shorter
        if name.startswith(_ROOT):
            return frozenset((name.removeprefix(_ROOT),))
        head, dot, rest = name.partition(".")
        if head in self._names:
            return frozenset((self._names[head] + dot + rest,))
        return frozenset(f"{space}.{name}" if space else name for space in self._spaces)

    def _read_spaces(self) -> None:
        for node in self._found.get("using", ()):
            words = _text(node).rstrip(";").removeprefix("global ").removeprefix("using ").strip()
            alias, equals, name = (part.strip() for part in words.partition("="))
            if equals:
                self._names[alias] = name
            elif words.startswith("static "):
                self._static.append(words.removeprefix("static ").strip())
            else:
                self._spaces.append(words)
        for node in self._found.get("namespace", ()):
            name = _text(node.child_by_field_name("name"))
            while name:
                self._spaces.append(name)
                name = name.rpartition(".")[0]

    def _read_variables(self) -> None:
        for node in self._found.get("declared", ()):
            of = _text(node.child_by_field_name("type"))
            for each in node.named_children:
                if each.type == "variable_declarator":
                    made = next((one for one in each.named_children if one.type == "object_creation_expression"), None)
                    made_of = _text(made.child_by_field_name("type")) if made is not None and of == "var" else of
                    self._declare(each, made_of)
        for node in self._found.get("parameter", ()):
            if (of_parameter := node.child_by_field_name("type")) is not None:
                self._declare(node, _text(of_parameter))

    def _declare(self, node: CsharpNode, of: str) -> None:
        name = node.child_by_field_name("name")
        if name is not None:
            known = self._types.setdefault(_text(name), of)
            self._types[_text(name)] = of if known == of else None


def _line(node: CsharpNode) -> int:
    return int(node.start_point[0]) + 1


def _text(node: CsharpNode) -> str:
    return str(node.text.decode("utf-8", "replace"))
