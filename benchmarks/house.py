"""How the sources read, in numbers: size, complexity, words, comments, imports inside functions, circles, names.

    python benchmarks/house.py [FOLDER …]        # default: gate; a folder of another project to compare with

Complexity is McCabe's, as `ruff` counts it. Words are those that docstrings and comments of other projects do without.
"""

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

ODD_WORDS = re.compile(r"\b(told|anew|nobody|somebody|whoever|beside|kin)\b", re.IGNORECASE)
MOST_COMPLEX = 10
LONG_PATTERN = 200
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class House:
    """The modules of one package, and what they come to together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts = {path: path.read_text(errors="replace") for path in sorted(folder.rglob("*.py"))}
        self.trees = {path: ast.parse(text) for path, text in self.texts.items()}

    @property
    def lines(self) -> int:
        """Lines that are not blank."""
        return sum(1 for text in self.texts.values() for line in text.splitlines() if line.strip())

    def count(self, kinds: tuple[type[ast.AST], ...] | type[ast.AST]) -> int:
        """Return how many nodes of some kinds there are."""
        return sum(isinstance(node, kinds) for tree in self.trees.values() for node in ast.walk(tree))

    @property
    def odd_words(self) -> int:
        """Words of ODD_WORDS in comments and docstrings."""
        return sum(len(ODD_WORDS.findall(prose)) for prose in self._prose())

    def _prose(self) -> Iterator[str]:
        for tree in self.trees.values():
            for node in ast.walk(tree):
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                    yield str(node.value.value)
        yield from self._comments()

    def _comments(self) -> Iterator[str]:
        for text in self.texts.values():
            tokens = tokenize.generate_tokens(io.StringIO(text).readline)
            yield from (token.string for token in tokens if token.type == tokenize.COMMENT)

    @property
    def comments(self) -> int:
        """Comments that explain: not those that speak to a linter."""
        return sum("noqa" not in comment and "type: ignore" not in comment for comment in self._comments())

    @property
    def inner_imports(self) -> int:
        """Imports of any module inside of functions."""
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        found = set()
        for tree in self.trees.values():
            for function in (node for node in ast.walk(tree) if isinstance(node, functions)):
                found |= {id(node) for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)}
        return len(found)

    @property
    def complexities(self) -> list[int]:
        """McCabe's number of each function."""
        command = [sys.executable, "-m", "ruff", "check", "--isolated", "--ignore-noqa", "--output-format", "json"]
        command += ["--select", "C901", "--config", "lint.mccabe.max-complexity=0", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        messages = (problem["message"] for problem in json.loads(done.stdout))
        return [int(found[1]) for message in messages if (found := re.search(r"\((\d+) >", message))]

    @property
    def shared_names(self) -> list[str]:
        """Public classes whose name another one has too."""
        names: Counter[str] = Counter()
        for tree in self.trees.values():
            names.update(node.name for node in tree.body if isinstance(node, ast.ClassDef))
        return sorted(name for name, count in names.items() if count > 1 and not name.startswith("_"))

    @property
    def rooms(self) -> int:
        """Packages and modules right below the package: what a reader of its drawing has to tell apart."""
        below = {path.relative_to(self.folder).parts[0] for path in self.texts}
        return len(below - {"__init__.py", "__main__.py"})

    @property
    def in_circles(self) -> int:
        """Modules that import themselves by way of others, also by imports inside of functions."""
        imports = {name: self._imports(name) for name in self._names}
        return sum(name in self._reached(name, imports) for name in imports)

    @cached_property
    def _names(self) -> dict[str, Path]:
        """The modules by their dotted names."""
        names = {}
        for path in self.texts:
            parts = (self.folder.name, *path.relative_to(self.folder).with_suffix("").parts)
            names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        return names

    def _imports(self, name: str) -> set[str]:
        """Return the modules of the package that a module imports; not those of its types alone."""
        found: set[str] = set()
        for node in _run(self.trees[self._names[name]]):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                home = self._home(name, node)
                members = {f"{home}.{alias.name}" for alias in node.names}
                found |= (members & self._names.keys()) or {home}
        return found & self._names.keys()

    def _home(self, name: str, node: ast.ImportFrom) -> str:
        """Return the dotted name of the module that names are imported from."""
        if not node.level:
            return node.module or ""
        is_package = self._names[name].name == "__init__.py"
        parts = name.split(".")[: None if is_package and node.level == 1 else is_package - node.level]
        return ".".join([*parts, *([node.module] if node.module else [])])

    @staticmethod
    def _reached(name: str, imports: dict[str, set[str]]) -> set[str]:
        """Return what a module imports, and what that imports."""
        reached: set[str] = set()
        ahead = set(imports[name])
        while ahead:
            one = ahead.pop()
            reached.add(one)
            ahead |= imports[one] - reached
        return reached

    @property
    def late_constants(self) -> int:
        """Constants of a module that stand below a function or class of it."""
        late = 0
        for tree in self.trees.values():
            is_below = False
            for node in tree.body:
                is_below |= isinstance(node, ast.FunctionDef | ast.ClassDef)
                late += is_below and isinstance(node, ast.Assign | ast.AnnAssign)
        return late

    @property
    def nested_comprehensions(self) -> int:
        """Comprehensions that hold another one."""
        found = 0
        for tree in self.trees.values():
            outer = (node for node in ast.walk(tree) if isinstance(node, _COMPREHENSIONS))
            found += sum(sum(isinstance(inner, _COMPREHENSIONS) for inner in ast.walk(node)) > 1 for node in outer)
        return found

    @property
    def long_patterns(self) -> int:
        """Texts of more than LONG_PATTERN characters that go to `re.compile` or stand in a table of patterns."""
        found = 0
        for tree in self.trees.values():
            texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
            found += sum(len(text.value) > LONG_PATTERN and "\\" in text.value for text in texts)
        return found


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a module that are run: not what stands under `if TYPE_CHECKING`."""
    yield node
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    for child in ast.iter_child_nodes(node):
        yield from _run(child)


def rows_of(house: House) -> dict[str, str]:
    """Return the figures of a package by what they count."""
    lines, complexities = house.lines, house.complexities
    return {
        "modules": f"{len(house.texts)}",
        "lines that are not blank": f"{lines:,}",
        "odd words in docstrings and comments": f"{house.odd_words}",
        "complexity a 100 lines": f"{100 * sum(complexities) / lines:.1f}",
        f"functions of complexity above {MOST_COMPLEX}": f"{sum(one > MOST_COMPLEX for one in complexities)}",
        "comprehensions a 1,000 lines": f"{1000 * house.count(_COMPREHENSIONS) / lines:.1f}",
        "comprehensions within comprehensions": f"{house.nested_comprehensions}",
        "ternaries a 1,000 lines": f"{1000 * house.count(ast.IfExp) / lines:.1f}",
        "comments a 1,000 lines": f"{1000 * house.comments / lines:.1f}",
        "imports inside functions": f"{house.inner_imports}",
        "constants below functions": f"{house.late_constants}",
        f"texts with escapes of over {LONG_PATTERN} characters": f"{house.long_patterns}",
        "rooms right below the package": f"{house.rooms}",
        "modules in circles of imports": f"{house.in_circles}",
        "public classes that share a name": f"{len(house.shared_names)}",
    }


def main() -> None:
    """Print one table, a column for each folder."""
    folders = [Path(argument) for argument in sys.argv[1:] or ["gate"]]
    columns = [rows_of(House(folder)) for folder in folders]
    print("| |", " | ".join(folder.name for folder in folders), "|")
    print("| --- |", " | ".join("---" for _ in folders), "|")
    for what in columns[0]:
        print("|", what, "|", " | ".join(column[what] for column in columns), "|")


if __name__ == "__main__":
    main()
