"""Packages that are kept from run to run: what nothing has changed for is not read again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.model import Tree
from gate.pipeline.isolation.sealing import possible
from gate.pipeline.packages import Asked, Bills, collect
from gate.pipeline.workers import Pool
from gate.settings import Settings
from tests.conftest import GitRepository

pytestmark = pytest.mark.skipif(not possible().programs, reason="packages are kept where workers are isolated")

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def project(make_repository: Callable[..., GitRepository], own_cache: Path) -> GitRepository:
    repository = make_repository("project")
    repository.commit({"requirements.txt": "flask==3.0.0\n", "a.py": "print(1)\n"})
    return repository


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Tree]:
    """The targets that workers read."""
    asked: list[Tree] = []
    plain = Pool.run

    def noting(self: Pool, function: Callable[..., Any], items: list[Any], *shared: Any) -> Any:
        asked.extend(items)
        return plain(self, function, items, *shared)

    monkeypatch.setattr(Pool, "run", noting)
    return asked


def listed(project: GitRepository, now: datetime = NOW, **choices: Any) -> Bills:
    target = Tree(root=str(project.root), name=".")
    return collect([target], Asked(settings=Settings(**choices), now=now))


def names(bills: Bills) -> list[str]:
    return [f"{one.name} {one.version}" for inventory in bills.inventories for one in inventory.packages]


def test_what_did_not_change_is_not_read_again(project: GitRepository, read: list[Tree]) -> None:
    first = listed(project)
    assert names(first) == ["flask 3.0.0"]
    read.clear()
    (project.root / "a.py").write_text("print(2)\n")  # no list of packages
    assert listed(project) == first
    assert read == []


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("requirements.txt", "flask==3.0.1\n", ["flask 3.0.1"]),
        ("b/requirements.txt", "jinja2==3.1.0\n", ["flask 3.0.0", "jinja2 3.1.0"]),
    ],
    ids=["changed", "new"],
)
def test_what_changed_is_read_again(project: GitRepository, path: str, content: str, expected: list[str]) -> None:
    listed(project)
    (project.root / path).parent.mkdir(exist_ok=True)
    (project.root / path).write_text(content)
    assert sorted(names(listed(project))) == expected


def test_an_error_is_said_each_time(project: GitRepository, read: list[Tree]) -> None:
    (project.root / "package-lock.json").write_text("{")
    errors = listed(project).errors
    read.clear()
    assert listed(project).errors == errors
    assert [error.path for error in errors] == ["package-lock.json"]
    assert len(read) == 1


def test_without_a_cache_nothing_is_kept(project: GitRepository, read: list[Tree]) -> None:
    listed(project, cache=False)
    listed(project, cache=False)
    assert len(read) == 2


def test_the_question_counts(project: GitRepository, read: list[Tree]) -> None:
    listed(project)
    target = Tree(root=str(project.root), name=".")
    in_use = collect([target], Asked(settings=Settings(), now=NOW + timedelta(minutes=1), in_use=True))
    assert in_use.uses.keys() == {"."}
    assert len(read) == 2
