"""Whether a repository's own code calls a vulnerable function of a crate itself.

`no` is never said: other crates call it, too, and macros and traits lead to calls that no source shows.
"""

from collections.abc import Sequence
from functools import cached_property

from gate.core.errors import GateError, LimitError
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.inventory.discovery import VENDORED_FOLDERS
from gate.model import InUse, Package
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.rust.calls import RustSources
from gate.trees import FileTree

MAX_RUST_SOURCES = 128 << 20
"""Bytes of own sources."""
_MAX_FILE = 8 << 20
_NOT_OWN = VENDORED_FOLDERS | {"target", "benches"}


class RustRepository:
    """The own sources of a repository."""

    def __init__(self, tree: FileTree, paths: Sequence[str]) -> None:
        self._tree = tree
        self._paths = paths

    def answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether the own code calls one of `symbols` (`smallvec::SmallVec::grow`)."""
        sources = self._sources
        if isinstance(sources, ReachAnswer):
            return sources
        if call := next(filter(None, map(sources.call_of, symbols)), ""):
            return ReachAnswer(InUse.YES, (call,))
        why = f"the own code does not call it itself; other crates that use {package.name} are not searched"
        return ReachAnswer(InUse.UNKNOWN, (why,))

    @cached_property
    def _sources(self) -> RustSources | ReachAnswer:
        contents: dict[str, bytes] = {}
        read = 0
        try:
            for path in filter(_is_own, self._paths):
                contents[path] = self._tree.read(path, _MAX_FILE)
                read += len(contents[path])
                if read > MAX_RUST_SOURCES:
                    raise LimitError(f"more than {MAX_RUST_SOURCES:,} bytes of sources")
        except GateError as error:
            return incomplete(error)
        return RustSources(contents)


def _is_own(path: str) -> bool:
    is_source = path.endswith(".rs") and _NOT_OWN.isdisjoint(path.split("/")[:-1])
    return is_source and not is_test_path(path) and not is_documentation_path(path) and not path.endswith("build.rs")
