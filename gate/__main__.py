"""`gate` and `python -m gate`: the one place that changes the process it runs in."""

import atexit
import gc
import os
import sys
from contextlib import nullcontext

TYPE_CHECKING = False  # `typing` may only be imported once the current folder has left the path
if TYPE_CHECKING:
    from typing import NoReturn

FEW_COLLECTIONS = (100_000, 50, 100)
"""Limits of Python's garbage collector, for this process and its workers: imports alone start 70 otherwise (13 ms)."""
_INCOMPLETE = 3
"""Exit status without a verdict, as in `gate.cli`."""


def run() -> "NoReturn":
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
    interrupts = sys.modules.get("gate.core.interrupts")
    with interrupts.without_interrupts() if interrupts is not None else nullcontext():
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
    leave_out_current_folder()
    try:
        from gate.cli import main as run_command  # only now: before, the folder could bring a module of this name
    except Exception as error:  # noqa: BLE001  (Python would end with 1: the policy fails it)
        print(f"gate: the installation is broken ({error!r}). There is no verdict; install it again", file=sys.stderr)
        return _INCOMPLETE

    return run_command(prepare=prepare_process)


def leave_out_current_folder() -> None:
    """Import nothing from the current folder, which most often is the judged one.

    `python -m` puts it on the path, and PYTHONPATH does by an empty or relative entry. The modules that are imported
    above are built into Python or started with it.
    """
    try:
        here = os.getcwd()
    except OSError:  # it is gone, and `gate.cli` says so
        here = ""
    sys.path[:] = [place for place in sys.path if os.path.isabs(place) and os.path.realpath(place) != here]


def prepare_process() -> None:
    """Make a start and an end without most garbage collections; an interrupt ends the command in words from here on."""
    from importlib import import_module

    from gate.core.interrupts import catch_interrupts
    from gate.core.own_process import claim, imported_as

    claim()
    catch_interrupts()
    gc.set_threshold(*FEW_COLLECTIONS)
    atexit.register(gc.freeze)  # else all that is there is searched for garbage once more at the end (13 ms)
    with imported_as("typing_extensions", None):  # 8 ms with `inspect`; it has nothing for msgspec that Python lacks
        import_module("msgspec")


if __name__ == "__main__":
    run()
