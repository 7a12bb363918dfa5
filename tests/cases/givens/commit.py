"""A commit with words of its own: `{message, author, mail, tag, note, branch}`; `{commit}` stands for its id.

`tag` is the message of an annotated tag `v1`, `note` a note on the commit, `branch` a new one that it is made on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, str]) -> Iterator[dict[str, str]]:
    """Make the commit in the scene's repository."""
    said = {key: scene.filled(text) for key, text in value.items()}
    if "branch" in said:
        scene.git("checkout", "-q", "-b", said["branch"])
    identity = f"{said.get('author', 'Ada')} <{said.get('mail', 'ada@example.com')}>"
    scene.write(scene.repository, {"more.txt": "more\n"})
    scene.git("add", "-A")
    scene.git("commit", "-q", "--author", identity, "-m", said.get("message", "more"))
    if "tag" in said:
        scene.git("tag", "-a", "v1", "-m", said["tag"])
    if "note" in said:
        scene.git("notes", "add", "-m", said["note"])
    yield {"commit": scene.git("rev-parse", "HEAD")}
