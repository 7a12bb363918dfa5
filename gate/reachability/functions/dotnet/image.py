"""Whether what a container starts reaches the vulnerable methods of its packages of NuGet.

All assemblies outside of .NET's own folders count, whether they are started or not.
"""

from functools import cached_property

from gate.core.errors import GateError
from gate.model import InUse
from gate.reachability.assemblies.deps_json import DEPS
from gate.reachability.assemblies.metadata import ENDINGS
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.dotnet.assemblies import Assemblies, is_text
from gate.reachability.functions.dotnet.search import DotnetProgram
from gate.reachability.functions.image_start import CONFIGURATION, OF_THE_SYSTEM, StartReach, VulnerablePackage
from gate.trees import FileTree
from gate.trees.base import file_paths


class DotnetImage:
    """The assemblies of an image, with what of them its start reaches."""

    def __init__(self, tree: FileTree, reach: StartReach, configuration: bytes) -> None:
        self._tree = tree
        self._reach = reach
        self._reached = frozenset(reach.files)
        self._configuration = configuration

    def answer(self, asked: VulnerablePackage) -> ReachAnswer:
        """Return whether the start can reach one of a package's vulnerable methods."""
        program = self._program
        if isinstance(program, ReachAnswer):
            return program
        answer = program.reaches(asked.symbols)
        doubt = program.assemblies.doubt_of(asked.name, asked.version) or self._reach.doubt
        if answer.state is InUse.NO and doubt:
            return ReachAnswer(InUse.UNKNOWN, (f"nothing was found that reaches it, and {doubt}",))
        return self._from_the_start(answer) if answer.state is InUse.YES else answer

    @cached_property
    def _program(self) -> DotnetProgram | ReachAnswer:
        paths = [path for path in file_paths(self._tree) if self._counts(path)]
        try:
            assemblies = Assemblies(self._tree, paths)
        except GateError as error:
            return incomplete(error)
        assemblies.texts[CONFIGURATION] = self._configuration
        return DotnetProgram(assemblies)

    def _counts(self, path: str) -> bool:
        if path.lower().endswith(ENDINGS) or path.endswith(DEPS):
            return True
        return is_text(path) and (path in self._reached or not OF_THE_SYSTEM.match(path))

    def _from_the_start(self, answer: ReachAnswer) -> ReachAnswer:
        """Put the way from the start in front of a call, if its assembly is certainly loaded."""
        return self._reach.from_the_start(answer.evidence[0].partition("!")[0], answer)
