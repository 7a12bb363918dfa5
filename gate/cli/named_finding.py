"""The finding that a fingerprint, or its first digits, names in a report."""

from gate.core.errors import UsageError
from gate.core.suggestions import nearest
from gate.model import Finding, Report

_LIKENESS = 0.7
"""How alike (0 to 1) a fingerprint has to be to be the one that was meant."""


def named_finding(digits: str, report: Report) -> Finding:
    """Return the finding of `report` whose fingerprint begins with `digits`.

    Raises UsageError if there is none, and if findings with different fingerprints begin so.
    """
    found = {one.fingerprint: one for one in report.findings if one.fingerprint.startswith(digits)}
    if not found:
        near = _nearest(digits, report)
        hint = f"Did you mean {near}? " if near else ""
        raise UsageError(
            f"the report has no finding {digits}",
            hint=f"{hint}Run `gate run` again, as it may be fixed; for one of another report: --from REPORT.json",
        )
    if len(found) > 1:
        hint = f"Name one by more of its digits: {', '.join(sorted(found))}"
        raise UsageError(f"{len(found)} findings begin with {digits}", hint=hint)
    return next(iter(found.values()))


def resembles_one(digits: str, report: Report) -> bool:
    """True if `digits` are the first of a fingerprint of `report`, or nearly."""
    return _nearest(digits, report) is not None


def _nearest(digits: str, report: Report) -> str | None:
    return nearest(digits, {one.fingerprint[: len(digits)] for one in report.findings}, _LIKENESS)
