"""Commands that are interrupted while they work."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path


def start(*words: str, home: Path) -> "subprocess.Popen[str]":
    """Start the command with a home of its own for what it keeps, and with Python's own handling of SIGINT."""
    return subprocess.Popen(
        [sys.executable, "-m", "gate", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home.parent,
        env={**os.environ, "XDG_CACHE_HOME": str(home)},
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # the tests may run under `nohup`
    )


def check_ends_in_words(process: "subprocess.Popen[str]", sent: signal.Signals) -> None:
    """Interrupt a command, and check that it ends by its status and a word."""
    process.send_signal(sent)
    try:
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert said.rstrip().endswith("gate: interrupted")
    assert "Traceback" not in said
