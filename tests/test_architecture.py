"""The house: imports go down only, by the drawing and the table of docs/architecture.md, and never in a circle."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/architecture.md").read_text()
ROW = re.compile(r"^\| `gate/(\w+)(?:\.py|/)` \|[^|]*\| ([^|]*) \|$", re.MULTILINE)
FLOOR = re.compile(r"^    (\w+(?: +\w+)*)$", re.MULTILINE)
ENTRANCES = {"__init__", "__main__"}
PLACE = re.compile(r"`(gate/[\w/]+(?:\.py|/))`")
"""A file or folder of the gate in a docstring."""
FOR_PLUGINS = {"text"}
"""Single files that no part of the gate uses: the documented names of what lies elsewhere."""

WALK = re.compile(r"^## Follow one (?:finding|secret|image)\n(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`(?:gate/)?([a-z_]+(?:/[a-z_]+)*(?:\.py|/))`")
"""A file or folder as the walks name it: whole, or from a folder that was named before."""


@cache
def modules() -> dict[str, Path]:
    """Return every module of `gate` by its dotted name."""
    found = {}
    for path in (ROOT / "gate").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def rooms() -> set[str]:
    """Return the folders and single files right below `gate`."""
    return {name.split(".")[1] for name in modules() if "." in name} - ENTRANCES - FOR_PLUGINS


def imported_by(module: str) -> frozenset[str]:
    """Return the modules of `gate` that a module imports, inside its functions too; not those of its types alone."""
    return imports_of(modules()[module]) - {module}


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Return the modules of `gate` that a file imports, as `imported_by` does."""
    found: set[str] = set()
    for node in _nodes(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (members & modules().keys()) or {node.module}
    return frozenset(found & modules().keys())


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements of a module, also those within others; not those for types alone."""
    for node in ast.iter_child_nodes(tree):
        is_for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not is_for_types and not isinstance(node, ast.expr):
            yield node
            yield from _nodes(node)


def used_by(room: str, house: str = "gate") -> dict[str, str]:
    """Return the other rooms of a house that a room's modules import, each with one module that does."""
    used = {}
    for name in modules():
        if name.startswith(f"{house}.{room}.") or name == f"{house}.{room}":
            others = (other.removeprefix(f"{house}.") for other in imported_by(name) if other.startswith(f"{house}."))
            used |= {other.split(".")[0]: name for other in others}
    used.pop(room, None)
    return used


def allowed() -> dict[str, set[str]]:
    """Return what the table says that each room may import."""
    rows = ROW.findall(PAGE)
    below: dict[str, set[str]] = {}
    for index, (name, stated) in enumerate(rows):
        following = {other for other, _ in rows[index + 1 :]}
        below[name] = following if stated == "all below" else set(re.findall(r"\w+", stated)) - {"nothing"}
    return below


def floors(under: str = "# Architecture") -> list[set[str]]:
    """Return the rooms of the drawing that follows a heading, floor by floor from the top."""
    drawing = PAGE[PAGE.index(f"{under}\n") :]
    return [set(line.split()) for line in FLOOR.findall(drawing[: drawing.index("| folder |")])]


def test_the_table_and_the_drawing_name_every_room() -> None:
    assert set(allowed()) == rooms()
    assert sorted(chain.from_iterable(floors())) == sorted(rooms())


@pytest.mark.parametrize("room", sorted(allowed()))
def test_a_room_imports_only_what_its_row_names(room: str) -> None:
    used = used_by(room)
    assert {other: module for other, module in used.items() if other not in allowed()[room]} == {}
    assert room == "cli" or allowed()[room] <= used.keys(), "the row names what nobody imports"


@pytest.mark.parametrize("room", sorted(allowed()))
def test_imports_go_down_the_drawing(room: str) -> None:
    (own,) = (number for number, floor in enumerate(floors()) if room in floor)
    below = set().union(*floors()[own + 1 :])
    assert {other: module for other, module in used_by(room).items() if other not in below} == {}


INSIDE = floors("## Inside what runs")


def test_the_drawing_of_what_runs_names_every_room() -> None:
    there = (ROOT / "gate/reachability/runtimes").glob("*/__init__.py")
    assert sorted(chain.from_iterable(INSIDE)) == sorted(path.parent.name for path in there)


@pytest.mark.parametrize("room", sorted(chain.from_iterable(INSIDE)))
def test_what_runs_is_imported_down_its_drawing(room: str) -> None:
    (own,) = (number for number, floor in enumerate(INSIDE) if room in floor)
    used = used_by(room, "gate.reachability.runtimes")
    assert {other: module for other, module in used.items() if other not in set().union(*INSIDE[own + 1 :])} == {}
    assert room == "walk" or used


def test_no_module_imports_itself_by_way_of_others() -> None:
    done: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module not in done:
            for other in sorted(imported_by(module)):
                walk(other, (*way, module))
            done.add(module)

    for module in sorted(modules()):
        walk(module, ())


def test_a_public_class_shares_its_name_with_no_other() -> None:
    places: dict[str, list[str]] = {}
    for module, path in sorted(modules().items()):
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(module)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_the_walks_name_files_that_are_there() -> None:
    named = [name for walk in WALK.findall(PAGE) for name in NAMED.findall(walk)]
    there = [f"/{path.relative_to(ROOT)}" for path in modules().values()]
    there += [f"/{path.relative_to(ROOT)}/" for path in (ROOT / "gate").rglob("*") if path.is_dir()]
    assert len(named) > 40
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in there)] == []


