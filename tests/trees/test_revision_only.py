"""A revision's tree of some paths alone."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.model import Tree
from gate.trees import open_tree

Make = Callable[..., Any]


@pytest.fixture
def repository(make_repository: Make) -> Any:
    made = make_repository()
    made.commit({"a.py": "a", "inner/b.py": "b", "inner/c.py": "c", ":odd *": "odd", "ümlaut\\x": "u"})
    return made


def paths(repository: Any, **parts: Any) -> list[str]:
    tree = open_tree(Tree(root=str(repository.root), name="t", revision=repository.git("rev-parse", "HEAD"), **parts))
    return [entry.path for entry in tree.walk()]


def test_only_the_named_paths_are_there_literally(repository: Any) -> None:
    assert paths(repository, only=("inner/b.py", ":odd *", "*.py", "gone")) == [":odd *", "inner/b.py"]
    assert paths(repository, only=("ümlaut\\x5cx",)) == ["ümlaut\\x5cx"]


def test_none_is_no_limit_and_nothing_is_nothing(repository: Any) -> None:
    assert len(paths(repository, only=None)) == 5
    assert paths(repository, only=()) == []


def test_many_paths_fit_on_the_command_line(repository: Any) -> None:
    many = tuple(f"{'x' * 200}/{number}" for number in range(1000))
    assert paths(repository, only=(*many, "a.py")) == ["a.py"]


def test_a_path_is_named_as_it_is_now(repository: Any) -> None:
    assert paths(repository, only=("new.py",), renames=(("a.py", "new.py"),)) == ["new.py"]
    assert paths(repository, only=("a.py",), renames=(("a.py", "new.py"),)) == []


def test_an_absent_folder_is_no_folder(repository: Any) -> None:
    assert paths(repository, only=("inner",)) == []
