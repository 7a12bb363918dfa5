"""A named pipe in the repository: its path. Nobody reads it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: str) -> Iterator[dict[str, str]]:
    """Make the pipe."""
    os.mkfifo(scene.repository / value)
    yield {}
