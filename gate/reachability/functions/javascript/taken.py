"""What one source takes of a package that it loads: names of its exports, or more than can be seen.

Followed are `require` and `import` in all their forms, destructuring, what compilers put around a `require`, names that
are looked up by a constant, and variables that hold the package. Where the package itself goes elsewhere (an argument,
a field, an export) anything may be taken of it.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.reachability.functions.javascript.grammar import Node

ITSELF = "()"
"""The name for what is called, constructed or derived from: the package's export itself."""
ANYTHING = "*"
_TRANSPARENT = frozenset(
    ("parenthesized_expression", "await_expression", "non_null_expression", "as_expression", "satisfies_expression")
)
_CHOOSING = frozenset(("||", "&&", "??"))
_WITHOUT_EFFECT = frozenset(("expression_statement", "unary_expression", "if_statement", "while_statement"))
_OF_TYPES = frozenset(("nested_type_identifier", "type_query", "type_annotation"))
_DECLARING = frozenset(("formal_parameters", "required_parameter", "optional_parameter", "namespace_import"))
_IMPORTING = frozenset(("import_clause", "import_specifier", "import_require_clause"))
_WRAPPERS = re.compile(
    r"(?:_*interop\w*|__importDefault|__importStar|__toESM|__toModule|_getRequireWildcard\w*|getDefaultExportFromCjs)\w*"
)
"""Functions that compilers put around a `require`; they return the package, or one whose `default` it is."""
_ITSELF_AGAIN = frozenset(("default", "_", "lodash", "wrapperLodash"))
"""Fields that hold the package itself: `default` by compilers, `_` in lodash and underscore, two in lodash-es."""
_PROMISED = frozenset(("then", "catch", "finally"))
_REPLACES_REQUIRE = re.compile(rb"(?<![\w$.])(?:require\s*=(?![=>])|function\s+require\s*\()")
"""`require = lazy`, after which `require('x')` may put the package elsewhere."""
_EVALUATES = re.compile(rb"(?<![\w$.])eval\(")
_OF_FUNCTIONS = frozenset(("call", "apply", "bind"))
_CALLING = frozenset((b"call", b"apply"))
_NAMES = re.compile(rb"[A-Za-z_$][\w$]*")


class Taken(msgspec.Struct, frozen=True):
    """Something that a source takes of a package."""

    name: str
    """Name of an export, ITSELF, or ANYTHING."""
    part: str
    """The path behind the package's name: `fp` of `lodash/fp`; empty for the package's main file."""
    line: int
    is_called: bool = False


def taken_of(root: Node, content: bytes, package: str) -> Iterator[Taken]:
    """Yield what a source takes of a package, given its syntax tree and bytes."""
    yield from _Reader(root, content, package).read()


