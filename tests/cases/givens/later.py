"""What somebody does between two commands: the step `{edit: later}` does it; files to write, or to commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, changes: dict[str, Any]) -> Iterator[None]:
    """Keep what is to be done, files by their path or under `commit`, until the step asks for it."""

    def do() -> None:
        for name, content in changes.items():
            if name == "commit":
                scene.commit(content)
            else:
                scene.write(scene.place, {name: content})

    scene.later = do
    yield
