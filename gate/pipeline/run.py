"""From targets to a report: run the stages side by side, compare with what was there before, decide."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from gate import __version__
from gate.core.cache_folder import user_cache_folder
from gate.core.debug import debug
from gate.core.errors import GateError, as_stage_error
from gate.core.text import without_credentials
from gate.declarations.secrets import SECRETS
from gate.git.view import prepare_views
from gate.model import (
    CommitRange,
    Finding,
    Image,
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
from gate.pipeline.base_files import BaseFiles, joined, with_words, words_of
from gate.pipeline.broker import Permit
from gate.pipeline.evidence import Chosen, chosen_in, evidence_of
from gate.pipeline.excerpts import ExcerptLines, Lines, Show, shown_lines, with_excerpts
from gate.pipeline.inputs import inputs_of
from gate.pipeline.isolation.sealing import possible
from gate.pipeline.jobs import World, check_is_own, run_job
from gate.pipeline.masking import verdict_without_quoted_secrets, without_quoted_secrets
from gate.pipeline.plan import Job, Plan, plan
from gate.pipeline.progress import Progress
from gate.pipeline.results import RunTimes, in_order, inventories_of, number_repeats, summarise
from gate.pipeline.self_check import check_done, check_judgement, with_doubt
from gate.pipeline.shard import ELSEWHERE, part_of
from gate.pipeline.workers import Pool, WorkerLimits
from gate.policy.changes import ChangeNotes
from gate.policy.copies import paths_of
from gate.policy.decide import Judgement, Policy, decide, idle_stages
from gate.policy.loosening import loosening_of
from gate.policy.preexisting import EarlierResult, Key, key_of, paths_before, there_before
from gate.policy.silences import settled
from gate.settings import Settings
from gate.stages import order_of
from gate.tools.duplicates import without_duplicates
from gate.trees.unseen import UnseenWatch, refusals
from gate.trees.unseen import notices as unseen_notices

MAX_LISTING = 32 << 20
"""Bytes that git says of a revision's files; some 400,000 files."""


DescribeChange = Callable[[Sequence[Finding]], ChangeNotes]
"""Says what a change would loosen, given the new findings."""


