"""What the surroundings of a detector's hit say: how sure it is, or why it is no secret."""

from gate.model import Confidence
from gate.secrets.engine.hit import DetectorHit, HitVerdict, locate
from gate.secrets.triage.confidence_rules import evidence
from gate.secrets.triage.false_positives import checks_of


def judge(type: str, value: str, line: str, path: str) -> HitVerdict:
    """Judge the hit of the detector of `type`: `value` in `line` of the file at `path` (relative).

    Takes time linear in `value` and the line, of which it looks at BEFORE and AFTER characters.
    """
    hit = locate(type, value, line, path)
    dropped = next((reason for check in checks_of(hit) if (reason := check(hit))), None)
    return HitVerdict(None, dropped) if dropped else _weighed(hit)


def _weighed(hit: DetectorHit) -> HitVerdict:
    """Take the most sceptical of the reasons that apply."""
    return min(evidence(hit), key=lambda verdict: (verdict.confidence or Confidence.LOW).rank)
