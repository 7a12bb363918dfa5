"""Data moves to the right only: what each folder of `gate` may import is what docs/architecture.md says of it."""

import ast
import re
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| `gate/(\w+)(?:\.py|/)` \|[^|]*\| ([^|]*) \|$", re.MULTILINE)
FOLDERS = {path.parent.name for path in (ROOT / "gate").glob("*/__init__.py")}
SINGLE_FILES = {path.stem for path in (ROOT / "gate").glob("*.py")} - {"__init__", "__main__"}
ABOVE = {"api", "project"}
"""Single files that have rows of their own."""


def allowed() -> dict[str, set[str]]:
    """Return what the table says that each folder, and `api` and `project`, may import."""
    rows = ROW.findall((ROOT / "docs/architecture.md").read_text())
    below: dict[str, set[str]] = {}
    for index, (name, stated) in enumerate(rows):
        following = {other for other, _ in rows[index + 1 :]}
        below[name] = following if stated == "all below" else set(re.findall(r"\w+", stated)) - {"nothing"}
    return below


def imported_by(path: Path) -> set[str]:
    """Return the folders and single files of `gate` that a module imports, also inside its functions."""
    tree = ast.walk(ast.parse(path.read_text()))
    found = (_modules(node) for node in tree if isinstance(node, ast.Import | ast.ImportFrom))
    names = {name.split(".")[1] for name in chain.from_iterable(found) if name.startswith("gate.")}
    return names & (FOLDERS | SINGLE_FILES)


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.module
    return [f"gate.{alias.name}" for alias in node.names] if node.module == "gate" else [node.module]


def test_the_table_names_every_folder() -> None:
    assert set(allowed()) == FOLDERS | ABOVE


def test_single_files_that_all_may_import_are_named() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    assert [name for name in sorted(SINGLE_FILES) if f"`{name}.py`" not in text and name not in ABOVE] == []


@pytest.mark.parametrize("name", sorted(allowed()))
def test_a_folder_imports_only_what_its_row_names(name: str) -> None:
    paths = [ROOT / f"gate/{name}.py"] if name in ABOVE else (ROOT / "gate" / name).rglob("*.py")
    free = SINGLE_FILES - ABOVE | {name}
    used = {folder: path.relative_to(ROOT).as_posix() for path in paths for folder in imported_by(path) - free}
    assert {folder: path for folder, path in used.items() if folder not in allowed()[name]} == {}
    assert name == "cli" or allowed()[name] <= used.keys(), "the row names what nobody imports"


def test_a_row_names_only_rows_below_it() -> None:
    seen: set[str] = set()
    for name, below in reversed(allowed().items()):
        assert below <= seen, name
        seen.add(name)


@pytest.mark.parametrize("name", sorted(SINGLE_FILES - ABOVE))
def test_a_single_file_that_all_may_import_rests_on_the_model(name: str) -> None:
    more = {"settings": {"policy"}, "settings_options": {"stages"}}  # the sections of gate.yaml; the stages' names
    assert imported_by(ROOT / f"gate/{name}.py") <= SINGLE_FILES - ABOVE | {"model"} | more.get(name, set())
