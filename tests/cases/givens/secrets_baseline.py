"""A detect-secrets baseline on the branch that is checked out: `{file, lists: {PATH: [TYPE, WORD]}, filters: […]}`.

`branch: main` commits it there instead; the other files of both branches stay as they are.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Commit the baseline; WORD is a secret's word, such as `token`."""
    branch = scene.git("branch", "--show-current")
    place = value.get("branch", branch)
    scene.git("checkout", "-q", place)
    scene.commit({value.get("file", ".secrets.baseline"): json.dumps(_document(scene, value))})
    scene.git("checkout", "-q", branch)
    if place != branch:
        scene.git("rebase", "-q", place)
    yield {}


def _document(scene: Any, value: dict[str, Any]) -> dict[str, Any]:
    results = {
        path: [{"type": kind, "hashed_secret": hashlib.sha1(scene.words[word].encode()).hexdigest(), "line_number": 1}]
        for path, (kind, word) in value.get("lists", {}).items()
    }
    said: dict[str, Any] = {"version": "1.5.0", "results": results}
    if "filters" in value:
        said["filters_used"] = value["filters"]
    if "plugins" in value:
        said["plugins_used"] = value["plugins"]
    return said
