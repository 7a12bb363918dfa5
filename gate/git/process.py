"""Starting git, always here: a command of the table, with a configuration of our own only.

An `Order` can travel from a process that may not start programs to one that may. That one calls `start_here` with the
descriptors that came with the order; the first one sets with `start_by` how its orders travel.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from subprocess import Popen
from typing import Protocol

import msgspec

from gate.core.debug import debug
from gate.core.errors import GateError, UnreadableError
from gate.git.commands import COMMANDS
from gate.git.locate import RepositoryPlace, place_to_ask
from gate.git.view import view_of


class Order(msgspec.Struct, frozen=True):
    """A git command to start."""

    folder: str
    """A folder of the repository; a command that reads the working tree starts here."""
    command: str
    """A key of `gate.git.commands.COMMANDS`."""
    arguments: tuple[str, ...] = ()


class GitProcess(Protocol):
    """A running git process."""

    def wait(self) -> int:
        """Wait for its end and return its exit status."""

    def kill(self) -> None:
        """End it, if it is still running."""


Starter = Callable[[Order, int, int, int], GitProcess]
"""Starts git with these descriptors as standard input, output and error."""


def start_here(order: Order, stdin: int, stdout: int, stderr: int) -> GitProcess:
    """Start git as a child of this process.

    Raises GateError if git is not installed, UnreadableError if there is no repository or the command is not allowed.
    """
    command = COMMANDS.get(order.command)
    if command is None:
        raise UnreadableError("is nothing that is asked of git", path=order.command)
    place = place_to_ask(order.folder)
    if place is None:
        raise UnreadableError("is in no git repository", path=order.folder)
    words = [find_git(place), *command.line(order.arguments)]
    view = view_of(place)
    debug("git", "%s in %s", " ".join(command.line(order.arguments)), order.folder)
    try:
        return Popen(
            words,
            cwd=order.folder if command.in_tree else view.folder,
            env=view.environment(in_tree=command.in_tree),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )
    except OSError as error:
        raise UnreadableError(f"git cannot be started ({error.strerror})", path=order.folder) from error


_starter: Starter = start_here


def start_by(starter: Starter) -> None:
    """Let `starter` start git for this process from now on."""
    global _starter
    _starter = starter


def start(order: Order, stdin: int, stdout: int, stderr: int) -> GitProcess:
    """Start git by this process's starter; raises as `start_here`."""
    return _starter(order, stdin, stdout, stderr)


def find_git(place: RepositoryPlace | None = None) -> str:
    """Return the path of git: the first on PATH that is in no relative folder and not in the working tree of `place`.

    There a repository could put a program of its own. Raises GateError if there is none.
    """
    found = _first_git(os.environ.get("PATH", os.defpath), place.top if place else None)
    if found is None:
        raise GateError("git is not installed", hint="Install git and run again")
    return found


@cache
def _first_git(path: str, top: str | None) -> str | None:
    from shutil import which  # late: a folder in no repository needs no git

    folders = filter(os.path.isabs, path.split(os.pathsep))
    trusted = (one for one in folders if top is None or not Path(os.path.realpath(one)).is_relative_to(top))
    return which("git", path=os.pathsep.join(trusted))
