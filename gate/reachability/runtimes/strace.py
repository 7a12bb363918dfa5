"""A parser of strace's output (strace(1)): the files that were opened or executed, by all processes.

With `-y` strace prints the path of an opened file; otherwise a relative path is joined to its process's folder.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

_LINE = re.compile(r"(?:\[pid\s+(?P<pid>\d+)\]\s*|(?P<first>\d+)\s+)?(?:\d[\d:.]*\s+)?(?P<rest>.*)", re.DOTALL)
_CALL = re.compile(r"(?P<name>[a-z_0-9]+)\((?P<arguments>.*)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<arguments>.*)", re.DOTALL)
_UNFINISHED = "<unfinished ...>"
_RESULT = re.compile(r"\s=\s(?P<number>-?\d+|\?)(?:<(?P<path>/[^>]*)>)?[^=]{0,200}$", re.DOTALL)
_PATH = re.compile(r'(?:(?P<folder>AT_FDCWD|-?\d+)(?:<(?P<known>/[^>]*)>)?,\s*)?"(?P<path>(?:[^"\\]|\\.)*)"(?!\.\.\.)')
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f"}
_OPENING = frozenset(("open", "openat", "openat2", "execve", "execveat", "uselib"))
_MOVING = frozenset(("chdir", "fchdir"))
_MAX_PROCESSES = 100_000


class _Run:
    """What is known about the processes while the lines are read."""

    def __init__(self, folder: str) -> None:
        self._start = folder
        self._folders: dict[str, str] = {}
        self._unfinished: dict[str, str] = {}
        self._last = ""

    def meet(self, pid: str) -> None:
        """Note the process of a line; a new one is taken for a child of the process of the line before."""
        if pid not in self._folders:
            self.move(pid, self.folder(self._last))
        self._last = pid

    def folder(self, pid: str) -> str:
        return self._folders.get(pid, self._start)

    def move(self, pid: str, folder: str) -> None:
        if pid in self._folders or len(self._folders) < _MAX_PROCESSES:
            self._folders[pid] = folder

    def complete_call(self, pid: str, text: str) -> str | None:
        """Return a complete call; None for the first half of an interrupted one, which is kept for the second half."""
        if text.rstrip().endswith(_UNFINISHED):
            if len(self._unfinished) < _MAX_PROCESSES:
                self._unfinished[pid] = text.rstrip().removesuffix(_UNFINISHED)
            return None
        resumed = _RESUMED.match(text)
        return self._unfinished.pop(pid, "") + resumed["arguments"] if resumed else text


def opened_files(lines: Iterable[str], folder: str = "/") -> Iterator[str]:
    """Yield the absolute paths that calls opened or executed successfully.

    `folder` is the working folder of the first process. A path that is relative to an unknown folder is left out.
    """
    run = _Run(folder)
    for line in lines:
        row = _LINE.match(line.rstrip("\n"))
        pid = (row["pid"] or row["first"] or "") if row else ""
        run.meet(pid)
        text = run.complete_call(pid, row["rest"]) if row else None
        call = _CALL.match(text) if text else None
        if call is not None:
            yield from _files(call["name"], call["arguments"], pid, run)


def _files(name: str, arguments: str, pid: str, run: _Run) -> Iterator[str]:
    result = _RESULT.search(arguments)
    if result is None or not result["number"].isdigit():
        return
    if name == "fchdir":
        known = re.match(r"\d+<(/[^>]*)>", arguments)
        if known:
            run.move(pid, _unescaped(known[1]))
    elif name in _OPENING or name in _MOVING:
        path = _unescaped(result["path"]) if result["path"] else _written(arguments, run.folder(pid))
        if path and name == "chdir":
            run.move(pid, path)
        elif path:
            yield path


def _written(arguments: str, folder: str) -> str | None:
    """Return the path in a call's arguments, as seen from the folder that they name; None if that is not known."""
    found = _PATH.match(arguments)
    if found is None:
        return None
    path = _unescaped(found["path"])
    if not path.startswith("/") and found["folder"] not in (None, "AT_FDCWD") and not found["known"]:
        return None
    base = _unescaped(found["known"]) if found["known"] else folder
    return posixpath.normpath(posixpath.join(base, path)) if path else None


def _unescaped(text: str) -> str:
    raw = _ESCAPE.sub(_letter, text)
    return raw.encode("latin-1", "ignore").decode("utf-8", "replace") if "\\" in text else raw


def _letter(found: "re.Match[str]") -> str:
    escape = found[1]
    if escape[0] == "x" and len(escape) == 3:
        return chr(int(escape[1:], 16))
    if escape[0] in "01234567":
        return chr(int(escape, 8) & 0xFF)
    return _SIMPLE.get(escape, escape)
