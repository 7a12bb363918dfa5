"""Attack paths: from who can start a job, through what it takes in and runs, to what it holds and what that can do."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.ci.github.agents import agent_of, has_few_tools
from gate.ci.github.conditions import Passage
from gate.ci.github.dispatches import dispatched_runs
from gate.ci.github.expressions import ExpressionReference, inner_texts, parse_expression, values_of
from gate.ci.github.holdings import Holdings, holdings_of
from gate.ci.github.intake import checked_out, gets_artifact, may_run_code, runs_artifact, runs_code, sets_environment
from gate.ci.github.leaks import secret_leaks
from gate.ci.github.model import GithubJob, GithubRepository, GithubStep, Workflow
from gate.ci.github.publishing import caches_of, is_publishing
from gate.ci.github.runs import JobRun, Ran, any_runs, fork_runs, job_runs, member_runs, steps_of
from gate.ci.github.sources import SourceTrace, member_trace, source_of, sources_in, text_of_any_event, text_trace
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Confidence, Severity

_COMMIT = lazy_regex(r"[0-9a-f]{40}")
MAX_PATHS = 500
"""Paths of one repository; more are one and the same mistake."""


class PathLink(msgspec.Struct, frozen=True):
    """A place of a path."""

    path: str
    first: int
    last: int


class AttackPath(msgspec.Struct, frozen=True, kw_only=True):
    """One path."""

    kind: str
    """`code`, `text`, `artifact`, `environment`, `agent`, `cache`, `machine`, `supplier`, `leak`, `member`."""
    chain: tuple[str, ...]
    """What leads to what, in words, from the trigger on."""
    cut: str
    """The cheapest link to cut."""
    path: str
    line: int
    evidence: tuple[str, ...]
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    is_guarded: bool = False
    """True if it depends on something of the project's own: a label, a check of who it is, an environment."""
    links: tuple[PathLink, ...] = ()
    """The steps that it goes through, for what zizmor says of the same ones."""


class _Situation(msgspec.Struct, frozen=True):
    """A run with its steps and what it holds."""

    run: JobRun
    steps: list[Ran]
    held: Holdings
    trace: SourceTrace


def attack_paths(repository: GithubRepository) -> list[AttackPath]:
    """Return the paths of a repository, one for each place that an outsider's code or text reaches."""
    begun = list(job_runs(repository))
    reached = [_situation(run) for run in (*begun, *dispatched_runs(begun, repository))]
    found: dict[tuple[str, ...], AttackPath] = {}
    for path in (
        *_of_runs(reached),
        *_of_machines(repository),
        *_of_suppliers(repository),
        *_of_leaks(repository),
        *_of_members(repository),
    ):
        known = found.get((path.kind, *path.evidence))
        if known is None or known.severity.rank < path.severity.rank:
            found[(path.kind, *path.evidence)] = path
    _lead_on_through_caches(found, reached, repository)
    places = {(path.path, path.line) for path in found.values()}
    of_actions = [path for path in _of_actions(repository) if (path.path, path.line) not in places]
    return [*found.values(), *of_actions][:MAX_PATHS]


def _situation(run: JobRun) -> _Situation:
    steps = steps_of(run)
    trace = text_trace(has_artifact=any(gets_artifact(ran) for ran in steps))
    return _Situation(run, steps, holdings_of(run, steps), trace)


def _of_runs(reached: Iterable[_Situation]) -> Iterator[AttackPath]:
    for one in reached:
        yield from _code(one)
        yield from _handed_over(one)
        yield from _texts(one)
        yield from _environments(one)
        yield from _artifacts(one)
        yield from _agents(one)


def _with_head(one: _Situation) -> Iterator[tuple[Ran, Ran, str]]:
    """Yield each step behind a checkout of the head, with that checkout and the folder that holds the head."""
    folder: str | None = None
    taken: Ran | None = None
    for ran in one.steps:
        put = checked_out(ran)
        if put is not None:
            folder, taken = put, ran
        elif _is_other_checkout(ran.step, folder):
            folder = None
        if folder is not None and taken is not None:
            yield taken, ran, folder


def _code(one: _Situation) -> Iterator[AttackPath]:
    """Yield the path of a job that checks out the head and then runs something of it."""
    for taken, ran, folder in _with_head(one):
        what = runs_code(ran, folder)
        if what and (ran is not taken or ran.step.run is not None):
            yield _of_head(one, taken, ran, f"{_step(ran)} runs {what}")
            return


