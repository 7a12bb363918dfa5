"""Trees as they are in images."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.inventory.installed.inventory import Installed, read_installed
from gate.model import Tree
from gate.trees import open_tree

OS_RELEASE = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'


@pytest.fixture
def installed(make_tree: Callable[..., Tree], tmp_path: Path) -> Callable[..., Installed]:
    """Return a function that reads what is installed in a tree of files and `links` (path to target).

    The tree is a Debian 12 unless `os_release` says something else (None: nothing at all).
    """

    def read(
        files: dict[str, str | bytes], links: dict[str, str] | None = None, os_release: str | None = OS_RELEASE
    ) -> Installed:
        tree = make_tree({**files, **({} if os_release is None else {"etc/os-release": os_release})})
        for path, target in (links or {}).items():
            place = tmp_path / "tree" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            os.symlink(target, place)
        return read_installed(open_tree(tree))

    return read


@pytest.fixture
def archive() -> Callable[[dict[str, str | bytes]], bytes]:
    """Return a function that makes a Java archive of files."""

    def make(files: dict[str, str | bytes]) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, text in files.items():
                opened.writestr(name, text)
        return content.getvalue()

    return make
