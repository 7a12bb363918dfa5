"""Whether what a container starts reaches the vulnerable methods of its gems.

All sources of Ruby in the image count, those of the system too, and all other files outside of the system's folders; so
`no` does not depend on how far the walk from the start came.
"""

from functools import cached_property

from gate.core.errors import LimitError
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.model import InUse, Package
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.image_start import CONFIGURATION, OF_THE_SYSTEM, RUBY, StartReach, VulnerablePackage
from gate.reachability.functions.ruby.files import SOURCES, RubyFiles
from gate.reachability.functions.ruby.search import RubyCode
from gate.trees import FileTree
from gate.trees.base import file_paths


class RubyImage:
    """The Ruby sources of an image, with what of them its start reaches."""

    def __init__(self, tree: FileTree, reach: StartReach, configuration: bytes) -> None:
        self._tree = tree
        self._reach = reach
        self._reached = frozenset(reach.files)
        self._configuration = configuration

    def answer(self, asked: VulnerablePackage) -> ReachAnswer:
        """Return whether the start can reach one of a gem's vulnerable methods."""
        code = self._code
        if isinstance(code, ReachAnswer):
            return code
        package = Package(name=asked.name, version=asked.version, ecosystem=RUBY, purl="", path=asked.path)
        answer = code.answer(package, asked.symbols)
        return self._from_the_start(answer) if answer.state is InUse.YES else answer

    @cached_property
    def _code(self) -> RubyCode | ReachAnswer:
        paths = file_paths(self._tree)
        given = {CONFIGURATION: self._configuration}
        try:
            files = RubyFiles(self._tree, paths, is_own=self._is_own, given=given)
            return RubyCode(files, running=self._reach.because.keys())
        except LimitError as error:
            return incomplete(error)

    def _is_own(self, path: str) -> bool:
        if path in self._reached or path.endswith(SOURCES):
            return True
        return not OF_THE_SYSTEM.match(path) and not is_test_path(path) and not is_documentation_path(path)

    def _from_the_start(self, answer: ReachAnswer) -> ReachAnswer:
        """Put the way from the start to the first call in front of the calls."""
        first = answer.evidence[0].partition(" calls ")[0].rpartition(":")[0]
        return ReachAnswer(InUse.YES, (*self._reach.way_to(first), *answer.evidence))