class _Reader:
    def __init__(self, root: Node, content: bytes, package: str) -> None:
        self._root = root
        self._content = content
        self._package = package
        self._followed: set[tuple[str, str]] = set()
        self._has_own_require = _REPLACES_REQUIRE.search(content) is not None

    def read(self) -> Iterator[Taken]:
        if (found := _EVALUATES.search(self._content)) is not None:
            yield Taken(ANYTHING, "", self._content.count(b"\n", 0, found.start()) + 1)
        quoted = re.compile(rb"([\"'`])%s(?:/([^\"'`\n]*))?\1" % re.escape(self._package.encode()))
        for found in quoted.finditer(self._content):
            node = self._root.descendant_for_byte_range(found.start(), found.end())
            if node.type in ("string", "template_string") and node.start_byte == found.start():
                yield from self._named(node, (found[2] or b"").decode("utf-8", "replace"))

    def _named(self, text: Node, part: str) -> Iterator[Taken]:
        """Follow one text that names the package."""
        holder = text.parent
        if part and _is_loading(text):
            yield self._taken(ITSELF, part, text)  # a file that is loaded for what it does
        if holder.type == "import_statement":
            yield from self._imported(holder, part)
        elif holder.type == "import_require_clause":
            yield from self._declared(holder.named_children[0], holder.parent, part)
        elif holder.type == "export_statement":
            yield from self._exported(holder, part)
        elif _is_loading(text) and not self._has_own_require:
            yield from self._flow(holder.parent, part)
        else:
            yield self._taken(ANYTHING, part, text)

    def _imported(self, statement: Node, part: str) -> Iterator[Taken]:
        clauses = [each for each in statement.named_children if each.type == "import_clause"]
        if part or not clauses:  # loaded for what it does
            yield self._taken(ITSELF, part, statement)
        for clause in clauses:
            for each in clause.named_children:
                if each.type == "identifier":
                    yield from self._bound(each, part)
                elif each.type == "namespace_import":
                    yield from self._bound(each.named_children[0], part)
                else:
                    yield from self._specifiers(each, part)

    def _specifiers(self, named: Node, part: str) -> Iterator[Taken]:
        for each in named.named_children:
            name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
            if name is None:
                continue
            if _text(name) in _ITSELF_AGAIN:
                yield from self._bound(alias or name, part)
            else:
                yield from self._held(_text(name), alias or name, part)

    def _exported(self, statement: Node, part: str) -> Iterator[Taken]:
        clause = next((each for each in statement.named_children if each.type == "export_clause"), None)
        if clause is None:
            yield self._taken(ANYTHING, part, statement)
            return
        for each in clause.named_children:
            name = each.child_by_field_name("name")
            if name is not None:
                yield self._taken(ANYTHING if _text(name) in _ITSELF_AGAIN else _text(name), part, each)

    def _bound(self, name: Node, part: str) -> Iterator[Taken]:
        """Follow every mention of a variable that holds the package, whatever its scope is."""
        if (_text(name), part) in self._followed:
            return
        self._followed.add((_text(name), part))
        for each in self._mentions(name):
            if each.type == "shorthand_property_identifier":
                yield self._taken(ANYTHING, part, each)
            elif not _declares(each):
                yield from self._flow(each, part)

    def _held(self, export: str, name: Node, part: str) -> Iterator[Taken]:
        """Yield an export that a variable holds; it is called if the variable is."""
        is_called = any(_is_called(each) for each in self._mentions(name) if each.type == "identifier")
        yield self._taken(export, part, name, is_called=is_called)

    def _mentions(self, name: Node) -> Iterator[Node]:
        word = re.compile(rb"(?<![\w$])%s(?![\w$])" % re.escape(name.text))
        for found in word.finditer(self._content):
            node = self._root.descendant_for_byte_range(found.start(), found.end())
            is_whole = node.start_byte == found.start() and node.end_byte == found.end()
            if is_whole and node.type in ("identifier", "shorthand_property_identifier"):
                yield node

    def _flow(self, node: Node, part: str) -> Iterator[Taken]:
        """Follow an expression that is the package, to what is done with it."""
        holder = node.parent
        kind = holder.type
        if kind in _TRANSPARENT or self._is_chosen(holder, node) or self._is_wrapped(holder, node):
            yield from self._flow(holder if kind != "arguments" else holder.parent, part)
        elif kind in ("member_expression", "subscript_expression") and _is_field(holder, "object", node):
            yield from self._looked_up(holder, part)
        elif kind in ("call_expression", "new_expression", "class_heritage", "extends_clause"):
            yield self._taken(ITSELF, part, node, is_called=kind in ("call_expression", "new_expression"))
        elif kind == "variable_declarator" and _is_field(holder, "value", node):
            yield from self._declared(holder.child_by_field_name("name"), holder.parent, part)
        elif kind == "assignment_expression" and _is_field(holder, "right", node):
            yield from self._assigned(holder.child_by_field_name("left"), part)
            yield from self._flow(holder, part)
        elif not (kind in _WITHOUT_EFFECT or kind in _OF_TYPES or _is_compared(holder)):
            yield self._taken(ANYTHING, part, node)
        elif node.type != "identifier":  # loaded for what it does: it may register a handler for `require`
            yield self._taken(ITSELF, part, node)

    def _looked_up(self, member: Node, part: str) -> Iterator[Taken]:
        name = _member_name(member)
        if name in _ITSELF_AGAIN:
            yield from self._flow(member, part)
        elif name in _PROMISED:
            yield self._taken(ANYTHING, part, member)
        else:
            yield self._taken(name or ANYTHING, part, member, is_called=name is not None and _is_called(member))
            if name in _OF_FUNCTIONS:  # of the package, if that is a function
                yield self._taken(
                    ITSELF, part, member, is_called=name != "bind" and _is_field(member.parent, "function", member)
                )

    def _declared(self, target: Node, statement: Node, part: str) -> Iterator[Taken]:
        """Follow a new variable; one that is exported may be anywhere."""
        if statement.parent is not None and statement.parent.type == "export_statement":
            yield self._taken(ANYTHING, part, target)
        yield from self._assigned(target, part)

    def _assigned(self, target: Node, part: str) -> Iterator[Taken]:
        if target.type == "identifier":
            yield from self._bound(target, part)
        elif target.type == "object_pattern":
            for each in target.named_children:
                yield from self._destructured(each, part)
        else:
            yield self._taken(ANYTHING, part, target)

    def _destructured(self, each: Node, part: str) -> Iterator[Taken]:
        if each.type == "object_assignment_pattern":
            each = each.child_by_field_name("left")
        if each.type == "shorthand_property_identifier_pattern":
            if _text(each) in _ITSELF_AGAIN:
                yield from self._bound(each, part)
            else:
                yield from self._held(_text(each), each, part)
            return
        key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
        if key is None or key.type != "property_identifier":
            yield self._taken(ANYTHING, part, each)
        elif _text(key) in _ITSELF_AGAIN:
            yield from self._assigned(value, part)
        elif value.type == "identifier":
            yield from self._held(_text(key), value, part)
        else:
            yield self._taken(_text(key), part, each)

    def _is_chosen(self, holder: Node, node: Node) -> bool:
        """True for `x || package`, `a ? package : b` and `(0, package)`, whose value it is."""
        if holder.type == "binary_expression":
            return _operator(holder) in _CHOOSING
        if holder.type == "ternary_expression":
            return not _is_field(holder, "condition", node)
        return holder.type == "sequence_expression" and bool(holder.named_children[-1] == node)

    def _is_wrapped(self, holder: Node, node: Node) -> bool:
        if holder.type != "arguments" or holder.named_children[0] != node:
            return False
        function = holder.parent.child_by_field_name("function")
        return function is not None and _WRAPPERS.fullmatch(_last_name(function)) is not None

    def _taken(self, name: str, part: str, node: Node, *, is_called: bool = False) -> Taken:
        return Taken(name, part, node.start_point[0] + 1, is_called)


