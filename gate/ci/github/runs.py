"""Which jobs an outsider's event starts, and what runs in them; reusable workflows and actions are followed."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from gate.ci.github.conditions import CHECK, LABEL, YES, Passage, Situation, both, passes
from gate.ci.github.model import Action, GithubJob, GithubRepository, GithubStep, Permissions, Trigger, Workflow
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

MAX_DEPTH = 6
"""Workflows and actions that call one another."""
MAX_STEPS = 2_000
"""Steps of one job with those of its actions."""
STARTS: Mapping[str, str] = {
    "pull_request_target": "anyone who opens a pull request",
    "issue_comment": "anyone who comments",
    "issues": "anyone who opens an issue",
    "discussion": "anyone who opens a discussion",
    "discussion_comment": "anyone who comments on a discussion",
}
"""Events that run with the repository's rights, and who causes them."""
MEMBERS: Mapping[str, str] = {
    "workflow_dispatch": "a member who starts it by hand",
    "repository_dispatch": "a member, or a program, with a token that writes",
}
"""Events that need rights in the repository, and who causes them."""
_UPSTREAM = ("pull_request", "pull_request_target")
_LABELLED = {"labeled"}
_CHECKS = lazy_regex(
    r"(?i)getCollaboratorPermissionLevel|(?:get|check(?:Public)?)MembershipForUser|checkCollaborator|collaborators/\S*(?:/permission|\$)"
    r"|author_association|orgs/\S*/(?:members|memberships|teams)|(?:check|verify|require)\S*(?:permission|member|access|team)"
    r"|(?:permission|member|access|team|actor)\S*check|get-user-teams|actor-permission|user-permission|authorize|is-team"
)
"""Actions and scripts that ask who caused the event."""
_LOOKS_AT = lazy_regex(
    r"(?i)(?:pull_request|issue)\.labels\b|head\.repo\.fork\b"
    r"|(?:github\.(?:triggering_)?actor|(?:user|sender)\.login)\b[^\n]{0,40}(?:[!=]=|=~)"
)
_STOPS = lazy_regex(r"\bexit[ \t]+[1-9]|setFailed|process\.exit\([1-9]|\bthrow\b")
"""A script that looks at a label, a name or the fork, and can fail, is a check as well."""
OWN_BRANCH = "a checkout that only finds branches of the repository itself"
_BRANCH_NAME = lazy_regex(r"(?i)github\.head_ref|workflow_run\.head_branch|pull_request\.head\.ref")


class Ran(msgspec.Struct, frozen=True):
    """A step that runs, with what its expressions refer to."""

    step: GithubStep
    scope: "StepScope"
    answer: Passage


