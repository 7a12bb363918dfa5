"""The units of a Python source, what each mentions, and what it calls where that can be resolved.

A unit is a function or method with all that is nested in it, a constant, or the rest of a module, which runs when the
module is loaded. Nothing is executed.
"""

import ast
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import filterfalse
from typing import Any

import msgspec

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
MODULE = ""
"""Name of the unit for what runs when a module is loaded."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_BLANK = re.compile(r"\s")
_LONGEST_STRING = 4_000
"""Characters of a string in which words are names; a longer one is a text."""
_HARMLESS = frozenset(
    (
        "staticmethod",
        "classmethod",
        "property",
        "cached_property",
        "abstractmethod",
        "contextmanager",
        "asynccontextmanager",
        "overload",
        "wraps",
        "lru_cache",
        "cache",
        "override",
        "final",
        "setter",
        "getter",
        "deleter",
        "total_ordering",
        "runtime_checkable",
    )
)
"""Decorators that call or keep a function for no one but those who name it."""
_PLAIN_CLASSES = frozenset(
    ("dataclass", "define", "frozen", "attrs", "s", "attributes", "total_ordering", "final", "runtime_checkable")
)
_RUNS_TEXTS = re.compile(r"(?<![\w.])(?:exec|eval|compile)\b")
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
"""Fields of statements that hold statements."""
_WITHOUT_NODES = frozenset(
    ("attr", "ctx", "id", "kind", "kwd_attrs", "level", "module", "name", "names", "op", "ops", "type_ignores")
)
_FIELDS = {
    kind: tuple(filterfalse(_WITHOUT_NODES.__contains__, reversed(kind._fields)))
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node that may hold nodes of their own, the last one first."""


class Unit(msgspec.Struct):
    """A part of a source."""

    name: str
    """`function`, `Class.method`, `CONSTANT`, or MODULE."""
    line: int
    names: dict[str, int] = {}
    """Each plain name, with the first line that has it."""
    attributes: dict[str, dict[str, int]] = {}
    """Each attribute, name of an argument and word of a string, by which an object's part can be looked up; of what, as
    it is written (`self`, `json.decoder`, empty if that is no name of the module), and the first line."""
    calls: dict[str, int] = {}
    """What is called, as it is written (`json.loads`, `self.parse`, `Session().get`), with its first line."""
    types: dict[str, str] = {}
    """Local names that hold what a call returns, as it is written: `s` of `s = Session()` is `Session`."""
    is_registered: bool = False
    """True if a decorator gets it, which may call it or keep it."""

    @property
    def bare(self) -> str:
        """The last part of its name."""
        return self.name.rpartition(".")[2]

    @property
    def owner(self) -> str:
        """The class that it is in; empty if it is in none."""
        return self.name.rpartition(".")[0]


class Class(msgspec.Struct):
    """A class of a source."""

    bases: tuple[str, ...]
    """As they are written; empty for an expression that is no name."""
    is_registered: bool
    """True if a decorator or metaclass gets it, or arguments of its definition."""


class Source(msgspec.Struct):
    """A parsed source."""

    units: dict[str, Unit]
    classes: dict[str, Class]
    imports: dict[str, str]
    """Local name to what it stands for: `json`, `.models.Session`; `*` and a number for star imports."""


def parse_units(text: str, *, in_sentences: bool = False) -> Source:
    """Return the units of a source; `in_sentences`: words in sentences are names, as templates have them.

    Raises SyntaxError and RecursionError for what cannot be parsed.
    """
    try:
        tree = ast.parse(text)
    except (ValueError, MemoryError) as error:
        raise SyntaxError(str(error)) from error
    return _Reader(in_sentences).read(tree, text)


