"""From targets to a report: run the stages side by side, compare with what was there before, decide."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from gate import __version__
from gate.core.cache import Cache
from gate.declarations.secrets import SECRETS
from gate.git.view import prepare_views
from gate.model import (
    CommitRange,
    Finding,
    Loosened,
    Part,
    PolicyUsed,
    Report,
    StageError,
    StageResult,
    Target,
    Tool,
    Tree,
    Trust,
    TrustUsed,
    Unseen,
)
from gate.pipeline.base_files import base_files_of, joined, with_base_files
from gate.pipeline.comparison import (
    incomplete_bases,
    listed_as_known,
    new_findings,
    results_of_bases,
    with_added_parties,
    without_needless_errors,
)
from gate.pipeline.deployed import DeploymentOf, with_deployments
from gate.pipeline.evidence import Chosen, chosen_in, evidence_of
from gate.pipeline.excerpts import Choose, shown_by, with_excerpts
from gate.pipeline.inputs import inputs_of
from gate.pipeline.isolation.sealing import possible
from gate.pipeline.job_runs import run_jobs, settings_for_workers
from gate.pipeline.jobs import World
from gate.pipeline.known_answers import KnownAnswers
from gate.pipeline.known_excerpts import show_known
from gate.pipeline.known_results import KnownResults
from gate.pipeline.masking import verdict_without_quoted_secrets, without_quoted_secrets
from gate.pipeline.plan import Job, plan
from gate.pipeline.progress import Progress
from gate.pipeline.resources import cache_folder, limits_of, permit_of
from gate.pipeline.results import RunTimes, in_order, inventories_of, number_repeats, summarise
from gate.pipeline.self_check import check_done, check_judgement
from gate.pipeline.shard import ELSEWHERE, part_of
from gate.pipeline.steps_log import log_decision, log_errors, log_plan
from gate.pipeline.workers import Pool
from gate.policy.changes import ChangeNotes
from gate.policy.decide import Judgement, Policy, decide, idle_stages
from gate.policy.loosening import loosening_of
from gate.policy.preexisting import Key, paths_before, there_before
from gate.policy.silences import settled
from gate.settings import Settings
from gate.stages import order_of
from gate.tools.duplicates import without_duplicates
from gate.trees.index import listings_of_a_run
from gate.trees.unseen import UnseenWatch, refusals
from gate.trees.unseen import notices as unseen_notices

DescribeChange = Callable[[Sequence[Finding]], ChangeNotes]
"""Says what a change would loosen, given the new findings."""


class ComparedResults(msgspec.Struct, frozen=True, kw_only=True):
    """What the stages found, compared with what was there before; no policy has been asked yet."""

    results: list[StageResult]
    before: Mapping[Key, frozenset[str]]
    """The files in which a finding was there before, by what names it."""
    comments: Sequence[Loosened]
    """Comments of the change that would silence findings."""
    unseen: Mapping[str, tuple[Unseen, ...]]
    """What of a target no stage looks at, by its name."""
    notices: tuple[str, ...]


def judge(
    targets: Sequence[Target],
    settings: Settings,
    policy: Policy,
    *,
    now: datetime,
    progress: Progress,
    bases: Mapping[str, Sequence[Tree]] | None = None,
    trust: Trust | None = None,
    describe_change: DescribeChange | None = None,
    chosen: Chosen | None = None,
    deployment_of: DeploymentOf | None = None,
    excerpts_of: Choose = tuple,
) -> Report:
    """Run the stages on the targets and decide.

    `bases` gives for a target's name the trees it is compared with (several after a merge): what the same stage
    finds in one of them is existing and cannot block. `trust` says which files are trusted, and `describe_change` what
    the judged change would loosen, given the new findings. `chosen` names the settings in the report, if these are not
    to be named as they are. `deployment_of` says where a target is deployed, `excerpts_of` which findings are shown
    with the lines around them. Raises UsageError if no stage is enabled.
    """
    started = time.monotonic()
    planned = plan(targets, settings)
    log_plan(planned)
    prepare_views({target.root for target in targets if isinstance(target, CommitRange | Tree)})
    with (
        listings_of_a_run(),
        cache_folder(settings) as folder,
        Pool(limits_of(settings), progress.say, permit_of(settings, folder, now, trust or Trust())) as pool,
        progress,
        KnownAnswers(_world_of(settings, now, folder, trust or Trust())) as known,
    ):
        watch = UnseenWatch(targets, settings.refuse_unseen)
        world = known.world
        run = partial(run_jobs, pool, world=world, progress=progress, kept=KnownResults(known))
        observed = _observe(planned.jobs, world, bases or {}, watch, run)
        found = without_quoted_secrets(observed.results, settings.of(SECRETS).plugins, folder)
        change = describe_change(new_findings(found, observed.before)) if describe_change else ChangeNotes()
        own = _own_results([*change.loosened, *observed.comments], found, settings, folder)
        results = [*own, *sorted([*found, *planned.idle], key=lambda result: order_of(result.stage))]
        log_errors(results)
        check_done(planned.jobs, results)
        inputs = inputs_of(targets, results, observed.unseen, as_listed=pool.is_unused)
        if deployment_of is not None:
            results = with_deployments(results, inputs, deployment_of)
        span = RunTimes(_time(now), _time(now + timedelta(seconds=time.monotonic() - started)))
        policy = msgspec.structs.replace(
            policy,
            there_before=observed.before,
            compared=frozenset(world.trust.bases),
            notes=(*policy.notes, *change.notices, *observed.notices),
        )
        part = part_of(settings.shard, tuple(idle_stages(results, policy)))
        judgement = _decide(results, policy, part, settings, folder, now)
        show = show_known(known, Cache(folder), shown_by(pool, settings, limits_of(settings).jobs))
        findings = with_excerpts(judgement.findings, targets, show, excerpts_of)
    return Report(
        tool=Tool(name="gate", version=__version__),
        verdict=judgement.verdict,
        stages=summarise(results, judgement.findings, span),
        findings=findings,
        packages=sum(len(result.packages) for result in results),
        inputs=inputs,
        policies=tuple(PolicyUsed(source=layer.source, sha256=layer.sha256) for layer in policy.layers),
        part=part,
        trust=_used(trust),
        evidence=evidence_of(planned, chosen or chosen_in(settings), bases or {}, results),
        isolation=possible(),
        inventories=inventories_of(targets, results, now),
    )


def _world_of(settings: Settings, now: datetime, folder: Path, trust: Trust) -> World:
    return World(settings=settings_for_workers(settings), now=now, cache_folder=str(folder), trust=trust)


def _observe(
    jobs: Sequence[Job],
    world: World,
    bases: Mapping[str, Sequence[Tree]],
    watch: UnseenWatch,
    run: Callable[[Sequence[Job]], list[StageResult]],
) -> ComparedResults:
    """Run the jobs, and those of the bases whose targets have findings, and say what was there before."""
    base_files = base_files_of(jobs, world.trust, world.settings)
    answers = run(with_base_files(jobs, base_files))
    found = without_duplicates(joined(answers, len(jobs), base_files))
    unseen = watch.answers()
    found = [_with_refusals(result, unseen, watch.errors(), world.settings) for result in found]
    earlier = results_of_bases(jobs, found, bases, base_files, run)
    found, earlier, unasked = without_needless_errors(found, earlier)
    found = with_added_parties(found, earlier)
    found, comments = settled(found, earlier, world.trust)
    found = [in_order(result) for result in found]
    paths = paths_before(
        found, earlier
    )  # by the fingerprints that repeated findings share, so before they are numbered
    found = [number_repeats(result) for result in found]
    return ComparedResults(
        results=found,
        before={**there_before(found, paths), **listed_as_known(found)},
        comments=comments,
        unseen=unseen,
        notices=(*unseen_notices(unseen), *unasked, *incomplete_bases(earlier)),
    )


def _with_refusals(
    result: StageResult,
    unseen: Mapping[str, Sequence[Unseen]],
    failed: Mapping[str, StageError],
    settings: Settings,
) -> StageResult:
    """Return a result with an error for whatever of its target may not be left out, and was."""
    said = refusals(unseen.get(result.target, ()), settings.refuse_unseen)
    errors = [StageError(title=title, message="Make it a target, or ask whose `refuse_unseen` it is") for title in said]
    if result.target in failed and failed[result.target].title not in {error.title for error in result.errors}:
        errors.append(failed[result.target])
    return msgspec.structs.replace(result, errors=(*result.errors, *errors)) if errors else result


def _own_results(
    loosened: Sequence[Loosened], found: Sequence[StageResult], settings: Settings, folder: Path
) -> list[StageResult]:
    """Return the gate's own result, which says what the change would loosen; nothing if that is nothing.

    It quotes settings, so secrets in it are hidden. Of a run in several parts the first part alone says it.
    """
    loosening = loosening_of(loosened, found)
    if not loosening:
        return []
    (own,) = map(number_repeats, without_quoted_secrets([loosening], settings.of(SECRETS).plugins, folder))
    part = part_of(settings.shard, ())
    return [own if part is None or part.index == 1 else msgspec.structs.replace(own, findings=(), skipped=ELSEWHERE)]


def _decide(
    results: Sequence[StageResult], policy: Policy, part: Part | None, settings: Settings, folder: Path, now: datetime
) -> Judgement:
    """Return the judgement, its verdict without secrets. Raises GateError if it does not follow from the results."""
    judgement = decide(results, _of_part(policy) if part else policy, now)
    log_decision(judgement)
    verdict = verdict_without_quoted_secrets(judgement.verdict, settings.of(SECRETS).plugins, folder)
    judgement = msgspec.structs.replace(judgement, verdict=verdict)
    check_judgement(judgement, results, policy, now)
    return judgement


def _of_part(policy: Policy) -> Policy:
    """Return the policy without what only the whole run can satisfy."""
    return msgspec.structs.replace(policy, required_stages=(), required_targets=(), may_look_at_nothing=True)


def _used(trust: Trust | None) -> TrustUsed | None:
    if trust is None:
        return None
    return TrustUsed(mode=trust.mode, settings=trust.settings or None, commit=trust.commit)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
