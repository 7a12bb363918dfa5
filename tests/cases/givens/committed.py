"""Files and folders of `outside` that main has too, `{osv: advisories}`; the change is put on top of that."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, str]) -> Iterator[dict[str, str]]:
    """Commit them on main under the names that `value` gives."""
    scene.git("checkout", "-q", "main")
    for name, place in value.items():
        source, target = scene.outside / name, scene.repository / place
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    scene.commit({}, "more")
    scene.git("checkout", "-q", "change")
    scene.git("rebase", "-q", "main")
    yield {}
