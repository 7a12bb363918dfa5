"""Pipfile.lock, and a Pipfile that nothing locks."""

import json
from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """{
    "_meta": {"hash": {"sha256": "00"}, "pipfile-spec": 6, "sources": [{"name": "main", "url": "https://u:p@packages.example/simple"}]},
    "default": {
        "Flask": {
            "hashes": ["sha256:00"],
            "index": "main",
            "markers": "python_version >= '3.6'",
            "version": "==2.0.1"
        },
        "own": {"path": ".", "editable": true},
        "from-git": {"git": "https://packages.example/a.git", "ref": "0123"}
    },
    "develop": {
        "flask": {"version": "==2.0.1"},
        "pytest": {"version": "== 7.0"}
    },
    "docs": {"sphinx": {"version": "==5.0"}}
}"""

PIPFILE = """[[source]]
url = "https://packages.example/simple"
[packages]
flask = "==2.0.1"
requests = "*"
jinja2 = {version = "==3.0", extras = ["i18n"]}
own = {path = "."}
[dev-packages]
pytest = ">=7"
[requires]
python_version = "3.11"
"""


def test_every_category_is_read(locked: Read) -> None:
    found = locked({"Pipfile.lock": LOCK})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in found.packages] == [
        ("flask", "2.0.1", 4, "runtime", None),
        ("flask", "2.0.1", 14, "development", None),
        ("pytest", "7.0", 15, "development", None),
        ("sphinx", "5.0", 17, "development", None),
    ]
    assert [package.registry for package in found.packages] == ["https://packages.example/simple", None, None, None]
    assert found.imprecise == ("Pipfile.lock:11: from-git",)


def test_the_pipfile_tells_what_is_direct(locked: Read) -> None:
    found = locked({"a/Pipfile.lock": LOCK, "a/Pipfile": PIPFILE})
    assert [(p.name, p.direct) for p in found.packages[2:]] == [("pytest", True), ("sphinx", False)]


def test_a_pipfile_without_a_lock(locked: Read) -> None:
    found = locked({"Pipfile": PIPFILE})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in found.packages] == [
        ("flask", "2.0.1", 4, "runtime", True),
        ("jinja2", "3.0", 6, "runtime", True),
    ]
    assert found.imprecise == ("Pipfile:5: requests", "Pipfile:7: own", "Pipfile:9: pytest")


@pytest.mark.parametrize(
    ("lock", "why"),
    [
        ({}, "it has no _meta with a pipfile-spec"),
        ({"_meta": {"pipfile-spec": 7}}, "its pipfile-spec 7 is not known"),
        ({"_meta": {"pipfile-spec": 6}, "default": []}, "Expected `object`, got `array`"),
        ({"_meta": {"pipfile-spec": 6}, "default": {"a": {"version": 1}}}, "Expected `str"),
        ({"_meta": {"pipfile-spec": 6}, "default": {"a\nb": {"version": "==1"}}}, "not printable"),
    ],
)
def test_a_broken_lock_says_why(locked: Read, lock: object, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({"Pipfile.lock": json.dumps(lock)})
