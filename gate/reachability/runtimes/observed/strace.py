"""A parser of strace's output (strace(1)): the files that were opened or executed, by all processes.

With `-y` strace prints the path of an opened file; otherwise a relative path is joined to its process's folder. What a
call is given is seen from the root of its process (chroot(2)); what `-y` prints, from that of strace.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_LINE = re.compile(r"(?:\[pid\s+(?P<pid>\d+)\]\s*|(?P<first>\d+)\s+)?(?:\d[\d:.]*\s+)?(?P<rest>.*)", re.DOTALL)
_CALL = re.compile(r"(?P<name>[a-z_0-9]+)\((?P<arguments>.*)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<arguments>.*)", re.DOTALL)
_UNFINISHED = "<unfinished ...>"
_RESULT = re.compile(r"\s=\s(?P<number>-?\d+|\?)(?:<(?P<path>/[^>]*)>)?[^=]{0,200}$", re.DOTALL)
_PATH = re.compile(r'(?:(?P<folder>AT_FDCWD|-?\d+)(?:<(?P<known>/[^>]*)>)?,\s*)?"(?P<path>(?:[^"\\]|\\.)*)"(?!\.\.\.)')
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f"}
_OPENING = frozenset(("open", "openat", "openat2", "execve", "execveat", "uselib"))
_MOVING = frozenset(("chdir", "fchdir", "chroot"))
_MAX_PROCESSES = 100_000


class _Place(NamedTuple):
    """Where a process is."""

    folder: str
    """Its working folder, as it sees it itself."""
    root: str
    """The folder that it sees as `/`, as strace sees it."""

    def seen(self, path: str) -> str:
        """Return a path as strace sees it that is absolute for the process."""
        return path if self.root == "/" else self.root + path

    def entered(self, root: str) -> "_Place":
        """Return where the process is after chroot(2): its folder stays, as far as it is below the new root."""
        root = posixpath.normpath(posixpath.join(self.folder, root))
        below = self.folder.removeprefix(root) if self.folder.startswith(f"{root}/") else "/"
        return _Place(below, self.seen(root).rstrip("/") or "/")


class _Run:
    """What is known about the processes while the lines are read."""

    def __init__(self, start: _Place) -> None:
        self._start = start
        self._places: dict[str, _Place] = {}
        self._unfinished: dict[str, str] = {}
        self._last = ""

    def meet(self, pid: str) -> None:
        """Note the process of a line; a new one is taken for a child of the process of the line before."""
        if pid not in self._places:
            self.move(pid, self.place(self._last))
        self._last = pid

    def place(self, pid: str) -> _Place:
        return self._places.get(pid, self._start)

    def move(self, pid: str, place: _Place) -> None:
        if pid in self._places or len(self._places) < _MAX_PROCESSES:
            self._places[pid] = place

    def complete_call(self, pid: str, text: str) -> str | None:
        """Return a complete call; None for the first half of an interrupted one, which is kept for the second half."""
        if text.rstrip().endswith(_UNFINISHED):
            if len(self._unfinished) < _MAX_PROCESSES:
                self._unfinished[pid] = text.rstrip().removesuffix(_UNFINISHED)
            return None
        resumed = _RESUMED.match(text)
        return self._unfinished.pop(pid, "") + resumed["arguments"] if resumed else text


def opened_files(lines: Iterable[str], folder: str = "/", root: str = "/") -> Iterator[str]:
    """Yield the absolute paths that calls opened or executed successfully, as strace sees them.

    `folder` is the working folder of the first process, as it sees it, and `root` the folder that it sees as `/`. A
    path that is relative to an unknown folder is left out.
    """
    run = _Run(_Place(folder, root))
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
    place = run.place(pid)
    if name in _MOVING:
        moved = _moved(name, arguments, place)
        if moved is not None:
            run.move(pid, moved)
    elif name in _OPENING:
        path = _unescaped(result["path"]) if result["path"] else _written(arguments, place)
        if path:
            yield path


def _moved(name: str, arguments: str, place: _Place) -> _Place | None:
    """Return where a process is after a call that changes its folder or root; None if that is not known."""
    if name == "fchdir":
        known = re.match(r"\d+<(/[^>]*)>", arguments)
        inside = _unescaped(known[1]) if known else ""
        if place.root != "/":
            inside = inside.removeprefix(place.root) if inside.startswith(f"{place.root}/") else ""
        return place._replace(folder=inside) if inside else None
    found = _PATH.match(arguments)
    if found is None:
        return None
    path = _unescaped(found["path"])
    if name == "chroot":
        return place.entered(path)
    return place._replace(folder=posixpath.normpath(posixpath.join(place.folder, path))) if path else None


def _written(arguments: str, place: _Place) -> str | None:
    """Return the path in a call's arguments, as seen from the folder that they name; None if that is not known."""
    found = _PATH.match(arguments)
    if found is None:
        return None
    path = _unescaped(found["path"])
    if not path.startswith("/") and found["folder"] not in (None, "AT_FDCWD") and not found["known"]:
        return None
    if not path:
        return None
    if found["known"] and not path.startswith("/"):  # of a folder, -y prints the path as strace sees it
        return posixpath.normpath(posixpath.join(_unescaped(found["known"]), path))
    return place.seen(posixpath.normpath(posixpath.join(place.folder, path)))


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