def _is_loading(text: Node) -> bool:
    """True for the only argument of `require`, or the first one of `import`."""
    arguments = text.parent
    if arguments.type != "arguments" or arguments.parent.type != "call_expression":
        return False
    function = arguments.parent.child_by_field_name("function")
    if function is None or arguments.named_children[0] != text:
        return False
    return function.type == "import" or (function.text == b"require" and len(arguments.named_children) == 1)


def _is_field(holder: Node, field: str, node: Node) -> bool:
    return bool(holder.child_by_field_name(field) == node)


def _text(node: Node) -> str:
    return str(node.text.decode("utf-8", "replace"))


def _declares(node: Node) -> bool:
    """True for the place where a variable gets its name, or another value."""
    holder = node.parent
    if holder.type in _DECLARING or holder.type in _IMPORTING:
        return True
    if holder.type == "variable_declarator":
        return _is_field(holder, "name", node)
    if holder.type == "pair_pattern":
        return _is_field(holder, "value", node)
    return holder.type == "assignment_expression" and _is_field(holder, "left", node)


def _member_name(member: Node) -> str | None:
    """Return the constant name that is looked up; None if it is made at run time."""
    name = member.child_by_field_name("property")
    if name is not None:
        return _text(name)
    index = member.child_by_field_name("index")
    if index is None or index.type != "string" or not _NAMES.fullmatch(index.text[1:-1]):
        return None
    return _text(index)[1:-1]


def _is_called(node: Node) -> bool:
    """True for `x()`, `new x()`, `(0, x)()` and `x.call()`."""
    holder = node.parent
    if holder.type in ("parenthesized_expression", "sequence_expression", "non_null_expression"):
        return _is_called(holder)
    if holder.type == "member_expression" and _is_field(holder, "object", node):
        return holder.child_by_field_name("property").text in _CALLING and _is_called(holder)
    return _is_field(holder, "function", node) or _is_field(holder, "constructor", node)


def _is_compared(holder: Node) -> bool:
    return holder.type == "binary_expression" and _operator(holder) not in _CHOOSING


def _operator(expression: Node) -> str:
    return str(expression.child_by_field_name("operator").type)


def _last_name(function: Node) -> str:
    """Return the last part of what is called: `__importStar` of `tslib_1.__importStar`."""
    found = _NAMES.findall(function.text)
    return str(found[-1].decode()) if found else ""
