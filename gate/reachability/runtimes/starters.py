"""Which files that packages brought may start programs: only where one of these names a program can it be started.

A name in code that starts nothing is a word as any other: mime types, methods, messages. Code of a package counts if
the package, or one that it requires, directly or through others, starts programs; a compiled file counts by the
functions that it, and the libraries that it is linked with, take from the C library.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from gate.core.errors import GateError
from gate.ecosystems.pypi import normalised
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes import elf
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.given import PLAIN
from gate.reachability.runtimes.node_mentions import NodeMentions
from gate.reachability.runtimes.owners import Owned
from gate.reachability.runtimes.python_distributions import required_by
from gate.reachability.runtimes.python_mentions import KIND as PYTHON
from gate.reachability.runtimes.python_mentions import STANDARD_LIBRARY, is_for_developers
from gate.reachability.runtimes.python_skim import may_start_programs
from gate.reachability.runtimes.state import Key

_RUNTIME = re.compile(
    r"(?:lib)?(?:node(?:js)?|v8\w*|uv|python[\d.]*|perl[\d.]*|ruby[-\d.]*|php[\d.]*)(?:\.so[.\d]*)?|bash|dash"
    r"|(?:libc|ld)(?:[-.].*)?\.so.*"
)
"""Interpreters, and the C library: they start what scripts and programs say, and these are followed themselves."""
_WRAPPERS = frozenset({"env", "nice", "nohup", "timeout", "stdbuf", "setsid", "ionice", "taskset", "tini", "dumb-init"})
"""Programs that start the command that they are given, which is followed, and nothing else."""
_NO_CODE = re.compile(
    r"usr/(?:local/)?share/(?:doc|man|info|lintian|locale|zoneinfo|mime)/|usr/share/ca-certificates/"
    r"|etc/(?:services|protocols|rpc|ethertypes|networks|hosts|mime\.types|group|ssl/certs/.+|terminfo/.+)$"
)
"""Documentation, and lists of numbers and names for the C library."""
_MANIFEST = "package.json"


class Starters:
    """The code of an image's packages."""

    def __init__(self, node: NodeMentions, owned: Mapping[Key, Owned], files: Files) -> None:
        self._node = node
        self._files = files
        self._owned = owned
        self._of_file = {path: key for key, one in owned.items() if key[1] == PYTHON for path in one.files}
        self._by_name: dict[str, list[Key]] = {}
        for key in owned:
            if key[1] == PYTHON:
                self._by_name.setdefault(normalised(key[2]), []).append(key)
        self._known: dict[Key, bool] = {}

    def may_start(self, path: str) -> bool:
        """True for a file that a package brought, if what it names may be started."""
        if self.is_silent(path):
            return False
        home = self._node.home(path)
        if home is not None:
            return posixpath.basename(path) != _MANIFEST and self._node.may_start(home)
        if path in self._of_file:
            return any(map(self._starts, self._with_required(self._of_file[path])))
        if STANDARD_LIBRARY.search(path) and path.endswith(".py"):
            return may_start_programs(path, self._files)
        return True

    def is_silent(self, path: str) -> bool:
        """True for a file that a distribution brought, if it is known by itself that it starts nothing that it names.

        So for documentation, lists, interpreters, and compiled files that take no function for it.
        """
        if _NO_CODE.match(path):
            return True
        if not self._files.starts_with(path, MAGIC):
            return False
        name = posixpath.basename(path)
        is_known = _RUNTIME.fullmatch(name) is not None or name in PLAIN or name in _WRAPPERS
        return is_known or not elf.may_start_programs(path, self._files)

    def _with_required(self, key: Key) -> Iterator[Key]:
        """Yield a distribution, and those that it requires, directly or through others."""
        todo, known = [key], {key}
        while todo:
            one = todo.pop()
            yield one
            names = required_by(posixpath.dirname(one[0]), self._files)
            new = {each for name in names for each in self._by_name.get(name, ())} - known
            known |= new
            todo += new

    def _starts(self, key: Key) -> bool:
        if key not in self._known:
            self._known[key] = any(map(self._is_starting, self._owned[key].files))
        return self._known[key]

    def _is_starting(self, path: str) -> bool:
        if not path.endswith(".py") or is_for_developers(path) or self._files.find(path) is None:
            return False
        try:
            return may_start_programs(path, self._files)
        except GateError:
            return True
