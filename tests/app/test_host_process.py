"""A program that calls `gate.run()` goes on as it was: interpreter, signals, environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEN = """
import gc, json, os, signal, sys, types

def stand_ins():
    # Modules that no loader made, also where another module alone still holds them
    modules = list(sys.modules.items())
    held = [pair for _, holder in modules for pair in list(getattr(holder, "__dict__", {{}}).items())]
    return [name for name, one in (*held, *modules) if is_stand_in(one)]

def is_stand_in(module):
    kind = type(module)
    return isinstance(module, types.ModuleType) and kind is not types.ModuleType and module.__spec__ is None

def state():
    return {{
        "collections": gc.get_threshold(),
        "frozen": gc.get_freeze_count(),
        "switch interval": sys.getswitchinterval(),
        "recursion": sys.getrecursionlimit(),
        "path": list(sys.path),
        "modules that are none": [name for name, module in sys.modules.items() if module is None],
        "stand-ins": stand_ins(),
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
    "its engine for secrets": "import gate.secrets.engine.scan",
    "the library": "import gate; gate.run(sys.argv[1], settings={'offline': True, 'cache': False})",
    "a command": "from gate.cli import main; main(['run', sys.argv[1], '--offline', '--no-cache', '--quiet'])",
}


@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_changed(call: str, tmp_path: Path, own_cache: Path) -> None:
    folder = tmp_path / "judged"
    folder.mkdir()
    for number in range(100):  # so many that they are spread over workers
        (folder / f"{number}.Dockerfile").write_text("FROM scratch\n")
        (folder / f"{number}.py").write_text("password = 'hunter2hunter2xY9'\n")  # for which detect-secrets is loaded
    environment = {**os.environ, "GIT_INDEX_FILE": str(tmp_path / "index"), "GIT_DIR": str(tmp_path / "none")}
    command = [sys.executable, "-c", SEEN.format(call=CALLS[call]), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    before, after = json.loads(done.stderr.splitlines()[-1])
    assert {key: value for key, value in after.items() if value != before[key]} == {}
