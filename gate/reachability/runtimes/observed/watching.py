"""Watching processes: with strace if it is installed and allowed, else by polling /proc (proc(5))."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from gate.core.errors import GateError
from gate.reachability.runtimes.observed.strace import opened_files

INTERVAL = 0.05
"""Seconds between two polls of /proc."""
_CALLS = "trace=?open,openat,?openat2,execve,?execveat,chdir,fchdir,chroot"
_STRACE = ("strace", "-f", "-y", "-qq", "-s", "4096", "-e", _CALLS)
_PROC = Path("/proc")
_MAPPED = re.compile(r"^\S+ \S+ \S+ \S+ \S+\s+(/.*)$", re.MULTILINE)


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """The files that processes used."""

    how: str
    """`strace`, or `proc` if files that were open for a short time may be missing."""
    paths: frozenset[str]
    status: int = 0
    """Exit status of a command that was run."""


def has_strace() -> bool:
    """True if strace is installed."""
    return shutil.which("strace") is not None


def watch_command(words: Sequence[str], *, use_strace: bool = True) -> Watched:
    """Run a command to its end. Raises GateError if it cannot be started."""
    if not (use_strace and has_strace()):
        return _watch_child(words)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "strace"
        status = _finished(_start([*_STRACE, "-o", str(log), "--", *words]))
        return Watched(how="strace", paths=frozenset(_logged(log)), status=status)


def watch_process(pid: int, seconds: float | None, *, use_strace: bool = True) -> Watched:
    """Watch a process with all of its container, until it ends or `seconds` have passed.

    Raises GateError if this process may not look at it.
    """
    seen = set(_opened_by(pid)) | _opened_by_family(pid)
    root = _root(pid)
    end = None if seconds is None else time.monotonic() + seconds
    if use_strace and has_strace():
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "strace"
            if _attached(pid, log, end):
                return Watched(how="strace", paths=frozenset(without_root(seen | _logged(log, root), root)))
    return Watched(how="proc", paths=frozenset(_polled(pid, seen, end)))


def _watch_child(words: Sequence[str]) -> Watched:
    child = _start(words)
    seen: set[str] = set()
    with suppress(KeyboardInterrupt):
        while child.poll() is None:
            seen |= _opened_by_family(child.pid)
            time.sleep(INTERVAL)
    return Watched(how="proc", paths=frozenset(seen), status=child.wait())


def _polled(pid: int, seen: set[str], end: float | None) -> set[str]:
    root = _root(pid)
    with suppress(KeyboardInterrupt):
        while (_PROC / str(pid)).exists() and (end is None or time.monotonic() < end):
            seen |= _opened_by_family(pid)
            time.sleep(INTERVAL)
    return set(without_root(seen, root))


def _attached(pid: int, log: Path, end: float | None) -> bool:
    """Let strace watch until `end`; False if it is not allowed to trace the process."""
    attached = [word for each in _family(pid) for word in ("-p", str(each))]
    tracer = _start([*_STRACE, "-o", str(log), *attached], stderr=subprocess.DEVNULL)
    try:
        status = tracer.wait(None if end is None else max(0.0, end - time.monotonic()))
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        tracer.send_signal(signal.SIGINT)
        tracer.wait()
        return True
    return status == 0 or log.stat().st_size > 0


def _start(words: Sequence[str], stderr: int | None = None) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(list(words), stderr=stderr)
    except (OSError, ValueError) as error:
        raise GateError(f"cannot be started: {error}", path=words[0], hint="Check its name and the PATH") from error


def _finished(child: "subprocess.Popen[bytes]") -> int:
    """Wait for a child; an interrupt reaches it as well, and what was recorded until then counts."""
    with suppress(KeyboardInterrupt):
        return child.wait()
    return child.wait()


def _logged(log: Path, root: str = "/") -> set[str] | frozenset[str]:
    """Return the paths that strace logged of processes whose `/` is the folder `root`."""
    if not log.exists() or not log.stat().st_size:
        return frozenset()
    with log.open(encoding="utf-8", errors="replace") as lines:
        return frozenset(opened_files(lines, root=root))


def _family(pid: int) -> list[int]:
    """Return a process, its descendants, and all in its mount namespace if that is not our own."""
    own, theirs = _namespace("self"), _namespace(str(pid))
    family = {pid}
    for each in sorted(int(name) for name in os.listdir(_PROC) if name.isdigit()):
        is_neighbour = theirs is not None and theirs != own and _namespace(str(each)) == theirs
        if is_neighbour or _parent(each) in family:
            family.add(each)
    return sorted(family)


def _namespace(pid: str) -> str | None:
    with suppress(OSError):
        return os.readlink(_PROC / pid / "ns/mnt")
    return None


def _parent(pid: int) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int((_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    return None


def _opened_by(pid: int) -> Iterator[str]:
    """Yield what a process has mapped and open. Raises GateError if it is gone or may not be looked at."""
    place = _PROC / str(pid)
    try:
        yield os.readlink(place / "exe")
        yield from _MAPPED.findall((place / "maps").read_text(errors="replace"))
        for number in os.listdir(place / "fd"):
            with suppress(FileNotFoundError):  # closed in between
                yield os.readlink(place / "fd" / number)
    except OSError as error:
        raise GateError(f"cannot be looked at ({error.strerror})", path=f"process {pid}", hint="Run as root") from error


def _opened_by_family(pid: int) -> set[str]:
    seen: set[str] = set()
    for each in _family(pid):
        with suppress(GateError):  # a process may end at any moment; `how` states that polling misses files
            seen.update(_opened_by(each))
    return seen


def _root(pid: int) -> str:
    with suppress(OSError):
        return os.readlink(_PROC / str(pid) / "root")
    return "/"


def without_root(paths: set[str] | frozenset[str], root: str) -> Iterator[str]:
    """Yield paths as a process sees them whose root is this folder; those outside of it are left out."""
    prefix = root.rstrip("/") + "/"
    return (path[len(prefix) - 1 :] for path in paths if path.startswith(prefix))
