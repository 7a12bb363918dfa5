"""Files of the repository that are staged, not committed: their paths."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: list[str]) -> Iterator[dict[str, str]]:
    """Stage the files."""
    scene.git("add", "-f", "--", *value)
    yield {}
