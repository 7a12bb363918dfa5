"""A folder as an image: the same findings as the image of the same content, and nothing from outside of it."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gate.core.errors import LimitError, UnreadableError
from gate.images.image import FoundImage
from gate.images.layers.merged import LayeredTree
from gate.images.limits import Limits
from gate.images.scan import ImageOptions, scan_image
from gate.images.sources import open_image
from gate.model import Image
from gate.trees import EntryKind
from tests.images.conftest import OS_RELEASE, STATUS

FILES = {"etc/os-release": OS_RELEASE, "usr/bin/su": b"x", "var/lib/dpkg/status": STATUS}


@pytest.fixture
def root(make: Any, tmp_path: Path) -> Path:
    folder = Path(make.folder_of(tmp_path / "root", FILES))
    (folder / "usr/bin/su").chmod(0o4755)
    return folder


Opened = Callable[..., tuple[FoundImage, LayeredTree, dict[str, bytes]]]


@pytest.fixture
def opened(make: Any) -> Iterator[Opened]:
    """Return a function that opens a folder as an image: what was found, its tree, and the content of its files."""
    with ExitStack() as stack:

        def open_folder(root: Path, **limits: int) -> tuple[FoundImage, LayeredTree, dict[str, bytes]]:
            budget = make.budget(**limits)
            image = stack.enter_context(open_image(Image(source="rootfs", reference=str(root), name="root"), budget))
            tree = LayeredTree(image.layers, budget)
            files = [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]
            return image.found, tree, {path: tree.read(path) for path in files}

        yield open_folder


def test_it_has_the_findings_of_the_image_of_its_content(make: Any, root: Path, tmp_path: Path) -> None:
    entries = [make.file(name, content, mode=0o4755 if "su" in name else 0o644) for name, content in FILES.items()]
    archive = make.archive(tmp_path / "a.tar", make.docker_files([make.layer(*entries)], tags=()))
    of_folder, of_image = (
        scan_image(Image(source=source, reference=reference, name="x"), ImageOptions(Limits(1 << 30, 1000)))
        for source, reference in (("rootfs", str(root)), ("archive", archive))
    )
    assert of_folder.findings == of_image.findings
    assert of_folder.packages == of_image.packages
    assert of_folder.packages


def test_files_modes_and_links_are_those_on_disk(opened: Opened, root: Path) -> None:
    (root / "bin").symlink_to("usr/bin")
    os.link(root / "usr/bin/su", root / "usr/bin/sudo")
    long = root / ("d" * 200) / ("f" * 200)
    long.parent.mkdir()
    long.write_bytes(b"long")
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9")).write_bytes(b"latin")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(root / "sock"))
        _, tree, content = opened(root)
    assert content["usr/bin/su"] == content["usr/bin/sudo"] == b"x"
    assert content[f"{'d' * 200}/{'f' * 200}"] == b"long"
    assert content["caf\\xe9"] == b"latin"
    assert tree.read("bin/su") == b"x"
    assert tree.look_up("sock") is None
    entry = tree.look_up("usr/bin/su")
    assert entry is not None
    assert entry.mode == 0o4755


def test_no_link_leads_out_of_it(opened: Opened, root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("outside")
    (root / "up").symlink_to("../../../outside")
    (root / "absolute").symlink_to(str(tmp_path / "outside"))
    (root / "folder").symlink_to(str(tmp_path))
    _, tree, content = opened(root)
    assert content == FILES
    for link in ("up", "absolute", "folder/outside"):
        with pytest.raises(UnreadableError, match="no such file"):
            tree.read(link)


def test_the_same_content_is_the_same_image(opened: Opened, root: Path) -> None:
    first, _, _ = opened(root)
    os.utime(root / "usr/bin/su", (0, 0))
    assert opened(root)[0].id == first.id
    (root / "usr/bin/su").chmod(0o755)
    assert opened(root)[0].id != first.id


def test_the_limit_of_bytes_holds_before_they_are_read(opened: Opened, root: Path) -> None:
    with (root / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(LimitError, match="bytes after decompression"):
        opened(root, size=1 << 20)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_an_error(opened: Opened, root: Path) -> None:
    (root / "usr").chmod(0)
    try:
        with pytest.raises(UnreadableError, match=r"usr: cannot be read"):
            opened(root)
    finally:
        (root / "usr").chmod(0o755)


def test_a_folder_that_vanishes_is_an_error(opened: Opened, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be read"):
        opened(tmp_path / "none")


def test_what_is_mounted_in_it_is_said(opened: Opened, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = os.lstat

    def on_another_device(path: Any, **more: Any) -> os.stat_result:
        found = status(path, **more)
        is_there = os.fsencode(path).endswith(b"root/var")
        return os.stat_result((*found[:2], found.st_dev + 1, *found[3:])) if is_there else found

    monkeypatch.setattr(os, "lstat", on_another_device)
    found, _, content = opened(root)
    assert found.not_read == ("var: another file system is mounted there",)
    assert "var/lib/dpkg/status" not in content


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file capabilities")
def test_capabilities_of_files_are_read(root: Path, opened: Opened) -> None:
    attribute = bytes.fromhex("0100000200002000000000000000000000000000")  # cap_sys_admin=ep
    try:
        os.setxattr(root / "usr/bin/su", "security.capability", attribute)
    except OSError as error:
        pytest.skip(f"this file system or container allows none ({error.strerror})")
    _, tree, _ = opened(root)
    assert [(entry.path, value[:20]) for entry, value in tree.files_with_capabilities()] == [("usr/bin/su", attribute)]
