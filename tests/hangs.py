"""A guard against work that never ends: hostile input must cost what its size costs.

How long something takes is measured in `benchmarks/`. No test asserts it: a slow machine would fail what is right.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HANG_S = 120
"""In seconds of processor time. What ends takes a few of these; what grows by the square or worse takes hours."""


@contextmanager
def must_end() -> Iterator[None]:
    """Interrupts what takes `HANG_S` of this process' own processor time.

    Raises:
        AssertionError: What was run has not ended by then.
    """

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"has not ended after {HANG_S} s of processor time")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
