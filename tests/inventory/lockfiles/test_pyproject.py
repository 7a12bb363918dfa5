"""pyproject.toml as a manifest that nothing locks."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.discovery import find_lockfiles
from gate.inventory.lockfile import Locked
from gate.inventory.lockfiles.pyproject import exact_version
from gate.model import Tree
from gate.trees import open_tree

Read = Callable[[dict[str, str | bytes]], Locked]

PYPROJECT = """[project]
dependencies = [
  "flask==2.0.1",
  "click>=8",
]
[project.optional-dependencies]
pg = ["psycopg == 3.1"]
[dependency-groups]
test = ["pytest==7.0", {include-group = "pg"}]
[tool.poetry.dependencies]
python = "^3.11"
Jinja2 = "3.0"
httpx = {version = "^0.27", optional = true}
[tool.poetry.group.dev.dependencies]
mypy = {version = "1.0"}
"""


def test_pins_are_packages_and_all_else_is_imprecise(locked: Read) -> None:
    found = locked({"pyproject.toml": PYPROJECT})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in found.packages] == [
        ("flask", "2.0.1", 3, "runtime", True),
        ("psycopg", "3.1", 7, "optional", True),
        ("pytest", "7.0", 9, "development", True),
        ("jinja2", "3.0", 12, "runtime", True),
        ("mypy", "1.0", 15, "development", True),
    ]
    assert found.imprecise == ("pyproject.toml:4: click", "pyproject.toml:13: httpx")


def test_one_without_dependencies_has_nothing_to_say(locked: Read) -> None:
    assert locked({"pyproject.toml": "[tool.ruff]\nline-length = 120\n"}) == Locked()


@pytest.mark.parametrize("lock", ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"])
@pytest.mark.parametrize("manifest", ["pyproject.toml", "setup.cfg"])
def test_one_beside_its_lock_is_not_read(make_tree: Callable[[dict[str, str]], Tree], lock: str, manifest: str) -> None:
    tree = open_tree(make_tree({lock: "", manifest: "", f"other/{manifest}": ""}))
    assert find_lockfiles(tree).paths == tuple(sorted((f"other/{manifest}", lock)))


def test_members_of_uvs_workspace_are_in_the_lock_of_its_root(make_tree: Callable[[dict[str, str]], Tree]) -> None:
    lock = 'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { editable = "packages/a" }\n'
    files = {"b/uv.lock": lock, "b/packages/a/pyproject.toml": PYPROJECT, "b/packages/c/pyproject.toml": PYPROJECT}
    assert find_lockfiles(open_tree(make_tree(files))).paths == ("b/packages/c/pyproject.toml", "b/uv.lock")


def test_a_lock_that_cannot_be_read_has_no_members(make_tree: Callable[[dict[str, str | bytes]], Tree]) -> None:
    tree = open_tree(make_tree({"uv.lock": b"\xff", "a/pyproject.toml": PYPROJECT}))
    assert find_lockfiles(tree).paths == ("a/pyproject.toml", "uv.lock")


@pytest.mark.parametrize(
    ("constraint", "version"),
    [
        ("1.0", "1.0"),
        ("==1.0", "1.0"),
        (" == 1.0", "1.0"),
        (">=1, ==1.5", "1.5"),
        ({"version": "1.0"}, "1.0"),
        ("^1.0", None),
        ("~1.0", None),
        ("1.*", None),
        ("1.0 || 2.0", None),
        ("*", None),
        ({"git": "https://packages.example"}, None),
        ([{"version": "1.0"}], None),
    ],
)
def test_what_poetry_and_pipenv_call_one_version(constraint: object, version: str | None) -> None:
    assert exact_version(constraint) == version


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[project]\ndependencies = ["???"]', r"not a requirement as pip reads it \(line 2\)"),
        ("[project]\ndependencies = 3", "Expected `array`"),
        ("[project\n", "it is not TOML: .*line 1"),
    ],
)
def test_a_broken_one_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"pyproject.toml": text})
