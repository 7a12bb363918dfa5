"""The report of the last run of a project, kept so that a fingerprint can be explained without running again."""

import hashlib
from pathlib import Path

from gate.cache_folder import user_cache_folder
from gate.errors import GateError, UsageError
from gate.model import Report


def _place(root: str) -> Path:
    name = hashlib.sha256(str(Path(root).resolve()).encode()).hexdigest()[:32]
    return user_cache_folder() / "reports" / f"{name}.json"


def keep(report: Report, root: str) -> None:
    """Keep `report` as the last one of the project in `root`, which was judged from the current folder.

    A cache that cannot be written to keeps nothing.
    """
    from gate.reports import write_report

    place = _place(root)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_report("json", report, str(place))
        _judged_from_here().write_text(root)
    except (OSError, GateError):
        return  # the verdict does not depend on it, and `last_report` says that there is none


def last_root() -> str:
    """Return the root of the project that was judged last from the current folder; else of that which it is in."""
    from gate.project import current_root

    judged = _judged_from_here()
    return judged.read_text() if judged.is_file() else current_root()


def _judged_from_here() -> Path:
    return _place(str(Path.cwd())).with_suffix(".project")


def last_report(root: str) -> Report:
    """Return the report of the last run. Raises UsageError if none is kept."""
    from gate.reports.reading import read_report

    place = _place(root)
    if not place.is_file():
        raise UsageError("no run of this project is kept", hint="Run `gate run` first, or name a report: --from FILE")
    return read_report(str(place))
