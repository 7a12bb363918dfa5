"""What stands on conditions in a program's own Python source: settings for variables that nothing sets.

As `if config("BUCKET", default=""): STORAGES = {…}`. Own sources are parsed, as there are few of them; one that the
parser of Python refuses, of another version for example, has no conditions.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,80}")
_READERS = frozenset({"getenv", "config", "env", "environ", "getconfig", "cast"})
"""Functions and objects that read variables of the environment (os, python-decouple, django-environ, environs)."""
_SETTINGS = re.compile(r"Settings|Config|Options|Env")
"""What classes are called whose members variables of the environment set."""
BY_CONVENTION = re.compile(
    r"main|run|setup|(?:on_)?(?:start(?:up)?|shutdown)|(?:lambda_)?handler|handle|ready|includeme|upgrade|downgrade"
    r"|(?:create|make|get)_app(?:lication)?|app(?:lication)?|__\w+__"
)
"""Functions and methods that libraries call by their names, whatever mentions them."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ROUTES = re.compile(
    r"get|post|put|patch|delete|head|options|(?:api_|websocket_)?route|websocket|view_config|api_view|action"
    r"|(?:error|exception_)handler|query|mutation|subscription"
)
"""Decorators of functions that answer a request (Flask, FastAPI, Pyramid, Django REST framework, Strawberry)."""
_APPLICATIONS = re.compile(r"(?:[A-Z][A-Z0-9_]*_)?APP(?:LICATION)?S")
_WORD = re.compile(r"[A-Za-z_]\w*")
_PYRAMID = frozenset({"config", "configurator"})
"""What an application of Pyramid calls its settings (Pyramid documentation, "Application Configuration")."""
_OF_TEXTS = frozenset({"lower", "upper", "strip", "split", "casefold"})
_FALSE_TEXTS = frozenset({"", "0", "false", "no", "off", "none", "n", "f"})
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
NEVER = "False"
"""A need that is never met: a name that the source itself sets to nothing."""
OF_OTHERS = "."
"""Begins a need that a name of another source is true: `.sentry_dsn` of `if settings.sentry_dsn:`."""
OF_CLASS = "~"
"""Begins a need that a variable ends so: `~sentry_dsn` of `sentry_dsn: str = ""` in a class of settings (pydantic)."""
_MAX_NEEDED = 20
"""Places of one string that are kept with what each needs."""
_Needs = frozenset[str]
_ALWAYS: _Needs = frozenset()


class OwnConditions(msgspec.Struct, frozen=True):
    """What one source needs for what; a need is a variable of the environment, or one of those below."""

    imports: dict[int, tuple[str, ...]] = {}
    """What has to be set for an import, by its line."""
    strings: dict[str, tuple[tuple[str, ...], ...]] = {}
    """What has to be set for each place of a string, if it has none without."""
    set_up: dict[str, tuple[tuple[str, ...], ...]] = {}
    """What has to be set for each `NAME.init(…)`, if there is none without."""
    included: frozenset[str] = frozenset()
    """Modules that Pyramid is to include: `config.include(".models")`."""
    scanned: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Packages of which Pyramid loads all modules, with those that it leaves out: `scan(ignore=["shop.old"])`."""
    executed: frozenset[str] = frozenset()
    """Sources that django-split-settings executes as a part of this one: `include("base.py", "parts/*.py")`."""
    perhaps_executed: frozenset[str] = frozenset()
    """Those of which a part of the name is known only at run time: `include(f"on/{HOST}.py")`."""
    applications: frozenset[str] = frozenset()
    """Strings in the lists of Django's applications: `INSTALLED_APPS = […]`, `THIRD_PARTY_APPS.append(…)`."""
    functions: dict[int, str] = {}
    """Plain functions of the module itself, by the lines of the imports in them; one that a decorator gets is none."""
    on_request: frozenset[int] = frozenset()
    """The lines of imports in functions that answer a request."""
    called: frozenset[str] = frozenset()
    """Functions and methods that it calls of what it imports when it is loaded, behind the package: `shop.connect`."""
    mentions: frozenset[str] = frozenset()
    """All names of variables and members, and the words of strings; that a function is defined mentions none."""
    names: dict[str, tuple[tuple[str, ...], ...]] = {}
    """What has to be set for a name of the module or of a class to be true, by each line that gives it a value."""


