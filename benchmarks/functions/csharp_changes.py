"""Which methods of a C# source differ between two versions, by the names that the assembly's metadata has for them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import tree_sitter
import tree_sitter_c_sharp

_MISREAD = re.compile(r"^[ \t]*#.*$|\bref(?= partial struct)", re.MULTILINE)
"""What the grammar does not take everywhere."""
_TYPES = ("class", "struct", "interface", "record", "enum", "delegate")
_ACCESSORS = {"get": "get_", "set": "set_", "init": "set_", "add": "add_", "remove": "remove_"}
_UNARY = {"+": "UnaryPlus", "-": "UnaryNegation", "!": "LogicalNot", "~": "OnesComplement", "++": "Increment",
          "--": "Decrement", "true": "True", "false": "False"}  # fmt: skip
_BINARY = {"+": "Addition", "-": "Subtraction", "*": "Multiply", "/": "Division", "%": "Modulus", "&": "BitwiseAnd",
           "|": "BitwiseOr", "^": "ExclusiveOr", "<<": "LeftShift", ">>": "RightShift", "==": "Equality",
           "!=": "Inequality", "<": "LessThan", ">": "GreaterThan", "<=": "LessThanOrEqual",
           ">=": "GreaterThanOrEqual"}  # fmt: skip


def methods_of(source: str) -> dict[str, str]:
    """Return the text of each method by ``Namespace.Outer`1+Inner:method``, overloads together.

    `Type:` is what is left of a type. Comments are left out. In a method's name the interface that it implements is as
    the source names it.
    """
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for key, text in _members(_parsed(source.removeprefix("\ufeff")), ""):
        texts[key].append(text)
    return {key: "\n".join(parts) for key, parts in texts.items()}


def changed_methods(before: str, after: str | None) -> set[str]:
    """Return the methods of `before` that `after` has otherwise or not at all; None: the file is gone."""
    old = methods_of(before)
    new = methods_of(after) if after is not None else {}
    return {key for key, text in old.items() if new.get(key) != text}


def _parsed(source: str) -> Any:
    """Return the root of a source; all branches of its directives count where they divide what belongs together."""
    root = _parser().parse(source.encode()).root_node
    return _parser().parse(_MISREAD.sub("", source).encode()).root_node if root.has_error else root


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))


def _members(node: Any, namespace: str) -> Iterator[tuple[str, str]]:
    """Yield key and text of the members of all types below a node that is in no type."""
    for child in node.named_children:
        kind = child.type.removesuffix("_declaration")
        if kind == "file_scoped_namespace":
            namespace = _name(child)
        elif kind == "namespace":
            yield from _members(child, f"{namespace}.{_name(child)}" if namespace else _name(child))
        elif kind in _TYPES:
            yield from _of_type(child, f"{namespace}." if namespace else "")
        else:
            yield from _members(child, namespace)


def _of_type(node: Any, outer: str) -> Iterator[tuple[str, str]]:
    """Yield key and text of a type's members; `outer` ends with what stands before the type's name."""
    parameters = [child for child in node.named_children if child.type == "type_parameter_list"]
    count = sum(child.type == "type_parameter" for each in parameters for child in each.named_children)
    name = f"{outer}{_name(node)}" + (f"`{count}" if count else "")
    body = node.child_by_field_name("body")
    yield f"{name}:", " ".join(_text(child) for child in node.children if child != body)
    if body is not None:
        yield from _of_body(body, name)


def _of_body(body: Any, type_name: str) -> Iterator[tuple[str, str]]:
    for child in body.children:
        kind = child.type.removesuffix("_declaration")
        if kind in _TYPES:
            yield from _of_type(child, f"{type_name}+")
        elif kind.startswith("preproc_"):
            yield from _of_body(child, type_name)
        elif kind != "comment":
            for name, text in _of_member(child, kind):
                yield f"{type_name}:{name}", text


def _of_member(node: Any, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the names in the metadata that a member has, each with its text; no name for what is no method."""
    accessors = node.child_by_field_name("accessors")
    if kind in ("property", "indexer", "event") and accessors is not None:
        head = " ".join(_text(child) for child in node.children if child != accessors)
        for each in accessors.named_children:
            word = next((child.type for child in each.children if child.type in _ACCESSORS), "")
            yield _prefixed(node, _ACCESSORS.get(word, "")), f"{head} {_text(each)}"
    elif kind in ("property", "indexer"):
        yield _prefixed(node, "get_"), _text(node)
    else:
        yield _method_name(node, kind), _text(node)


def _method_name(node: Any, kind: str) -> str:
    if kind == "constructor":
        is_static = any(_text(child) == "static" for child in node.children if child.type == "modifier")
        return ".cctor" if is_static else ".ctor"
    if kind == "conversion_operator":
        return "op_" + next(child.type for child in node.children if child.type in ("implicit", "explicit")).title()
    if kind == "operator":
        parameters = node.child_by_field_name("parameters").named_children
        names = _UNARY if len(parameters) == 1 else _BINARY
        return next((f"op_{names[child.type]}" for child in node.children if child.type in names), "")
    if kind == "destructor":
        return "Finalize"
    return _prefixed(node, "") if kind == "method" else ""


def _prefixed(node: Any, prefix: str) -> str:
    """Return a member's name with `get_` or the like, behind the interface of which it is."""
    of = next((_text(child) for child in node.children if child.type == "explicit_interface_specifier"), "")
    return of.replace(" ", "") + prefix + (_name(node) or "Item")


def _name(node: Any) -> str:
    found = node.child_by_field_name("name")
    return _text(found).replace(" ", "") if found is not None else ""


def _text(node: Any) -> str:
    """Return the words of a node with a blank between them, without comments."""
    words: list[str] = []
    left = [node]
    while left:
        each = left.pop()
        if not each.children:
            words.append(each.text.decode("utf-8", "replace"))
        left += [child for child in reversed(each.children) if child.type != "comment"]
    return " ".join(words)
