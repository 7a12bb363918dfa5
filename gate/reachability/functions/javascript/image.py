"""Whether what a container starts uses the vulnerable functions of its npm packages.

All sources of the image outside of the system's folders count, and all installed packages, whether they run or not; so
`no` does not depend on how far the walk from the start came, except for sources among the system's files.
"""

from functools import cached_property

from gate.core.errors import LimitError
from gate.model import InUse, Package
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.image_start import CONFIGURATION, NODE, OF_THE_SYSTEM, StartReach, VulnerablePackage
from gate.reachability.functions.javascript.files import NodeFiles, is_of_repository
from gate.reachability.functions.javascript.search import NodeCode
from gate.trees import FileTree
from gate.trees.base import file_paths

_PACKED = (".jsc", ".asar", ".snapshot", ".blob")
"""Endings of compiled or packed sources."""


class NodeImage:
    """The JavaScript and TypeScript sources of an image, with what of them its start reaches."""

    def __init__(self, tree: FileTree, reach: StartReach, configuration: bytes) -> None:
        self._tree = tree
        self._reach = reach
        self._reached = frozenset(reach.files)
        self._configuration = configuration

    def answer(self, asked: VulnerablePackage) -> ReachAnswer:
        """Return whether the start can reach one of a package's vulnerable functions."""
        code = self._code
        if isinstance(code, ReachAnswer):
            return code
        package = Package(name=asked.name, version=asked.version, ecosystem=NODE, purl="", path=asked.path)
        answer = code.answer(package, asked.symbols)
        if answer.state is InUse.NO and (doubt := self._doubt):
            return ReachAnswer(InUse.UNKNOWN, (f"nothing was found that uses it, and {doubt}",))
        return self._from_the_start(answer) if answer.state is InUse.YES else answer

    @cached_property
    def _paths(self) -> list[str]:
        return file_paths(self._tree)

    @cached_property
    def _code(self) -> NodeCode | ReachAnswer:
        given = {CONFIGURATION: self._configuration}
        try:
            return NodeCode(NodeFiles(self._tree, self._paths, is_own=self._is_own, given=given))
        except LimitError as error:
            return incomplete(error)

    @cached_property
    def _doubt(self) -> str:
        packed = next((path for path in self._paths if self._is_own(path) and path.endswith(_PACKED)), None)
        return f"{packed} is compiled or packed" if packed else self._reach.doubt

    def _is_own(self, path: str) -> bool:
        return path in self._reached or (not OF_THE_SYSTEM.match(path) and is_of_repository(path))

    def _from_the_start(self, answer: ReachAnswer) -> ReachAnswer:
        """Put the way from the start in front of a call; unless that certainly runs, it is none for sure."""
        path = answer.evidence[0].partition(" calls ")[0].rpartition(":")[0]
        return self._reach.from_the_start(path, answer)