def read_own_conditions(text: str) -> OwnConditions:
    """Return what a source says; nothing if it cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a source has in its strings is no matter
            tree = ast.parse(text)
        return _Reader(tree).read()
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return OwnConditions()


class _Reader:
    """Goes through a module with what each statement needs."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._given = _given_defaults(tree)
        self._own: dict[str, _Needs] = {}
        """What has to be set for a name of the module to be true; of names that are assigned once."""
        self._imported = _imported(tree)
        self._imports: dict[int, tuple[str, ...]] = {}
        self._strings: dict[str, set[_Needs]] = {}
        self._set_up: dict[str, set[_Needs]] = {}
        self._names: dict[str, set[_Needs]] = {}

    def read(self) -> OwnConditions:
        self._take_names()
        self._own = {name: one for name, needs in self._names.items() if len(needs) == 1 for one in needs}
        self._block(self._tree.body, _ALWAYS)
        names = {name: _sorted(needs) for name, needs in self._names.items() if len(needs) <= _MAX_NEEDED}
        calls = [node for node in ast.walk(self._tree) if isinstance(node, ast.Call)]
        taken = _taken(self._tree)
        parts = [one for call in calls if _includes_parts(call, taken) for one in call.args]
        return OwnConditions(
            self._imports,
            _conditional(self._strings),
            _conditional(self._set_up),
            frozenset(name for call in calls if _is_of_pyramid(call, "include") for name in _texts_in(call.args[:1])),
            tuple(sorted({_scan(call) for call in calls if _is_of_pyramid(call, "scan")})),
            frozenset(_texts_in(parts)),
            frozenset(map(_pattern, filter(_is_formatted, parts))),
            frozenset(chain.from_iterable(map(_applications, ast.walk(self._tree)))),
            dict(_imports_in_functions(self._tree)),
            frozenset(_imports_on_request(self._tree)),
            frozenset(_called(calls, taken)),
            frozenset(chain.from_iterable(map(_mentioned, ast.walk(self._tree)))),
            names,
        )

    def _take_names(self) -> None:
        """Note for each name what has to be set for it to be true, by each place that gives it a value."""
        plain: set[ast.AST] = set()
        for body, is_class in _bodies(self._tree):
            for target, value in filter(None, map(_assignment, body)):
                needs = self._needs_of(value)[0]
                if is_class and needs == {NEVER}:
                    needs = frozenset({OF_CLASS + target.id})
                self._names.setdefault(target.id, set()).add(needs)
                plain.add(target)
        for node in ast.walk(self._tree):
            if (name := _stored(node)) and node not in plain:
                self._names.setdefault(name, set()).add(_ALWAYS)

    def _block(self, statements: Sequence[ast.stmt], needs: _Needs) -> None:
        for statement in statements:
            self._statement(statement, needs)
            if isinstance(statement, ast.If) and not statement.orelse and _ends(statement.body):
                needs |= self._needs_of(statement.test)[1]

    def _statement(self, statement: ast.AST, needs: _Needs) -> None:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            if needs:
                self._imports[statement.lineno] = tuple(sorted(needs))
        elif isinstance(statement, ast.If | ast.IfExp):
            self._choice(statement, needs)
        elif isinstance(statement, ast.Constant):
            if isinstance(statement.value, str):
                self._strings.setdefault(statement.value, set()).add(needs)
        else:
            if isinstance(statement, ast.Call) and (library := _initialised(statement.func)):
                self._set_up.setdefault(library, set()).add(needs)
            self._parts(statement, needs)

    def _choice(self, choice: ast.If | ast.IfExp, needs: _Needs) -> None:
        if_true, if_false = self._needs_of(choice.test)
        self._statement(choice.test, needs)
        for part, more in ((choice.body, if_true), (choice.orelse, if_false)):
            if isinstance(part, list):
                self._block(part, needs | more)
            else:
                self._statement(part, needs | more)

    def _parts(self, node: ast.AST, needs: _Needs) -> None:
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                self._block(value, needs)
            elif isinstance(value, list):
                for one in value:
                    if isinstance(one, ast.AST):
                        self._statement(one, needs)
            elif isinstance(value, ast.AST):
                self._statement(value, needs)

    def _needs_of(self, test: ast.expr) -> tuple[_Needs, _Needs]:
        """Return the variables that have to be set for a test to hold, and those for it to fail."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            if_true, if_false = self._needs_of(test.operand)
            return if_false, if_true
        if isinstance(test, ast.BoolOp):
            found = [self._needs_of(value) for value in test.values]
            place = int(isinstance(test.op, ast.Or))
            every = _ALWAYS.union(*(one[place] for one in found))
            return (every, _ALWAYS) if place == 0 else (_ALWAYS, every)
        if isinstance(test, ast.Compare):
            return self._compared(test)
        if isinstance(test, ast.NamedExpr):
            return self._needs_of(test.value)
        return self._read(test), _ALWAYS

    def _compared(self, test: ast.Compare) -> tuple[_Needs, _Needs]:
        """Return what a comparison needs: `os.environ.get("X") == "1"`, `"X" in os.environ`."""
        left, right, operator = test.left, test.comparators[0], test.ops[0]
        if len(test.ops) > 1:
            return _ALWAYS, _ALWAYS
        if isinstance(operator, ast.In) and isinstance(left, ast.Constant) and _last_name(right) == "environ":
            return _variable(left), _ALWAYS
        needs = self._read(left)
        other = _constant(right)
        if isinstance(operator, ast.Eq | ast.Is) and other is not None and not _is_false(other):
            return needs, _ALWAYS
        if isinstance(operator, ast.IsNot) and isinstance(right, ast.Constant) and right.value is None:
            return self._without_default(left), _ALWAYS
        if isinstance(operator, ast.Is) and isinstance(right, ast.Constant) and right.value is None:
            return _ALWAYS, self._without_default(left)
        return _ALWAYS, _ALWAYS

    def _without_default(self, read: ast.expr) -> _Needs:
        """Return the variable that is read without any other value in its place."""
        is_plain = isinstance(read, ast.Call) and len(read.args) == 1 and not read.keywords
        return self._read(read) if is_plain else _ALWAYS

    def _read(self, value: ast.expr) -> _Needs:
        """Return the variable without which a value is false: `config("X", default="")`, `os.environ["X"]`."""
        if isinstance(value, ast.Constant):
            return frozenset({NEVER}) if _is_false(value) else _ALWAYS
        if isinstance(value, ast.Name):
            return self._name(value.id)
        if isinstance(value, ast.Attribute):
            return frozenset({OF_OTHERS + value.attr})
        if isinstance(value, ast.Subscript):
            return _variable(value.slice) if _last_name(value.value) == "environ" else _ALWAYS
        if not isinstance(value, ast.Call):
            return _ALWAYS
        if isinstance(value.func, ast.Name) and value.func.id == "bool" and len(value.args) == 1:
            return self._read(value.args[0])
        if isinstance(value.func, ast.Attribute) and value.func.attr in _OF_TEXTS:
            return self._read(value.func.value)
        return self._called(value)

    def _name(self, name: str) -> _Needs:
        if name in self._own:
            return self._own[name]
        return frozenset({OF_OTHERS + name}) if name in self._imported else _ALWAYS

    def _called(self, call: ast.Call) -> _Needs:
        defaults = [*call.args[1:], *(one.value for one in call.keywords if one.arg == "default")]
        if _last_name(call.func) == "Field":  # of pydantic: its first argument is the default
            return frozenset({NEVER}) if all(map(_is_false, (*call.args, *defaults))) and defaults else _ALWAYS
        if not call.args or not _reads_variables(call.func) or not all(map(_is_false, defaults)):
            return _ALWAYS
        return _variable(call.args[0]) - self._given


def _sorted(needs: set[_Needs]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(tuple(sorted(one)) for one in needs))


def _conditional(places: dict[str, set[_Needs]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return what each needs of those that need something in every place."""
    return {
        name: _sorted(needs) for name, needs in places.items() if _ALWAYS not in needs and len(needs) <= _MAX_NEEDED
    }