def test_names_for_plugins_are_for_plugins_alone() -> None:
    documented = {"gate.text", "gate.secrets.plugins", "gate.secrets.plugins.token", "gate.secrets.plugins.detectors"}
    inside = {module for module in modules() if module not in documented for _ in imported_by(module) & documented}
    assert inside == set()


@cache
def texts_of(path: Path) -> set[str]:
    return {
        node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def listed_by(package: str) -> frozenset[str]:
    """Return the modules below a package that its `__init__` imports, or names in a text, as a registry does."""
    path = modules()[package]
    if path.name != "__init__.py":
        return frozenset()
    names = {name for text in texts_of(path) for name in (text, f"{package}.{text}")}
    found = (names & modules().keys()) | imported_by(package)
    return frozenset(name for name in found if name.startswith(f"{package}."))


def named_by(test: Path) -> set[str]:
    """Return the modules whose file, or a folder around it, stands in the docstring of a test."""
    if not PLACE.search(test.read_text()):  # most: to parse all of them takes seconds
        return set()
    places = [str(ROOT / place) for place in PLACE.findall(ast.get_docstring(parsed(test)) or "")]
    return {name for name, path in modules().items() if any(str(path).startswith(place) for place in places)}


def reached_by(test: Path) -> set[str]:
    """Return the modules that a test imports, alone or as part of a package, or patches."""
    patched = {text.rpartition(".")[0] for text in texts_of(test) if text.startswith("gate.")} & modules().keys()
    direct = imports_of(test) | patched
    parts = chain.from_iterable(listed_by(name) for name in direct)
    return {*direct, *parts}


@cache
def named_by_tests() -> set[str]:
    """Return the modules that a docstring of a test names: for what only a command uses, that is the command's."""
    return set(chain.from_iterable(map(named_by, (ROOT / "tests").rglob("test_*.py"))))


@pytest.mark.parametrize("room", sorted(rooms()))
def test_each_module_has_a_test(room: str) -> None:
    """In the folder of its room one of its name, or that reaches it or what imports it; or one that names its file."""
    folder = ROOT / "tests" / room
    tests = [*(folder if folder.is_dir() else ROOT / "tests").rglob("test_*.py")]
    reached = set(chain.from_iterable(map(reached_by, tests)))
    own = {name for name in modules() if name.split(".")[1:2] == [room]}
    used = chain.from_iterable(imported_by(name) for name in reached & own if modules()[name].name != "__init__.py")
    stems = {test.stem.removeprefix("test_") for test in tests}
    named = {name for name in own if name.rpartition(".")[2] in stems or modules()[name].name == "__init__.py"}
    missing = sorted(own - reached - set(used) - named - named_by_tests())
    assert missing == [], "write its test, or name `gate/…` in the docstring of the test that goes through it"