@contextmanager
def cache_folder(settings: Settings) -> Iterator[Path]:
    """Give the folder for what is costly to make again: the user's, or one for this run alone without `cache`."""
    if settings.cache:
        yield user_cache_folder()
        return
    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        yield Path(folder)


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
) -> Report:
    """Run the stages on the targets and decide.

    `bases` gives for a target's name the trees it is compared with (several after a merge): what the same stage
    finds in one of them is existing and cannot block. `trust` says which files are trusted, and `describe_change` what
    the judged change would loosen, given the new findings. `chosen` names the settings in the report, if these are not
    to be named as they are. Raises UsageError if no stage is enabled.
    """
    started = time.monotonic()
    planned = plan(targets, settings)
    _log_plan(planned)
    prepare_views({target.root for target in targets if not isinstance(target, Image)})
    watch = UnseenWatch(targets, settings.refuse_unseen)
    with (
        cache_folder(settings) as folder,
        Pool(limits_of(settings), progress.say, permit_of(settings, folder, now)) as pool,
        progress,
    ):
        world = World(settings=_for_workers(settings), now=now, cache_folder=str(folder), trust=trust or Trust())
        words = words_of(planned.jobs, world.trust, settings)
        answers = _run(pool, with_words(planned.jobs, words), world, progress)
        ran = without_duplicates(joined(answers, len(planned.jobs), words))
        unseen = watch.answers()
        ran = [_with_refusals(result, unseen, watch.errors(), settings) for result in ran]
        seen = _before(planned.jobs, ran, bases or {}, words, lambda jobs: _run(pool, jobs, world, progress))
        ran, comments = settled(ran, seen, world.trust)
        ran = [in_order(result) for result in ran]
        paths = paths_before(ran, seen)
        ran = [number_repeats(result) for result in ran]
        before = {**there_before(ran, paths), **_listed(ran)}
        ran = without_quoted_secrets(ran, settings.of(SECRETS).plugins, folder)
        said = describe_change(_new(ran, before)) if describe_change else ChangeNotes()
        loosening = loosening_of([*said.loosened, *comments], ran)
        own = _without_secrets(loosening, settings, folder) if loosening else None
        first = [_of_this_part(number_repeats(own), settings)] if own else []
        results = [*first, *sorted([*ran, *planned.idle], key=lambda result: order_of(result.stage))]
        _log_errors(results)
        check_done(planned.jobs, results)
        span = RunTimes(_time(now), _time(now + timedelta(seconds=time.monotonic() - started)))
        policy = msgspec.structs.replace(
            policy,
            there_before=before,
            compared=frozenset(world.trust.bases),
            notes=(*policy.notes, *said.notices, *unseen_notices(unseen), *_untold(seen)),
        )
        part = part_of(settings.shard, tuple(idle_stages(results, policy)))
        judgement = decide(results, _of_part(policy) if part else policy, now)
        _log_decision(judgement)
        verdict = verdict_without_quoted_secrets(judgement.verdict, settings.of(SECRETS).plugins, folder)
        check_judgement(msgspec.structs.replace(judgement, verdict=verdict), results, policy, now)
        findings = with_excerpts(judgement.findings, targets, _shown_by(pool, settings))
    return Report(
        tool=Tool(name="gate", version=__version__),
        verdict=verdict,
        stages=summarise(results, judgement.findings, span),
        findings=findings,
        packages=sum(len(result.packages) for result in results),
        inputs=inputs_of(targets, results, unseen),
        policies=tuple(PolicyUsed(source=layer.source, sha256=layer.sha256) for layer in policy.layers),
        part=part,
        trust=_used(trust),
        evidence=evidence_of(planned, chosen or chosen_in(settings), bases or {}, results),
        isolation=possible(),
        inventories=inventories_of(targets, results, now),
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


def _untold(seen: Iterable[EarlierResult]) -> Iterator[str]:
    """Yield a note for each earlier result that is incomplete: the findings that it lacks count as new."""
    for one in seen:
        for error in one.result.errors[:1]:
            yield f"What {one.result.stage} found before in {one.target} cannot be told: {error}. All counts as new"


def _new(results: Iterable[StageResult], before: Mapping[Key, frozenset[str]]) -> list[Finding]:
    """Return the findings that were not there before."""
    found = (finding for result in results for finding in result.findings)
    return [finding for finding in found if not paths_of(finding) <= before.get(key_of(finding), frozenset())]


def _of_part(policy: Policy) -> Policy:
    """Return the policy without what only the whole run can tell."""
    return msgspec.structs.replace(policy, required_stages=(), required_targets=())


def _without_secrets(own: StageResult, settings: Settings, folder: Path) -> StageResult:
    """Hide secrets in what is said of the gate itself: it quotes settings."""
    (hidden,) = without_quoted_secrets([own], settings.of(SECRETS).plugins, folder)
    return hidden


def _of_this_part(own: StageResult, settings: Settings) -> StageResult:
    """Return what is said of the gate itself; of a run that is shared, the first part says it."""
    part = part_of(settings.shard, ())
    return own if part is None or part.index == 1 else msgspec.structs.replace(own, findings=(), skipped=ELSEWHERE)


def _used(trust: Trust | None) -> TrustUsed | None:
    if trust is None:
        return None
    return TrustUsed(mode=trust.mode, settings=trust.settings or None, commit=trust.commit)


def _shown_by(pool: Pool, settings: Settings) -> Show:
    """Read excerpts in workers: those that did the last work, which are likely to have the secrets engine."""

    def show(parts: tuple[ExcerptLines, ...]) -> list[Lines]:
        count = min(limits_of(settings).jobs, -(-len(parts) // _FEWEST_SHOWN))
        dealt = list(_dealt(parts, count))
        lines: list[Lines] = [{}] * len(parts)
        work = [tuple(parts[place] for place in places) for places in dealt]
        for index, shown in pool.run(shown_lines, work, settings.of(SECRETS).plugins):
            if not isinstance(shown, StageError):  # what is not masked is not shown
                for place, one in zip(dealt[index], shown, strict=False):
                    lines[place] = one
        return lines

    return show


def _dealt(parts: tuple[ExcerptLines, ...], count: int) -> Iterator[list[int]]:
    """Yield the places of the parts that one worker reads: those of one target go to at most `count` of them."""
    by_root: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        by_root.setdefault(part.target.root, []).append(place)
    for places in by_root.values():
        yield from (places[start::count] for start in range(min(count, len(places))))


_FEWEST_SHOWN = 8
"""Files for which a further worker reads excerpts."""


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def limits_of(settings: Settings) -> WorkerLimits:
    """Return what the workers of a run may take."""
    jobs = settings.jobs or len(
        os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    )
    return WorkerLimits(jobs=jobs, timeout_s=settings.timeout, memory=settings.memory)


def permit_of(settings: Settings, cache_folder: Path, now: datetime) -> Permit:
    """Return what the broker knows of a run; make the folder of the cache that workers see once they are sealed."""
    with suppress(OSError):
        (cache_folder / "advisories").mkdir(parents=True, exist_ok=True)
    return Permit(settings=settings, cache_folder=str(cache_folder), now=now)


def _run(pool: Pool, jobs: Sequence[Job], world: World, progress: Progress) -> list[StageResult]:
    """Run the jobs and return their results in the order of the jobs."""
    results: dict[int, StageResult] = {}
    if world.settings.isolation == "required" and not possible().is_whole:
        return [_as_result(job, _not_isolated()) for job in jobs]
    for job in jobs:
        debug("run", "%s on %s: started", job.stage, job.target.name)
        progress.started(job)
    _list_once(jobs)
    for index, outcome in pool.run(run_job, list(jobs), world):
        results[index] = in_order(_as_result(jobs[index], outcome))
        _log_end(jobs[index], results[index])
        progress.finished(jobs[index], results[index])
    return [results[index] for index in range(len(jobs))]


def _log_plan(planned: Plan) -> None:
    for job in planned.whole:
        elsewhere = "" if job in planned.jobs else " (another part's)"
        debug("plan", "%s on %s%s", job.stage, job.target.name, elsewhere)
    for result in planned.idle:
        debug("plan", "%s: %s", result.stage, result.skipped)


def _log_end(job: Job, result: StageResult) -> None:
    counts = len(result.findings), len(result.errors)
    words = f"%s on %s: {result.status.value} after %.3f s, %d findings, %d errors"
    debug("run", words, job.stage, job.target.name, result.duration_s, *counts)


def _log_errors(results: Iterable[StageResult]) -> None:
    """Log what stages could not do, secrets in it hidden by then."""
    for result in results:
        for error in result.errors:
            debug("run", "%s on %s: %s", result.stage, result.target, error)


def _log_decision(judgement: Judgement) -> None:
    counts = Counter(finding.status.value for finding in judgement.findings)
    blocking = sum(finding.blocking for finding in judgement.findings)
    debug("policy", "verdict %s: %d findings block; %s", judgement.verdict.status.value, blocking, dict(counts))


def _for_workers(settings: Settings) -> Settings:
    """Return the settings without the login in an address that the broker alone goes to."""
    if not possible().programs:
        return settings
    source = settings.advisories.source
    shown = without_credentials(source) if "://" in source else source
    return msgspec.structs.replace(settings, advisories=msgspec.structs.replace(settings.advisories, source=shown))


def _not_isolated() -> StageError:
    kept = ", ".join(possible().missing)
    return StageError(
        title=f"workers cannot be isolated here ({kept}), and the settings require it",
        message="Run on Linux with Landlock on x86-64 or arm64 (`gate doctor`), or leave out `isolation: required`",
    )


def _list_once(jobs: Sequence[Job]) -> None:
    """List each revision that several jobs look at: the workers, forked from this process, have it then.

    One of more than MAX_LISTING bytes is left to them, who have limits of memory and time.
    """
    from gate.trees import open_tree
    from gate.trees.revision import RevisionTree

    for target, count in Counter(job.target for job in jobs).items():
        if count > 1 and isinstance(target, Tree) and target.revision is not None:
            with suppress(GateError):  # each job tells by itself what is wrong with its target
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


def _before(
    jobs: Iterable[Job],
    results: Iterable[StageResult],
    bases: Mapping[str, Sequence[Tree]],
    words: Mapping[int, BaseFiles],
    look: Callable[[Sequence[Job]], Sequence[StageResult]],
) -> list[EarlierResult]:
    """Let the stages that found something `look` at what their targets are compared with; return what they saw."""
    wanted: dict[Job, list[str]] = {}
    for number, (job, result) in enumerate(zip(jobs, results, strict=True)):
        for base in bases.get(job.target.name, ()) if _has_to_be_compared(result) else ():
            for said in _heard_at_base(words.get(number)):
                asked = Job(job.stage, _narrowed(base, job, result), said)
                wanted.setdefault(asked, []).append(job.target.name)
    seen = zip(wanted.values(), look(list(wanted)), strict=True)
    return [EarlierResult(name, result) for names, result in seen for name in names]


def _heard_at_base(words: BaseFiles | None) -> tuple[Tree | None, ...]:
    """Return whose files a base is looked at by: the same by which the target was."""
    return (None,) if words is None else (words.own, *words.others)


def _has_to_be_compared(result: StageResult) -> bool:
    return bool(result.findings or result.silenced or result.silences)


def _narrowed(base: Tree, job: Job, result: StageResult) -> Tree:
    """Return the part of a base that matters: what commits added can only have been there in the same files before."""
    if not isinstance(job.target, CommitRange):
        return base
    paths = {path for finding in (*result.findings, *result.silenced) for path in paths_of(finding)}
    archives = {path.partition("!/")[0] for path in paths}
    return msgspec.structs.replace(base, only=tuple(sorted(paths | archives)))


def _listed(results: Iterable[StageResult]) -> dict[Key, frozenset[str]]:
    """Return the findings that their targets themselves list as known, each in all of its files."""
    found = ((result.existing, finding) for result in results if result.existing for finding in result.findings)
    return {key_of(finding): paths_of(finding) for known, finding in found if finding.fingerprint in known}
