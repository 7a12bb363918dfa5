"""Clones by real git from a real git server on loopback (git-http-backend), and what goes wrong with them."""

import base64
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gate.core import web
from gate.core.errors import GateError, LimitError, UnavailableError
from gate.core.programs import Bounds
from gate.fleet import clones
from gate.fleet.clones import clone
from gate.fleet.host_login import variable_of
from gate.fleet.kept_clones import KeptClones
from gate.fleet.repository_address import repository_address
from tests.fleet.serving import Asked, Serving, git_backend, serving

BOUNDS = Bounds(seconds=30, output=1 << 30)
SETTINGS = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
LOGIN = "zulu"  # no hexadecimal digits, which a commit's id could hold
WANTED = f"Basic {base64.b64encode(f'x-access-token:{LOGIN}'.encode()).decode()}"


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *SETTINGS, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """Yield a server of `shop/api` (two commits), `shop/empty`, and of what a path's name says it does."""
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "served"
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "--quiet", "--initial-branch=main")
    (work / ".gitattributes").write_text("*.txt filter=evil\n")
    (work / "a.txt").write_text("text\n")
    for number in range(2):
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--allow-empty", "--message", str(number))
    git(tmp_path, "clone", "--quiet", "--bare", str(work), str(root / "shop/api.git"))
    (root / "shop/private.git").symlink_to("api.git")
    git(tmp_path, "init", "--quiet", "--bare", str(root / "shop/empty.git"))

    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if asked.path.startswith("/shop/renamed"):
            return 301, {"Location": "/shop/api.git/info/refs?service=git-upload-pack"}, b""
        if asked.path.startswith("/shop/private") and asked.headers.get("Authorization") != WANTED:
            return 401, {}, b""
        if asked.path.startswith("/shop/busy"):
            return 429, {"Retry-After": "3600"}, b""
        if asked.path.startswith("/shop/page"):
            return 200, {}, b"<html>"
        return git_backend(root, asked)

    with serving(answer) as server:
        yield server


@pytest.fixture
def kept(tmp_path: Path) -> KeptClones:
    return KeptClones(tmp_path / "kept", 1 << 30)


@pytest.fixture
def nightly(server: Serving, tmp_path: Path, kept: KeptClones) -> Callable[[str], tuple[Path, int]]:
    """Return a function that clones `shop/api` with what is kept, and returns folder and requests for objects."""

    def call(night: str) -> tuple[Path, int]:
        address = repository_address(f"http://{server.host}/shop/api")
        assert address is not None
        before = len(server.asked)
        clone(address, tmp_path / night / "api", BOUNDS, kept)
        return tmp_path / night / "api", sum(one.method == "POST" for one in server.asked[before:])

    return call


def push(tmp_path: Path, name: str, branch: str = "main") -> None:
    """Add a commit with one more file to the repository that is served."""
    work = tmp_path / "work"
    git(work, "checkout", "--quiet", "-B", branch)
    (work / name).write_text(f"{name}\n")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", name)
    git(work, "push", "--quiet", "--force", str(tmp_path / "served/shop/api.git"), branch)
    git(tmp_path / "served/shop/api.git", "symbolic-ref", "HEAD", f"refs/heads/{branch}")


@pytest.fixture
def cloned(server: Serving, tmp_path: Path) -> Callable[[str], Path]:
    def call(name: str) -> Path:
        address = repository_address(f"http://{server.host}/shop/{name}")
        assert address is not None
        clone(address, tmp_path / "clones" / name, BOUNDS)
        return tmp_path / "clones" / name

    return call


