"""A process that is killed when the one that started it is gone, however that ended."""

import os
import signal

from gate.core.libc import LIBC

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Be killed when the process with the id `parent`, which forked this one, is gone. Linux only; else nothing."""
    if not hasattr(LIBC, "prctl"):
        return
    LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it was gone already
        os._exit(1)
