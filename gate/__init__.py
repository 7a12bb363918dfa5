"""gate: a shift-left security gate for CI/CD. `from gate import run` judges as the command `gate run` does."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.api import run
    from gate.errors import GateError
    from gate.model import Finding, Report, VerdictStatus
    from gate.reports import write_report

__version__ = "0.1.0"
__all__ = ["Finding", "GateError", "Report", "VerdictStatus", "run", "write_report"]

_HOMES = {
    "run": "gate.api",
    "GateError": "gate.errors",
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
