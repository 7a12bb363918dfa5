"""Which functions of a Python module a change alters, by its syntax trees before and after."""

import ast
from collections.abc import Iterator

Definition = ast.FunctionDef | ast.AsyncFunctionDef
_WITHOUT_EFFECT = (ast.Import, ast.ImportFrom)
"""Statements that alone make no function vulnerable."""


def changed_names(before: str, after: str | None) -> set[str]:
    """Return what of `before` is another in `after`, or gone: `Class.method`, `function`, `CONSTANT`, `Class`.

    An empty text stands for the module itself: a statement of its own changed. A changed constant stands for itself and
    for the functions of the module that mention it. `after` is None for a removed module. Docstrings do not count.
    Raises SyntaxError for what Python 3 cannot parse.
    """
    old = _Module(ast.parse(before))
    new = _Module(ast.parse(after or ""))
    names = {name for name, text in old.parts.items() if new.parts.get(name) != text}
    if not names:
        names = {name.rpartition(".")[0] for name in new.parts if name not in old.parts and "." in name}
    constants = {name for name in names if name in old.constants}
    mentioning = {name for name, words in old.mentions.items() if not constants.isdisjoint(words)}
    return names | mentioning


class _Module:
    """The parts of a module, each with the text of its syntax tree."""

    def __init__(self, tree: ast.Module) -> None:
        self.parts: dict[str, str] = {}
        self.constants: set[str] = set()
        self.mentions: dict[str, set[str]] = {}
        self._add_all(tree.body, "")

    def _add_all(self, body: list[ast.stmt], prefix: str) -> None:
        for statement in _statements(body):
            if isinstance(statement, Definition):
                self._add_function(statement, prefix)
            elif isinstance(statement, ast.ClassDef):
                head = [*statement.bases, *statement.keywords, *statement.decorator_list]
                self._add(prefix + statement.name, *head)
                self._add_all(statement.body, f"{prefix}{statement.name}.")
            else:
                self._add_statement(statement, prefix)

    def _add_function(self, function: Definition, prefix: str) -> None:
        name = prefix + function.name
        body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
        self._add(name, function.args, *function.decorator_list, *body)
        words = self.mentions.setdefault(name, set())
        words.update(node.id for node in ast.walk(function) if isinstance(node, ast.Name))

    def _add_statement(self, statement: ast.stmt, prefix: str) -> None:
        targets = list(_targets(statement))
        if prefix:  # an attribute of a class is a part of it
            self._add(prefix.removesuffix("."), statement)
            return
        for target in targets:
            self.constants.add(target)
            self._add(target, statement)
        if not targets and not isinstance(statement, _WITHOUT_EFFECT):
            self._add("", statement)

    def _add(self, name: str, *nodes: ast.AST) -> None:
        self.parts[name] = self.parts.get(name, "") + "".join(map(ast.dump, nodes))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body and of its branches, without docstrings and imports for type checkers."""
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if isinstance(statement, ast.If | ast.Try | ast.With):
            if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement.test):
                continue
            for field in ("body", "handlers", "orelse", "finalbody"):
                yield from _statements(getattr(statement, field, []))
        elif isinstance(statement, ast.ExceptHandler):
            yield from _statements(statement.body)
        else:
            yield statement


def _targets(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    else:
        return
    for target in targets:
        yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
