"""What the gate changes of the interpreter, in processes of its own alone: a command's, and those of workers.

A program that calls `gate.run` is not changed. Its workers are, as they end with the run.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_is_own = False


def claim() -> None:
    """Say that this process belongs to the gate; so do those that are forked of it."""
    global _is_own
    _is_own = True


@contextmanager
def imported_as(name: str, stand_in: ModuleType) -> Iterator[None]:
    """Let what is imported meanwhile get `stand_in` for the module `name`, in a process of the gate's own.

    Elsewhere, and where the module is loaded already, they get the real one.
    """
    if not _is_own or name in sys.modules:
        yield
        return
    sys.modules[name] = stand_in
    try:
        yield
    finally:
        del sys.modules[name]
