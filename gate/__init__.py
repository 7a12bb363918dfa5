"""gate: a shift-left security gate for CI/CD. `from gate import run` judges as the command `gate run` does."""

import os
import sys

if os.path.basename((getattr(sys, "argv", None) or [""])[0]) in ("gate", "-m"):
    # As a program it imports nothing from the current folder, most often the judged one: `python -m` puts that on the
    # path, and PYTHONPATH by an empty or relative entry. The two modules above are those that Python started with.
    try:
        _here = os.getcwd()
    except OSError:  # it is gone, and `gate.cli` says so
        _here = ""
    sys.path[:] = [place for place in sys.path if os.path.isabs(place) and os.path.realpath(place) != _here]

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.app.api import run
    from gate.core.errors import GateError
    from gate.model import Finding, Report, VerdictStatus
    from gate.reports import write_report

__version__ = "0.1.0"
__all__ = ["Finding", "GateError", "Report", "VerdictStatus", "run", "write_report"]

_HOMES = {
    "run": "gate.app.api",
    "GateError": "gate.core.errors",
    "Finding": "gate.model",
    "Report": "gate.model",
    "VerdictStatus": "gate.model",
    "write_report": "gate.reports",
}
"""Where a public name lives; it is imported when it is asked for, so that the command line starts light."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'gate' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
