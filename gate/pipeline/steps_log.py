"""What `--debug` shows of the steps of a run."""

from collections import Counter
from collections.abc import Iterable

from gate.core.debug import debug
from gate.model import StageResult
from gate.pipeline.plan import Job, Plan
from gate.policy.decide import Judgement


def log_plan(planned: Plan) -> None:
    """Log which stage looks at which target, and which at none."""
    for job in planned.whole:
        elsewhere = "" if job in planned.jobs else " (another part's)"
        debug("plan", "%s on %s%s", job.stage, job.target.name, elsewhere)
    for result in planned.idle:
        debug("plan", "%s: %s", result.stage, result.skipped)


def log_start(job: Job) -> None:
    """Log that a job has begun."""
    debug("run", "%s on %s: started", job.stage, job.target.name)


def log_end(job: Job, result: StageResult) -> None:
    """Log what a job has come to, in numbers."""
    counts = len(result.findings), len(result.errors)
    words = f"%s on %s: {result.status.value} after %.3f s, %d findings, %d errors"
    debug("run", words, job.stage, job.target.name, result.duration_s, *counts)


def log_errors(results: Iterable[StageResult]) -> None:
    """Log what stages could not do; the secrets in it must be hidden by then."""
    for result in results:
        for error in result.errors:
            debug("run", "%s on %s: %s", result.stage, result.target, error)


def log_decision(judgement: Judgement) -> None:
    """Log the verdict, and how many findings have which status."""
    counts = Counter(finding.status.value for finding in judgement.findings)
    blocking = sum(finding.blocking for finding in judgement.findings)
    debug("policy", "verdict %s: %d findings block; %s", judgement.verdict.status.value, blocking, dict(counts))
