"""A cache in which somebody else has put answers that clear: `poisoned: {key: another}`.

The answers are made as the gate makes them, by a gate that sees nothing in any file, so that nothing but their mark
tells them from true ones. `key: another` marks them by another machine's key, `key: own` by this one's (to show that
they are what would be believed). `then` names what is done to the files: a mode of the file or its folder, a link.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BLIND = """
import sys
import gate.secrets.sources.files as files
import gate.secrets.engine.native as native
import gate.advisories.ingest as ingest
examine = files.examine_content
files.examine_content = lambda content, path, options: examine(b"x = 1\\n", path, options)
native.load = lambda *_: None
ingest.canonical_name = lambda *_: "another"
from gate.cli import main
sys.exit(main(sys.argv[1:]))
"""


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[None]:
    """Run the blind gate on the repository, with the cache that the case will use."""
    environment = dict(scene.environment)
    if value.get("key", "another") == "another":
        environment["XDG_STATE_HOME"] = str(scene.outside / "another-machine")
    words = value.get("run", "run . --stage secrets").split()
    done = subprocess.run(
        [sys.executable, "-c", BLIND, *map(scene.filled, words)],
        cwd=scene.repository,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == value.get("exit", 0), done.stdout + done.stderr
    _change(Path(environment["XDG_CACHE_HOME"]) / "gate", value.get("then", {}))
    yield


def _change(cache: Path, then: dict[str, Any]) -> None:
    answers = cache / "answers-2.sqlite"
    if "mode" in then:
        answers.chmod(int(then["mode"], 8))
    if "folder" in then:
        cache.chmod(int(then["folder"], 8))
    if then.get("link"):
        elsewhere = cache.parent / "elsewhere.sqlite"
        answers.rename(elsewhere)
        answers.symlink_to(elsewhere)
    for name in then.get("cut", ()):
        for file in cache.glob(name):
            file.write_bytes(file.read_bytes()[:-1])
