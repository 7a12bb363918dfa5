"""The shapes of the way from an entrypoint to files: steps, the evidence for each, and gaps.

All paths are those of a `FileTree`: relative to the image's root, no `/` in front.
"""

import posixpath
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from gate.reachability.runtimes.files import Files

SYSTEM = "system"
"""The kind of the distribution's packages (dpkg, apk, rpm) in a Gap; that of others is their ecosystem."""
EVERYTHING = "everything"
"""The kind of a Gap behind which any package may be."""


class Because(msgspec.Struct, frozen=True):
    """Why a file is reached: a file that is reached before, and what in it leads on."""

    path: str
    """The file that leads here; empty for the image's configuration."""
    how: str
    """A few words that go on the path: `needs`, `imports`, `runs`."""
    line: int | None = None


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is read or mapped. Links in `path` may be left in; what is not there is passed over."""

    path: str
    because: Because
    is_certain: bool = True
    """False if it may be opened, or may not: its package is then neither in use nor proven unused."""


class StartedProgram(msgspec.Struct, frozen=True, kw_only=True):
    """A program that is started, with what decides what it does. Links in `program` may be left in."""

    program: str
    """Path of its file; without links once it is reached."""
    called: str = ""
    """The path by which it was started, links left in: a virtual environment is known by it."""
    arguments: tuple[str, ...] = ()
    """Words behind the program's name; one that holds `UNKNOWN` is not known in full."""
    folder: str = ""
    """Working folder."""
    environment: tuple[tuple[str, str], ...] = ()
    """Names and values that are known, sorted by name."""
    because: Because
    is_certain: bool = True

    @property
    def path(self) -> str:
        """The file that this step opens."""
        return self.program

    @property
    def name(self) -> str:
        """The name by which it was started: a program may be many, as busybox is."""
        return posixpath.basename(self.called or self.program)

    def variable(self, name: str) -> str | None:
        """Return the value of an environment variable; None if it is not set."""
        return dict(self.environment).get(name)


UNKNOWN = "\0"
"""Stands in a word for the part that only a run would tell."""

Reached = Opened | StartedProgram


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """The analysis is not complete: packages of `kind` that are not reached may be in use all the same."""

    kind: str
    """An ecosystem (`PyPI`, `npm`, `Maven`, …), `SYSTEM` or `EVERYTHING`."""
    reason: str
    """What could not be determined, for the person who reads it."""
    path: str = ""
    """The file in which it is."""
    line: int | None = None
    within: str | None = None
    """The folder of the package, or application, that loads what is not known: only what it declares, or what is named
    somewhere, may be behind. None where anything may be."""

    @property
    def message(self) -> str:
        """The reason with its place."""
        line = f":{self.line}" if self.line else ""
        return f"{self.path}{line} {self.reason}" if self.path else self.reason


Step = Opened | StartedProgram | Gap


def opened(paths: Iterable[str], because: Because, *, is_certain: bool = True) -> Iterator[Opened]:
    """Yield a step for each of several files that are opened for one reason."""
    return (Opened(path=path, because=because, is_certain=is_certain) for path in paths)


class Analyser(Protocol):
    """What a module of this folder has: see `gate.reachability.runtimes`."""

    def takes(self, reached: Reached, files: Files) -> bool:
        """True if `reach` can say what follows. Cheap: it is asked for every step."""

    def reach(self, reached: Reached, files: Files) -> Iterator[Step]:
        """Yield what follows. What it raises as GateError becomes a Gap.

        A step whose `is_certain` is False makes all that follows from it uncertain; no analyser has to see to that.
        """