def _handed_over(one: _Situation) -> Iterator[AttackPath]:
    """Yield the path of a job that runs nothing of the head that is known, and hands it to an action of others."""
    if next(_code(one), None) is not None:
        return
    for taken, ran, folder in _with_head(one):
        action = may_run_code(ran, folder)
        if action and ran is not taken:
            path = _of_head(one, taken, ran, f"{_step(ran)} hands it to {action}, which may run what it configures")
            most = Severity.MEDIUM if one.held.is_strong or one.held.scopes or not one.held.is_stated else Severity.LOW
            severity = min(path.severity, most, key=_rank)
            yield msgspec.structs.replace(path, severity=severity, confidence=Confidence.MEDIUM)
            return


def _of_head(one: _Situation, taken: Ran, ran: Ran, then: str) -> AttackPath:
    return _path(
        one,
        "code",
        (f"step {_label(taken)} checks out the pull request's head", then),
        "Build it in a workflow on pull_request, which has no rights, and hand results on as data.",
        taken,
        (taken, ran),
        answer=ran.answer,
    )


def _is_other_checkout(step: GithubStep, folder: str | None) -> bool:
    """True for a checkout of something trusted over the head's folder."""
    into = step.inputs.get("path")
    return step.action == "actions/checkout" and folder == (into.text() if into is not None else "")


def _texts(one: _Situation) -> Iterator[AttackPath]:
    """Yield a path for each script that an outsider's text becomes a part of."""
    for ran in one.steps:
        script = ran.step.script
        if script is None:
            continue
        is_node = ran.step.action == "actions/github-script"
        for offset, inner, label in sources_in(script.text(), ran.scope, one.trace, ran.step):
            if is_node and inner.lower().replace(" ", "").startswith("tojson("):
                continue
            yield _path(
                one,
                "text",
                (f"{label} becomes part of the script of {_step(ran)} as {inner[:80]}",),
                "Give the expression to the script as a variable under env, and use that in quotes.",
                ran,
                (ran,),
                line=_line(script, offset),
                evidence=(inner,),
            )
            break


def _of_actions(repository: GithubRepository) -> Iterator[AttackPath]:
    """Yield a path for each script of an action here that an outsider's text becomes a part of."""
    for action in repository.actions.values():
        for step in action.steps:
            found = _text_of_event(step.run) if step.run is not None else None
            if found is None or step.run is None:
                continue
            offset, inner, label = found
            yield AttackPath(
                kind="text",
                chain=(
                    "an outsider's event in any workflow that uses the action",
                    f"{label} becomes part of the script of step {step.label[:60]} as {inner[:80]}",
                    "it holds what the job that uses it holds",
                ),
                cut="Give the expression to the script as a variable under env, and use that in quotes.",
                path=action.path,
                line=_line(step.run, offset),
                evidence=(action.path, step.label, inner),
                severity=Severity.MEDIUM,
                links=(_link_of(step),),
            )


def _text_of_event(script: Value) -> tuple[int, str, str] | None:
    """Return offset, expression and meaning of the first text of an outsider's in a script."""
    for offset, inner in inner_texts(script.text()):
        for value in values_of(parse_expression(inner)):
            label = text_of_any_event(value.path) if isinstance(value, ExpressionReference) else ""
            if label:
                return offset, inner, label
    return None


def _environments(one: _Situation) -> Iterator[AttackPath]:
    for ran in one.steps:
        label = sets_environment(ran, one.trace)
        if label:
            yield _path(
                one,
                "environment",
                (f"{_step(ran)} writes {label} into the environment of all later steps",),
                "Check the value, such as a number, before it is written, or use GITHUB_OUTPUT.",
                ran,
                (ran,),
            )


def _artifacts(one: _Situation) -> Iterator[AttackPath]:
    """Yield the path of a job that runs a program after it has put an outsider's artifact into the same folder."""
    taken = next((ran for ran in one.steps if gets_artifact(ran)), None)
    if taken is None:
        return
    into = taken.step.inputs.get("path")
    folder = into.text() if into is not None else ""
    later = one.steps[one.steps.index(taken) + 1 :]
    for ran in later:
        if "/" in folder and folder.startswith(("/", "${{ runner.temp", "~")):
            return
        what = runs_artifact(ran, folder)
        if what:
            path = _path(
                one,
                "artifact",
                (f"{_step(taken)} fetches an artifact of that run", f"{_step(ran)} runs {what} in the same folder"),
                "Fetch the artifact into a folder of its own, and treat what it holds as data.",
                taken,
                (taken, ran),
                answer=ran.answer,
            )
            yield msgspec.structs.replace(path, severity=min(path.severity, Severity.MEDIUM, key=_rank))
            return


