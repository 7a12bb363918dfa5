"""An interrupt that is not lost, and that tears nothing which has to be done whole.

Python drops what is raised while an import or the garbage collector calls back, and raises it between any two steps
otherwise, also between the making of a folder and the note that it has to be removed.
"""

import atexit
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """An interrupt as our handler raises it.

    Python ends `-m gate` by a signal, whatever status it returns, if a KeyboardInterrupt itself has left an `eval`,
    such as those of the standard library that make named tuples. Of a subclass it takes no note.
    """


_FROM_OUTSIDE = (signal.SIGINT, signal.SIGTERM)
INTERRUPTS = (*_FROM_OUTSIDE, signal.SIGALRM) if hasattr(signal, "setitimer") else _FROM_OUTSIDE  # not on Windows
"""The signals that interrupt; SIGALRM repeats one that was put off."""
_AGAIN_S = 0.02
_SAME_S = 1
"""An interrupt that comes this soon after another counts as the same: keys are pressed twice, and a program above us
passes on what it gets. The second would tear the work that the first has left to do, such as ending workers."""

_came = False
_raised_at = float("-inf")
"""When the last one was raised (`time.monotonic`)."""


def catch_interrupts() -> None:
    """From here on SIGTERM ends the process as Ctrl-C does; where SIGINT is ignored (`nohup … &`), it stays so."""
    signal.signal(signal.SIGTERM, _interrupt)
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.signal(signal.SIGALRM, _interrupt)
        # Python sets its handlers back at its end, and the timer of an interrupt that was put off would kill it then.
        atexit.register(signal.signal, signal.SIGALRM, signal.SIG_IGN)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_number: int, frame: FrameType | None) -> None:
    global _came, _raised_at
    _came = True
    now = time.monotonic()
    if now - _raised_at < _SAME_S:
        return
    if hasattr(signal, "setitimer") and _must_not_be_torn(frame):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_S)
        return
    _raised_at = now
    raise Interrupted


def _must_not_be_torn(frame: FrameType | None) -> bool:
    """True in the middle of an import, or where msgspec reads a type: torn off there, that ends by a crash."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib") or name.endswith("msgspec/_utils.py"):
            return True
        frame = frame.f_back
    return False


def raise_if_lost() -> None:
    """Raise Interrupted if one came before, and was dropped."""
    if _came:
        raise Interrupted


@contextmanager
def held_interrupts() -> Iterator[None]:
    """Hold interrupts back for a step that must be whole, such as a fork, in whose callbacks they would be lost."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Ignore interrupts at the end of the process, once its exit status is known; later ones end it at once."""
    ours = [number for number in INTERRUPTS if signal.getsignal(number) is _interrupt]
    for number in ours:
        signal.signal(number, signal.SIG_IGN)
    yield
    for number in ours:
        if number in _FROM_OUTSIDE:
            signal.signal(number, signal.SIG_DFL)
