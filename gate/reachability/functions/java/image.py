"""Whether what a container starts reaches the vulnerable methods of its Java packages.

All archives and classes outside of the system's folders count, whether they are on the class path or not; the system's
as far as the start reaches them.
"""

import re
from functools import cached_property

from gate.core.errors import GateError
from gate.inventory.installed.archives import ENDINGS
from gate.model import InUse
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.image_start import CONFIGURATION, OF_THE_SYSTEM, StartReach, VulnerablePackage
from gate.reachability.functions.java.archives import JavaArchives, is_library_archive
from gate.reachability.functions.java.search import JavaProgram
from gate.trees import FileTree
from gate.trees.base import file_paths

_OF_THE_MACHINE = re.compile(
    r"(?:^|/)(?:jre/lib|lib/ext|jmods|demo|sample)/|(?:^|/)lib/(?:jrt-fs|dt|tools|src)\.(?:jar|zip)\Z"
)
_SETTINGS = re.compile(
    r"\.(?:xml|properties|ya?ml|json|conf|cfg|ini|groovy|gradle|kts|jsp\w*|tag|ftl|vm|sh|html?|env|toml)\Z|(?:^|/)[^./]+\Z"
)
"""Files that may name classes, and are no archives."""
_ELF = b"\x7fELF"
_MAX_SETTINGS = 4 << 20


class JavaImage:
    """The Java archives and classes of an image, with what of them its start reaches."""

    def __init__(self, tree: FileTree, reach: StartReach, configuration: bytes) -> None:
        self._tree = tree
        self._reach = reach
        self._reached = frozenset(reach.files)
        self._configuration = configuration

    def answer(self, asked: VulnerablePackage) -> ReachAnswer:
        """Return whether the start can reach one of a package's vulnerable methods."""
        program = self._program
        answer = program if isinstance(program, ReachAnswer) else program.reaches(asked.symbols)
        if answer.state is InUse.NO and self._reach.doubt:
            return ReachAnswer(InUse.UNKNOWN, (f"nothing was found that reaches it, and {self._reach.doubt}",))
        return self._from_the_start(answer) if answer.state is InUse.YES else answer

    @cached_property
    def _program(self) -> JavaProgram | ReachAnswer:
        paths = [path for path in file_paths(self._tree) if self._counts(path)]
        try:
            archives = JavaArchives(self._tree, paths, self._is_library)
        except GateError as error:
            return incomplete(error)
        archives.texts[CONFIGURATION] = self._configuration
        return JavaProgram(archives)

    def _is_library(self, path: str) -> bool:
        """True for a library, unless the configuration names its archive, as `java -jar` does."""
        return is_library_archive(path) and path.rpartition("/")[2].encode() not in self._configuration

    def _counts(self, path: str) -> bool:
        if _OF_THE_MACHINE.search(path) or (OF_THE_SYSTEM.match(path) and path not in self._reached):
            return False
        if path.lower().endswith((*ENDINGS, ".class")):
            return True
        return _SETTINGS.search(path) is not None and self._is_text(path)

    def _is_text(self, path: str) -> bool:
        try:
            return not self._tree.read(path, _MAX_SETTINGS).startswith(_ELF)
        except GateError:
            return False

    def _from_the_start(self, answer: ReachAnswer) -> ReachAnswer:
        """Put the way from the start in front of a call, if its archive is certainly opened."""
        return self._reach.from_the_start(answer.evidence[0].partition("!")[0], answer)