def _bodies(tree: ast.Module) -> Iterator[tuple[Sequence[ast.stmt], bool]]:
    """Yield the statements of the module itself, and those of classes of settings; True for these."""
    yield tree.body, False
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    yield from (
        (one.body, True) for one in classes if any(map(_SETTINGS.search, (one.name, *map(_last_name, one.bases))))
    )


def _assignment(statement: ast.stmt) -> tuple[ast.Name, ast.expr] | None:
    """Return the plain name and the value of an assignment."""
    targets: Sequence[ast.expr] = ()
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = (statement.target,)
    value = getattr(statement, "value", None)
    if value is None or len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return None
    return targets[0], value


def _stored(node: ast.AST) -> str:
    """Return the name that a part of a source gives a value; empty for another part."""
    if isinstance(node, ast.Name | ast.Attribute):
        is_stored = isinstance(node.ctx, ast.Store | ast.Del)
        return _last_name(node) if is_stored else ""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    return node.arg if isinstance(node, ast.arg) else ""


def _imported(tree: ast.Module) -> frozenset[str]:
    """Return the names that a source takes from other modules."""
    taken = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return frozenset(one.name for node in taken for one in node.names if one.asname is None)


def _applications(node: ast.AST) -> Iterator[str]:
    """Yield the strings that a part of a source puts into a list of applications."""
    targets: Sequence[ast.expr] = ()
    values: Sequence[ast.AST] = ()
    if isinstance(node, ast.Assign):
        targets, values = node.targets, (node.value,)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets, values = (node.target,), (node.value,) if node.value is not None else ()
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        targets, values = (node.func.value,), node.args
    if any(_APPLICATIONS.fullmatch(_last_name(target)) for target in targets):
        parts = chain.from_iterable(map(ast.walk, values))
        yield from (one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _imports_in_functions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the lines of imports in plain functions of the module itself, with the function's name."""
    for function in tree.body:
        if isinstance(function, _FUNCTIONS) and not function.decorator_list:
            found = (node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))
            yield from ((line, function.name) for line in found)


