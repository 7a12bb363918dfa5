"""What every lockfile reader has in common: hostile sizes and names end in a clear error, an empty file in no crash."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.errors import GateError, LimitError
from gate.inventory.discovery import read_lockfile
from gate.model import Tree
from gate.trees import open_tree

Make = Callable[[dict[str, str | bytes]], Tree]

FILES = [
    "Cargo.lock",
    "Cargo.toml",
    "Gemfile",
    "Gemfile.lock",
    "Package.resolved",
    "Podfile.lock",
    "action.yml",
    "bun.lock",
    "composer.json",
    "composer.lock",
    "deno.lock",
    "mix.lock",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "pubspec.lock",
    "pubspec.yaml",
    "rebar.lock",
    ".terraform.lock.hcl",
    "yarn.lock",
]


def read(target: Tree, name: str) -> None:
    open_tree.cache_clear()
    read_lockfile(name, target)


@pytest.mark.parametrize("name", FILES)
def test_200_mb_are_refused_unread(make_tree: Make, name: str) -> None:
    target = make_tree({name: ""})
    os.truncate(Path(target.root) / name, 200 << 20)
    with pytest.raises(LimitError, match="has 209,715,200 bytes; at most") as caught:
        read(target, name)
    assert caught.value.path == name


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"\x00", b"\xef\xbb\xbf", b"[" * 50_000, b"{" * 50_000])
def test_what_is_no_lockfile_is_a_clear_error_or_locks_nothing(make_tree: Make, name: str, content: bytes) -> None:
    target = make_tree({name: content})
    try:
        read(target, name)
    except GateError as error:
        assert (error.path, "cannot be parsed" in error.message) == (name, True)  # noqa: PT017


HOSTILE = ["../../etc/passwd", "a\\nb", "a\\u202eb"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package-lock.json", '{"lockfileVersion": 3, "packages": {"node_modules/x": {"name": "%s", "version": "1"}}}'),
        ("bun.lock", '{"lockfileVersion": 1, "packages": {"x": ["%s@1", "", {}]}}'),
        ("deno.lock", '{"version": "5", "npm": {"%s@1": {}}}'),
        ("composer.lock", '{"packages": [{"name": "%s", "version": "1"}]}'),
        ("yarn.lock", '"%s@1":\n  version "1"\n'),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n  \"%s@1.0.0\": {}\n"),
        ("pubspec.lock", 'packages:\n  "%s": {version: "1", dependency: transitive, source: hosted}\n'),
        ("Cargo.lock", '[[package]]\nname = "%s"\nversion = "1"\nsource = "r"\n'),
    ],
)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_never_leads_to_a_file_nor_to_a_terminal(
    make_tree: Make, name: str, text: str, hostile: str
) -> None:
    target = make_tree({name: text % hostile})
    open_tree.cache_clear()
    if hostile.startswith(".."):
        assert [package.name for package in read_lockfile(name, target).packages] == [hostile]
        return
    with pytest.raises(GateError, match="the name of a package is empty, too long or not printable"):
        read(target, name)
