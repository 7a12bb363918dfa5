"""The paths that a shell's patterns stand for, and what the files of an image tell about a path at run time.

A file of the image is taken to stay as it is, unless a script that is followed names it in a command that writes. A
file that is not there may come into being while the container runs, so it is certainly absent only in folders that hold
programs, where nothing is installed at run time.
"""

import fnmatch
import posixpath
import re

import msgspec

from gate.reachability.runtimes.shell.values import MANY, OPEN, Truth, is_known, likely, truth
from gate.reachability.runtimes.walk.commands import program_at
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, StartedProgram

MAX_WORDS = 100
"""Files that one pattern stands for."""
_WILD = re.compile(r"[*?\[]")
OF_KERNEL = ("dev/", "proc/", "sys/")
CHANGING = ("data/", "home/", "media/", "mnt/", "root/", "run/", "srv/", "tmp/", "var/")
"""Folders whose files change while a container runs: state of programs and what is mounted."""
OF_PROGRAMS = ("bin/", "sbin/", "lib", "usr/", "opt/")
_PROGRAM_FOLDERS = frozenset({"bin", "sbin", "libexec"})
_ANY_EXECUTABLE = 0o111


def expanded(word: str, folder: str, files: Files) -> list[str]:
    """Return the paths that a pattern stands for; a word without wildcards as it is.

    `MANY` is the last of them if there are more than MAX_WORDS.
    """
    if not _WILD.search(word):
        return [word]
    found = [""]
    for part in re.findall(r"/+|[^/]+", word):
        found = [path + each for path in found[: MAX_WORDS + 1] for each in _matching(part, path, folder, files)]
    there = [path for path in found if _is_there(posixpath.join("/", folder, path), files)]
    return there if len(there) <= MAX_WORDS else [*there[:MAX_WORDS], MANY]


def _matching(part: str, above: str, folder: str, files: Files) -> list[str]:
    if not _WILD.search(part):
        return [part]
    names = files.names(posixpath.join("/", folder, above))
    return [name for name in names if fnmatch.fnmatchcase(name, part) and (part[0] == "." or name[0] != ".")]


def _is_there(path: str, files: Files) -> bool:
    return files.find(path) is not None or files.folder(path) is not None


class Written(frozenset[str]):
    """Paths that scripts write to, without a leading `/`; `UNKNOWN` among them stands for any path."""

    def has(self, path: str) -> bool:
        """True if a path, or a folder above it, may be written to."""
        if not self:
            return False
        path = path.strip("/")
        return UNKNOWN in self or any(path == one or path.startswith(f"{one}/") for one in self)


class Effects(msgspec.Struct, frozen=True):
    """What a script does to files."""

    written: Written = Written()
    redirected: Written = Written()
    """Paths that redirections write to: a file that comes into being by one cannot be executed."""
    made: frozenset[str] = frozenset()
    """The paths whose whole content it writes."""
    is_installing: bool = False
    """True if it installs programs."""
    is_removing: bool = False
    """True if it removes files of which only a run knows the names: no file comes into being by that."""


