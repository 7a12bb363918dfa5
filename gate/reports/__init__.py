"""Report formats: each is a module with `write(report, stream)`, a pure function of the Report."""

import gc
import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Protocol, TextIO, cast

from gate.core.errors import GateError, UsageError
from gate.core.safe_write import write_below, write_user_path
from gate.core.suggestions import did_you_mean
from gate.model import Report
from gate.plugins import REPORTS, find_plugin

FORMATS = {
    "json": "gate.reports.json",
    "junit": "gate.reports.junit",
    "html": "gate.reports.html",
    "markdown": "gate.reports.markdown",
    "csv": "gate.reports.csv",
    "gitlab-code-quality": "gate.reports.gitlab.code_quality",
    "gitlab-secret-detection": "gate.reports.gitlab.secret_detection",
    "gitlab-dependency-scanning": "gate.reports.gitlab.dependency_scanning",
    "gitlab-container-scanning": "gate.reports.gitlab.container_scanning",
    "gitlab-sast": "gate.reports.gitlab.sast",
    "github": "gate.reports.github",
    "openvex": "gate.reports.openvex",
    "badge": "gate.reports.badge",
    "sarif": "gate.reports.sarif",
    "audit": "gate.reports.audit",
    "cyclonedx": "gate.reports.cyclonedx",
    "cyclonedx-1.7": "gate.reports.cyclonedx_1_7",
    "spdx": "gate.reports.spdx",
    "spdx-3": "gate.reports.spdx_3",
}
"""The name of a format, and the module that writes it."""

STANDARD_OUTPUT = "-"
"""The path that means standard output."""


class Format(Protocol):
    """The interface of a report format's module."""

    def write(self, report: Report, stream: TextIO) -> None:
        """Write `report` to `stream`."""


def load_format(name: str) -> Format:
    """Import a format by its name, ours or a plugin's. Raises UsageError with the nearest name if there is none."""
    if name not in FORMATS:
        plugin = find_plugin(REPORTS, name)
        if plugin is not None:
            return cast(Format, plugin)
        hint = did_you_mean(name, FORMATS, f"The formats are {', '.join(FORMATS)}")
        raise UsageError(f"there is no report format {name!r}", hint=hint)
    return cast(Format, import_module(FORMATS[name]))


def check_reports(files: Mapping[str, str]) -> None:
    """Raise UsageError for an unknown format, or for two reports that would be written to one file.

    To be called before a run, which can take long, not after it.
    """
    names: dict[str, str] = {}
    for name, path in files.items():
        load_format(name)
        other = names.setdefault(path if path == STANDARD_OUTPUT else str(Path(path).resolve()), name)
        if other != name:
            raise UsageError(f"the reports {other} and {name} are to be written to one place: {path}")


def write_report(format: str, report: Report, path: str, below: str | None = None) -> None:
    """Write `report` to the file `path` (`-`: standard output), whole or not at all.

    A link inside a checkout is not followed. With `below` the file has to be below that folder, and no link on the way
    to it is followed. Raises UsageError for an unknown format, GateError for a file that cannot be written.
    """
    content = io.BytesIO()
    text = io.TextIOWrapper(content, "utf-8", "backslashreplace", newline="")
    module = load_format(format)
    with _without_garbage_collection():
        module.write(report, text)
    text.flush()
    _write(format, content.getvalue(), path, below)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Switch the cyclic garbage collector off: writing makes many objects without cycles, and is a sixth faster."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write_text(format: str, text: str, path: str) -> None:
    """Write the text of a report of this format as `write_report` does. Raises GateError."""
    _write(format, text.encode("utf-8", "backslashreplace"), path)


def _write(format: str, encoded: bytes, path: str, below: str | None = None) -> None:
    try:
        if path == STANDARD_OUTPUT:
            _to_standard_output(encoded)
        elif below is not None:
            write_below(below, os.path.relpath(path, below), encoded)
        else:
            write_user_path(path, encoded)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise GateError(
            f"the {format} report cannot be written ({reason})",
            path=path,
            hint="Give a file in a folder that exists and can be written to",
        ) from error


def _to_standard_output(encoded: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(encoded)
        sys.stdout.buffer.flush()
    except OSError:
        discard(sys.stdout)
        raise


def discard(stream: TextIO) -> None:
    """Discard what is still to be written to a stream that failed.

    Otherwise Python would try to write it again when it exits, and exit with status 120.
    """
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
