"""Files below a folder: no step on the way to them is a link, whatever happens to the names meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gate.trees.safe_open import Beneath


@contextmanager
def opened(beneath: Beneath, path: str) -> Iterator[bytes | None]:
    descriptor = beneath.open(path.encode())
    try:
        yield None if descriptor is None else os.read(descriptor, 100)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def content(beneath: Beneath, path: str) -> bytes | None:
    with opened(beneath, path) as found:
        return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with files in it, and a secret beside it."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/key").write_text("outside")
    root = tmp_path / "root"
    for path in ("a", "b/c/d", "b/e", "f/c/d"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    return root


def test_files_are_opened_in_any_order(root: Path) -> None:
    beneath = Beneath(os.fsencode(root))
    for path in ("b/c/d", "a", "f/c/d", "b/e", "b/c/d"):
        assert content(beneath, path) == path.encode()


@pytest.mark.parametrize(
    "path", ["gone", "b/gone/d", "a/d", "../outside/key", "b/../../outside/key", "b/c/d\0", "x/" * 65]
)
def test_what_is_not_there_or_leads_out_is_not_opened(root: Path, path: str) -> None:
    assert content(Beneath(os.fsencode(root)), path) is None


@pytest.mark.parametrize("link", ["key", "b/key", "folder"])
def test_links_are_not_followed(root: Path, link: str) -> None:
    path = link if "key" in link else "folder/key"
    target = root.parent / ("outside/key" if "key" in link else "outside")
    (root / link).symlink_to(target)
    assert content(Beneath(os.fsencode(root)), path) is None


def test_a_root_behind_a_link_is_the_user_s_own_choice(root: Path) -> None:
    (root.parent / "link").symlink_to(root)
    assert content(Beneath(os.fsencode(root.parent / "link")), "a") == b"a"


def test_a_folder_that_becomes_a_link_does_not_lead_out(root: Path) -> None:
    beneath = Beneath(os.fsencode(root))
    assert content(beneath, "b/e") == b"b/e"
    (root / "b").rename(root / "moved")
    (root / "b").symlink_to(root.parent / "outside")
    assert content(beneath, "b/key") is None, "the folder that is open is the one that was there"
    assert content(beneath, "a") == b"a"
    assert content(beneath, "b/key") is None, "and opened anew it is a link"


def test_a_pipe_does_not_make_it_wait(root: Path) -> None:
    os.mkfifo(root / "pipe")
    descriptor = Beneath(os.fsencode(root)).open(b"pipe")
    assert descriptor is not None
    os.close(descriptor)


def test_folders_are_closed_behind_it(root: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    beneath = Beneath(os.fsencode(root))
    for path in ("b/c/d", "f/c/d", "a"):
        content(beneath, path)
    assert len(os.listdir("/proc/self/fd")) == before + 1, "the root alone is open behind a file in it"
    del beneath
    assert len(os.listdir("/proc/self/fd")) == before
