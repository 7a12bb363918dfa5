"""Zizmor as a program: where it is, which version, and what it prints about workflows and actions, within bounds.

This is apart from what its remarks mean, so that the broker, which runs it for workers, loads no more than this.
"""

import os
import re
import shutil
import sys
import tempfile
from math import ceil
from pathlib import Path
from typing import Literal

import msgspec

from gate.core import broker
from gate.core.errors import GateError
from gate.core.programs import Bounds, answer_of

TIMEOUT_S = 60
"""Seconds for the process of a batch, by the clock and of processor time; 500 workflows take one or two."""
MAX_MEMORY = 4 << 30
"""Bytes of address space for one process: its threads reserve more than they use."""
MAX_OUTPUT = 256 << 20
"""Bytes that zizmor may say about one batch; 20 KB a workflow are usual."""
MAX_VERSION = 4096
_VERSION = re.compile(r"^zizmor (\S{1,40})$", re.MULTILINE)
_THREADS = "2"
_FLAGS = ("--offline", "--no-exit-codes", "--strict-collection", "--no-ignores", "--no-progress", "--quiet")
"""No network, a failure for what cannot be read, and what comments ignore is listed too, marked as ignored."""

Kind = Literal["workflow", "action", "dependabot"]
PLACES: dict[Kind, str] = {
    "workflow": ".github/workflows/workflow.yml",
    "action": "action.yml",
    "dependabot": ".github/dependabot.yml",
}
"""Where a file of a kind lies in its folder: zizmor knows the kind by the path."""


class AuditInput(msgspec.Struct, frozen=True):
    """A file for zizmor."""

    kind: Kind
    text: str


class AuditInputs(msgspec.Struct, frozen=True):
    """Files for one process, and the text of its configuration, if there is one."""

    files: tuple[AuditInput, ...]
    configuration: str = ""


class ZizmorFailed(Exception):  # noqa: N818  (said as a StageError)
    """The process gave no answer; the text says why."""


def find_zizmor() -> str | None:
    """Return the program's path: in the folder of the running Python, or on the PATH; None if it is not installed."""
    if broker.is_connected():
        return broker.ask("zizmor.find", None, str | None)  # type: ignore[arg-type]
    bundled = Path(sys.executable).parent / "zizmor"
    found = str(bundled) if os.access(bundled, os.X_OK) else shutil.which("zizmor")
    return found if found and os.path.isabs(found) else None


def version_of(program: str) -> str:
    """Return the version that the program states. Raises ZizmorFailed."""
    found = _VERSION.search(said_of_version(program).decode("utf-8", "replace"))
    return found[1] if found else "unknown"


def said_of_version(program: str) -> bytes:
    """Return what the program prints about itself. Raises ZizmorFailed."""
    return _asked("zizmor.version", None) if broker.is_connected() else _run([program, "--version"], MAX_VERSION)


def _asked(call: str, argument: object) -> bytes:
    try:
        return broker.ask(call, argument, bytes)
    except GateError as error:
        raise ZizmorFailed(error.message) from error


def remarks_on(definitions: AuditInputs, program: str) -> bytes:
    """Return what one process prints about files, each in a folder named by its place in `definitions.files`.

    Raises ZizmorFailed, also if one of the files cannot be read.
    """
    if broker.is_connected():
        return _asked("zizmor.remarks", definitions)
    with tempfile.TemporaryDirectory(prefix="gate-zizmor-") as folder:
        names = [_write(folder, number, one) for number, one in enumerate(definitions.files)]
        configuration = ["--no-config"]
        if definitions.configuration:
            Path(folder, "zizmor.yml").write_text(definitions.configuration, encoding="utf-8", newline="")
            configuration = ["--config", "zizmor.yml"]
        command = [program, *_FLAGS, *configuration, "--format=json-v1", "--", *names]
        return _run(command, MAX_OUTPUT, folder)


def _write(folder: str, number: int, definition: AuditInput) -> str:
    name = f"{number}/{PLACES[definition.kind]}"
    path = Path(folder, name)
    path.parent.mkdir(parents=True)
    path.write_text(definition.text, encoding="utf-8", newline="")
    return name


def number_of(name: str) -> int:
    """Return the place of a file in its batch, by the path that zizmor states."""
    return int(name.removeprefix("./").split("/", 1)[0])


def _run(command: list[str], most: int, folder: str | None = None) -> bytes:
    """Run the program without anything of our environment and return what it prints. Raises ZizmorFailed."""
    environment = {
        "LC_ALL": "C.UTF-8",
        "PATH": os.defpath,
        "HOME": folder or os.sep,
        "RAYON_NUM_THREADS": _THREADS,
        "TOKIO_WORKER_THREADS": _THREADS,
        "NO_COLOR": "1",
    }
    bounds = Bounds(seconds=TIMEOUT_S, processor_s=ceil(TIMEOUT_S), address_space=MAX_MEMORY, output=most)
    try:
        answer = answer_of("zizmor", command, bounds, environment, folder)
    except GateError as error:
        raise ZizmorFailed(error.message) from error
    if answer.status != 0:
        raise ZizmorFailed(_reason(answer.reason) or f"it ended with status {answer.status}")
    return answer.output


def _reason(printed: bytes) -> str:
    """Return the causes of what zizmor prints when it fails, in one line."""
    text = printed.decode("utf-8", "replace").split("Stack backtrace:")[0]
    causes = text.split("Caused by:")[-1].splitlines()
    return "; ".join(line.strip().lstrip("0123456789:").strip() for line in causes if line.strip())[:600]
