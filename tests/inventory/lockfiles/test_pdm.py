"""pdm.lock."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """# This file is @generated
[metadata]
groups = ["default", "test", "pg"]
lock_version = "4.5.0"

[[package]]
name = "Flask"
version = "2.0.1"
groups = ["default"]
dependencies = ["click>=8", "importlib-metadata; python_version < '3.10'"]

[[package]]
name = "click"
version = "8.0"
groups = ["default", "test"]

[[package]]
name = "pytest"
version = "7.0"
groups = ["test"]

[[package]]
name = "psycopg"
version = "3.1"
groups = ["pg"]

[[package]]
name = "own"
version = "0"
path = "./own"
"""
PYPROJECT = (
    '[project]\ndependencies = ["flask"]\n[project.optional-dependencies]\npg = ["psycopg"]\n'
    '[tool.pdm.dev-dependencies]\ntest = ["pytest"]\n'
)


def test_groups_say_what_a_package_is_for(locked: Read) -> None:
    found = locked({"pdm.lock": LOCK, "pyproject.toml": PYPROJECT})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct, p.via) for p in found.packages] == [
        ("flask", "2.0.1", 6, "runtime", True, ()),
        ("click", "8.0", 12, "runtime", False, ("flask",)),
        ("pytest", "7.0", 17, "development", True, ()),
        ("psycopg", "3.1", 22, "optional", True, ()),
    ]


def test_without_a_pyproject_nothing_is_known_to_be_direct(locked: Read) -> None:
    assert {package.direct for package in locked({"pdm.lock": LOCK}).packages} == {None}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "missing required field `metadata`"),
        ('[metadata]\nlock_version = "5.0"', "its lock_version '5.0' is not known"),
        (LOCK.replace("click>=8", "???"), "not a requirement as pip reads it"),
        (LOCK.replace('name = "click"', 'name = "a b"'), "empty, too long or not printable"),
    ],
)
def test_a_broken_lock_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({"pdm.lock": text})
