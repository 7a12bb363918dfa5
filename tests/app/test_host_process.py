"""A program that calls `gate.run()` goes on as it was: interpreter, signals, environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEN = """
import gc, json, os, signal, sys

def state():
    return {{
        "collections": gc.get_threshold(),
        "frozen": gc.get_freeze_count(),
        "switch interval": sys.getswitchinterval(),
        "recursion": sys.getrecursionlimit(),
        "path": list(sys.path),
        "modules that are none": [name for name, module in sys.modules.items() if module is None],
        "signals": [str(signal.getsignal(getattr(signal, name))) for name in ("SIGINT", "SIGTERM", "SIGALRM")],
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "streams": [id(sys.stdin), id(sys.stdout), id(sys.stderr)],
        "logs": "logging" in sys.modules and bool(sys.modules["logging"].getLogger("gate").handlers),
    }}

before = state()
{call}
print(json.dumps([before, state()]), file=sys.__stderr__)
"""
CALLS = {
    "the library": "import gate; gate.run(sys.argv[1], settings={'offline': True, 'cache': False})",
    "a command": "from gate.cli import main; main(['run', sys.argv[1], '--offline', '--no-cache', '--quiet'])",
}


@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_changed(call: str, tmp_path: Path, own_cache: Path) -> None:
    folder = tmp_path / "judged"
    folder.mkdir()
    for number in range(100):  # so many that they are spread over workers
        (folder / f"{number}.Dockerfile").write_text("FROM scratch\n")
    environment = {**os.environ, "GIT_INDEX_FILE": str(tmp_path / "index"), "GIT_DIR": str(tmp_path / "none")}
    command = [sys.executable, "-c", SEEN.format(call=CALLS[call]), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    before, after = json.loads(done.stderr.splitlines()[-1])
    assert {key: value for key, value in after.items() if value != before[key]} == {}
