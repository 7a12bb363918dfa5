"""Commands of git in the repository, one a text, after everything is committed."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: list[str]) -> Iterator[dict[str, str]]:
    """Run the commands."""
    for words in value:
        scene.git(*shlex.split(scene.filled(words)))
    yield {}
