"""Runs a recipe under strace with live requests, and tells which files of the image were opened or executed."""

import http.client
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.in_use.mounts import kernel_folders
from benchmarks.in_use.recipe import Recipe
from gate.model import Tree
from gate.trees import open_tree, resolve

_CALL = re.compile(
    r'^(?:\d+ +)?(?:open|openat|execve)\((?:AT_FDCWD(?:<[^>]*>)?, |\d+<(?P<at>[^>]*)>, )?"(?P<path>[^"]*)"(?P<rest>.*)$'
)
_FAILED = re.compile(r"\) += -1 E")
_OPENED = re.compile(r"= \d+<(?P<real>[^>]*)>")
_RESUMED = re.compile(r"^(?:\d+ +)?<\.\.\. open(?:at)? resumed>.*= \d+<(?P<real>[^>]*)>")
"""The end of a call during which another process was heard; its begin has no answer yet."""


def trace(recipe: Recipe, root: Path, log: Path) -> None:
    """Run the recipe with its requests, and leave strace's account of it in `log`."""
    with kernel_folders(root):
        started = _start(recipe, root, log)
        end = time.monotonic() + recipe.seconds
        reload_at = end - recipe.seconds / 2 if recipe.hangup else end
        while time.monotonic() < end:
            for address in recipe.asks:
                _ask(address)
            for address, content in recipe.sends:
                _send(address, content)
            if time.monotonic() > reload_at:
                reload_at = end
                _hang_up(started.pid)
            time.sleep(1)
        _stop(started)


def opened_in(log: Path, recipe: Recipe, root: Path) -> frozenset[str]:
    """Return the files, without a leading `/`, that the recipe opened; folders are not among them."""
    lines = _behind_start(log.read_text("utf-8", "replace").splitlines(), [*recipe.entrypoint, *recipe.cmd][0])
    names = {found for line in lines for found in _files_in(line, root)}
    return frozenset(name for name in names if (root / name).is_file())


def _behind_start(lines: list[str], program: str) -> list[str]:
    """Leave out what chroot and env did before the image's own first program."""
    name = program.rpartition("/")[2]
    first = re.compile(rf'execve\("[^"]*/{re.escape(name)}", .*\) += 0$')
    return lines[next((place for place, line in enumerate(lines) if first.search(line)), len(lines)) :]


def _start(recipe: Recipe, root: Path, log: Path) -> "subprocess.Popen[bytes]":
    words = [*recipe.entrypoint, *recipe.cmd]
    program = ["chroot", str(root), "/usr/bin/env", "-i", f"--chdir={recipe.folder}"]
    program += [f"{name}={value}" for name, value in {"HOME": "/root", **recipe.env}.items()]
    strace = ["strace", "-f", "-y", "-qq", "-s", "4096", "-e", "trace=open,openat,execve", "-o", str(log)]
    return subprocess.Popen(
        [*strace, *program, *words],
        stdout=open(f"{log}.out", "wb"),
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _stop(started: "subprocess.Popen[bytes]") -> None:
    """Ask the whole session of the strace that was started to end, then end it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(started.pid, number)
        except ProcessLookupError:
            break
        time.sleep(2)
    started.wait()


def _ask(address: str | urllib.request.Request) -> None:
    try:
        with urllib.request.urlopen(address, timeout=3) as answer:
            answer.read()
    except (OSError, urllib.error.URLError, http.client.HTTPException):  # the last where it speaks no HTTP
        return


def _send(address: str, content: str) -> None:
    """Post `content`, or send it line by line where the address is no HTTP."""
    if address.startswith("http"):
        _ask(urllib.request.Request(address, content.encode(), {"Content-Type": _content_type(content)}))
        return
    at = urllib.parse.urlsplit(address)
    with suppress(OSError), socket.create_connection((at.hostname, at.port), timeout=3) as connection:
        for line in content.splitlines(keepends=True):
            connection.sendall(line.encode())
            connection.recv(4096)


def _content_type(content: str) -> str:
    """Return what `content` is by its beginning: JSON, the parts of an upload behind their boundary, or a form."""
    if content.startswith("{"):
        return "application/json"
    if content.startswith("--"):
        return f"multipart/form-data; boundary={content.split()[0].removeprefix('--')}"
    return "application/x-www-form-urlencoded"


def _hang_up(strace: int) -> None:
    """Tell the process that strace started, by now the image's first, to reload."""
    for number in Path(f"/proc/{strace}/task/{strace}/children").read_text().split():
        os.kill(int(number), signal.SIGHUP)


def _files_in(line: str, root: Path) -> Iterator[str]:
    """Yield the path as it was asked for, and the one that was opened in the end."""
    resumed = _RESUMED.match(line)
    if resumed is not None:
        yield resumed["real"].removeprefix(str(root)).strip("/")
    call = _CALL.match(line)
    if call is None or _FAILED.search(line):
        return
    opened = _OPENED.search(line)
    if opened is not None:
        yield opened["real"].removeprefix(str(root)).strip("/")
    path = call["path"]
    if path.startswith("/"):
        yield path.strip("/")
    if "execve(" in line:
        yield from _executed(path.strip("/"), root)


def _executed(path: str, root: Path) -> Iterator[str]:
    """Yield a program, and the interpreter that the kernel opens for a script without any call to be seen."""
    real = _real(path, root)
    if not (root / real).is_file():  # named from a working folder that strace does not tell
        return
    yield real
    with (root / real).open("rb") as file:
        head = file.read(256)
    if head.startswith(b"#!"):
        interpreter = head[2:].split()[0].decode().strip("/")
        yield interpreter
        yield _real(interpreter, root)


def _real(path: str, root: Path) -> str:
    """Follow links as a process inside of `root` does."""
    files = open_tree(Tree(root=str(root), name=root.name))
    entry = resolve(files, path)
    return entry.path if entry else path
