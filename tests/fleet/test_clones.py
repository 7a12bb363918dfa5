"""Clones by real git from a real git server on loopback (git-http-backend), and what goes wrong with them."""

import base64
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
from gate.fleet.repository_address import repository_address
from tests.fleet.serving import Asked, Serving, git_backend, serving

BOUNDS = Bounds(seconds=30, output=1 << 30)
SETTINGS = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
WANTED = f"Basic {base64.b64encode(b'x-access-token:abc').decode()}"


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
    monkeypatch.setenv(variable_of(server.host), "abc")
    cloned("private")
    texts = [path.read_bytes() for path in (tmp_path / "clones").rglob("*") if path.is_file()]
    assert not [text for text in texts if b"abc" in text or WANTED.encode() in text]


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


def test_a_server_that_is_gone_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "BACK_OFF_S", ())
    address = repository_address("http://127.0.0.1:9/shop/api")
    assert address is not None
    with pytest.raises(UnavailableError, match="cannot be fetched"):
        clone(address, tmp_path / "api", BOUNDS)
