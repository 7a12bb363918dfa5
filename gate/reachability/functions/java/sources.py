"""Calls of methods in sources of Java, by tree-sitter (the extra `java`). Nothing is executed.

Resolved are calls of a class by its name, of a new object, of a variable, field or parameter that is declared with a
class, and of methods that are imported by name. A class's name is resolved by the imports of its source.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import msgspec

_MODULES = ("tree_sitter", "tree_sitter_java")
_QUERY = """
(import_declaration) @import
(method_invocation) @call
(object_creation_expression) @new
[(field_declaration) (local_variable_declaration)] @declared
(formal_parameter) @parameter
(resource) @parameter
"""
_PACKAGE = re.compile(rb"^[ \t]*package[ \t]+([\w.]+)", re.MULTILINE)
_ARGUMENTS = re.compile(r"<[^<>]*>")
CONSTRUCTOR = "<init>"

JavaNode = Any
"""A `tree_sitter.Node`; the gate has to work where that cannot be imported."""


class JavaCall(msgspec.Struct, frozen=True):
    """A call of a method, or of a constructor."""

    classes: frozenset[str]
    """The names that its class may have, with their packages: the imports of all of a package may mean it or not."""
    method: str
    line: int


def is_available() -> bool:
    """True if the extra is installed."""
    return all(find_spec(name) is not None for name in _MODULES)


class JavaSources:
    """The application's own sources of Java."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._calls: dict[str, list[JavaCall]] = {}

    def call_of(self, class_name: str, method: str) -> str:
        """Return the place of a call of a method (`org.example.Parser`, `parse`); empty if there is none.

        Without a method any call of the class counts.
        """
        simple = re.split(r"[.$]", class_name)[-1].encode()
        for path, content in self._contents.items():
            if simple not in content or (method not in ("", CONSTRUCTOR) and method.encode() not in content):
                continue
            for call in self._calls_in(path):
                if class_name.replace("$", ".") in call.classes and method in ("", call.method):
                    return f"{path}:{call.line} calls {class_name}.{call.method}"
        return ""

    def _calls_in(self, path: str) -> list[JavaCall]:
        if path not in self._calls:
            self._calls[path] = list(_Reader(self._contents[path]).calls()) if is_available() else []
        return self._calls[path]


@cache
def _tools() -> tuple[Any, Any, Any]:
    """Return parser, query, and the class that runs the query."""
    library = import_module("tree_sitter")
    language = library.Language(import_module("tree_sitter_java").language())
    return library.Parser(language), library.Query(language, _QUERY), library.QueryCursor


class _Reader:
    """What one source calls."""

    def __init__(self, content: bytes) -> None:
        parser, query, cursor = _tools()
        self._found: dict[str, list[JavaNode]] = cursor(query).captures(parser.parse(content).root_node)
        self._names: dict[str, str] = {}
        """Imported classes by their simple names."""
        self._packages = [found[1].decode("utf-8", "replace") for found in _PACKAGE.finditer(content)]
        self._methods: defaultdict[str, list[str]] = defaultdict(list)
        """Classes whose methods of this name, or of any for `*`, are imported."""
        self._types: dict[str, str | None] = {}
        """Class of each variable, None if it has several in the source."""
        self._read_imports()
        self._read_variables()

    def calls(self) -> Iterator[JavaCall]:
        """Yield the calls that can be resolved."""
        for node in self._found.get("new", ()):
            yield self._called(node.child_by_field_name("type"), CONSTRUCTOR, node)
        for node in self._found.get("call", ()):
            name = _text(node.child_by_field_name("name"))
            of = node.child_by_field_name("object")
            if of is None:
                yield JavaCall(frozenset((*self._methods[name], *self._methods["*"])), name, node.start_point[0] + 1)
            elif of.type == "object_creation_expression":
                yield self._called(of.child_by_field_name("type"), name, node)
            elif of.type in ("identifier", "field_access", "scoped_type_identifier"):
                yield JavaCall(self._meant(_text(of).removeprefix("this.")), name, node.start_point[0] + 1)

    def _called(self, named: JavaNode, method: str, node: JavaNode) -> JavaCall:
        return JavaCall(self._classes(_text(named)), method, node.start_point[0] + 1)

    def _meant(self, name: str) -> frozenset[str]:
        """Return the classes of a variable, or those that a name stands for."""
        if name in self._types:
            known = self._types[name]
            return self._classes(known) if known else frozenset()
        return self._classes(name) if name[:1].isupper() or "." in name else frozenset()

    def _classes(self, name: str) -> frozenset[str]:
        head, _, rest = _ARGUMENTS.sub("", name).strip().partition(".")
        behind = f".{rest}" if rest else ""
        if head in self._names:
            return frozenset((self._names[head] + behind,))
        if head[:1].islower():
            return frozenset((head + behind,))
        return frozenset(f"{package}.{head}{behind}" for package in self._packages)

    def _read_imports(self) -> None:
        for node in self._found.get("import", ()):
            text = " ".join(_text(node).rstrip(";").split()).removeprefix("import ")
            name = text.removeprefix("static ").replace(" ", "")
            before, _, last = name.rpartition(".")
            if text.startswith("static "):
                self._methods[last].append(before)
            elif last == "*":
                self._packages.append(before)
            else:
                self._names[last] = name

    def _read_variables(self) -> None:
        for node in self._found.get("declared", ()):
            of = _text(node.child_by_field_name("type"))
            for each in node.children_by_field_name("declarator"):
                value = each.child_by_field_name("value")
                if of == "var" and value is not None and value.type == "object_creation_expression":
                    self._declare(each, _text(value.child_by_field_name("type")))
                else:
                    self._declare(each, of)
        for node in self._found.get("parameter", ()):
            if (of_parameter := node.child_by_field_name("type")) is not None:
                self._declare(node, _text(of_parameter))

    def _declare(self, node: JavaNode, of: str) -> None:
        name = node.child_by_field_name("name")
        if name is not None:
            known = self._types.setdefault(_text(name), of)
            self._types[_text(name)] = of if known == of else None


def _text(node: JavaNode) -> str:
    return str(node.text.decode("utf-8", "replace"))
