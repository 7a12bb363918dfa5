"""Parsers of other programs' recordings: JSON lines of Falco, Tracee and Inspektor Gadget; strace's text."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gate.core.errors import UnreadableError
from gate.reachability.runtimes.observed.strace import opened_files

MAX_LINE = 1 << 20
"""Characters of one line at most."""
_TRACEE_NAMES = ("pathname", "resolved_path", "path", "cmdpath", "syscall_pathname", "interpreter_pathname")
"""Fields of Tracee's events that hold a path."""


class Imported(msgspec.Struct, frozen=True):
    """The files in a recording, and the program that made it."""

    how: str
    paths: frozenset[str]


def read_recording(lines: Iterable[str], path: str) -> Imported:
    """Parse a recording, whose format is recognised by its first line. Raises UnreadableError for any other content."""
    rows = (line for line in lines if line.strip())
    first = next(rows, None)
    if first is None:
        raise UnreadableError("is empty", path=path)
    if not first.lstrip().startswith("{"):
        return _from_strace([first], rows, path)
    found = _from_json(first, rows, path)
    return Imported(found[0], frozenset(found[1]))


def _from_strace(first: list[str], rows: Iterator[str], path: str) -> Imported:
    def all_rows() -> Iterator[str]:
        yield from first
        yield from rows

    files = frozenset(opened_files(_bounded(all_rows(), path)))
    if not files:
        raise UnreadableError(
            "names no opened file", path=path, hint="Record with strace -f -y -e trace=%file,execve,chdir"
        )
    return Imported("strace", files)


def _chain(first: str, rows: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rows


def _bounded(rows: Iterator[str], path: str) -> Iterator[str]:
    for number, row in enumerate(rows, 1):
        if len(row) > MAX_LINE:
            raise UnreadableError(f"has more than {MAX_LINE:,} characters in line {number}", path=path)
        yield row


def _event(row: str, path: str, number: int) -> dict[str, Any]:
    try:
        event = msgspec.json.decode(row)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise UnreadableError(f"cannot be parsed: line {number} is no JSON ({error})", path=path) from error
    return event if isinstance(event, dict) else {}


def _falco(event: dict[str, Any]) -> Iterator[Any]:
    """Yield the files of Falco's output fields (Falco documentation, "Supported Fields"); those of the host aside."""
    fields = event["output_fields"]
    if isinstance(fields, dict) and fields.get("container.id") != "host" and fields.get("evt.failed") is not True:
        for name in ("fd.name", "fs.path.name", "proc.exepath", "evt.arg.path", "evt.arg.filename"):
            yield fields.get(name)


def _tracee(event: dict[str, Any]) -> Iterator[Any]:
    """Yield the files of Tracee's events, in the old form (`args`) and the new one (`data`)."""
    result = event.get("returnValue")
    fields = event.get("args") or event.get("data")
    if (isinstance(result, int) and result < 0) or not isinstance(fields, list):
        return
    for field in fields:
        if isinstance(field, dict) and field.get("name") in _TRACEE_NAMES:
            yield field.get("value") or field.get("str")


def _gadget(event: dict[str, Any]) -> Iterator[Any]:
    """Yield the files of Inspektor Gadget's trace_open and trace_exec, today's and its former names."""
    has_failed = event.get("error_raw") or event.get("err") or event.get("error")
    if not has_failed:
        for name in ("fname", "fullPath", "fpath", "path", "exepath", "file"):
            yield event.get(name)


_FORMS = {
    "falco": (frozenset({"output_fields"}), _falco),
    "tracee": (frozenset({"eventName", "workload"}), _tracee),
    "inspektor-gadget": (frozenset({"comm", "proc"}), _gadget),
}
"""By format: members that only its events have, and the function that reads an event."""


def _from_json(first: str, rows: Iterator[str], path: str) -> tuple[str, set[str]]:
    names: set[str] = set()
    files: set[str] = set()
    for number, row in enumerate(_bounded(_chain(first, rows), path), 1):
        event = _event(row, path, number)
        how = next((name for name, (marks, _) in _FORMS.items() if not marks.isdisjoint(event)), None)
        if how is None:
            continue
        names.add(how)
        files.update(file for file in _FORMS[how][1](event) if isinstance(file, str))
    if len(names) != 1:
        what = f"mixes {', '.join(sorted(names))}" if names else "holds no event of Falco, Tracee or Inspektor Gadget"
        raise UnreadableError(what, path=path, hint="Give one JSON object a line")
    return names.pop(), files
