"""Files that were committed on main after the change had started from it; null removes one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Commit them there, and go back to the change."""
    scene.git("checkout", "-q", "main")
    scene.commit(value, "meanwhile")
    scene.git("checkout", "-q", "change")
    yield {}
