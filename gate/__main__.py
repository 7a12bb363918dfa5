"""`gate` and `python -m gate`: the one place that changes the process it runs in."""

import atexit
import gc
import sys
from importlib import import_module

from gate.cli import main as run_command

_FEW_COLLECTIONS = (100_000, 50, 100)
"""Limits of Python's garbage collector, for this process and its workers: imports alone start 70 otherwise (13 ms)."""


def main() -> int:
    """Run the command that the command line names and return the exit status."""
    return run_command(prepare=prepare_process)


def prepare_process() -> None:
    """Make a start and an end without most garbage collections; an interrupt ends the command in words from here on."""
    from gate.pipeline.interrupts import catch_interrupts

    catch_interrupts()
    gc.set_threshold(*_FEW_COLLECTIONS)
    atexit.register(gc.freeze)  # else all that is there is searched for garbage once more at the end (13 ms)
    _import_msgspec()


def _import_msgspec() -> None:
    """Import msgspec without `typing_extensions` (9 ms), which has nothing for it that this Python lacks."""
    name = "typing_extensions"
    if name in sys.modules:
        return
    sys.modules[name] = None  # type: ignore[assignment]  # so that an import of it fails
    try:
        import_module("msgspec")
    finally:
        del sys.modules[name]


if __name__ == "__main__":
    sys.exit(main())
