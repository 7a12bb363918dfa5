"""gate: a shift-left security gate for CI/CD. `from gate import run` judges as the command `gate run` does."""

TYPE_CHECKING = False
"""As in `typing`. This module imports nothing: of `python -m gate`, whose path begins with the folder it is started in,
it runs before `gate.__main__` can take that folder away."""

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
