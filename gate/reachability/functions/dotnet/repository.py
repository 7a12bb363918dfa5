"""Whether a repository's own code reaches the vulnerable methods of its packages of NuGet.

Own are sources of C# and assemblies that a build left (`bin/`). `no` needs what a build leaves of each project, with
the assemblies of all packages.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from gate.core.errors import GateError, LimitError
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.model import InUse, Package
from gate.reachability.assemblies.deps_json import DEPS
from gate.reachability.assemblies.metadata import ENDINGS
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.dotnet.assemblies import Assemblies, is_text
from gate.reachability.functions.dotnet.search import DotnetProgram
from gate.reachability.functions.dotnet.sources import CsharpSources
from gate.trees import FileTree

MAX_CSHARP_SOURCES = 128 << 20
"""Bytes of own sources."""
_MAX_FILE = 8 << 20
_OF_BUILDS = re.compile(r"(?:^|/)(?:obj|node_modules|packages|\.git|\.vs)/|(?:^|/)bin/(?:[^/]+/)*ref/")
_SOURCE = ".cs"
_SOURCES = (_SOURCE, ".vb", ".fs", ".cshtml", ".razor")
_PROJECT = re.compile(r"(?:^|/)(?P<name>[^/]+)\.(?:cs|vb|fs)proj\Z")


class DotnetRepository:
    """The own code of a repository, with the assemblies that were built in it."""

    def __init__(self, tree: FileTree, paths: Sequence[str]) -> None:
        """Take the paths of all files. Raises LimitError if there is too much to read."""
        self._tree = tree
        self._paths = [path for path in paths if _ships(path) and not _OF_BUILDS.search(path)]
        self._sources = dict(self._own_sources())
        self._calls = CsharpSources({path: text for path, text in self._sources.items() if path.endswith(_SOURCE)})

    def answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` (`Newtonsoft.Json.JsonReader:Read`, or a type alone) can be reached."""
        if call := next(filter(None, map(self._calls.call_of, symbols)), ""):
            return ReachAnswer(InUse.YES, (call,))
        program = self._program
        if isinstance(program, ReachAnswer):
            return program
        answer = program.reaches(symbols)
        doubt = program.assemblies.doubt_of(package.name, package.version) or self._not_built
        if answer.state is InUse.NO and doubt:
            return ReachAnswer(InUse.UNKNOWN, (f"nothing was found that calls it, and {doubt}",))
        return answer

    def _own_sources(self) -> Iterator[tuple[str, bytes]]:
        read = 0
        for path in self._paths:
            if path.endswith(_SOURCES):
                content = self._tree.read(path, _MAX_FILE)
                read += len(content)
                if read > MAX_CSHARP_SOURCES:
                    raise LimitError(f"more than {MAX_CSHARP_SOURCES:,} bytes of sources")
                yield path, content

    @cached_property
    def _program(self) -> DotnetProgram | ReachAnswer:
        assemblies = [path for path in self._paths if path.lower().endswith((*ENDINGS, DEPS))]
        if not any(path.endswith(DEPS) for path in assemblies):
            return ReachAnswer(InUse.UNKNOWN, ("the own code does not call it itself, and its assembly is not here",))
        texts = [path for path in self._paths if is_text(path) and path not in self._sources]
        try:
            found = Assemblies(self._tree, {*assemblies, *texts})
        except GateError as error:
            return incomplete(error)
        found.sources.update(self._sources)
        return DotnetProgram(found)

    @cached_property
    def _not_built(self) -> str:
        """A project of which a build left nothing; empty if there is none."""
        built = {posixpath.basename(path).removesuffix(DEPS) for path in self._paths if path.endswith(DEPS)}
        projects = filter(None, map(_PROJECT.search, self._paths))
        return next((f"{each.string} was not built here" for each in projects if each["name"] not in built), "")


def _ships(path: str) -> bool:
    return not is_test_path(path) and not is_documentation_path(path)
