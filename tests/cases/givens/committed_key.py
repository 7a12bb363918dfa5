"""A public key of the given `keys` that main has at the repository's root; the change starts from there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: str) -> Iterator[dict[str, str]]:
    """Commit the key `NAME.pub` on main, and put the change on top of it."""
    scene.git("checkout", "-q", "main")
    shutil.copy(scene.outside / f"{value}.pub", scene.repository)
    scene.commit({}, "the key")
    scene.git("checkout", "-q", "change")
    scene.git("rebase", "-q", "main")
    yield {}
