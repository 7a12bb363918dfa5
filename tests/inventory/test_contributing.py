"""The contributor guide shows a whole reader and a whole ecosystem as they are, and names every place to touch.

Its two recipes are followed on a copy of the package, for a lockfile that is invented here: whoever writes the reader
of a real one has nothing to change in this test.
"""

import re
import subprocess
from pathlib import Path

import pytest

from gate.inventory.lockfiles import LOCKFILES
from tests.package_copy import PackageCopy

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
READER = ROOT / "gate" / "inventory" / "lockfiles" / "pub.py"
ECOSYSTEM = ROOT / "gate" / "ecosystems" / "hex.py"


def section(heading: str) -> str:
    """Return a section of the guide."""
    return GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_the_reader_in_the_guide_is_the_one_that_runs() -> None:
    source = READER.read_text(encoding="utf-8")
    assert f"```python\n{source.rstrip()}\n```" in section("Add a lockfile format")
    assert LOCKFILES["pub"] == ("pubspec.lock",)


def test_the_ecosystem_in_the_guide_is_the_one_that_is_known() -> None:
    source = ECOSYSTEM.read_text(encoding="utf-8")
    assert f"```python\n{source.rstrip()}\n```" in section("Add an ecosystem")


def test_they_are_short_enough_for_a_first_time() -> None:
    assert len(READER.read_text(encoding="utf-8").splitlines()) < 60
    assert len(ECOSYSTEM.read_text(encoding="utf-8").splitlines()) < 60


@pytest.mark.parametrize("heading", ["Add a lockfile format", "Add an ecosystem"])
def test_every_place_that_the_guide_names_is_there(heading: str) -> None:
    prose = re.sub(r"```.*?```", "", section(heading), flags=re.DOTALL)
    places = [name for name in re.findall(r"`((?:gate|tests|docs)/[^`]+)`", prose) if "NAME" not in name]
    assert len(places) > 8
    assert [name for name in places if not (ROOT / name).exists()] == []


BRICK_LOCK = "version: 2.0\nbricks:\n  wall:\n    git: https://packages.example/wall.git\n    version: 1.1.0\n"

MODULES = {
    "gate/ecosystems/bricks.py": """\
\"\"\"Bricks: packages of nobody, who invented it for this test.\"\"\"

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(name="Bricks", version_order="semver", package_urls=PackageUrls(type="bricks"))
""",
    "gate/inventory/lockfiles/bricks.py": """\
\"\"\"`Brick.lock` of nobody, who invented it for this test.\"\"\"

import msgspec

from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked
from gate.inventory.yaml_document import places, read_yaml
from gate.trees import FileTree


class _Brick(msgspec.Struct, frozen=True):
    version: str


class _Lock(msgspec.Struct, frozen=True):
    bricks: dict[str, _Brick]


def read(tree: FileTree, path: str) -> Locked:
    \"\"\"Read a Brick.lock.\"\"\"
    lock, root = read_yaml(tree, path, _Lock)
    lines = dict(places(root, "bricks"))
    listing = Listing("Bricks", path)
    for name, brick in lock.bricks.items():
        listing.add(name, brick.version, lines[name])
    return listing.locked
""",
}
LINES = {
    "gate/ecosystems/__init__.py": ('    "CRAN":', '    "Bricks": "gate.ecosystems.bricks",\n'),
    "gate/inventory/lockfiles/__init__.py": ('    "renv":', '    "bricks": ("Brick.lock",),\n'),
}
"""File of a registry to the row that comes next, and the new row."""
WANTED = (
    (
        "docs/reference/dependencies.md",
        "of another well-known format (",
        "of another well-known format (`Brick.lock`, ",
    ),
    ("gate/inventory/lockfiles/__init__.py", "NOT_READ_YET = frozenset({", 'NOT_READ_YET = frozenset({"Brick.lock", '),
)
"""What makes the format one that is known and not read, before anybody adds it."""
REST = (
    ("docs/reference/advisories.md", "| semantic versions | ", "| semantic versions | Bricks, "),
    ("docs/reference/dependencies.md", "| `renv.lock` |", "| `Brick.lock` | Bricks | name, version |\n| `renv.lock` |"),
    ("docs/reference/dependencies.md", "(`Brick.lock`, ", "("),
    ("gate/inventory/lockfiles/__init__.py", '({"Brick.lock", ', "({"),
    ("tests/fuzz/seeds.py", "\nLOCKFILES = {\n", f'\nLOCKFILES = {{\n    "Brick.lock": {BRICK_LOCK!r},\n'),
)
"""Further places of the recipes: a file, a text in it, and what takes its place."""
TEST = f"""
def test_a_lockfile(locked):
    (package,) = locked({{"Brick.lock": {BRICK_LOCK!r}}}).packages
    assert (package.name, package.version, package.line) == ("wall", "1.1.0", 3)
"""


def follow(copy: PackageCopy, heading: str) -> "subprocess.CompletedProcess[str]":
    """Run the tests that a recipe ends with."""
    (command,) = re.findall(r"^    \.venv/bin/(pytest .*)", section(heading), re.MULTILINE)
    words = command.replace("NAME", "bricks").replace("FILE", "Brick.lock").split('"')
    return copy.run(*words[0].split(), *words[1:2], "-q", "-p", "no:cacheprovider")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> PackageCopy:
    """Return a copy with both new modules and their rows in the registries, and nothing else that the recipes name."""
    shared = (path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("*.py"))
    touched = dict.fromkeys(path for path, _, _ in REST if not path.startswith("gate/"))
    further = dict.fromkeys(("tests/ecosystems", "tests/fuzz", "tests/inventory", "pyproject.toml", *shared, *touched))
    copied = [name for name in further if not any(name.startswith(f"{folder}/") for folder in further)]
    copy = PackageCopy(tmp_path_factory.mktemp("recipes") / "copy", copied, without=("test_contributing.py",))
    for path, old, new in WANTED:
        copy.replace(path, old, new)
    for path, text in MODULES.items():
        copy.write(path, text)
    for path, (following, row) in LINES.items():
        copy.replace(path, following, row + following)
    return copy


def test_the_recipes_tests_name_what_is_still_missing_and_are_green_then(copy: PackageCopy) -> None:
    done = follow(copy, "Add an ecosystem")
    assert re.findall(r"^FAILED \S+::(\w+\S*)", done.stdout, re.MULTILINE) == [
        "test_the_table_of_version_orders_names_each_ecosystem_once[Bricks]"
    ]
    done = follow(copy, "Add a lockfile format")
    assert sorted(set(re.findall(r"^FAILED \S+::(\w+)", done.stdout, re.MULTILINE))) == [
        "test_each_format_of_each_registry_is_among_them",
        "test_every_format_has_a_test_that_reads_one_of_its_files",
        "test_every_pattern_is_documented",
        "test_what_is_not_read_is_documented",
    ]
    for path, old, new in REST:
        copy.replace(path, old, new)
    copy.write("tests/inventory/lockfiles/test_bricks.py", TEST)
    for heading in ("Add an ecosystem", "Add a lockfile format"):
        done = follow(copy, heading)
        assert done.returncode == 0, done.stdout
    copy.write("Brick.lock", BRICK_LOCK)
    bill = copy.run("gate", "sbom", "--format", "cyclonedx", ".").stdout
    assert '"pkg:bricks/wall@1.1.0"' in bill
