"""ShellCheck as a program: where it is, which version, and what it prints about scripts, within bounds.

This is apart from what its remarks mean, so that the broker, which runs it for workers, loads no more than this.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from math import ceil
from pathlib import Path

import msgspec

from gate.core import broker
from gate.core.errors import GateError
from gate.core.programs import Bounds, answer_of

TIMEOUT_S = 30
"""Seconds for the process of a batch, by the clock and of processor time; a hundredth of it is usual."""
MAX_MEMORY = 1 << 30
"""Bytes of memory for one process; 64 MiB are usual, and some scripts of 2 KB take all that there is."""
MAX_OUTPUT = 64 << 20
"""Bytes that ShellCheck may say about one batch."""
MAX_VERSION = 4096
_OUT_OF_MEMORY = 251
"""The exit status of a Haskell program that gets no more memory."""
_VERSION = re.compile(r"^version: (\S{1,40})$", re.MULTILINE)


class Scripts(msgspec.Struct, frozen=True):
    """Scripts for one process, and how long it may take."""

    texts: tuple[str, ...]
    seconds: float


class Failed(Exception):  # noqa: N818  (said as a StageError)
    """The process gave no answer; the text says why."""


def find_shellcheck() -> str | None:
    """Return the program's path: in the folder of the running Python, or on the PATH; None if it is not installed."""
    if broker.is_connected():
        return broker.ask("shellcheck.find", None, str | None)  # type: ignore[arg-type]
    bundled = Path(sys.executable).parent / "shellcheck"
    found = str(bundled) if os.access(bundled, os.X_OK) else shutil.which("shellcheck")
    return found if found and os.path.isabs(found) else None


def version_of(program: str) -> str:
    """Return the version that the program states. Raises GateError if it does not."""
    try:
        text = said_of_version(program)
    except Failed as error:
        raise GateError(
            f"ShellCheck cannot be used: {error}", hint="Fix it, or set stages.dockerfile.shellcheck: off"
        ) from error
    found = _VERSION.search(text.decode("utf-8", "replace"))
    return found[1] if found else "unknown"


def said_of_version(program: str) -> bytes:
    """Return what the program prints about itself. Raises Failed."""
    return _asked("shellcheck.version", None) if broker.is_connected() else _run([program, "--version"], MAX_VERSION)


def _asked(call: str, argument: object) -> bytes:
    try:
        return broker.ask(call, argument, bytes)
    except GateError as error:
        raise Failed(error.message) from error


def remarks_on(texts: Sequence[str], program: str, seconds: float) -> bytes:
    """Return what one process prints about scripts, each a file named by its place in `texts`. Raises Failed."""
    if broker.is_connected():
        return _asked("shellcheck.remarks", Scripts(tuple(texts), seconds))
    with tempfile.TemporaryDirectory(prefix="gate-shellcheck-") as folder:
        names = [str(number) for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            Path(folder, name).write_text(text, encoding="utf-8", newline="")
        return _run([program, "--norc", "--format=json1", "--", *names], MAX_OUTPUT, folder, seconds)


def _run(command: list[str], most: int, folder: str | None = None, seconds: float = TIMEOUT_S) -> bytes:
    """Run the program without anything of our environment and return what it prints. Raises Failed."""
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "HOME": folder or os.sep}
    bounds = Bounds(seconds=seconds, processor_s=ceil(seconds), address_space=MAX_MEMORY, output=most)
    try:
        answer = answer_of("ShellCheck", command, bounds, environment, folder)
    except GateError as error:
        raise Failed(error.message) from error
    if answer.status == _OUT_OF_MEMORY:
        raise Failed(f"it took more than {MAX_MEMORY:,} bytes of memory")
    if answer.status not in (0, 1):
        raise Failed(f"it ended with status {answer.status}")
    return answer.output
