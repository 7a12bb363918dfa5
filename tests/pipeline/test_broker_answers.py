"""What the broker's answers follow from."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from gate.advisories.remote import is_current
from gate.model import Tree
from gate.pipeline.broker_answers import CHECKED_AGAIN, SAME_AGAIN, TELLS_CONTENTS
from gate.pipeline.broker_calls import CALLS
from gate.pipeline.jobs import World
from gate.settings import Settings
from tests.conftest import GitRepository

WORLD = World(settings=Settings(), now=datetime(2026, 11, 24, tzinfo=UTC), cache_folder="")
NEVER_KEPT = {
    *("daemon.inspect", "daemon.save", "docker_host.state", "tools.folder", "tools.run"),
    *("registry.blob", "registry.digest", "registry.manifest", "registry.read"),
}


def of_source(source: str) -> World:
    """A run whose advisories come from there."""
    advisories = msgspec.structs.replace(Settings().advisories, source=source)
    return msgspec.structs.replace(WORLD, settings=Settings(advisories=advisories))


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
    first = CHECKED_AGAIN["git:names"](target.root, WORLD)
    assert CHECKED_AGAIN["git:names"](target.root, WORLD) == first
    repository.commit({"a": "2"})
    second = CHECKED_AGAIN["git:names"](target.root, WORLD)
    repository.git("switch", "-qc", "other")
    third = CHECKED_AGAIN["git:names"](target.root, WORLD)
    repository.git("pack-refs", "--all")
    assert len({first, second, third, CHECKED_AGAIN["git:names"](target.root, WORLD)}) == 4


def test_remotes_and_what_is_not_there(
    make_repository: Callable[..., GitRepository], make_tree: Callable[..., Tree]
) -> None:
    repository = make_repository()
    target = Tree(root=str(repository.root), name="t")
    before = CHECKED_AGAIN["git.remotes"](target.root, WORLD)
    repository.git("remote", "add", "origin", "https://git.example/shop")
    assert CHECKED_AGAIN["git.remotes"](target.root, WORLD) != before
    plain = make_tree({"a": "1"})
    assert CHECKED_AGAIN["git.remotes"](plain.root, WORLD) == ""
    assert CHECKED_AGAIN["git:names"](plain.root, WORLD) == ""


def test_advisories_follow_from_the_files_of_their_source(make_tree: Callable[..., Tree], tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "npm").mkdir(parents=True)
    (source / "npm/all.zip").write_bytes(b"1")
    target, world = make_tree({"a": "1"}), of_source(str(source))
    first = CHECKED_AGAIN["advisories"](target.root, world)
    assert CHECKED_AGAIN["advisories"](target.root, world) == first
    (source / "npm/all.zip").write_bytes(b"2")
    second = CHECKED_AGAIN["advisories"](target.root, world)
    (source / "epss.csv").write_bytes(b"")
    assert len({first, second, CHECKED_AGAIN["advisories"](target.root, world)}) == 3


def test_an_installed_package_of_advisories_is_asked_each_time(make_tree: Callable[..., Tree]) -> None:
    world = of_source("wheel:advisories")
    later = msgspec.structs.replace(world, now=world.now + timedelta(seconds=1))
    target = make_tree({"a": "1"})
    assert CHECKED_AGAIN["advisories"](target.root, world) != CHECKED_AGAIN["advisories"](target.root, later)


@pytest.mark.parametrize(
    ("offline", "age", "is_asked_again"),
    [(False, timedelta(minutes=59), False), (False, timedelta(hours=2), True), (True, timedelta(hours=2), False),
     (True, timedelta(days=30), True)],
    ids=["asked within the hour", "asked before", "offline", "offline and too old"],
)  # fmt: skip
def test_a_web_source_counts_while_a_run_would_not_ask_it(offline: bool, age: timedelta, is_asked_again: bool) -> None:
    settings = of_source("https://advisories.example").settings
    settings = msgspec.structs.replace(settings, offline=offline)
    assert is_current(WORLD.now - age, settings, WORLD.now) is not is_asked_again
