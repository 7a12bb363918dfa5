"""A log of what the gate does, step by step, on standard error, by the standard library's `logging`.

Nothing is logged, and `logging` is not imported, until the command turns it on (`--debug`, `GATE_DEBUG=1`). Processes
that are forked afterwards log too: what a sealed worker writes to its standard error is shown by the broker.
"""

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

_FORM = "%(asctime)s.%(msecs)03dZ %(name)s[%(process)d]: %(message)s"
_TIME = "%H:%M:%S"
_root: "logging.Logger | None" = None
"""The logger `gate`; None: nothing is logged."""


def turn_on() -> None:
    """Log from here on, to standard error, in this process and those that are forked of it."""
    import logging

    global _root
    if _root is None:
        formatter = logging.Formatter(_FORM, _TIME)
        formatter.converter = time.gmtime  # the zone of this machine may be a file that a worker cannot read
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(formatter)
        _root = logging.getLogger("gate")
        _root.setLevel(logging.DEBUG)
        _root.propagate = False
        _root.addHandler(handler)


def is_on() -> bool:
    """True if steps are logged."""
    return _root is not None


def debug(topic: str, message: str, *values: object) -> None:
    """Log a step to the logger `gate.TOPIC`; `values` are put into `message` as `%` does.

    All that may be a secret is hidden in it, and no character moves the cursor of a terminal.
    """
    if _root is None:
        return
    from gate.core.hiding import with_nothing_doubtful
    from gate.core.text import visible

    text = message % values if values else message
    _root.getChild(topic).debug("%s", visible(with_nothing_doubtful(text)))


def debug_traceback(error: BaseException) -> None:
    """Log where an unforeseen exception and those that led to it were raised; their texts could quote a secret.

    The latest exception comes first, and of each the innermost call last.
    """
    if _root is None:
        return
    from traceback import format_tb

    led_to: BaseException | None = error
    while led_to is not None:
        debug("traceback", "%s", type(led_to).__qualname__)
        for step in format_tb(led_to.__traceback__):
            for line in step.rstrip("\n").split("\n"):
                debug("traceback", "%s", line)
        led_to = led_to.__cause__ or led_to.__context__
