"""Makes paths relative to the repository's root, for CI systems that show findings in the repository's files.

A target may be a folder below that root (in a monorepo), and paths in its findings are relative to that folder.
"""

import msgspec

from gate.model import Finding, Location, Report, StageError, StageSummary


def from_root(report: Report) -> Report:
    """Return the report with the target's folder put in front of every path."""
    folders = {one.target: one.folder for one in report.inputs if one.folder}
    if not folders:
        return report
    return msgspec.structs.replace(
        report,
        findings=tuple(_finding(one, folders) for one in report.findings),
        stages=tuple(_stage(one, folders) for one in report.stages),
    )


def _finding(finding: Finding, folders: dict[str, str]) -> Finding:
    folder = folders.get(finding.location.target)
    fix = finding.fix
    if fix is not None and folder:
        edits = tuple(msgspec.structs.replace(edit, path=f"{folder}/{edit.path}") for edit in fix.edits)
        fix = msgspec.structs.replace(fix, edits=edits)
    return msgspec.structs.replace(
        finding,
        location=_location(finding.location, folders),
        places=tuple(_location(one, folders) for one in finding.places),
        fix=fix,
    )


def _location(location: Location, folders: dict[str, str]) -> Location:
    folder = folders.get(location.target)
    if not folder or location.path is None:
        return location
    return msgspec.structs.replace(location, path=f"{folder}/{location.path}")


def _stage(stage: StageSummary, folders: dict[str, str]) -> StageSummary:
    return msgspec.structs.replace(stage, errors=tuple(_error(one, folders) for one in stage.errors))


def _error(error: StageError, folders: dict[str, str]) -> StageError:
    """Leave absolute paths and the target's own name as they are: an error may name files outside of the target."""
    folder = folders.get(error.target)
    if not folder or not error.path or error.path == error.target or error.path.startswith("/"):
        return error
    return msgspec.structs.replace(error, path=f"{folder}/{error.path}")
