"""Findings that block and that no waiver can accept, with the reason, so that no report offers one."""

from collections.abc import Iterable
from datetime import datetime

from gate.model import Finding, Status
from gate.policy.accepted import Accepted
from gate.policy.decide import Policy
from gate.policy.rulings import Rulings


def unwaivable(findings: Iterable[Finding], policy: Policy, now: datetime) -> dict[str, str]:
    """Return by fingerprint why the policy does not let a finding that blocks be waived."""
    accepted = Accepted(policy.layers, (), policy.codeowners, now)
    rulings = Rulings(policy.layers, now)
    found: dict[str, str] = {}
    for one in findings:
        if one.blocking:
            ruling = rulings.strictest(one, is_new=one.status is not Status.EXISTING)
            if refusal := accepted.refusal_of_waivers(one, ruling):
                found[one.fingerprint] = refusal
    return found
