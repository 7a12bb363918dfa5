"""What a worker does for a job: make the stage's world, and run the stage."""

import time
from datetime import datetime
from pathlib import Path

import msgspec

from gate.core.errors import GateError
from gate.model import StageResult, Trust
from gate.pipeline import workers
from gate.pipeline.comments import with_comments
from gate.pipeline.context import LocalContext, WorkerContext
from gate.pipeline.plan import Job
from gate.settings import Settings
from gate.stages import load_stage


class World(msgspec.Struct, frozen=True, kw_only=True):
    """What every job of a run has in common."""

    settings: Settings
    now: datetime
    cache_folder: str
    trust: Trust = Trust()


def run_job(job: Job, world: World) -> StageResult:
    """Run a stage on a target, in the process that calls."""
    folder = Path(world.cache_folder)
    context = (
        WorkerContext(world.settings, world.now, folder, workers.link, world.trust)
        if workers.link
        else LocalContext(world.settings, world.now, folder, trust=world.trust)
    )
    context.said, context.compared = job.said, job.compared
    started = time.perf_counter()
    result = load_stage(job.stage).run(job.target, context)
    check_is_own(result, job)
    result = with_comments(result, job.target)
    return msgspec.structs.replace(result, duration_s=round(time.perf_counter() - started, 3))


def check_is_own(result: object, job: Job) -> None:
    """Raise GateError for what a plugin may answer by mistake: it would count as the work of another stage."""
    if not isinstance(result, StageResult) or (result.stage, result.target) != (job.stage, job.target.name):
        raise GateError(
            f"the stage {job.stage} answered with no result of its own for this target",
            hint="A plugin's `run` returns gate.stages.base.result_of(its name, target, …)",
        )
