"""Whether programs of Rust in an image have the vulnerable functions of their crates.

`no` is never said: a function may be in its callers, without a name of its own.
"""

from gate.core.errors import GateError
from gate.model import InUse
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.image_start import StartReach, VulnerablePackage
from gate.reachability.functions.rust.symbols import has_function, names_of
from gate.trees import FileTree

MAX_PROGRAM = 256 << 20
"""Bytes of one program."""


class RustImage:
    """The programs of an image, with what of them its start reaches."""

    def __init__(self, tree: FileTree, reach: StartReach, configuration: bytes) -> None:
        self._tree = tree
        self._reach = reach
        self._names: dict[str, bytes] = {}

    def answer(self, asked: VulnerablePackage) -> ReachAnswer:
        """Return whether a program that the start runs has one of a crate's vulnerable functions."""
        path = asked.path
        try:
            if path not in self._names:
                self._names[path] = names_of(self._tree.read(path, MAX_PROGRAM), path)
        except GateError as error:
            return incomplete(error)
        names = self._names[path]
        if not names:
            return ReachAnswer(InUse.UNKNOWN, (f"{path} has no names of functions",))
        there = next((symbol for symbol in asked.symbols if has_function(names, symbol)), None)
        if there is None:
            why = f"{path} has no function of this name, and the compiler may have put it into its callers"
            return ReachAnswer(InUse.UNKNOWN, (why,))
        if path not in self._reach.because:
            return ReachAnswer(InUse.UNKNOWN, (f"{path} has {there}, and may run",))
        return ReachAnswer(InUse.YES, (*self._reach.way_to(path), f"{path} has {there}"))
