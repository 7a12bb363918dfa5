"""`gate` and `python -m gate`: the one place that changes the process it runs in."""

import atexit
import gc
import os
import sys
from importlib import import_module
from typing import NoReturn

from gate.cli import main as run_command

_FEW_COLLECTIONS = (100_000, 50, 100)
"""Limits of Python's garbage collector, for this process and its workers: imports alone start 70 otherwise (13 ms)."""


def run() -> NoReturn:
    """Be the program: run the command, and end the process with its exit status."""
    status = main()
    if _is_ready_to_end():
        os._exit(status)  # Python would first take apart every object that there is (10 ms)
    sys.exit(status)


def _is_ready_to_end() -> bool:
    """Do what others have asked Python to do at its end; False where more is left to do, or where it failed."""
    threads = sys.modules.get("threading")
    if threads is not None and threads.active_count() > 1:
        return False
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # None where the caller had closed it
                stream.flush()
    except (OSError, ValueError):
        return False
    return True


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
    run()
