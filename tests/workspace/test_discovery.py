"""Which files are read, and what it costs to find them: `gate/workspace/discovery.py`."""

from collections.abc import Callable

import pytest

from gate.model import Tree
from gate.trees import open_tree
from gate.workspace.discovery import places_in
from gate.workspace.formats import places_of_formats
from gate.workspace.reading import read_workspace
from tests.conftest import GitRepository

PATHS = [f"src/module{number % 300}/part{number}/file{number}.ts" for number in range(50_000)]


@pytest.mark.parametrize(
    ("path", "format"),
    [
        (".vscode/tasks.json", "vscode"),
        ("apps/web/.vscode/tasks.json", "vscode"),
        ("x.vscode/tasks.json", None),
        (".cursor/rules/deep/a.mdc", "agent_texts"),
        ("git-hooks/pre-push", "git_hooks"),
        ("docs/git-hooks/pre-push", None),
        ("my.code-workspace", "vscode"),
        ("node_modules/a/package.json", None),
        (".vscode/other.json", ""),
        (".github/workflows/a.yml", None),
    ],
)
def test_a_path_is_of_a_format(path: str, format: str | None) -> None:
    assert [place.format for place in places_in([path])] == ([] if format is None else [format])


def test_each_place_is_found_by_its_own_format() -> None:
    for format, places in places_of_formats().items():
        for place in places:
            path = f"a{place[1:]}" if place.startswith("*") else place.removeprefix("/")
            path += "x.json" if place.endswith("/") else ""
            assert [found.format for found in places_in([path])] == [format], place


def test_of_fifty_thousand_sources_none_is_a_place() -> None:
    assert list(places_in(PATHS)) == []


def test_a_repository_of_its_own_in_a_known_place_is_said_and_is_no_error(
    make_repository: Callable[..., GitRepository],
) -> None:
    repository = make_repository()
    first = repository.commit({"README.md": "a shop\n"})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{first},.codex/skills/maps")
    repository.git("commit", "-qm", "skills")
    head = repository.git("rev-parse", "HEAD")
    found = read_workspace(open_tree(Tree(root=str(repository.root), name=".", revision=head)), lambda _: True)
    assert [error for one in found.read for error in one.errors] == []
    assert found.notes == [".codex/skills/maps: a repository of its own, or no file, so what it starts is not known"]
