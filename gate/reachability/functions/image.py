"""Whether what a container starts reaches the vulnerable functions of its Python packages.

The walk from the start (`gate.reachability.runtimes`) says which sources run. Calls are searched from these, and what
may call a function is looked for in all of the application's files, run or not, and in every source that may be loaded.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from gate.core.errors import GateError, LimitError
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.model import Image, InUse
from gate.model.container import Runtime
from gate.reachability.functions.answer import Program, ReachAnswer
from gate.reachability.functions.sources import SITE_FOLDERS, Sources, module_of
from gate.reachability.runtimes.explore import Explored
from gate.reachability.runtimes.graph import EVERYTHING, Because
from gate.reachability.runtimes.states import chain_to
from gate.trees import EntryKind, FileTree

ECOSYSTEM = "PyPI"
"""The kind of packages whose functions are searched."""
CONFIGURATION = "configuration of the image"
"""Name of what the image and its starts state: commands and variables."""
MAX_PARSED = 24 << 20
"""Bytes of an image's sources that are parsed, which takes about ten seconds."""
_STANDARD_LIBRARY = re.compile(r"(?:^|/)lib(?:64)?/(?:python|pypy)\d(?:\.\d+)?/")
_OF_THE_SYSTEM = re.compile(
    r"(?:usr/(?:local/)?(?:share|lib\w*|include|s?bin|games|man)/|lib\w*/|s?bin/"
    r"|var/(?:lib|cache|log|spool)/|proc/|sys/|dev/|boot/|root/\.cache/|etc/(?:[^/]+/)*[^/.]+\Z)"
)
"""Where no application is kept; what the start reaches there counts all the same."""
_COMPILED_APPLICATION = re.compile(r"\.(?:cpython-|abi3\.|pyd\Z|pyc\Z)")
_PACKED = re.compile(r"\.(?:pyz|pex|egg|whl|zip)\Z")
_CACHED = "/__pycache__/"
_ELF = b"\x7fELF"
_MAX_PROGRAM = 4 << 20
_OTHERS = frozenset((".git", "node_modules"))


class PythonReach(msgspec.Struct, frozen=True):
    """What of Python the start of a container reaches."""

    files: tuple[str, ...] = ()
    """Paths that are read or started, or may be."""
    because: dict[str, Because] = {}
    """Why the application's own sources run, and each file on the way to them."""
    doubt: str = ""
    """Why more may run; empty if the walk was complete."""


class VulnerablePackage(msgspec.Struct, frozen=True):
    """The vulnerable functions of an installed package."""

    path: str
    """File that describes the package, by which its folder is known."""
    symbols: tuple[str, ...]


def python_reach(explored: Explored) -> PythonReach:
    """Return what the walk from a container's start reached, as far as functions need it."""
    found = [path for known in (explored.certain, explored.possible) for path in known if _concerns_python(path)]
    because: dict[str, Because] = {}
    for path in explored.certain:
        if _concerns_python(path) and not _is_library(path):
            _add_chain(path, explored, because)
    gap = next((gap for gap in explored.gaps if gap.kind in (EVERYTHING, ECOSYSTEM) and gap.within is None), None)
    return PythonReach(tuple(found), because, gap.message if gap else "")


def _add_chain(path: str, explored: Explored, because: dict[str, Because]) -> None:
    while path not in because and (step := explored.certain.get(path)):
        because[path] = step
        path = step.path


def _concerns_python(path: str) -> bool:
    """False for libraries and data of the system, of which an image has many."""
    if not _OF_THE_SYSTEM.match(path):
        return True
    name = path.rpartition("/")[2]
    return path.endswith(".py") or "." not in name or _in_site(path) or _PACKED.search(path) is not None


def _in_site(path: str) -> bool:
    return any(f"/{folder}/" in path for folder in SITE_FOLDERS)


def _is_library(path: str) -> bool:
    return _in_site(path) or _STANDARD_LIBRARY.search(path) is not None


def configured(runtime: Runtime, target: Image) -> bytes:
    """Return what the image's configuration and its other starts state, a line each: commands and variables."""
    texts: list[str] = [*(runtime.env or ()), *_lines(runtime.entrypoint), *_lines(runtime.cmd)]
    for start in target.starts:
        texts += [*start.environment, *_lines(start.entrypoint), *_lines(start.command)]
    return "\n".join(texts).encode("utf-8", "replace")


def _lines(words: Sequence[str] | str | None) -> Iterator[str]:
    """Yield a command in one line, so that `-m module` is seen."""
    if words:
        yield words if isinstance(words, str) else " ".join(words)


class PythonImage:
    """The Python sources of an image, with what of them its start reaches."""

    def __init__(self, tree: FileTree, reach: PythonReach, configuration: bytes) -> None:
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
        site = _site_of(asked.path)
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
        if site := _site_of(path):
            self._installed[site].append(path)
        elif not _STANDARD_LIBRARY.search(path) and self._is_own(path):
            self._own.append(path)

    def _is_own(self, path: str) -> bool:
        if path in self._reached:
            return not (_OF_THE_SYSTEM.match(path) and path.endswith(".so")) and not self._is_binary(path)
        if _OF_THE_SYSTEM.match(path) or not _OTHERS.isdisjoint(path.split("/")) or _CACHED in path:
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
            if _PACKED.search(path):
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
            return ReachAnswer(InUse.UNKNOWN, (f"the search was not complete: {error}",))

    def _is_used(self, path: str) -> bool:
        """True for a file in a folder of packages of which the start reaches any."""
        return _site_of(path) in self._used_sites

    @cached_property
    def _used_sites(self) -> frozenset[str]:
        return frozenset(filter(None, map(_site_of, self._reached)))

    def _from_the_start(self, answer: ReachAnswer) -> ReachAnswer:
        """Put the way from the start to the first call in front of the calls."""
        first = answer.evidence[0].partition(" calls ")[0].rpartition(":")[0]
        way = chain_to(first, Explored(self._reach.because, {}, ()))[:-1]
        return ReachAnswer(InUse.YES, (*way, *answer.evidence))


def _ships(path: str) -> bool:
    return not is_test_path(path) and (path.endswith((".html", ".htm")) or not is_documentation_path(path))


def _site_of(path: str) -> str:
    """Return the folder of installed packages that a file is in; empty if it is in none."""
    folders = path.split("/")[:-1]
    place = next((number for number, part in enumerate(folders) if part in SITE_FOLDERS), None)
    return "" if place is None else "/".join(folders[: place + 1])


def reaches_of(image: PythonImage, asked: Iterable[VulnerablePackage]) -> tuple[ReachAnswer, ...]:
    """Return an answer for each package, in their order."""
    return tuple(map(image.answer, asked))
