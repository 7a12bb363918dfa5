"""Syntax trees of JavaScript and TypeScript, by tree-sitter: the extra `javascript`. Nothing is executed."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

MODULES = ("tree_sitter", "tree_sitter_javascript", "tree_sitter_typescript")
HINT = "tree-sitter is not installed (pip install tree-sitter tree-sitter-javascript tree-sitter-typescript)"
_TYPESCRIPT = (".ts", ".mts", ".cts")
_TYPESCRIPT_WITH_JSX = (".tsx",)

Node = Any
"""A `tree_sitter.Node`; the gate has to work where that cannot be imported."""


def is_available() -> bool:
    """True if the extra is installed."""
    return all(find_spec(name) is not None for name in MODULES)


def tree_of(path: str, content: bytes) -> Node | None:
    """Return the root of a source's syntax tree, by its ending; None if it cannot be parsed as a whole."""
    if path.endswith(_TYPESCRIPT):
        parser = _parser("tree_sitter_typescript", "language_typescript")
    elif path.endswith(_TYPESCRIPT_WITH_JSX):
        parser = _parser("tree_sitter_typescript", "language_tsx")
    else:
        parser = _parser("tree_sitter_javascript", "language")
    root = parser.parse(content).root_node
    return None if root.has_error else root


@cache
def _parser(module: str, language: str) -> Any:
    library = import_module("tree_sitter")
    return library.Parser(library.Language(getattr(import_module(module), language)()))
