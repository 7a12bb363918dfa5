"""Targets from the command line and from lists: each once, spread over hosts, without logins."""

from pathlib import Path

import pytest

from gate.core.errors import UnreadableError, UsageError
from gate.fleet.targets import read_targets, share_of


def test_targets_come_from_the_command_line_and_lists_each_once(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("# images\nregistry:a\n\n  b  \nregistry:a\n")
    read = read_targets(["b", "c"], [str(tmp_path / "list")])
    assert (read.names, read.twice) == (("b", "registry:a", "c"), 2)
    assert share_of(["a", "b", "c"], "1/2") == ["a", "c"]


def test_a_repository_has_one_spelling_and_hosts_alternate() -> None:
    spellings = ["https://Git.example.com/shop/api.git", "https://git.example.com/shop/api/"]
    others = [f"https://git.example.com/shop/{name}" for name in "xy"]
    read = read_targets([*spellings, *others, "registry:registry.example.com/a:1", "folder"], [])
    assert (read.names[0], read.twice) == ("https://git.example.com/shop/api", 1)
    assert read.names[1:3] == ("registry:registry.example.com/a:1", "folder")


def test_a_folder_and_an_image_have_one_spelling_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code").mkdir()
    images = ["registry:alpine", "registry:docker.io/library/alpine:latest", "registry:alpine:3"]
    read = read_targets(["code", "./code/", *images], [])
    assert (set(read.names), read.twice) == ({"code", "registry:alpine", "registry:alpine:3"}, 2)


@pytest.mark.parametrize("content", [b"\xff\n", b"https://user:secret@example.com/x\n", b"a\0b\n", b"\n"])
def test_a_list_that_is_none_is_refused_without_quoting_a_login(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list").write_bytes(content)
    with pytest.raises((UsageError, UnreadableError)) as raised:
        read_targets([], [str(tmp_path / "list")])
    assert "secret" not in str(raised.value)
    with pytest.raises(UnreadableError):
        read_targets([], [str(tmp_path / "nowhere")])


@pytest.mark.parametrize(
    "target",
    [
        "http://git.example.com/shop/api",
        "ssh://git@git.example.com/shop/api",
        "git@git.example.com:shop/api",
        "file:///srv/api",
        "https://token@git.example.com/shop/api",
        "https://git.example.com/shop/../api",
        "https://git.example.com/--upload-pack=x",
        "https://git.example.com/a?b",
        "https://git.example.com",
    ],
)
def test_an_address_that_is_not_cloned(target: str) -> None:
    with pytest.raises(UsageError):
        read_targets([target], [])


@pytest.mark.parametrize("shard", ["", "0/2", "3/2", "1", "a/b", "1/2/3"])
def test_a_shard_that_is_none(shard: str) -> None:
    with pytest.raises(UsageError):
        share_of(["a"], shard)