def _agents(one: _Situation) -> Iterator[AttackPath]:
    """Yield the path of a coding agent that reads an outsider's text with rights."""
    for ran in one.steps:
        agent = agent_of(ran.step)
        if agent is None:
            continue
        prompt = " ".join(value.text() for value in (*ran.step.inputs.values(), *ran.step.env.values()))
        script = ran.step.script
        label = source_of(f"{prompt} {script.text() if script else ''}", ran.scope, one.trace, ran.step)
        path = _path(
            one,
            "agent",
            (f"{_step(ran)} gives {label or 'what they wrote'} to {agent}",),
            "Let only members start it, give the job a token that reads, and no tools that run commands.",
            ran,
            (ran,),
        )
        most = Severity.MEDIUM if has_few_tools(ran.step) else Severity.HIGH
        yield msgspec.structs.replace(path, severity=min(path.severity, most, key=_rank))


def _of_machines(repository: GithubRepository) -> Iterator[AttackPath]:
    """Yield the paths of forks' code onto the project's own machines."""
    for run in fork_runs(repository):
        if run.job.is_self_hosted and run.answer.value is not False:
            one = _Situation(run, [], Holdings(is_self_hosted=True), text_trace())
            chain = (
                f"job {run.job.id} builds it on a machine of the project's own ({', '.join(run.job.runs_on)[:60]})",
            )
            path = _path(
                one,
                "machine",
                chain,
                "Run forks' pull requests on machines of GitHub's, or on ones that are thrown away after each job.",
                None,
                (),
                line=run.job.value.line,
            )
            yield msgspec.structs.replace(path, severity=Severity.MEDIUM)


def _of_suppliers(repository: GithubRepository) -> Iterator[AttackPath]:
    """Yield a path for each job that gives much to actions of others whose tags can be moved."""
    for run in any_runs(repository):
        steps = steps_of(run)
        movable = [ran for ran in steps if _is_movable(ran.step)]
        held = holdings_of(run, steps) if movable else Holdings()
        if not held.is_strong:
            continue
        names = list(dict.fromkeys(ran.step.uses for ran in movable))
        yield AttackPath(
            kind="supplier",
            chain=(
                f"anyone who can move a tag of {_several(names)}",
                f"job {run.job.id} runs what it names",
                f"it holds {held.words()}, so can {held.deeds()}",
            ),
            cut="Pin the commit: owner/action@COMMIT # v1.2.3",
            path=movable[0].step.value.path,
            line=movable[0].step.value.line,
            evidence=(run.workflow.path, run.job.id, *sorted(names)),
            severity=Severity.MEDIUM,
            links=tuple(_link(ran) for ran in movable),
        )


def _of_members(repository: GithubRepository) -> Iterator[AttackPath]:
    """Yield a path for each script that text given by hand becomes a part of, where the job holds much.

    Who may start a workflow has fewer rights than that: what it holds can be an environment's, or a branch's.
    """
    for run in member_runs(repository):
        steps = steps_of(run)
        one = _Situation(run, steps, holdings_of(run, steps), member_trace())
        if one.held.is_strong or not one.held.is_stated:
            for path in _texts(one):
                yield msgspec.structs.replace(path, kind="member", severity=Severity.LOW)


def _of_leaks(repository: GithubRepository) -> Iterator[AttackPath]:
    """Yield a path for each step that hands the job's secrets to another host."""
    for leak in secret_leaks(repository):
        script = leak.step.script or leak.step.value
        yield AttackPath(
            kind="leak",
            chain=(
                f"anyone who can push a workflow, or change job {leak.job.id}",
                f"step {leak.step.label[:60]} sends {leak.what} to another host",
                "who runs that host has them",
            ),
            cut="Remove the step, and replace the secrets if it has run.",
            path=leak.step.value.path,
            line=_line(script, leak.offset),
            evidence=(leak.step.value.path, leak.job.id, leak.what),
            severity=Severity.HIGH,
            links=(_link_of(leak.step),),
        )


def _several(names: list[str]) -> str:
    more = len(names) - 4
    return ", ".join(names[:4]) + (f" and {more} more" if more > 0 else "")


def _is_movable(step: GithubStep) -> bool:
    if not step.uses or step.uses.startswith((".", "docker://", "actions/", "github/")):
        return False
    return not _COMMIT.fullmatch(step.reference)


