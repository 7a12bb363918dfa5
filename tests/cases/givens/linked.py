"""Links that the change commits where folders were: `{ci: other}`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, str]) -> Iterator[dict[str, str]]:
    """Make the links and commit them."""
    for place, target in value.items():
        path = scene.repository / place
        if path.is_dir():
            path.rmdir()
        path.symlink_to(target)
    scene.commit({}, "links")
    yield {}
