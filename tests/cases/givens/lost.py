"""An object that is not in the repository's store, as in a shallow or partial clone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: str) -> Iterator[dict[str, str]]:
    """Remove the object that `value` names (`main:gate.yaml`)."""
    name = scene.git("rev-parse", value)
    (scene.repository / ".git/objects" / name[:2] / name[2:]).unlink()
    yield {}
