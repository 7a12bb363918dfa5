"""Whether what a container starts reaches the vulnerable functions of its Python packages.

The walk from the start (`gate.reachability.runtimes`) says which sources run. Calls are searched from these, and what
may call a function is looked for in all of the application's files, run or not, and in every source that may be loaded.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from gate.core.errors import GateError, LimitError
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.model import InUse
from gate.reachability.functions.answer import Program, ReachAnswer, incomplete
from gate.reachability.functions.image_start import (
    CONFIGURATION,
    OF_THE_SYSTEM,
    PACKED_PYTHON,
    STANDARD_LIBRARY,
    StartReach,
    VulnerablePackage,
    site_of,
)
from gate.reachability.functions.sources import Sources, module_of
from gate.trees import EntryKind, FileTree

MAX_PARSED = 24 << 20
"""Bytes of an image's sources that are parsed, which takes about ten seconds."""
_COMPILED_APPLICATION = re.compile(r"\.(?:cpython-|abi3\.|pyd\Z|pyc\Z)")
_CACHED = "/__pycache__/"
_ELF = b"\x7fELF"
_MAX_PROGRAM = 4 << 20
_OTHERS = frozenset((".git", "node_modules"))


class PythonImage:
    """The Python sources of an image, with what of them its start reaches."""

    def __init__(self, tree: FileTree, reach: StartReach, configuration: bytes) -> None:
        self._tree = tree
        self._reach = reach
        self._configuration = configuration
        self._reached = frozenset(reach.files)
        self._own: list[str] = []
        self._installed: defaultdict[str, list[str]] = defaultdict(list)
        self._programs: dict[str, Program | ReachAnswer] = {}
        for entry in tree.walk():
            if entry.kind is EntryKind.FILE:
                self._add(entry.path)
        self._doubt = reach.doubt or next(self._doubts(), "")

    def answer(self, asked: VulnerablePackage) -> ReachAnswer:
        """Return whether the start can reach one of a package's vulnerable functions."""
        site = site_of(asked.path)
        if not site:
            return ReachAnswer(InUse.UNKNOWN, ("its package is not in a folder of installed packages",))
        if site not in self._programs:
            self._programs[site] = self._program(site)
        program = self._programs[site]
        if isinstance(program, ReachAnswer):
            return program
        answer = program.reaches(asked.symbols)
        if answer.state is InUse.NO and self._doubt:
            return ReachAnswer(InUse.UNKNOWN, (f"nothing was found that calls it, and {self._doubt}",))
        return self._from_the_start(answer) if answer.state is InUse.YES else answer

    def _add(self, path: str) -> None:
        if site := site_of(path):
            self._installed[site].append(path)
        elif not STANDARD_LIBRARY.search(path) and self._is_own(path):
            self._own.append(path)

    def _is_own(self, path: str) -> bool:
        if path in self._reached:
            return not (OF_THE_SYSTEM.match(path) and path.endswith(".so")) and not self._is_binary(path)
        if OF_THE_SYSTEM.match(path) or not _OTHERS.isdisjoint(path.split("/")) or _CACHED in path:
            return False
        return _ships(path) and not self._is_binary(path)

    def _is_binary(self, path: str) -> bool:
        if "." in path.rpartition("/")[2]:
            return False
        try:
            return self._tree.read(path, _MAX_PROGRAM).startswith(_ELF)
        except GateError:
            return True

    def _doubts(self) -> Iterator[str]:
        """Yield what runs and has no source that can be read."""
        for path in self._own:
            if _COMPILED_APPLICATION.search(path):
                yield f"{path} is compiled"
        for path in self._reach.files:
            if PACKED_PYTHON.search(path):
                yield f"{path} is packed"
            elif path.endswith(".pyc") and _CACHED not in path:
                yield f"{path} has no source"

    def _program(self, site: str) -> Program | ReachAnswer:
        others = [path for each, paths in sorted(self._installed.items()) if each != site for path in paths]
        installed = [*(path for path in others if self._is_used(path)), *self._installed[site]]
        modules = {module_of(path): path for path in installed}
        hidden = [path for path in installed if path in self._reached and modules[module_of(path)] != path]
        own = [*self._own, *(path for path in hidden if path.endswith(".py"))]
        running, given = self._reach.because.keys(), {CONFIGURATION: self._configuration}
        try:
            sources = Sources(
                self._tree,
                own,
                installed,
                running=running,
                reached=self._reached,
                given=given,
                max_parsed=MAX_PARSED,
            )
            return Program(sources)
        except LimitError as error:
            return incomplete(error)

    def _is_used(self, path: str) -> bool:
        """True for a file in a folder of packages of which the start reaches any."""
        return site_of(path) in self._used_sites

    @cached_property
    def _used_sites(self) -> frozenset[str]:
        return frozenset(filter(None, map(site_of, self._reached)))

    def _from_the_start(self, answer: ReachAnswer) -> ReachAnswer:
        """Put the way from the start to the first call in front of the calls."""
        first = answer.evidence[0].partition(" calls ")[0].rpartition(":")[0]
        return ReachAnswer(InUse.YES, (*self._reach.way_to(first), *answer.evidence))


def _ships(path: str) -> bool:
    return not is_test_path(path) and (path.endswith((".html", ".htm")) or not is_documentation_path(path))
