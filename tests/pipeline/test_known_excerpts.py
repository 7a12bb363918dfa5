"""Excerpts that are kept: only lines of a content that git vouches for, and never in plain text."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from gate.core.cache import Cache
from gate.model import Tree
from gate.pipeline.excerpts import ExcerptLines, Lines
from gate.pipeline.jobs import World
from gate.pipeline.known_answers import AskedOfTarget, KnownAnswers
from gate.pipeline.known_excerpts import show_known
from gate.settings import Settings
from tests.conftest import GitRepository


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "answers"


@pytest.fixture
def target(make_repository: Callable[..., GitRepository]) -> Tree:
    repository = make_repository()
    repository.commit({"a.py": "plain words of the file\n", "b.py": "others\n"})
    return Tree(root=str(repository.root), name="t")


def asked(target: Tree, cache: Path, *parts: ExcerptLines) -> tuple[list[str], Sequence[Lines]]:
    """Show lines with what is kept in a cache folder; return the paths that had to be read, and the lines."""
    kept = KnownAnswers(World(settings=Settings(), now=datetime(2026, 11, 24, tzinfo=UTC), cache_folder=str(cache)))
    kept.found([AskedOfTarget(target=target, text=b"")])
    read: list[str] = []

    def show(wanted: tuple[ExcerptLines, ...]) -> list[Lines]:
        read.extend(one.path for one in wanted)
        return [{1: Path(target.root, one.path).read_text()} for one in wanted]

    return read, show_known(kept, Cache(cache), show)(parts)


def part(target: Tree, path: str, *lines: int) -> ExcerptLines:
    return ExcerptLines(target=target, commit=None, path=path, wanted=frozenset(lines), secret=frozenset())


def test_lines_are_read_once(target: Tree, cache: Path) -> None:
    a, b = part(target, "a.py", 1), part(target, "b.py", 1)
    assert asked(target, cache, a, b) == (["a.py", "b.py"], [{1: "plain words of the file\n"}, {1: "others\n"}])
    assert asked(target, cache, b, a) == ([], [{1: "others\n"}, {1: "plain words of the file\n"}])
    Path(target.root, "b.py").write_text("another\n")
    assert asked(target, cache, b, a) == (["b.py"], [{1: "another\n"}, {1: "plain words of the file\n"}])


def test_other_lines_and_other_secrets_are_others(target: Tree, cache: Path) -> None:
    asked(target, cache, part(target, "a.py", 1))
    assert asked(target, cache, part(target, "a.py", 1, 2))[0] == ["a.py"]
    secret = msgspec.structs.replace(part(target, "a.py", 1), secret=frozenset({1}))
    assert asked(target, cache, secret)[0] == ["a.py"]


def test_what_git_does_not_list_or_a_commit_holds_is_read_each_time(target: Tree, cache: Path) -> None:
    Path(target.root, ".git", "info", "exclude").write_text("c.py\n")
    Path(target.root, "c.py").write_text("3\n")
    of_commit = msgspec.structs.replace(part(target, "a.py", 1), commit="1" * 40)
    for _ in range(2):
        assert asked(target, cache, part(target, "c.py", 1), of_commit)[0] == ["c.py", "a.py"]


def test_nothing_of_a_file_is_kept_in_plain_text(target: Tree, cache: Path) -> None:
    asked(target, cache, part(target, "a.py", 1))
    stored = b"".join(place.read_bytes() for place in cache.rglob("*") if place.is_file())
    assert stored
    assert b"plain words" not in stored
