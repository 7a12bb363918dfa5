"""What the programs and modules of packages need that are only named: a name may start or load all of it.

What these name in turn may be started too, so they are searched for names as well. A program that starts others may
start the helpers of its package, in folders of its own, by paths that it puts together: `gcc` starts `cc1`.
"""

import posixpath
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from gate.core.errors import GateError
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes.compiled.elf import linked_with, may_start_programs
from gate.reachability.runtimes.compiled.looked_for import looked_for
from gate.reachability.runtimes.launchers.shebang import reach as interpreter_of
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Gap, StartedProgram
from gate.trees import EntryKind

_COMPILED = (".so", ".node")
_LINE = b"#!"
_OWN_FOLDER = re.compile(
    r"(?:usr/(?:local/)?)?lib(?:exec|64|32)?/(?!.*/(?:node_modules|(?:dist|site)-packages)/).*/[^/]+$"
)
"""Files in folders that a package has for itself, not those of packages of languages."""
_OF_PYTHON = re.compile(r"usr/lib/python3/dist-packages/.*\.py$")
"""Modules of a distribution's package: what starts its program, or imports one of them, may import all."""
_EXECUTABLE = 0o111


class NamedNeeds:
    """The files that named packages need, each with the file that needs it."""

    def __init__(self, owned: Mapping[Key, Owned], files: Files) -> None:
        self._owned = owned
        self._files = files
        self._by: dict[str, str] = {}
        self._followed: dict[str, None] = {}
        """Programs and what they need, in the order in which they were found."""
        self._addons: list[str] | None = None
        self._owners = {_merged(path): key for key, one in owned.items() if one.folder is None for path in one.files}
        self._helped: set[Key] = set()
        """Packages whose helpers were followed."""

    def add(self, named: Iterable[tuple[Key, str]]) -> None:
        """Take in packages with the names by which they are named."""
        for key, name in named:
            self.follow(self._programs(key, name))

    def follow(self, programs: Iterable[str]) -> None:
        """Take in what programs need, and what that needs in turn."""
        todo = deque(programs)
        while todo:
            path = todo.popleft()
            if real := self._real(path):
                self._followed[real] = None
                todo += self.helpers_of(real)
            for needed in self._needed(path):
                if needed not in self._by:
                    self._by[needed] = path
                    todo.append(needed)

    def owner_of(self, path: str) -> Key | None:
        """Return the package of the distribution that has a file."""
        return self._owners.get(_merged(path))

    def helpers_of(self, real: str) -> list[str]:
        """Return the helpers of the package of a program that starts others, unless they were returned before."""
        key = self.owner_of(real)
        if key is None or key in self._helped or not self._may_start(real):
            return []
        self._helped.add(key)
        is_script = not self._files.starts_with(real, MAGIC)
        files = self._owned[key].files
        return [path for path in files if self._is_helper(path) or (is_script and _OF_PYTHON.match(path))]

    def _may_start(self, real: str) -> bool:
        with suppress(GateError):
            is_compiled = self._files.starts_with(real, MAGIC)
            return may_start_programs(real, self._files) if is_compiled else self._files.starts_with(real, _LINE)
        return True

    def _is_helper(self, path: str) -> bool:
        """True for a program or script that lies in a folder of its package's own."""
        if not _OWN_FOLDER.match(path) or ".so" in posixpath.basename(path):
            return False
        entry = self._files.find(path)
        if entry is None or not entry.mode & _EXECUTABLE:
            return False
        with suppress(GateError):
            return self._files.starts_with(entry.path, MAGIC) or self._files.starts_with(entry.path, _LINE)
        return True

    @property
    def followed(self) -> Iterable[str]:
        """All files that may be started or loaded because a program is named, in the order in which they were found."""
        return self._followed

    def by(self, owned: Owned) -> str | None:
        """Return the file that needs one of a package's files; None if none does."""
        if not self._by:
            return None
        real = filter(None, map(self._real, owned.files))
        return next((self._by[path] for path in real if path in self._by), None)

    def _programs(self, key: Key, name: str) -> list[str]:
        one = self._owned[key]
        if one.folder is not None:
            return [path for path in self._of_node() if path.startswith(one.folder + "/")]
        ends = (f"/{name}", *_COMPILED)
        return [path for path in one.files if path.endswith(ends) or path == name or _OF_PYTHON.match(path)]

    def _of_node(self) -> list[str]:
        """Return all compiled modules of Node.js."""
        if self._addons is None:
            entries = (entry for entry in self._files.walk() if entry.kind is EntryKind.FILE)
            self._addons = [entry.path for entry in entries if entry.path.endswith(".node")]
        return self._addons

    def _needed(self, path: str) -> Iterator[str]:
        real = self._real(path)
        with suppress(GateError):  # what cannot be read is a reason of its own where it is reached
            if real and self._files.starts_with(real, MAGIC):
                needed = (*linked_with(real, self._files), *looked_for(real, self._files))
                yield from filter(None, map(self._real, needed))
            elif real and self._files.starts_with(real, _LINE):
                script = StartedProgram(program=real, because=Because(real, "names"))
                steps = (step for step in interpreter_of(script, self._files) if not isinstance(step, Gap))
                yield from filter(None, (self._real(step.path) for step in steps))

    def _real(self, path: str) -> str | None:
        entry = self._files.find(path)
        return entry.path if entry is not None else None


def _merged(path: str) -> str:
    """Return a path that is the same whether `/bin` is a link to `/usr/bin` or a folder."""
    return path.removeprefix("usr/")