class StepScope(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What expressions in the steps of a job, or of an action that it uses, refer to."""

    situation: Situation
    repository: GithubRepository
    workflow: Workflow
    job: GithubJob
    steps: tuple[GithubStep, ...]
    inputs: Mapping[str, Value] = {}
    """What the caller hands in, in lower case; its expressions are the caller's."""
    caller: "StepScope | None" = None
    env: tuple[Mapping[str, Value], ...] = ()
    """The innermost last."""
    action: Action | None = None

    def step(self, id: str) -> GithubStep | None:
        """Return the step with an id, which expressions write in any case."""
        return next((one for one in self.steps if one.id.lower() == id), None)

    def variable(self, name: str, step: GithubStep | None = None) -> Value | None:
        """Return a variable of the environment by its name."""
        layers = (*self.env, step.env if step is not None else {})
        for layer in reversed(layers):
            for key, value in layer.items():
                if key.lower() == name.lower():
                    return value
        return None


class JobRun(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A job as an outsider starts it."""

    who: str
    start: str
    """The trigger as people write it: `workflow_run after "CI"`."""
    workflow: Workflow
    job: GithubJob
    scope: StepScope
    answer: Passage
    permissions: Permissions
    inherits_secrets: bool = False
    called_by: str = ""
    """The workflow that calls this one."""


def job_runs(repository: GithubRepository) -> Iterator[JobRun]:
    """Yield the jobs that outsiders start with the repository's rights, each once for every event."""
    for workflow in repository.workflows:
        for trigger in workflow.triggers.values():
            for situation, who, start in _situations(trigger, repository):
                yield from runs_of(workflow, situation, who, start, repository)


def fork_runs(repository: GithubRepository) -> Iterator[JobRun]:
    """Yield the jobs that a fork's pull request starts without the repository's rights."""
    for workflow in repository.workflows:
        trigger = workflow.triggers.get("pull_request")
        if trigger is not None:
            situation = Situation("pull_request", trigger.texts("types"))
            yield from runs_of(workflow, situation, STARTS["pull_request_target"], "pull_request", repository)


def member_runs(repository: GithubRepository) -> Iterator[JobRun]:
    """Yield the jobs that members start by hand, or a program does by a token that writes."""
    for workflow in repository.workflows:
        for name, who in MEMBERS.items():
            if name in workflow.triggers and _asks(workflow.triggers[name]):
                yield from runs_of(workflow, Situation(name), who, name, repository)


def _asks(trigger: Trigger) -> bool:
    """True if who starts it hands something over: the one asks for inputs, the other takes what it is given."""
    has_inputs = trigger.value is not None and trigger.value.get("inputs") is not None
    return trigger.name != "workflow_dispatch" or has_inputs


def any_runs(repository: GithubRepository) -> Iterator[JobRun]:
    """Yield every job as any event starts it; what a job calls comes as a job of its own workflow."""
    for workflow in repository.workflows:
        for job in workflow.jobs.values():
            if not job.uses:
                yield _run(job, workflow, Situation(""), YES, repository)


def _run(
    job: GithubJob, workflow: Workflow, situation: Situation, answer: Passage, repository: GithubRepository
) -> JobRun:
    scope = StepScope(
        situation=situation,
        repository=repository,
        workflow=workflow,
        job=job,
        steps=job.steps,
        env=(workflow.env, job.env),
    )
    return JobRun(who="", start="", workflow=workflow, job=job, scope=scope, answer=answer, permissions=job.permissions)


def _situations(trigger: Trigger, repository: GithubRepository) -> Iterator[tuple[Situation, str, str]]:
    if trigger.name in STARTS:
        yield Situation(trigger.name, trigger.texts("types")), STARTS[trigger.name], trigger.name
    if trigger.name != "workflow_run":
        return
    for name in trigger.texts("workflows"):
        for upstream in repository.named(name):
            event = next((one for one in _UPSTREAM if one in upstream.triggers), "")
            if event:
                branches = trigger.texts("branches")
                is_fixed = bool(branches) and not any("*" in branch for branch in branches)
                situation = Situation("workflow_run", trigger.texts("types"), event, is_fixed)
                yield situation, STARTS["pull_request_target"], f'workflow_run after "{name}"'
                return


def runs_of(
    workflow: Workflow,
    situation: Situation,
    who: str,
    start: str,
    repository: GithubRepository,
    inputs: Mapping[str, Value] = {},
    caller: StepScope | None = None,
) -> Iterator[JobRun]:
    """Yield the jobs of a workflow that an event starts; `inputs` are what `caller` hands over, in lower case."""
    answer = YES
    if set(situation.actions) == _LABELLED:
        answer = Passage(None, frozenset({LABEL}))
    for job in workflow.jobs.values():
        reached = both(answer, _reached(job, workflow, situation))
        run = _run(job, workflow, situation, reached, repository)
        scope = msgspec.structs.replace(run.scope, inputs=inputs, caller=caller)
        if reached.value is not False:
            yield from _with_called(msgspec.structs.replace(run, who=who, start=start, scope=scope), 0)


def _reached(job: GithubJob, workflow: Workflow, situation: Situation, depth: int = 0) -> Passage:
    """Return whether the event reaches a job, with the jobs that it needs."""
    answer = passes(job.condition, situation)
    runs_anyway = "always()" in job.condition.replace(" ", "")
    if depth > MAX_DEPTH or runs_anyway:
        return answer
    for name in job.needs:
        needed = workflow.jobs.get(name)
        if needed is None:
            continue
        answer = both(answer, _reached(needed, workflow, situation, depth + 1))
        if needed.uses and not needed.uses.startswith("./"):
            answer = both(answer, Passage(None, frozenset({f"the workflow {needed.uses}, which is not here"})))
        if any(checks_who(step) for step in needed.steps):
            answer = both(answer, Passage(None, frozenset({CHECK})))
    return answer


def _with_called(run: JobRun, depth: int) -> Iterator[JobRun]:
    """Yield a run, or those of the reusable workflow that its job calls."""
    if not run.job.uses:
        yield run
        return
    called = run.scope.repository.workflow_of(run.job.uses)
    if called is None or depth >= MAX_DEPTH:
        return
    inputs = {name.lower(): value for name, value in run.job.inputs.items()}
    for job in called.jobs.values():
        answer = both(run.answer, _reached(job, called, run.scope.situation))
        if answer.value is False:
            continue
        scope = StepScope(
            situation=run.scope.situation,
            repository=run.scope.repository,
            workflow=called,
            job=job,
            steps=job.steps,
            inputs=inputs,
            caller=run.scope,
            env=(called.env, job.env),
        )
        permissions = job.permissions if job.permissions.is_stated else run.permissions
        further = JobRun(
            who=run.who,
            start=run.start,
            workflow=called,
            job=job,
            scope=scope,
            answer=answer,
            permissions=permissions,
            inherits_secrets=run.job.inherits_secrets,
            called_by=run.workflow.path,
        )
        yield from _with_called(further, depth + 1)


def steps_of(run: JobRun) -> list[Ran]:
    """Return the steps that the event reaches, in order; those of the repository's own actions stand in their place."""
    return _expanded(run.scope, run.answer, 0)[:MAX_STEPS]


def _expanded(scope: StepScope, answer: Passage, depth: int) -> list[Ran]:
    found: list[Ran] = []
    for step in scope.steps:
        reached = both(answer, passes(step.condition, scope.situation))
        if reached.value is False:
            continue
        found.append(Ran(step, scope, reached))
        inner = action_scope(step, scope)
        if inner is not None and depth < MAX_DEPTH:
            found += _expanded(inner, reached, depth + 1)
        if checks_who(step):
            answer = both(answer, Passage(None, frozenset({CHECK})))
        if _needs_own_branch(step):
            answer = both(answer, Passage(None, frozenset({OWN_BRANCH})))
        if len(found) > MAX_STEPS:
            break
    return found


def action_scope(step: GithubStep, scope: StepScope) -> StepScope | None:
    """Return what the steps of the repository's own composite action refer to; None if the step uses none."""
    action = scope.repository.action_of(step.uses)
    if action is None or not action.steps:
        return None
    defaults = {name.lower(): value.get("default") for name, value in action.inputs.items()}
    given = {name.lower(): value for name, value in step.inputs.items()}
    inputs = {**{name: value for name, value in defaults.items() if value is not None}, **given}
    return msgspec.structs.replace(
        scope, steps=action.steps, inputs=inputs, caller=scope, env=(*scope.env, step.env), action=action
    )


def _needs_own_branch(step: GithubStep) -> bool:
    """True for a checkout of a branch by its name: in the repository itself that of a fork is not found."""
    if step.action != "actions/checkout":
        return False
    given = {name.lower(): value.text() for name, value in step.inputs.items()}
    return "repository" not in given and bool(_BRANCH_NAME.search(given.get("ref", "")))


def checks_who(step: GithubStep) -> bool:
    """True for a step that asks who caused the event; it is taken to stop the job for outsiders."""
    script = step.script
    return _asks_who(step.action, script.text() if script is not None else "")


@lru_cache(maxsize=4096)  # every job that needs a step's job asks, for every event
def _asks_who(action: str, script: str) -> bool:
    if _CHECKS.search(f"{action} {script}"):
        return True
    return bool(_LOOKS_AT.search(script) and _STOPS.search(script))
