"""Workflows that a step starts by `workflow_dispatch` or `repository_dispatch`, with what it hands over.

GitHub starts no workflow for what the job's own token does, except for these two. So what an outsider writes can go on
into a workflow that only members can start by hand.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from gate.ci.github.conditions import Situation, both
from gate.ci.github.model import GithubRepository, Workflow
from gate.ci.github.runs import JobRun, Ran, runs_of, steps_of
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

BY_HAND = "workflow_dispatch"
BY_NAME = "repository_dispatch"
MAX_HOPS = 4
"""Workflows that start one another."""
MAX_SCRIPT = 100_000
"""Characters of a script that are searched."""
_COMMAND = lazy_regex(r"\bgh[ \t]+workflow[ \t]+run[ \t]+(?P<rest>[^\n]{0,2000}(?:(?<=\\)\n[^\n]{0,500}){0,20})")
_WORD = lazy_regex(r"\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'=-][^\s\"']*")
_OPTION = r"(?:-f|-F|--field|--raw-field)[ =]+(?P<quote>[\"']?)(?P<name>\w{1,80})="
_FIELD = lazy_regex(rf"{_OPTION}(?P<value>(?:(?!(?P=quote)(?:\s|\\|\Z))[^\n]){{0,500}})")
_CALL = lazy_regex(r"create(?P<kind>Workflow|)Dispatch(?:Event)?\b(?P<rest>(?:[^;]|;(?!\s*\n)){0,2000})")
_CALLED = lazy_regex(r"(?:workflow_id|event_type):\s*[\"'`](?P<name>[^\"'`\n]{1,200})")
_REQUEST = lazy_regex(r"\b(?:gh[ \t]+api|curl)\b(?P<rest>[^\n]{0,2000}(?:(?<=\\)\n[^\n]{0,500}){0,20})")
_ADDRESS = lazy_regex(r"repos/\S{1,200}?/(?:actions/workflows/(?P<name>[^/\s\"']{1,200})/)?dispatches\b")
_EVENT_TYPE = lazy_regex(r"event_type\\?[\"']?\s*[=:]\s*\\?[\"']?(?P<name>[\w.-]{1,100})")
_GIVEN = r"(?:inputs|client_payload)\[(?P<name>\w{1,80})\]="
_GIVEN_FIELD = lazy_regex(rf"{_GIVEN}[\"']?(?P<value>[^\n\"']{{0,500}})")
_JSON_MEMBER = lazy_regex(r"\\?[\"'](?P<name>\w{1,80})\\?[\"']\s*:\s*(?P<value>[^\n:]{0,20}\$[^\n,]{1,300})")
_KEY = r"[\"']?(?P<name>\w{1,80})[\"']?\s*:\s*"
_MEMBER = lazy_regex(rf"{_KEY}(?P<value>[\"'`]?[^\n,{{}}:]{{0,60}}\$\{{\{{[^\n}}]{{0,300}}\}}\}}[^\n,}}]{{0,60}})")
_VARIABLE = lazy_regex(r"\$\{?(?P<name>\w{1,80})\}?")
_ACTION = "benc-uk/workflow-dispatch"
_EVENT_ACTION = "peter-evans/repository-dispatch"


class Dispatch(msgspec.Struct, frozen=True):
    """A workflow that a step starts."""

    workflow: Workflow
    event: str
    inputs: Mapping[str, Value]
    """What it is given, in lower case; expressions are those of the step."""


def dispatched_runs(runs: Iterable[JobRun], repository: GithubRepository) -> Iterator[JobRun]:
    """Yield the jobs of the workflows that the steps of `runs` start, and of those that these start in turn."""
    for _ in range(MAX_HOPS):
        runs = list(_started_by(runs, repository))
        yield from runs


def _started_by(runs: Iterable[JobRun], repository: GithubRepository) -> Iterator[JobRun]:
    for run in runs:
        for ran in steps_of(run):
            for one in _dispatches(ran, repository):
                start = f"{run.start}, then {one.event} of {one.workflow.path.rpartition('/')[2]}"
                begun = runs_of(one.workflow, Situation(one.event), run.who, start, repository, one.inputs, ran.scope)
                for further in begun:
                    called_by = further.called_by or run.workflow.path
                    answer = both(ran.answer, further.answer)
                    yield msgspec.structs.replace(further, called_by=called_by, answer=answer)


def _dispatches(ran: Ran, repository: GithubRepository) -> Iterator[Dispatch]:
    step = ran.step
    given = {name.lower(): value.text() for name, value in step.inputs.items()}
    if step.action == _ACTION:
        yield from _started(given.get("workflow", ""), _members(given.get("inputs", "")), ran, repository)
    elif step.action == _EVENT_ACTION:
        yield from _by_name(given.get("event-type", ""), _members(given.get("client-payload", "")), ran, repository)
    script = step.script.text()[:MAX_SCRIPT] if step.script is not None else ""
    for command in _COMMAND.finditer(script):
        fields = {found["name"]: found["value"] for found in _FIELD.finditer(command["rest"])}
        yield from _started(_first_word(command["rest"]), fields, ran, repository)
    for call in _CALL.finditer(script):
        named = _CALLED.search(call["rest"])
        start = _started if call["kind"] else _by_name
        yield from start(named["name"] if named else "", _members(call["rest"]), ran, repository)
    for request in _REQUEST.finditer(script):
        yield from _requested(request["rest"], ran, repository)


def _requested(request: str, ran: Ran, repository: GithubRepository) -> Iterator[Dispatch]:
    """Yield what a call of GitHub's API starts."""
    address = _ADDRESS.search(request)
    if address is None:
        return
    fields = (*_GIVEN_FIELD.finditer(request), *_JSON_MEMBER.finditer(request))
    given = {found["name"]: found["value"] for found in fields}
    event = _EVENT_TYPE.search(request)
    if address["name"]:
        yield from _started(address["name"], given, ran, repository)
    elif event is not None:
        yield from _by_name(event["name"], given, ran, repository)


def _first_word(text: str) -> str:
    found = _WORD.match(text)
    return found[0].strip("\"'") if found else ""


def _members(text: str) -> dict[str, str]:
    return {found["name"]: found["value"] for found in _MEMBER.finditer(text)}


def _started(name: str, given: Mapping[str, str], ran: Ran, repository: GithubRepository) -> Iterator[Dispatch]:
    for workflow in repository.workflows if name else ():
        is_named = name in (workflow.path, workflow.path.rpartition("/")[2], workflow.name)
        if is_named and BY_HAND in workflow.triggers:
            yield Dispatch(workflow, BY_HAND, _inputs(given, ran))


def _by_name(name: str, given: Mapping[str, str], ran: Ran, repository: GithubRepository) -> Iterator[Dispatch]:
    for workflow in repository.workflows if name else ():
        trigger = workflow.triggers.get(BY_NAME)
        if trigger is not None and (not trigger.texts("types") or name in trigger.texts("types")):
            yield Dispatch(workflow, BY_NAME, _inputs(given, ran))


def _inputs(given: Mapping[str, str], ran: Ran) -> dict[str, Value]:
    """Return what is handed over; a variable of the step stands for what it is set to."""

    def value_of(text: str) -> str:
        variables = ((found["name"], ran.scope.variable(found["name"], ran.step)) for found in _VARIABLE.finditer(text))
        return " ".join([text, *(variable.text() for _, variable in variables if variable is not None)])

    place = ran.step.value
    return {name.lower(): Value(value_of(text), place.path, place.line) for name, text in given.items()}
