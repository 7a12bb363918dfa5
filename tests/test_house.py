"""The house reads alike: plain words, one idea a statement, definitions before their use.

Each rule holds for every module of `gate`.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from gate.cli import COMMANDS

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parent.parent
ODD_WORD = re.compile(r"(?<![a-z])(?:told|anew|nobody|somebody|whoever|beside|kin)(?![a-z])", re.IGNORECASE)
"""Words that docstrings, comments and names of other projects do without. Texts for users may have them."""
INTERFACE = frozenset({"beside"})
"""Names that the plug-in interface has: a field of the rows in `gate.secrets.plugins.token`."""
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
MOST_WORDS = 30
"""A list with so many plain words, or a table with so many rows, is a data file: `gate/core/word_lists.py`."""
PLAIN_WORD = re.compile(r"--?[\w-]+|[\w.@/+:=-]*\w[\w.@/+:=-]*\??|\W{1,2}")
ASIDE = re.compile(r"[.,;:][ \n]|[.:]\Z|\\|\(\?")
"""What sentences and patterns have, and lists of words have not."""
IN_PYTHON = {
    "__all__": "names of the module itself",
    "CALLS": "the registry of the broker's calls: names and their functions",
    "ECOSYSTEMS": "the registry of descriptions: names and their modules",
    "MODULES": "the registry of rules: modules",
    "_SIGNS": "stands above the pattern of which each is a part, and changes with it",
}

CLOCK = re.compile(r"\b(?:process_time|thread_time|perf_counter|getrusage|timeit)\b")

FOLDERS = ["", *sorted(path.parent.name for path in (ROOT / "gate").glob("*/__init__.py"))]
"""The folders of `gate`; `""` stands for the modules in `gate` itself."""


def modules(folder: str) -> list[Path]:
    """Return the modules below a folder of `gate`; of `gate` itself those that are in no folder."""
    found = sorted((ROOT / "gate" / folder).glob("**/*.py" if folder else "*.py"))
    assert found, "a folder without modules would pass every test"
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the docstrings, comments and names of a module, each with its line; underscores in names are blanks.

    The docstring of a command is left out, as it is the help text that users see.
    """
    nodes = list(ast.walk(tree_of(path)))
    if path.parent.name == "cli" and path.stem.replace("_", "-") in COMMANDS:
        nodes.remove(tree_of(path).body[0])
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type in (tokenize.COMMENT, tokenize.NAME) and token.string not in INTERFACE:
            yield token.start[0], token.string.replace("_", " ")


def parts_of(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the expressions of a statement, without those of the statements inside it."""
    todo = list(ast.iter_child_nodes(statement))
    while todo:
        node = todo.pop()
        if not isinstance(node, ast.stmt):
            yield node
            todo += ast.iter_child_nodes(node)


def used_before(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the constants of a module that a function or class above their definition uses."""
    above: set[str] = set()
    for statement in tree_of(path).body:
        if isinstance(statement, DEFINITIONS):
            above |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id in above:
                yield statement.lineno, target.id


@pytest.mark.parametrize("folder", FOLDERS)
def test_docstrings_comments_and_names_use_plain_words(folder: str) -> None:
    odd = [place(path, line) for path in modules(folder) for line, text in prose(path) if ODD_WORD.search(text)]
    assert odd == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_comprehension_holds_another(folder: str) -> None:
    nested = []
    for path in modules(folder):
        for outer in (node for node in ast.walk(tree_of(path)) if isinstance(node, COMPREHENSIONS)):
            if sum(isinstance(inner, COMPREHENSIONS) for inner in ast.walk(outer)) > 1:
                nested.append(place(path, outer.lineno))
    assert nested == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_statement_has_one_ternary_at_most(folder: str) -> None:
    several = []
    for path in modules(folder):
        for statement in (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.stmt)):
            if sum(isinstance(part, ast.IfExp) for part in parts_of(statement)) > 1:
                several.append(place(path, statement.lineno))
    assert several == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_constants_are_defined_above_the_functions_that_use_them(folder: str) -> None:
    late = [f"{place(path, line)} {name}" for path in modules(folder) for line, name in used_before(path)]
    assert late == []


def words_in(node: ast.AST) -> list[str]:
    """Return the words of one literal: of a collection or table of texts, or of a text that is a list of words.

    A table with other values (Structs, numbers, modules' functions) is checked by its types, and no list of words.
    """
    match node:
        case ast.Constant(value=str(text)):
            return [] if ASIDE.search(text) else text.split("|" if "|" in text else None)
        case ast.Starred(value=inner):
            return words_in(inner)
        case ast.Dict(keys=parts, values=values):
            return elements(parts) if len(elements(values)) == len(values) else []
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return [
                *elements(parts),
                *(word for part in parts if isinstance(part, ast.Starred) for word in words_in(part)),
            ]
    return []


def elements(parts: Sequence[ast.expr | None]) -> list[str]:
    """Return the texts among the parts of a collection."""
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def long_lists(tree: ast.Module) -> Iterator[str]:
    """Yield the constants of a module that hold more plain words than a reader wants to see in code."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            lists = [words_in(node) for node in ast.walk(statement.value)]
            if any(sum(map(bool, map(PLAIN_WORD.fullmatch, words))) >= MOST_WORDS for words in lists):
                yield ast.unparse(target)


@pytest.mark.parametrize("folder", FOLDERS)
def test_long_lists_of_words_are_data_files(folder: str) -> None:
    found = [(path, name) for path in modules(folder) for name in long_lists(tree_of(path))]
    assert [f"{path.relative_to(ROOT)} {name}" for path, name in found if name not in IN_PYTHON] == []


@pytest.mark.parametrize(
    "text",
    [
        "WORDS = (" + ", ".join(f"'w{number}'" for number in range(30)) + ")",
        "WORDS = frozenset({*('a', 'b'), *(" + ", ".join(f"'--w{number}'" for number in range(28)) + ")})",
        "WORDS = words('" + " ".join(f"w{number}" for number in range(30)) + "')",
        "LANGUAGES = '" + "|".join(f"w{number}" for number in range(30)) + "'",
        "TABLE = {" + ", ".join(f"'w{number}': 'x'" for number in range(30)) + "}",
    ],
)
def test_a_long_list_is_seen_however_it_is_written(text: str) -> None:
    assert list(long_lists(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "WORDS = (" + ", ".join(f"'w{number}'" for number in range(29)) + ")",
        "TEXT = 'Read this. " + " ".join(f"w{number}" for number in range(40)) + ".'",
        "PATTERN = r'" + "|".join(rf"w{number}\d" for number in range(30)) + "'",
    ],
)
def test_what_is_short_a_sentence_or_a_pattern_stays(text: str) -> None:
    assert not list(long_lists(ast.parse(text)))


def test_no_test_asserts_how_long_something_takes() -> None:
    """`benchmarks/` measures it. A guard against what never ends is `tests.hangs.must_end`."""
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    assert [path for path in tests if CLOCK.search(path.read_text())] == []
