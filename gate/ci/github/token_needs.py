"""What the steps of a workflow need of its token, and the fix that grants each job that and nothing else.

`token_needs.words.txt` has what known actions need. A script needs nothing where it is given no token: neither by an
expression nor by a checkout that leaves it on disk. As soon as one step of a workflow may need something that is not
known, the workflow has no fix, and the finding says which step it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from gate.ci.github.model import GithubJob, GithubRepository, GithubStep, Workflow
from gate.ci.model import StepFix
from gate.core.lazy_regex import lazy_regex
from gate.core.values import FLOW, Value
from gate.core.word_lists import word_lists, word_table
from gate.rules import Change

PERMISSIONS = frozenset({"excessive-permissions"})
MAX_DEPTH = 6
"""Actions of the repository in one another."""
_CHECKOUT = "actions/checkout"
_TOKEN = lazy_regex(r"(?i)\bsecrets\.github_token\b|\bgithub\.token\b|\bsecrets\[|tojson\(\s*(?:secrets|github)\s*\)")
_SCRIPT_ASKS = lazy_regex(r"(?i)\bgh\s|GITHUB_TOKEN|GH_TOKEN|ACTIONS_(?:ID|RUNTIME)_TOKEN|\bghcr\.io|\bdocker\s+login")
"""Words of a script that has a token from elsewhere, or asks for one."""
_MAY_PUSH = lazy_regex(
    r"(?i)\bgit\b|push|publish|release|deploy|version|bump|commit|\btag|gh-pages|mike\b|semantic|changeset|\./|\.(?:sh|py|[cm]?js|ts|rb|pl)\b"
)
"""What may use the token that a checkout leaves on disk: git, tasks that push, and programs of the repository."""
_LEVELS = ("none", "read", "write")


class _UnknownNeedError(Exception):
    """What a step needs is not known; the words say which step, and why."""


def permissions_of(repository: GithubRepository, texts: Mapping[str, str]) -> Iterator[StepFix]:
    """Yield for each workflow without `permissions` the fix that states them, or why there is none."""
    for workflow in repository.workflows:
        if not workflow.permissions.is_stated:
            lines = texts[workflow.path].split("\n")
            yield _fix_of(workflow, repository, lines)


def _fix_of(workflow: Workflow, repository: GithubRepository, lines: Sequence[str]) -> StepFix:
    changes: tuple[Change, ...] = ()
    why = ""
    try:
        changes = (_top(workflow, lines), *_of_jobs(workflow, repository, lines))
    except _UnknownNeedError as error:
        why = str(error)
    return StepFix(PERMISSIONS, workflow.path, 1, len(lines), changes, why)


def _top(workflow: Workflow, lines: Sequence[str]) -> Change:
    """Return the change that states `permissions: {}` above the jobs and the comment that belongs to them."""
    jobs = workflow.value.get("jobs")
    line = jobs.line if jobs is not None else 0
    if not line or not lines[line - 1].startswith("jobs:") or workflow.value.get("permissions") is not None:
        raise _UnknownNeedError("the file is not written in blocks")
    while line > 1 and lines[line - 2].startswith("#"):
        line -= 1
    if line == 1:
        raise _UnknownNeedError("the file begins with its jobs")
    return Change(((line, 1), (line, 1)), "permissions: {}\n\n")


def _of_jobs(workflow: Workflow, repository: GithubRepository, lines: Sequence[str]) -> Iterator[Change]:
    if any(_TOKEN.search(value.text()) for value in workflow.env.values()):
        raise _UnknownNeedError("every step gets the token by `env` of the workflow")
    for job in workflow.jobs.values():
        if job.value.get("permissions") is None:
            needs = _needs_of(job, repository)
            line, column = job.value.start
            is_block = job.value.style != FLOW and not lines[line - 1][: column - 1].strip()
            if not is_block:
                raise _UnknownNeedError(f"the job {job.id} is not written as a block")
            if needs:
                indent = " " * (column - 1)
                granted = "".join(f"{indent}  {scope}: {level}\n" for scope, level in sorted(needs.items()))
                yield Change(((line, column), (line, column)), f"permissions:\n{granted}{indent}")


def needs_of(job: GithubJob, repository: GithubRepository) -> dict[str, str] | None:
    """Return the level of each scope that the steps of a job need of its token; None if that is not known."""
    try:
        return _needs_of(job, repository)
    except _UnknownNeedError:
        return None


def _needs_of(job: GithubJob, repository: GithubRepository) -> dict[str, str]:
    """Return the level of each scope that the steps of a job need. Raises _UnknownNeedError."""
    if job.uses:
        raise _UnknownNeedError(f"what the workflow {job.uses} needs, which the job {job.id} calls, is not known")
    containers = (job.value.get("container"), job.value.get("services"))
    around = [*job.env.values(), *(value for one in containers if one is not None for value in one.walk())]
    if any(_TOKEN.search(value.text()) for value in around):
        raise _UnknownNeedError(f"the job {job.id} hands its token to what runs in it")
    return _of_steps(job.steps, f"job {job.id}", repository, 0)


def _of_steps(steps: Iterable[GithubStep], where: str, repository: GithubRepository, depth: int) -> dict[str, str]:
    needs: dict[str, str] = {}
    is_on_disk = False
    for step in steps:
        is_on_disk = is_on_disk or _leaves_token(step)
        for scope, level in _of_step(step, where, repository, is_on_disk, depth).items():
            needs[scope] = max(level, needs.get(scope, "none"), key=_LEVELS.index)
    return needs


def _leaves_token(step: GithubStep) -> bool:
    kept = step.inputs.get("persist-credentials")
    return step.action == _CHECKOUT and (kept is None or kept.text() != "false")


def _of_step(
    step: GithubStep, where: str, repository: GithubRepository, is_on_disk: bool, depth: int
) -> Mapping[str, str]:
    """Return what one step needs. Raises _UnknownNeedError."""
    named = f"step {step.label[:60]} of {where}"
    action = repository.action_of(step.uses)
    if action is not None and action.using == "composite" and depth < MAX_DEPTH and not _hands_token(step):
        return _of_steps(action.steps, action.folder, repository, depth + 1)
    if step.run is not None:
        _check_script(step, named, is_on_disk)
        return {}
    stated = _actions().get(step.action)
    if stated is None:
        raise _UnknownNeedError(f"what {step.uses[:80]} needs, in {named}, is not known")
    if any(_TOKEN.search(value.text()) for value in step.env.values()) or any(_changes(step, step.inputs)):
        raise _UnknownNeedError(f"what {step.uses[:80]} needs with these inputs, in {named}, is not known")
    return stated


def _changes(step: GithubStep, names: Iterable[str]) -> Iterator[bool]:
    """Yield for each name of an input whether the action needs something else with it."""
    for name in map(str.lower, names):
        yield name in _changing() or f"{step.action}:{name}" in _changing()


def _check_script(step: GithubStep, named: str, is_on_disk: bool) -> None:
    """Raise _UnknownNeedError for a script that has a token, or may use the one on disk."""
    script = step.run.text() if step.run is not None else ""
    if _hands_token(step) or _SCRIPT_ASKS.search(script):
        raise _UnknownNeedError(f"the script of {named} uses the token, and what for is not known")
    if is_on_disk and _MAY_PUSH.search(script):
        raise _UnknownNeedError(f"the script of {named} may use the token that the checkout leaves on disk")


def _hands_token(step: GithubStep) -> bool:
    run = (step.run,) if step.run is not None else ()
    return any(_TOKEN.search(value.text()) for value in _all((*step.env.values(), *step.inputs.values(), *run)))


def _all(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        yield from value.walk()


@cache
def _lists() -> Mapping[str, tuple[str, ...]]:
    return word_lists(__file__)


@cache
def _actions() -> Mapping[str, Mapping[str, str]]:
    stated = word_table(_lists()["actions"])
    return {name: _scopes(needs.partition("@")[0]) for name, needs in stated.items()}


def _scopes(stated: str) -> Mapping[str, str]:
    return dict(one.split(":") for one in stated.split(",") if one != "-")


@cache
def _changing() -> frozenset[str]:
    return frozenset(_lists()["changing"])