class _Reader:
    def __init__(self, in_sentences: bool) -> None:
        self._source = Source(units={MODULE: Unit(MODULE, 1)}, classes={}, imports={})
        self._runs_texts = in_sentences
        """True if the module runs texts as code; then words in sentences are names too."""
        self._takes: dict[type, Callable[[Unit, Any], None]] = {
            ast.Name: self._take_name,
            ast.Attribute: self._take_attribute,
            ast.Constant: self._take_constant,
            ast.keyword: self._take_keyword,
            ast.MatchClass: self._take_pattern,
            ast.Call: self._take_call,
            ast.Assign: self._take_types,
            ast.With: self._take_types,
            ast.AsyncWith: self._take_types,
        }
        """What a unit takes from each kind of node; the others say nothing of their own."""

    def read(self, tree: ast.Module, text: str) -> Source:
        for statement in _statements(tree):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self._add_import(statement)
        self._runs_texts = self._runs_texts or (_RUNS_TEXTS.search(text) is not None and any(map(_runs, walk(tree))))
        self._read_body(tree.body, "")
        return self._source

    def _add_import(self, node: ast.Import | ast.ImportFrom) -> None:
        imports = self._source.imports
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                imports[name] = alias.name if alias.asname else name
            return
        module = "." * node.level + (node.module or "")
        joint = "" if module.endswith(".") else "."
        for alias in node.names:
            if alias.name == "*":
                imports[f"*{len(imports)}"] = module
            else:
                imports[alias.asname or alias.name] = f"{module}{joint}{alias.name}"

    def _read_body(self, body: list[ast.stmt], prefix: str) -> None:
        for statement in body:
            if isinstance(statement, _Definition):
                self._read_function(statement, prefix)
            elif isinstance(statement, ast.ClassDef):
                self._read_class(statement, prefix)
            elif isinstance(statement, ast.If | ast.Try | ast.With):
                self._read_block(statement, prefix)
            elif isinstance(statement, ast.Assign | ast.AnnAssign) and _is_data(statement):
                self._read_constant(statement, prefix)
            else:
                self._collect(MODULE, statement)

    def _read_block(self, block: ast.If | ast.Try | ast.With, prefix: str) -> None:
        self._source.units[MODULE].types.update(_typed(block))
        for field, value in ast.iter_fields(block):
            if field in ("body", "orelse", "finalbody"):
                self._read_body(value, prefix)
            elif field == "handlers":
                for handler in value:
                    self._collect(MODULE, handler.type)
                    self._read_body(handler.body, prefix)
            else:
                for node in value if isinstance(value, list) else (value,):
                    self._collect(MODULE, node)

    def _read_function(self, function: _Definition, prefix: str) -> None:
        unit = self._unit(prefix + function.name, function.lineno)
        if any(_last_word(each) not in _HARMLESS for each in function.decorator_list):
            unit.is_registered = True
        for node in (*function.decorator_list, function.args, function.returns):
            self._collect(MODULE, node)
        for statement in function.body:
            self._collect(unit.name, statement)

    def _read_class(self, statement: ast.ClassDef, prefix: str) -> None:
        name = prefix + statement.name
        is_registered = any(_last_word(each) not in _PLAIN_CLASSES for each in statement.decorator_list)
        metaclass = any(each.arg != "metaclass" or written(each.value) != "ABCMeta" for each in statement.keywords)
        self._source.classes[name] = Class(tuple(map(written, statement.bases)), is_registered or metaclass)
        for node in (*statement.decorator_list, *statement.keywords):
            self._collect(MODULE, node)
        self._read_body(statement.body, f"{name}.")

    def _read_constant(self, statement: ast.Assign | ast.AnnAssign, prefix: str) -> None:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if names == ["__all__"] and not prefix:
            return
        for name in names:
            self._unit(prefix + name, statement.lineno)
            self._collect(prefix + name, statement.value)
        if isinstance(statement, ast.AnnAssign):
            self._collect(MODULE, statement.annotation)

    def _unit(self, name: str, line: int) -> Unit:
        return self._source.units.setdefault(name, Unit(name, line))

    def _collect(self, name: str, node: ast.AST | None) -> None:
        if node is None:
            return
        unit, takes = self._source.units[name], self._takes
        for each in walk(node):
            take = takes.get(each.__class__)
            if take is not None:
                take(unit, each)

    def _take_name(self, unit: Unit, node: ast.Name) -> None:
        unit.names.setdefault(node.id, node.lineno)
        origin = self._source.imports.get(node.id)
        if origin is not None:
            unit.names.setdefault(origin.rpartition(".")[2], node.lineno)

    def _take_attribute(self, unit: Unit, node: ast.Attribute) -> None:
        base = written(node.value)
        is_known = base in ("self", "cls") or base.partition(".")[0] in self._source.imports
        unit.attributes.setdefault(node.attr, {}).setdefault(base if is_known else "", node.lineno)

    def _take_constant(self, unit: Unit, node: ast.Constant) -> None:
        text = node.value
        if isinstance(text, str) and len(text) < _LONGEST_STRING and (self._runs_texts or not _BLANK.search(text)):
            _look_up(unit, _WORD.findall(text), node.lineno)

    def _take_keyword(self, unit: Unit, node: ast.keyword) -> None:
        if node.arg:
            _look_up(unit, (node.arg,), node.lineno)

    def _take_pattern(self, unit: Unit, node: ast.MatchClass) -> None:
        _look_up(unit, node.kwd_attrs, node.lineno)

    def _take_call(self, unit: Unit, node: ast.Call) -> None:
        unit.calls.setdefault(written(node.func), node.lineno)
        match node.func:
            case ast.Attribute(value=ast.Constant(value=str(text)), attr="split"):
                _look_up(unit, _WORD.findall(text), node.lineno)
            case ast.Name(id="namedtuple"):
                for each in node.args:
                    if isinstance(each, ast.Constant):
                        _look_up(unit, _WORD.findall(str(each.value)), node.lineno)

    def _take_types(self, unit: Unit, node: ast.Assign | ast.With | ast.AsyncWith) -> None:
        unit.types.update(_typed(node))


