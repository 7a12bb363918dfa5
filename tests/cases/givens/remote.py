"""A remote `origin` beside the repository, as a push finds it: `{branch: main, push: main}`.

The branch `branch` of it is at main's commit and was fetched. What HEAD is at is pushed to the branch `push` of it: the
environment tells it as the pre-commit framework does (`gate hook pushed`). `known` names branches that it has besides,
at HEAD; with `default` the clone knows its default branch.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Make the remote, and say in the environment what is pushed."""
    remote = scene.outside / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", value.get("branch", "main"), str(remote)], check=True)
    scene.git("remote", "add", "origin", str(remote))
    scene.git("push", "-q", "origin", f"main:refs/heads/{value.get('branch', 'main')}")
    for name in value.get("known", []):
        scene.git("push", "-q", "origin", f"HEAD:refs/heads/{name}")
    scene.git("fetch", "-q", "origin")
    if value.get("default", False):
        scene.git("remote", "set-head", "origin", "--auto")
    scene.environment |= {
        "PRE_COMMIT_REMOTE_NAME": "origin",
        "PRE_COMMIT_REMOTE_URL": str(remote),
        "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/change",
        "PRE_COMMIT_REMOTE_BRANCH": f"refs/heads/{value['push']}",
        "PRE_COMMIT_TO_REF": scene.git("rev-parse", "HEAD"),
    }
    yield {}
