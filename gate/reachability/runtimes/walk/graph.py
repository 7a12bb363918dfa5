"""The graph from an entrypoint to files: steps, the evidence for each, and gaps in the analysis.

All paths are those of a `FileTree`: relative to the image's root, without `/` in front.
"""

import posixpath
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

import msgspec

from gate.reachability.runtimes.walk.files import Files

SYSTEM = "system"
"""In a Gap, the kind of the distribution's packages (dpkg, apk, rpm); for others it is their ecosystem."""
EVERYTHING = "everything"
"""In a Gap, the kind that stands for packages of all kinds."""
SCRIPTS = "scripts of package.json"
"""In a Gap, the kind of what the scripts of an application's manifest start: which of them is run is not known."""
NAMED = "names"
"""In a Because, how words of a text lead to what may be started; no launcher was followed there."""
UNKNOWN = "\0"
"""In a word, stands for a part that is known only at run time."""


class Because(msgspec.Struct, frozen=True):
    """Why a file is reached: another file that is reached, and how it leads here."""

    path: str
    """The file that leads here; empty for the image's configuration."""
    how: str
    """A verb that follows the path in a sentence: `needs`, `imports`, `runs`."""
    line: int | None = None


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is read or mapped. `path` may hold links; a step to a file that does not exist is ignored."""

    path: str
    because: Because
    is_certain: bool = True
    """False if it may or may not be opened: whether its package is in use is then unknown."""


class StartedProgram(msgspec.Struct, frozen=True, kw_only=True):
    """A program that is started, with its arguments, environment and folder. `program` may hold links."""

    program: str
    """Path of its file; without links once it is reached."""
    called: str = ""
    """The path by which it was started, links not resolved: Python recognises a virtual environment by it."""
    arguments: tuple[str, ...] = ()
    """The words after the program's name; one that contains `UNKNOWN` is not fully known."""
    folder: str = ""
    """Working folder."""
    environment: tuple[tuple[str, str], ...] = ()
    """Names and values that are known, sorted by name."""
    templates: tuple[tuple[str, str], ...] = ()
    """Paths of files that scripts made before, sorted, each with the file of the image of which it is made."""
    because: Because
    is_certain: bool = True

    @property
    def path(self) -> str:
        """The file that this step opens."""
        return self.program

    @property
    def name(self) -> str:
        """The name by which it was started, which selects what programs such as busybox do."""
        return posixpath.basename(self.called or self.program)

    def variable(self, name: str) -> str | None:
        """Return the value of an environment variable; None if it is not set."""
        return dict(self.environment).get(name)

    def words_of(self, scripts: Collection[str]) -> tuple[str, ...] | None:
        """Return the words for a script of one of these names, started itself or by its interpreter; None: another."""
        if self.name in scripts or posixpath.basename(self.program) in scripts:
            return self.arguments
        for place, word in enumerate(self.arguments):
            if not word.startswith("-"):
                return self.arguments[place + 1 :] if posixpath.basename(word) in scripts else None
        return None


Reached = Opened | StartedProgram


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the analysis could not determine: packages of `kind` that are not reached may still be in use."""

    kind: str
    """An ecosystem (`PyPI`, `npm`, `Maven`, …), `SYSTEM`, `SCRIPTS` or `EVERYTHING`."""
    reason: str
    """What could not be determined, as a text for the report."""
    path: str = ""
    """The file in which it is."""
    line: int | None = None
    within: str | None = None
    """The folder of the package or application that loads something unknown. Then only packages may be in use that it
    declares, or that are named somewhere; with None, any package of the kind."""
    is_limit: bool = False
    """True if nothing is unknown about the files themselves: there is more than the analysis follows."""

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
    """The interface of a runtime's module: see `gate.reachability.runtimes`."""

    def takes(self, reached: Reached, files: Files) -> bool:
        """True if `reach` can analyse this step. It is called for every step, so it has to be cheap."""

    def reach(self, reached: Reached, files: Files) -> Iterator[Step]:
        """Yield what follows from a step. A GateError that it raises becomes a Gap.

        All that follows from an uncertain step becomes uncertain; `Exploration` sees to that, not the analyser.
        """