def test_the_newest_commit_is_cloned_and_nothing_of_the_repository_or_the_user_starts(
    cloned: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text(
        f'[filter "evil"]\nsmudge = touch {tmp_path}/ran\nrequired = true\n[core]\nhooksPath = {tmp_path}/hooks\n'
    )
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks/post-checkout").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (tmp_path / "hooks/post-checkout").chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / ".gitconfig"))
    folder = cloned("api")
    assert (folder / "a.txt").read_text() == "text\n"
    assert git(folder, "rev-list", "--count", "HEAD") == "1"
    assert not (tmp_path / "ran").exists()
    assert not list((folder / ".git/hooks").glob("*")) if (folder / ".git/hooks").exists() else True


def test_a_login_reaches_its_host_and_no_file(
    cloned: Callable[[str], Path], server: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GateError, match="may not be read"):
        cloned("private")
    monkeypatch.setenv(variable_of(server.host), LOGIN)
    cloned("private")
    texts = [path.read_bytes() for path in (tmp_path / "clones").rglob("*") if path.is_file()]
    assert not [text for text in texts if LOGIN.encode() in text or WANTED.encode() in text]


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("empty", GateError, "is empty"),
        ("renamed", GateError, "has moved to"),
        ("nowhere", GateError, "is not there"),
        ("busy", UnavailableError, "status 429 and asks to come back in 3,600 s"),
        ("page", GateError, "no repository of git"),
    ],
)
def test_what_cannot_be_cloned_says_why(
    cloned: Callable[[str], Path], name: str, error: type[GateError], said: str
) -> None:
    with pytest.raises(error, match=said):
        cloned(name)


def test_a_tree_that_is_too_large_is_not_written(
    cloned: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clones, "MOST_FILES", 1)
    with pytest.raises(LimitError, match="more than 1 files"):
        cloned("api")
    assert not (tmp_path / "clones/api/a.txt").exists()


def test_the_second_night_fetches_what_is_new_and_nothing_if_nothing_is(
    nightly: Callable[[str], tuple[Path, int]], tmp_path: Path
) -> None:
    (tmp_path / "work/big.bin").write_bytes(os.urandom(100_000))
    push(tmp_path, "b.txt")
    first, fetched = nightly("first")
    assert (fetched > 0, (first / "b.txt").read_text()) == (True, "b.txt\n")
    _, fetched = nightly("second")
    assert fetched == 0
    push(tmp_path, "c.txt")
    third, fetched = nightly("third")
    assert fetched > 0
    assert {"a.txt", "b.txt", "c.txt"} <= {path.name for path in third.iterdir()}
    assert git(third, "rev-list", "--count", "HEAD") == "1"
    packs = sorted(one.stat().st_size for one in (third / ".git/objects/pack").glob("*.pack"))
    assert packs[0] < 10_000 < packs[1]
    assert git(third, "remote", "get-url", "origin").endswith("/shop/api.git")


@pytest.mark.parametrize("damage", ["pack", "HEAD", "branch", "packs"])
def test_what_is_kept_and_does_not_fit_is_made_again(
    nightly: Callable[[str], tuple[Path, int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    nightly("first")
    (entry,) = (path.parent for path in (tmp_path / "kept").glob("*/.git"))
    if damage == "pack":
        for one in (entry / ".git/objects/pack").glob("*.pack"):
            one.unlink()
    elif damage == "HEAD":
        (entry / ".git/HEAD").write_text("nothing\n")
    elif damage == "packs":
        monkeypatch.setattr(clones, "_MOST_PACKS", 0)
    push(tmp_path, "b.txt", "trunk" if damage == "branch" else "main")
    second, _ = nightly("second")
    assert (second / "b.txt").exists()
    assert git(second, "symbolic-ref", "--short", "HEAD") == ("trunk" if damage == "branch" else "main")


def test_a_login_that_is_gone_gets_nothing_of_what_was_kept_with_it(
    server: Serving, tmp_path: Path, kept: KeptClones, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = repository_address(f"http://{server.host}/shop/private")
    assert address is not None
    monkeypatch.setenv(variable_of(server.host), LOGIN)
    clone(address, tmp_path / "first/private", BOUNDS, kept)
    assert not [
        path for path in (tmp_path / "kept").rglob("*") if path.is_file() and LOGIN.encode() in path.read_bytes()
    ]
    monkeypatch.delenv(variable_of(server.host))
    with pytest.raises(GateError, match="may not be read"):
        clone(address, tmp_path / "second/private", BOUNDS, kept)


def test_a_server_that_is_gone_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "BACK_OFF_S", ())
    address = repository_address("http://127.0.0.1:9/shop/api")
    assert address is not None
    with pytest.raises(UnavailableError, match="cannot be fetched"):
        clone(address, tmp_path / "api", BOUNDS)
