"""What the broker's answers follow from."""

from collections.abc import Callable
from datetime import UTC, datetime

from gate.model import Tree
from gate.pipeline.broker_answers import CHECKED_AGAIN, SAME_AGAIN, TELLS_CONTENTS
from gate.pipeline.broker_calls import CALLS
from gate.pipeline.jobs import World
from gate.settings import Settings
from tests.conftest import GitRepository

WORLD = World(settings=Settings(), now=datetime(2026, 11, 24, tzinfo=UTC), cache_folder="")
NEVER_KEPT = {
    *(
        "advisories",
        "advisories.index",
        "advisories.scores",
        "daemon.inspect",
        "daemon.save",
        "tools.folder",
        "tools.run",
    ),
    *("registry.blob", "registry.digest", "registry.manifest", "registry.read"),
}


def test_each_call_is_of_one_kind() -> None:
    """A call that is added later is one that keeps results from being kept, until somebody decides."""
    plain = {call for call in SAME_AGAIN | CHECKED_AGAIN.keys() if not call.startswith("git:")}
    assert plain | NEVER_KEPT == CALLS.keys()
    assert not plain & NEVER_KEPT
    assert not SAME_AGAIN & CHECKED_AGAIN.keys()
    assert TELLS_CONTENTS < SAME_AGAIN


def test_names_of_commits_follow_from_refs(make_repository: Callable[..., GitRepository]) -> None:
    repository = make_repository()
    repository.commit({"a": "1"})
    target = Tree(root=str(repository.root), name="t")
    first = CHECKED_AGAIN["git:names"](target, WORLD)
    assert CHECKED_AGAIN["git:names"](target, WORLD) == first
    repository.commit({"a": "2"})
    second = CHECKED_AGAIN["git:names"](target, WORLD)
    repository.git("switch", "-qc", "other")
    third = CHECKED_AGAIN["git:names"](target, WORLD)
    repository.git("pack-refs", "--all")
    assert len({first, second, third, CHECKED_AGAIN["git:names"](target, WORLD)}) == 4


def test_remotes_and_what_is_not_there(
    make_repository: Callable[..., GitRepository], make_tree: Callable[..., Tree]
) -> None:
    repository = make_repository()
    target = Tree(root=str(repository.root), name="t")
    before = CHECKED_AGAIN["git.remotes"](target, WORLD)
    repository.git("remote", "add", "origin", "https://git.example/shop")
    assert CHECKED_AGAIN["git.remotes"](target, WORLD) != before
    plain = make_tree({"a": "1"})
    assert CHECKED_AGAIN["git.remotes"](plain, WORLD) == ""
    assert CHECKED_AGAIN["git:names"](plain, WORLD) == ""
