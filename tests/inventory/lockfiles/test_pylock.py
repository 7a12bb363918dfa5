"""pylock.toml (PEP 751)."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """lock-version = "1.0"
created-by = "a-tool"
extras = ["pg"]
dependency-groups = ["dev", "always"]
default-groups = ["always"]

[[packages]]
name = "flask"
version = "2.0.1"
dependencies = [{name = "click"}]
[[packages.wheels]]
url = "https://packages.example/flask.whl"

[[packages]]
name = "click"
version = "8.0"
index = "https://packages.example/simple"
marker = "sys_platform == 'win32'"

[[packages]]
name = "pytest"
version = "7.0"
marker = "'dev' in dependency_groups"

[[packages]]
name = "rich"
version = "13.0"
marker = "'always' in dependency_groups or 'dev' in dependency_groups"

[[packages]]
name = "psycopg"
version = "3.1"
marker = '"pg" in extras'

[[packages]]
name = "own"
directory = {path = "."}

[[packages]]
name = "from-git"
vcs = {type = "git", url = "https://packages.example/a.git", commit-id = "0123"}
"""


@pytest.mark.parametrize("name", ["pylock.toml", "pylock.dev.toml"])
def test_markers_say_what_a_package_is_for(locked: Read, name: str) -> None:
    found = locked({name: LOCK, "pyproject.toml": '[project]\ndependencies = ["flask"]'})
    assert [(p.name, p.version, p.line, p.scope.value, p.via) for p in found.packages] == [
        ("flask", "2.0.1", 7, "runtime", ()),
        ("click", "8.0", 14, "runtime", ("flask",)),
        ("pytest", "7.0", 20, "development", ()),
        ("rich", "13.0", 25, "runtime", ()),
        ("psycopg", "3.1", 30, "optional", ()),
    ]
    assert [package.registry for package in found.packages if package.registry] == ["https://packages.example/simple"]
    assert found.imprecise == (f"{name}:39: from-git",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("packages = []", "missing required field `lock-version`"),
        ('lock-version = "2.0"\npackages = []', "its lock-version '2.0' is not known"),
        ('lock-version = "1.0"', "missing required field `packages`"),
        ('lock-version = "1.0"\n[[packages]]\nname = "../a"\nversion = "1\\n"', "not printable"),
    ],
)
def test_a_broken_lock_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({"pylock.toml": text})