def _imports_on_request(tree: ast.Module) -> Iterator[int]:
    """Yield the lines of imports that are executed when something is asked of the program."""
    functions = (node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS))
    asked = (one for one in functions if any(map(_is_route, one.decorator_list)))
    found = chain.from_iterable(map(ast.walk, asked))
    yield from (one.lineno for one in found if isinstance(one, ast.Import | ast.ImportFrom))


def _taken(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Return the package, and what is taken of it, behind each name that a module imports when it is loaded."""
    found: dict[str, tuple[str, str]] = {}
    blocks = (statement.body if isinstance(statement, ast.Try | ast.If) else [statement] for statement in tree.body)
    for statement in chain.from_iterable(blocks):
        if isinstance(statement, ast.Import):
            found |= {
                one.asname or one.name.partition(".")[0]: (one.name.partition(".")[0], "") for one in statement.names
            }
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            package = statement.module.partition(".")[0]
            found |= {one.asname or one.name: (package, one.name) for one in statement.names}
    return found


def _called(calls: Iterable[ast.Call], taken: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Yield the functions that are called of what is imported, each behind its package."""
    for call in calls:
        base: ast.expr = call.func
        while isinstance(base, ast.Attribute):
            base = base.value
        package, name = taken.get(base.id, ("", "")) if isinstance(base, ast.Name) else ("", "")
        if package:
            yield f"{package}.{call.func.attr if isinstance(call.func, ast.Attribute) else name}"


def _is_route(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return _ROUTES.fullmatch(_last_name(function)) is not None


def _mentioned(node: ast.AST) -> Iterable[str]:
    """Return the names that a part of a source mentions by itself."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (node.attr,)
    if isinstance(node, ast.alias):
        return node.name.split(".")
    text = node.value if isinstance(node, ast.Constant) else None
    return _WORD.findall(text) if isinstance(text, str) else ()


def _is_of_pyramid(call: ast.Call, method: str) -> bool:
    function = call.func
    return isinstance(function, ast.Attribute) and function.attr == method and _last_name(function.value) in _PYRAMID


def _scan(call: ast.Call) -> tuple[str, tuple[str, ...]]:
    """Return the package that a call scans, empty for that of the source, and the modules that are left out."""
    ignored = [one.value for one in call.keywords if one.arg == "ignore"]
    stated = [*call.args[:1], *(one.value for one in call.keywords if one.arg == "package")]
    return next(iter(_texts_in(stated)), ""), tuple(_texts_in(ignored))


def _texts_in(nodes: Sequence[ast.expr]) -> Iterator[str]:
    """Yield the strings that some expressions come to, or hold: of a choice each, but not its condition."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.IfExp):
            yield from _texts_in((node.body, node.orelse))
        elif isinstance(node, ast.List | ast.Tuple):
            yield from _texts_in(node.elts)
        elif isinstance(node, ast.Call) and _last_name(node.func) == "optional":
            yield from _texts_in(node.args)


def _includes_parts(call: ast.Call, taken: Mapping[str, tuple[str, str]]) -> bool:
    """True for a call of `include` of django-split-settings."""
    return isinstance(call.func, ast.Name) and taken.get(call.func.id) == ("split_settings", "include")


def _is_formatted(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr)


def _pattern(node: ast.expr) -> str:
    """Return a formatted string with a star for each part that is known only at run time."""
    values = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "*" for one in values)


def _initialised(function: ast.expr) -> str:
    """Return `sentry_sdk` for `sentry_sdk.init`."""
    if isinstance(function, ast.Attribute) and function.attr == "init" and isinstance(function.value, ast.Name):
        return function.value.id
    return ""


def _given_defaults(tree: ast.Module) -> _Needs:
    """Return the variables to which a scheme gives a value: `Env(MODE=(str, "web"))` of django-environ."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _last_name(node.func) == "Env")
    schemes = ((one.arg, one.value) for call in calls for one in call.keywords if one.arg)
    return frozenset(
        name
        for name, value in schemes
        if isinstance(value, ast.Tuple) and len(value.elts) > 1 and not _is_false(value.elts[1])
    )


def _reads_variables(function: ast.expr) -> bool:
    """True for `os.environ.get`, `os.getenv`, `config`, `env`, `env.bool`."""
    if isinstance(function, ast.Attribute) and function.attr != "getenv":
        return _last_name(function.value) in _READERS
    return _last_name(function) in _READERS


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _variable(node: ast.expr) -> _Needs:
    name = node.value if isinstance(node, ast.Constant) else None
    return frozenset({name}) if isinstance(name, str) and _VARIABLE.fullmatch(name) else _ALWAYS


def _constant(node: ast.expr) -> ast.Constant | None:
    return node if isinstance(node, ast.Constant) else None


def _is_false(node: ast.expr) -> bool:
    """True for a literal that is false, or that a reader of settings takes as such."""
    if isinstance(node, ast.List | ast.Tuple | ast.Dict):
        return not (node.keys if isinstance(node, ast.Dict) else node.elts)
    if isinstance(node, ast.Constant):
        return not node.value or (isinstance(node.value, str) and node.value.lower() in _FALSE_TEXTS)
    return False


def _ends(block: Sequence[ast.stmt]) -> bool:
    return isinstance(block[-1], _ENDS)
