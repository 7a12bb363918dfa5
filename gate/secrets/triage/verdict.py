"""What the surroundings of a detector's candidate say: how sure it is, or why it is no secret."""

from gate.model import Confidence
from gate.secrets.triage.candidate_in_line import CandidateInLine, TriageVerdict, locate
from gate.secrets.triage.confidence_rules import evidence
from gate.secrets.triage.false_positives import checks_of


def judge(type: str, value: str, line: str, path: str) -> TriageVerdict:
    """Judge the candidate of the detector of `type`: `value` in `line` of the file at `path` (relative).

    Takes time linear in `value` and the line, of which it looks at BEFORE and AFTER characters.
    """
    candidate = locate(type, value, line, path)
    dropped = next((reason for check in checks_of(candidate) if (reason := check(candidate))), None)
    return TriageVerdict(None, dropped) if dropped else _weighed(candidate)


def _weighed(candidate: CandidateInLine) -> TriageVerdict:
    """Take the most sceptical of the reasons that apply."""
    return min(evidence(candidate), key=lambda verdict: (verdict.confidence or Confidence.LOW).rank)
