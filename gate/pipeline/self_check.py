"""What a run checks of itself before it says pass: that nothing got lost on the way, and that the policy still decides.

A step that is broken, or was switched off, and answers with nothing would else be taken for one that found nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from gate.core.errors import GateError
from gate.model import Finding, Location, Severity, StageError, StageResult, VerdictStatus, fingerprint
from gate.pipeline.plan import Job
from gate.policy.decide import Judgement, Policy, decide
from gate.policy.layers import PolicyLayer
from gate.settings.policy import Condition, Rule
from gate.stages import STAGES

_STAGE, _RULE = "canary", "CANARY"
_HINT = "There is no verdict; please report this line"


def with_doubt(result: StageResult) -> StageResult:
    """Return a result, as an error if it is one of the gate's own stages and says nothing at all of its work.

    Each of them says what it has seen, if only that it was one file.
    """
    if result.stage not in STAGES or result.facts or result.findings or result.errors or result.skipped is not None:
        return result
    silent = StageError(title=f"{result.stage} reports nothing about its work", message=_HINT)
    return msgspec.structs.replace(result, errors=(silent,))


def check_done(jobs: Iterable[Job], results: Iterable[StageResult]) -> None:
    """Raise GateError if a job has no result."""
    left = Counter((job.stage, job.target.name) for job in jobs)
    left -= Counter((result.stage, result.target) for result in results)
    for stage, target in left:
        raise GateError(f"the result of {stage} is lost", path=target, hint=_HINT)


def check_judgement(judgement: Judgement, results: Sequence[StageResult], policy: Policy, now: datetime) -> None:
    """Raise GateError for a verdict that does not follow from what the stages found."""
    if not any(layer.rules for layer in policy.layers):
        raise GateError("there is no rule to judge by, not even a built-in one", hint=_HINT)
    judged = Counter(finding.fingerprint for finding in judgement.findings)
    if Counter(finding.fingerprint for result in results for finding in result.findings) - judged:
        raise GateError("findings got lost before they were judged", hint=_HINT)
    is_clean = not any(finding.blocking for finding in judgement.findings)
    is_whole = not any(result.errors for result in results)
    if judgement.verdict.status is VerdictStatus.PASS and not (is_clean and is_whole):
        raise GateError("the verdict is pass, although something blocks or did not finish", hint=_HINT)
    _check_decides(now)


def _check_decides(now: datetime) -> None:
    """Raise GateError if what a rule says to block does not block: a canary in the policy's own machinery."""
    rule = Rule(id=_RULE, why="It has to.", when=Condition(stage=_STAGE, severity=Severity.LOW))
    finding = Finding(
        stage=_STAGE,
        rule=_RULE,
        severity=Severity.HIGH,
        title="A canary",
        message="",
        fingerprint=fingerprint(_STAGE, _RULE, None),
        location=Location(target=_STAGE),
    )
    result = StageResult(stage=_STAGE, target=_STAGE, findings=(finding,))
    judged = decide([result], Policy(layers=(PolicyLayer(source=_STAGE, rules=(rule,)),)), now)
    if judged.verdict.status is not VerdictStatus.FAIL or not all(one.blocking for one in judged.findings):
        raise GateError("the policy no longer decides: what has to block passes", hint=_HINT)