def _lead_on_through_caches(
    found: dict[tuple[str, ...], AttackPath], reached: Iterable[_Situation], repository: GithubRepository
) -> None:
    """Let paths go on through a cache that a release restores: outsiders' code on the default branch can fill it.

    It stays one finding: a path that blocks already says what it leads to, any other one becomes a path of its cache.
    """
    before = {(first.kind, *first.evidence): releases for first, releases in _before_caches(reached, repository)}
    for key, releases in before.items():
        first = found[key]
        through = _through_cache(first, releases)
        if first.severity is Severity.HIGH:
            found[key] = msgspec.structs.replace(first, chain=through.chain)
        else:
            del found[key]
            found[(through.kind, *through.evidence)] = through


def _before_caches(
    reached: Iterable[_Situation], repository: GithubRepository
) -> Iterator[tuple[AttackPath, list[tuple[Workflow, GithubJob]]]]:
    """Yield the first path of each run that nothing guards, with the jobs that restore a cache and publish."""
    releases = [
        (workflow, job)
        for workflow in repository.workflows
        for job in workflow.jobs.values()
        if is_publishing(workflow, job) and caches_of(job)
    ]
    for one in reached if releases else ():
        paths = (*_code(one), *_texts(one), *_agents(one))
        first = next((path for path in paths if not path.is_guarded), None)
        others = [(workflow, job) for workflow, job in releases if job is not one.run.job]
        if first is not None and others:
            yield first, others


def _through_cache(first: AttackPath, releases: list[tuple[Workflow, GithubJob]]) -> AttackPath:
    workflow, job = releases[0]
    names = ", ".join(dict.fromkeys(other.path.rpartition("/")[2] for other, _ in releases[:3]))
    return AttackPath(
        kind="cache",
        chain=(
            *first.chain,
            "what runs there can write the caches of the default branch, whatever its token may",
            f"{names} restores {caches_of(job)} in job {job.id} and publishes what it builds",
        ),
        cut=f"Restore no cache in {workflow.path.rpartition('/')[2]}; run nothing of outsiders on the default branch.",
        path=first.path,
        line=first.line,
        evidence=(*first.evidence, "cache"),
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        links=first.links,
    )


def _path(
    one: _Situation,
    kind: str,
    chain: tuple[str, ...],
    cut: str,
    place: Ran | None,
    through: Iterable[Ran],
    *,
    line: int = 0,
    evidence: tuple[str, ...] = (),
    answer: Passage | None = None,
) -> AttackPath:
    """Make a path that is shown at `place`; `answer` is that of its last step, where it is another one."""
    run = one.run
    answer = answer or (place.answer if place is not None else run.answer)
    guards = sorted(answer.guards | ({f"the environment {run.job.environment}"} if run.job.environment else set()))
    where = place.step.value if place is not None else run.job.value
    ends = [f"guarded by {', '.join(guards)}"] if guards else []
    caller = f" (called by {run.called_by.rpartition('/')[2]})" if run.called_by else ""
    severity, confidence = _weight(one.held, bool(guards))
    return AttackPath(
        kind=kind,
        chain=(
            f"{run.start}: {run.who}",
            f"job {run.job.id}{caller}",
            *chain,
            *ends,
            f"it holds {one.held.words()}, so can {one.held.deeds()}",
        ),
        cut=cut,
        path=where.path,
        line=line or where.line,
        evidence=(run.workflow.path, run.job.id, place.step.label if place is not None else "", *evidence),
        severity=severity,
        confidence=confidence,
        is_guarded=bool(guards),
        links=tuple(_link(ran) for ran in through),
    )


def _link(ran: Ran) -> PathLink:
    return _link_of(ran.step)


def _link_of(step: GithubStep) -> PathLink:
    value = step.value
    (first, column), (last, end) = value.start, value.end
    # A block ends where the next thing begins.
    return PathLink(value.path, first, last - 1 if end <= column else last)


def _weight(held: Holdings, is_guarded: bool) -> tuple[Severity, Confidence]:
    if is_guarded:
        return Severity.MEDIUM, Confidence.MEDIUM
    if held.is_strong:
        return Severity.HIGH, Confidence.HIGH
    if held.is_self_hosted:
        return Severity.HIGH, Confidence.MEDIUM
    return (Severity.MEDIUM, Confidence.HIGH) if held.is_stated else (Severity.HIGH, Confidence.MEDIUM)


def _rank(severity: Severity) -> int:
    return severity.rank


def _label(ran: Ran) -> str:
    return ran.step.label[:60]


def _step(ran: Ran) -> str:
    action = ran.scope.action
    return f"step {_label(ran)}" + (f" of {action.folder}" if action is not None else "")


def _line(script: Value, offset: int) -> int:
    """Return the line of a place in a script; one that is folded stands in its first line."""
    first = script.start[0] + (1 if script.style in ("|", ">") else 0)
    return first + (script.text()[:offset].count("\n") if script.style == "|" else 0)
