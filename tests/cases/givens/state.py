"""The folder with the key of the cache: `{mode: "644"}`, `{folder: "777"}`, `{bytes: 5}`, `{link: true}`, `{in: …}`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[None]:
    """Make a key, and do to it what `value` says."""
    home = Path(scene.filled(value.get("in", str(scene.outside / "state"))))
    scene.environment["XDG_STATE_HOME"] = str(home)
    folder = home / "gate"
    folder.mkdir(parents=True, mode=0o700)
    key = folder / "cache-key"
    key.write_bytes(b"k" * value.get("bytes", 32))
    key.chmod(int(value.get("mode", "600"), 8))
    folder.chmod(int(value.get("folder", "700"), 8))
    if "owner" in value:
        os.chown(key, value["owner"], -1)
    if value.get("link"):
        key.rename(folder / "elsewhere")
        key.symlink_to(folder / "elsewhere")
    if value.get("commit"):
        scene.commit({})
    yield
