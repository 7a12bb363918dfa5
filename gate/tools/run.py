"""Running another program with limits: a list of arguments, no shell, a small environment, bounded time and output."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.core.programs import Bounds, limits_for, wait
from gate.settings import ToolSettings
from gate.tools.formats import success_of

MAX_OUTPUT = 64 << 20
"""Bytes of a report, and of standard output and error, at most."""
MOST_WORDS = 64 << 10
"""Bytes of standard error that are searched for an error."""
_MOST_SHOWN = 500
"""Bytes of standard error that the message of a failure quotes."""
_INHERITED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""Variables that every tool gets; the setting `environment` names others. So no token reaches a tool by accident."""


class ProgramEnd(msgspec.Struct, frozen=True, kw_only=True):
    """How a program ended."""

    report: bytes
    status: int = 0
    """Its exit status, one that its settings count as success."""
    words: bytes = b""
    """The end of its standard error, at most `MOST_WORDS` bytes. Not to be shown, because it can quote the source."""


class ToolCall(msgspec.Struct, frozen=True):
    """A request to run a tool of the settings on the target's folder, or on the files of a revision."""

    name: str
    revision: str | None
    timeout_s: float


def run_tool(name: str, tool: ToolSettings, folder: str, timeout_s: float) -> ProgramEnd:
    """Run the tool on `folder` and return its report and how it ended.

    Raises GateError if it cannot be started or ends with a status that is no success, LimitError if it takes too long
    or writes too much, UnreadableError if it writes no report.
    """
    with TemporaryDirectory(prefix="gate-tool-") as own:
        output, printed, words = (Path(own, file) for file in ("report", "standard-output", "standard-error"))
        places = {"{target}": folder, "{output}": str(output)}
        command = [_filled(word, places) for word in tool.command]
        with printed.open("ab") as stdout, words.open("wb") as stderr:
            # Opened for appending: a tool that opens /dev/stdout for its report and also prints would overwrite itself.
            bounds = Bounds(seconds=min(tool.timeout, timeout_s), memory=tool.memory, output=MAX_OUTPUT)
            process = _start(name, command, folder, _environment(tool, own), (stdout.fileno(), stderr.fileno()), bounds)
            status = wait(name, process, bounds, (output, printed, words), "Raise its `timeout`")
        if status not in (tool.success or success_of(tool.format)):
            raise GateError(
                f"{name} ended with status {status}: {_last(words)}", hint="Statuses that are none: `success`"
            )
        report = output if any("{output}" in word for word in tool.command) else printed
        return ProgramEnd(report=_read(name, report, _last(words)), status=status, words=_end_of(words, MOST_WORDS))


def _filled(word: str, places: dict[str, str]) -> str:
    for placeholder, value in places.items():
        word = word.replace(placeholder, value)
    return word


def _environment(tool: ToolSettings, home: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in (*_INHERITED, *tool.environment) if name in os.environ}
    return {"HOME": home, **kept}


def _start(
    name: str, command: list[str], folder: str, environment: dict[str, str], outputs: tuple[int, int], bounds: Bounds
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=outputs[0],
            stderr=outputs[1],
            start_new_session=True,
            preexec_fn=limits_for(bounds),
        )
    except OSError as error:
        raise GateError(f"{name} cannot be started ({error.strerror})", path=command[0], hint="Install it") from error


def _too_much(name: str) -> LimitError:
    return LimitError(f"{name} wrote more than {MAX_OUTPUT:,} bytes", hint="Let it look at less")


def _last(words: Path) -> str:
    """Return the last whole words of standard error on one line; half of a token would not be recognised and masked."""
    is_cut = words.stat().st_size > _MOST_SHOWN
    return " ".join(_end_of(words, _MOST_SHOWN).decode("utf-8", "backslashreplace").split()[is_cut:])


def _end_of(file: Path, most: int) -> bytes:
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - most))
        return opened.read(most)


def _read(name: str, report: Path, words: str) -> bytes:
    """Return the report; `words` are the last of standard error, for the message if there is no report."""
    try:
        with report.open("rb") as file:
            content = file.read(MAX_OUTPUT + 1)
    except OSError as error:
        raise UnreadableError(
            f"{name} left no report ({error.strerror})", hint=words or "Is {output} where it writes?"
        ) from error
    if len(content) > MAX_OUTPUT:
        raise _too_much(name)
    if not content.strip():
        raise UnreadableError(f"{name} wrote nothing", hint=words or "A report without findings is not empty")
    return content