def _look_up(unit: Unit, words: Iterable[str], line: int) -> None:
    """Note names by which a part of something unknown may be looked up."""
    for word in words:
        unit.attributes.setdefault(word, {}).setdefault("", line)


def _runs(node: ast.AST) -> bool:
    """True for a call that runs a text as code."""
    match node:
        case ast.Call(func=ast.Name(id="exec" | "eval" | "compile")):
            return True
    return False


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield all statements, those that are nested in others behind these."""
    todo = deque[ast.AST](tree.body)
    while todo:
        statement = todo.popleft()
        yield statement
        for field in _BLOCKS:
            todo.extend(getattr(statement, field, ()))


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it as they stand in the source, but for those that say nothing of their own.

    What these are: operators, how a name is used (`Load`), and a constant that is a statement, such as documentation.
    In less than half of the time of `ast.walk`.
    """
    todo = [node]
    while todo:
        each = todo.pop()
        yield each
        if each.__class__ is ast.Expr and isinstance(each.value, ast.Constant):
            continue
        for field in _FIELDS[each.__class__]:
            value = getattr(each, field, None)
            if isinstance(value, list):
                todo += [one for one in reversed(value) if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST):
                todo.append(value)


def _is_data(statement: ast.Assign | ast.AnnAssign) -> bool:
    """True for the assignment to names of what calls nothing."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if not all(isinstance(target, ast.Name) for target in targets):
        return False
    value = statement.value
    return value is None or not any(isinstance(each, ast.Call | ast.Await | ast.NamedExpr) for each in ast.walk(value))


def _typed(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield `s`, `Session` for `s = Session()` and for `with Session() as s`."""
    if isinstance(node, ast.Assign):
        pairs = [(target, node.value) for target in node.targets]
    elif isinstance(node, ast.With | ast.AsyncWith):
        pairs = [(item.optional_vars, item.context_expr) for item in node.items if item.optional_vars]
    else:
        return
    for target, value in pairs:
        called = value.value if isinstance(value, ast.Await) else value
        if isinstance(target, ast.Name) and isinstance(called, ast.Call):
            yield target.id, written(called.func)


def written(node: ast.expr) -> str:
    """Return a name with its attributes as it is written, `()` for a call in it; empty for another expression."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            before = written(node.value)
            return f"{before}.{node.attr}" if before else ""
        case ast.Call():
            called = written(node.func)
            return f"{called}()" if called else ""
        case ast.Subscript():
            return written(node.value)
    return ""


def _last_word(decorator: ast.expr) -> str:
    return written(decorator).removesuffix("()").rpartition(".")[2]
