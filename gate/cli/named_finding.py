"""The finding that a fingerprint, or its first digits, names in a report."""

from gate.core.errors import UsageError
from gate.model import Finding, Report


def named_finding(digits: str, report: Report) -> Finding:
    """Return the finding of `report` whose fingerprint begins with `digits`.

    Raises UsageError if there is none, and if findings with different fingerprints begin so.
    """
    found = {one.fingerprint: one for one in report.findings if one.fingerprint.startswith(digits)}
    if not found:
        raise UsageError(f"the report has no finding {digits}", hint="Run `gate run` again: it may be fixed")
    if len(found) > 1:
        hint = f"Name one by more of its digits: {', '.join(sorted(found))}"
        raise UsageError(f"{len(found)} findings begin with {digits}", hint=hint)
    return next(iter(found.values()))
