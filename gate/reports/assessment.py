"""Why a vulnerability of a package does not count, for the formats that exchange such assessments (VEX)."""

import enum

import msgspec

from gate.core.text import one_line
from gate.model import Finding, InUse, Status
from gate.reports.audit import why_it_passes


class AssessmentGround(enum.Enum):
    """The reason of an assessment."""

    UNUSED = "unused"
    """The analysis found that the image does not use the package."""
    UNREACHED = "unreached"
    """The analysis found that nothing reaches a vulnerable function."""
    CLEARED = "cleared"
    """A VEX document says that the package is not affected."""
    ACCEPTED = "accepted"
    """A waiver or rule accepts the risk: the package is still affected."""


class Assessment(msgspec.Struct, frozen=True):
    """An assessment of one finding."""

    ground: AssessmentGround
    detail: str


def assessment(finding: Finding) -> Assessment | None:
    """Return why a vulnerability of a package does not count; None if it counts."""
    if finding.package is None or finding.vulnerability is None:
        return None
    if finding.in_use is InUse.NO:
        return Assessment(
            AssessmentGround.UNUSED, one_line("; ".join(finding.in_use_evidence)) or "The package is not used."
        )
    if finding.reachable_function is InUse.NO:
        return Assessment(AssessmentGround.UNREACHED, one_line("; ".join(finding.reachable_function_evidence)))
    if finding.status not in (Status.WAIVED, Status.IGNORED):
        return None
    if finding.vex:
        return Assessment(AssessmentGround.CLEARED, one_line(finding.vex))
    return Assessment(AssessmentGround.ACCEPTED, f"Accepted ({why_it_passes(finding)}).")