class PathTests:
    """Tests of paths against the image's files."""

    def __init__(self, files: Files, shell: StartedProgram, effects: Effects) -> None:
        self._files = files
        self._shell = shell
        self._effects = effects
        self.is_installing = effects.is_installing
        self._asked: set[str] = set()
        """Paths of which it was asked whether they are written to."""

    def is_changing(self, path: str) -> bool:
        """True for a path whose content at run time the image does not tell."""
        return self.may_become_program(path) or self._effects.redirected.has(path)

    def may_become_program(self, path: str) -> bool:
        """True for a path at which there may be a program at run time; a redirection to an unknown path makes none."""
        inside = path.strip("/")
        return self._may_be_written(inside) or f"{inside}/".startswith((*OF_KERNEL, *CHANGING))

    def _may_be_written(self, inside: str) -> bool:
        self._asked.add(inside)
        effects = self._effects
        is_written = effects.written.has(inside) or Written(effects.redirected - {UNKNOWN}).has(inside)
        return is_written or (effects.is_removing and _is_there(inside, self._files))

    def is_made(self, path: str) -> bool:
        """True for a file whose content a script writes."""
        self._asked.add(path.strip("/"))
        return path.strip("/") in self._effects.made

    def would_differ(self, effects: Effects) -> bool:
        """True if an answer would have been another one, had these effects been known."""
        before = self._effects
        if (effects.is_installing, effects.is_removing) != (before.is_installing, before.is_removing):
            return True
        return any(
            effects.written.has(path) != before.written.has(path)
            or effects.redirected.has(path) != before.redirected.has(path)
            or (path in effects.made) != (path in before.made)
            for path in self._asked
        )

    @staticmethod
    def is_of_programs(path: str) -> bool:
        """True for a path in a folder that holds what is installed."""
        return likely(path).strip("/").startswith(OF_PROGRAMS)

    def holds(self, sign: str, path: str, folder: str) -> Truth:
        """Return whether `test -SIGN path` holds."""
        if not is_known(path) or (UNKNOWN in folder and not path.startswith("/")):
            return OPEN
        name = likely(path)
        if not name:
            return truth(False, is_certain=name == path)
        whole = posixpath.normpath(posixpath.join("/", folder, name))
        found = self._tested(sign, whole, name)
        return found if name == path else Truth(None, found.likely)

    def _tested(self, sign: str, path: str, written: str) -> Truth:
        inside = path.strip("/")
        if f"{inside}/".startswith(OF_KERNEL):
            return OPEN
        entry = self._files.find(path)
        if entry is None:
            return self._of_folder(sign, path) if self._is_folder(path) else self._absent(sign, path, written)
        result = _of_file(sign, entry.mode, entry.size)
        if sign in ("L", "h"):
            link = self._files.look_up(inside)
            result = truth(link is not None and bool(link.link))
        return Truth(None, result.likely) if self.is_changing(path) else result

    def _is_folder(self, path: str) -> bool:
        return self._files.folder(path) is not None

    def _of_folder(self, sign: str, path: str) -> Truth:
        is_certain = not self.is_changing(path)
        if sign in ("e", "d"):
            return truth(True, is_certain=is_certain)
        if sign == "f":
            return truth(False, is_certain=is_certain)
        return truth(sign in ("x", "r", "s"), is_certain=False)

    def _absent(self, sign: str, path: str, written: str) -> Truth:
        """A folder without files is not known to exist, so only files are certainly absent."""
        if sign == "d":
            return OPEN
        is_program = sign in ("f", "s") or posixpath.basename(posixpath.dirname(path)) in _PROGRAM_FOLDERS
        inside = path.strip("/")
        if self._is_command(written):
            is_stable = not self._may_be_written(inside) and not self._effects.redirected.has(inside)
        else:
            is_open = self.may_become_program(path) if sign == "x" else self.is_changing(path)
            is_stable = inside.startswith(OF_PROGRAMS) and not is_open
        return truth(False, is_certain=is_program and is_stable and not self.is_installing)

    def _is_command(self, written: str) -> bool:
        """True for the bare name of a program: a file of that name does not come into being in the working folder.

        That holds in folders that change too: a container in which it did would start something else the next time.
        """
        return "/" not in written and program_at(written, self._shell, self._files) is not None


def _of_file(sign: str, mode: int, size: int) -> Truth:
    if sign in ("e", "f"):
        return truth(True)
    if sign == "s":
        return truth(size > 0)
    if sign == "x":
        is_for_all = mode & _ANY_EXECUTABLE in (0, _ANY_EXECUTABLE)
        return truth(bool(mode & _ANY_EXECUTABLE), is_certain=is_for_all)
    if sign in ("d", "p", "S", "b", "c"):
        return truth(False)
    return truth(sign in ("r", "w", "O", "G"), is_certain=False)
