"""What is a fact on an ecosystem stands in its description: no table by names of ecosystems is anywhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import gate
from gate.ecosystems import ECOSYSTEMS

pytestmark = pytest.mark.one_python

PACKAGE = Path(gate.__file__).parent
OTHER_NAMES = {
    "inventory/installed/__init__.py": "formats of what is installed, some of which are called as their ecosystem",
    "inventory/lockfiles/renv.py": "words of renv.lock, some of which are the ecosystem's name",
}
"""Modules whose tables are by names of something else, which are alike."""


def tables(tree: ast.AST) -> Iterator[list[object]]:
    """Yield the keys of each dict, and the members of each set, list and tuple, that are written out."""
    for node in ast.walk(tree):
        parts = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        yield [part.value for part in parts if isinstance(part, ast.Constant)]


def ecosystems_in(path: Path) -> list[str]:
    """Return the ecosystems by which a module has a table."""
    named = [[key for key in keys if key in ECOSYSTEMS] for keys in tables(ast.parse(path.read_text()))]
    return [str(key) for keys in named if len(keys) > 1 for key in keys]


def test_no_other_module_has_a_table_by_ecosystem() -> None:
    modules = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    others = {place: ecosystems_in(path) for place, path in modules.items() if not place.startswith("ecosystems/")}
    found = {place: names for place, names in others.items() if names}
    assert found.keys() == OTHER_NAMES.keys(), found
