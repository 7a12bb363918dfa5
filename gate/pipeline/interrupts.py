"""An interrupt that is not lost: Python drops what is raised while an import or the garbage collector calls back."""

import atexit
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """An interrupt as our handler raises it.

    Python ends `-m gate` by a signal, whatever status it returns, if a KeyboardInterrupt itself has left an `eval`,
    such as those of the standard library that make named tuples. Of a subclass it takes no note.
    """


_came = False
_AGAIN_S = 0.02


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
    global _came
    _came = True
    if hasattr(signal, "setitimer") and _must_not_be_torn(frame):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_S)
        return
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


INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held_interrupts() -> Iterator[None]:
    """Hold interrupts back while a process is forked: one that comes in a callback of the fork would be lost."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
