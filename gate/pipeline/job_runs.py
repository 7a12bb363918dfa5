"""The jobs of a run, performed in worker processes; an answer that is none is the error of its job."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from gate.core.errors import GateError, as_stage_error
from gate.core.text import without_credentials
from gate.model import StageError, StageResult, Tree
from gate.pipeline.isolation.sealing import possible
from gate.pipeline.jobs import World, check_is_own, run_job
from gate.pipeline.known_results import KnownResults
from gate.pipeline.plan import Job
from gate.pipeline.progress import Progress
from gate.pipeline.results import in_order
from gate.pipeline.self_check import with_doubt
from gate.pipeline.steps_log import log_end, log_start
from gate.pipeline.workers import Pool
from gate.settings import Settings
from gate.trees import open_tree
from gate.trees.revision import RevisionTree

MAX_LISTING = 32 << 20
"""Bytes that git says of a revision's files; some 400,000 files."""


def settings_for_workers(settings: Settings) -> Settings:
    """Return the settings without the login in an address that the broker alone connects to."""
    if not possible().programs:
        return settings
    source = settings.advisories.source
    shown = without_credentials(source) if "://" in source else source
    return msgspec.structs.replace(settings, advisories=msgspec.structs.replace(settings.advisories, source=shown))


def run_jobs(
    pool: Pool, jobs: Sequence[Job], world: World, progress: Progress, kept: KnownResults
) -> list[StageResult]:
    """Run the jobs and return their results in the order of the jobs."""
    results: dict[int, StageResult] = {}
    if world.settings.isolation == "required" and not possible().is_whole:
        return [_as_result(job, _not_isolated()) for job in jobs]
    known = kept.found(jobs)
    for index, job in enumerate(jobs):
        _begin(job, progress)
        if job in known:
            results[index] = _ended(job, known[job], progress)
    left = [index for index in range(len(jobs)) if index not in results]
    asked = [jobs[index] for index in left]
    list_once(asked)
    outcomes: dict[int, StageResult] = {}
    for place, outcome in pool.run(run_job, asked, world):
        results[left[place]] = _ended(asked[place], outcome, progress)
        if isinstance(outcome, StageResult):
            outcomes[place] = outcome
    done = [(asked[place], outcome, pool.consulted(place)) for place, outcome in outcomes.items()]
    kept.keep([(job, outcome, consulted) for job, outcome, consulted in done if consulted is not None])
    return [results[index] for index in range(len(jobs))]


def _begin(job: Job, progress: Progress) -> None:
    log_start(job)
    progress.started(job)


def _ended(job: Job, outcome: StageResult | StageError, progress: Progress) -> StageResult:
    result = in_order(_as_result(job, outcome))
    log_end(job, result)
    progress.finished(job, result)
    return result


def list_once(jobs: Sequence[Job]) -> None:
    """List each revision that several jobs look at: the workers, forked from this process, have it then.

    One of more than MAX_LISTING bytes is left to them, who have limits of memory and time.
    """
    for target, count in Counter(job.target for job in jobs).items():
        if count > 1 and isinstance(target, Tree) and target.revision is not None:
            with suppress(GateError):  # each job reports by itself what is wrong with its target
                tree = open_tree(target)
                assert isinstance(tree, RevisionTree)
                tree.list_within(MAX_LISTING)


def _as_result(job: Job, outcome: StageResult | StageError) -> StageResult:
    if isinstance(outcome, StageResult):
        try:
            check_is_own(outcome, job)  # a worker that was taken over can answer for others
        except GateError as error:
            outcome = as_stage_error(error)
        else:
            return with_doubt(outcome)
    return StageResult(stage=job.stage, target=job.target.name, errors=(outcome,))


def _not_isolated() -> StageError:
    kept = ", ".join(possible().missing)
    return StageError(
        title=f"workers cannot be isolated here ({kept}), and the settings require it",
        message="Run on Linux with Landlock on x86-64 or arm64 (`gate doctor`), or leave out `isolation: required`",
    )
