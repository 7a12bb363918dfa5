"""poetry.lock, uv.lock and Cargo.lock."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import LimitError, UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

POETRY = """# This file is generated
[[package]]
name = "Flask"
version = "2.0.1"
optional = false
groups = ["main", "dev"]

[package.dependencies]
click = "*"

[[package]]
name = "pytest"
version = "7.0"
groups = ["dev"]

[[package]]
name = "old-style"
version = "1"
category = "dev"

[[package]]
name = "psycopg"
version = "3.1"
optional = true

[[package]]
name = "own"
version = "0.1"
[package.source]
type = "directory"
url = "../own"

[metadata]
lock-version = "2.1"
"""

UV = """version = 1
revision = 2

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "fastapi", extra = ["all"] }]

[package.optional-dependencies]
pg = [{ name = "psycopg" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "fastapi"
version = "0.100.0"
source = { registry = "https://packages.example/simple" }
dependencies = [{ name = "starlette" }]

[[package]]
name = "starlette"
version = "0.27.0"

[[package]]
name = "psycopg"
version = "3.1"

[[package]]
name = "pytest"
version = "7.0"
dependencies = [{ name = "starlette" }, { name = "iniconfig" }]

[[package]]
name = "iniconfig"
version = "2.0"

[[package]]
name = "nowhere"
source = { git = "https://packages.example/nowhere" }
"""

CARGO = """# comment
version = 3

[[package]]
name = "shop"
version = "0.1.0"
dependencies = [
 "serde",
 "rand 0.8.5",
]

[[package]]
name = "serde"
version = "1.0.0"
source = "registry+https://packages.example/index"
checksum = "00"

[[package]]
name = "rand"
version = "0.8.5"
source = "registry+https://packages.example/index"

[[package]]
name = "libc"
version = "0.2.0"
source = "git+https://packages.example/libc#0123"
"""


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.line, p.scope.value, p.direct) for p in locked.packages]


def test_poetry(locked: Read) -> None:
    assert rows(locked({"poetry.lock": POETRY})) == [
        ("flask", "2.0.1", 2, "runtime", None),
        ("pytest", "7.0", 11, "development", None),
        ("old-style", "1", 16, "development", None),
        ("psycopg", "3.1", 21, "optional", None),
    ]


def test_poetry_learns_from_pyproject_what_is_direct(locked: Read) -> None:
    pyproject = (
        '[project]\ndependencies = ["flask>=2"]\n[tool.poetry.group.dev.dependencies]\npytest = "^7"\n'
        '[dependency-groups]\nx = ["Old.Style", {include-group = "y"}]\n'
    )
    found = locked({"a/poetry.lock": POETRY, "a/pyproject.toml": pyproject})
    assert {package.name: package.direct for package in found.packages} == {
        "flask": True,
        "pytest": True,
        "old-style": True,
        "psycopg": False,
    }


def test_poetry_tells_what_brings_a_package_in(locked: Read) -> None:
    text = POETRY.replace("[metadata]", '[[package]]\nname = "Click"\nversion = "8"\n[metadata]')
    found = locked({"poetry.lock": text, "pyproject.toml": '[project]\ndependencies = ["flask"]'})
    assert [(p.name, p.via) for p in found.packages if p.via] == [("click", ("flask",))]


def test_uv(locked: Read) -> None:
    found = locked({"uv.lock": UV})
    assert rows(found) == [
        ("fastapi", "0.100.0", 16, "runtime", True),
        ("starlette", "0.27.0", 22, "runtime", False),
        ("psycopg", "3.1", 26, "optional", True),
        ("pytest", "7.0", 30, "development", True),
        ("iniconfig", "2.0", 35, "development", False),
    ]
    assert found.imprecise == ("uv.lock:39: nowhere",)
    assert {package.name: package.via for package in found.packages if package.via} == {
        "starlette": ("fastapi",),
        "iniconfig": ("pytest",),
    }


def test_where_a_package_comes_from(locked: Read) -> None:
    source = '[package.source]\ntype = "legacy"\nurl = "https://packages.example/simple"\n'
    poetry = f'[[package]]\nname = "a"\nversion = "1"\n{source}[metadata]\nlock-version = "2.1"\n'
    for files in ({"uv.lock": UV}, {"poetry.lock": poetry}):
        assert locked(files).packages[0].registry == "https://packages.example/simple"


def test_uv_for_a_script(locked: Read) -> None:
    text = (
        'version = 1\n[manifest]\nrequirements = [{ name = "a" }]\n[manifest.dependency-groups]\nx = [{ name = "b" }]\n'
        '[[package]]\nname = "a"\nversion = "1"\n[[package]]\nname = "b"\nversion = "2"\n'
    )
    assert rows(locked({"tool.py.lock": text})) == [
        ("a", "1", 6, "runtime", True),
        ("b", "2", 9, "development", True),
    ]


@pytest.mark.parametrize("version", ["", "version = 3\n", "version = 4\n"])
def test_cargo(locked: Read, version: str) -> None:
    text = CARGO.replace("version = 3\n", version)
    first = text[: text.index('name = "serde"')].count("\n")
    assert rows(locked({"Cargo.lock": text})) == [
        ("serde", "1.0.0", first, "runtime", True),
        ("rand", "0.8.5", first + 6, "runtime", True),
        ("libc", "0.2.0", first + 11, "runtime", False),
    ]


def test_cargo_with_the_root_of_version_1(locked: Read) -> None:
    text = (
        '[root]\nname = "shop"\nversion = "0.1.0"\ndependencies = ["libc 0.2.0 (registry+x)"]\n'
        '[[package]]\nname = "libc"\nversion = "0.2.0"\nsource = "registry+x"\n[metadata]\n"checksum libc" = "00"\n'
    )
    assert rows(locked({"Cargo.lock": text})) == [("libc", "0.2.0", 5, "runtime", True)]


def test_lines_are_left_out_where_they_could_be_wrong(locked: Read) -> None:
    text = 'package = [{name = "a", version = "1", source = "r"}]\nx = """\n[[package]]\n[[package]]\n"""\n'
    assert rows(locked({"Cargo.lock": text})) == [("a", "1", None, "runtime", None)]


@pytest.mark.parametrize("name", ["poetry.lock", "uv.lock", "Cargo.lock"])
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[package\n", "cannot be parsed: it is not TOML: .*line 1"),
        ('version = 1\n[[package]]\nname = "a"\nname = "b"\n', "cannot be parsed: it is not TOML: .*line 4"),
        ("version = 1\npackage = 3", "cannot be parsed: Expected `array`"),
        ("version = 1\n[[package]]\nname = 3\nversion = '1'", "cannot be parsed: Expected `str`, got `int`"),
        ("a = " + "[" * 100_000, "cannot be parsed"),
        (b"\xff", "cannot be parsed: it is not UTF-8 text"),
    ],
)
def test_a_broken_file_says_why(locked: Read, name: str, text: str | bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why) as caught:
        locked({name: text})
    assert caught.value.path == name


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("poetry.lock", '[metadata]\nlock-version = "3.0"', "its lock-version '3.0' is not known"),
        ("poetry.lock", "", "it has no .metadata. as Poetry writes it"),
        ("uv.lock", "version = 2", "its version 2 is not known"),
        ("uv.lock", "", "Object missing required field `version`"),
        ("Cargo.lock", "version = 5", "its version 5 is not known"),
    ],
)
def test_an_unknown_version_is_an_error(locked: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({name: text})


def test_a_broken_pyproject_is_named(locked: Read) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed") as caught:
        locked({"poetry.lock": POETRY, "pyproject.toml": "["})
    assert caught.value.path == "pyproject.toml"


def test_a_huge_file_is_refused(locked: Read) -> None:
    with pytest.raises(LimitError, match="at most 16,777,216 are read"):
        locked({"Cargo.lock": b"#" * (17 << 20)})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["poetry.lock", "uv.lock", "Cargo.lock"]),
    cut=st.integers(0, 700),
    noise=st.text(alphabet='[]{}="\n#a1,.', max_size=8),
)
def test_any_damage_is_read_or_a_clear_error(damaged: Read, name: str, cut: int, noise: str) -> None:
    text = {"poetry.lock": POETRY, "uv.lock": UV, "Cargo.lock": CARGO}[name]
    damaged({name: text[:cut] + noise + text[cut:]})
