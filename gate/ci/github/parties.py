"""What of others takes part in GitHub's workflows: actions, reusable workflows, images of containers and services."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from gate.ci.github.expressions import ExpressionReference, inner_texts, parse_expression, values_of
from gate.ci.github.holdings import secrets_in
from gate.ci.github.model import Action, GithubJob, GithubRepository, GithubStep, Workflow
from gate.ci.model import PipelineParty
from gate.ci.references import image_party, is_commit
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

_ORDER = ("code", "secrets", "artifacts", "results")
_IMAGE = "docker://"
_LOCAL = ("./", "../")
_CHECKOUT = "actions/checkout"
_OWN_IMAGE = lazy_regex(r"ghcr\.io/\$\{\{\s*github\.repository(?:_owner)?\s*\}\}")
_OF_MATRIX = lazy_regex(r"\$\{\{\s*matrix\.(?P<key>[\w-]+)(?:\.(?P<part>[\w-]+))?\s*\}\}")
_PUSHES = lazy_regex(r"type=registry|push=true")
_DRY = lazy_regex(r"--snapshot\b|--skip[= ]\S*publish\b")


class _Given(msgspec.Struct, frozen=True):
    """What steps are given by what surrounds them."""

    secrets: bool = False
    """True if the environment of all of them holds a secret."""
    inputs: frozenset[str] = frozenset()
    """Inputs of the action whose values hold a secret, in lower case."""


class _Found:
    """The parties by their places: one that several jobs use gets what any of them gives it."""

    def __init__(self) -> None:
        self.parties: dict[tuple[str, str, str, str, int], PipelineParty] = {}
        self.sending: set[tuple[str, str, str, str, int]] = set()
        self.used: dict[tuple[str, _Given, bool], bool] = {}
        """Whether the code is there after an action of the repository, by its folder and what it is given."""

    def add(self, party: PipelineParty, sends: bool = True) -> None:
        key = (party.kind, party.name, party.reference, party.path, party.line)
        known = self.parties.get(key, party)
        received = {*known.receives, *party.receives}
        self.parties[key] = msgspec.structs.replace(party, receives=tuple(one for one in _ORDER if one in received))
        if sends:
            self.sending.add(key)


def parties_of(repository: GithubRepository) -> tuple[tuple[PipelineParty, ...], frozenset[PipelineParty]]:
    """Return the third parties of a repository's definitions, and those of them that send nothing, by their inputs."""
    found = _Found()
    for workflow in repository.workflows:
        for job in workflow.jobs.values():
            _of_job(job, workflow, repository, found)
    for action in repository.actions.values():
        _of_action(action, repository, found)
    silent = frozenset(party for key, party in found.parties.items() if key not in found.sending)
    return tuple(found.parties.values()), silent


def _of_job(job: GithubJob, workflow: Workflow, repository: GithubRepository, found: _Found) -> None:
    if job.uses:
        _of_called(job, found)
        return
    given = _Given(_hold_secrets((*workflow.env.values(), *job.env.values())))
    has_code = _of_steps(job.steps, given, repository, found)
    holds = given.secrets or _hold_secrets(_values_of(job.steps))
    for value in _images(job.value.get("container"), job):
        # all steps of the job run in it
        _add_image(value, _received(has_code, holds), "image", found)
    services = job.value.get("services")
    for _, service in services.items() if services is not None else ():
        env = service.get("env")
        is_given = env is not None and _hold_secrets(one for _, one in env.items())
        for value in _images(service, job):
            _add_image(value, _received(False, is_given), "service", found)


def _of_called(job: GithubJob, found: _Found) -> None:
    """Add the workflow of others that a job calls: it decides what runs, with what the job may."""
    place = job.value.get("uses")
    if place is None or job.uses.startswith(_LOCAL):
        return
    secrets = job.value.get("secrets")
    given = [one for _, one in secrets.items()] if secrets is not None else []
    found.add(_party("workflow", job.uses, place, _received(True, job.inherits_secrets or _hold_secrets(given))))


def _of_action(action: Action, repository: GithubRepository, found: _Found) -> None:
    """Add what an action of the repository uses, as far as it does not depend on who uses the action."""
    image = action.value.get("runs", "image")
    if action.using == "docker" and image is not None and image.text().startswith(_IMAGE):
        _add_image(image, (), "image", found)
    _of_steps(action.steps, _Given(), repository, found)


def _of_steps(
    steps: Iterable[GithubStep],
    given: _Given,
    repository: GithubRepository,
    found: _Found,
    has_code: bool = False,
) -> bool:
    """Add what steps use, in their order; return whether the repository's code is there after them."""
    for step in steps:
        action = repository.action_of(step.uses)
        if action is not None:
            has_code = _of_used(action, _within(step, given), repository, found, has_code)
            continue
        has_code = has_code or _checks_out(step)
        if step.uses and not step.uses.startswith(_LOCAL):
            _add_step(step, _received(has_code, given.secrets or _is_given_secrets(step, given)), found)
    return has_code


def _of_used(action: Action, given: _Given, repository: GithubRepository, found: _Found, has_code: bool) -> bool:
    """Add what an action of the repository uses, once for what it is given: actions may use one another in a circle."""
    key = (action.folder, given, has_code)
    if key not in found.used:
        found.used[key] = has_code
        found.used[key] = _of_steps(action.steps, given, repository, found, has_code)
    return found.used[key]


def _within(step: GithubStep, given: _Given) -> _Given:
    """Return what the steps of an action are given by the step that uses it."""
    inputs = [name.lower() for name, value in step.inputs.items() if _holds_secret(value, given)]
    return _Given(given.secrets or any(_holds_secret(one, given) for one in step.env.values()), frozenset(inputs))


def _add_step(step: GithubStep, receives: tuple[str, ...], found: _Found) -> None:
    place = step.value.get("uses")
    if place is None:
        return
    if step.uses.startswith(_IMAGE):
        _add_image(place, receives, "image", found)
    else:
        found.add(_party("action", step.uses, place, receives), _sends(step))


def _add_image(value: Value, receives: tuple[str, ...], kind: str, found: _Found) -> None:
    """Add an image, but for one that the repository itself publishes."""
    party = image_party(value, receives, kind)
    if party is not None and not _OWN_IMAGE.match(party.name):
        found.add(party)


def _party(kind: str, uses: str, place: Value, receives: tuple[str, ...]) -> PipelineParty:
    name, _, reference = uses.partition("@")
    return PipelineParty(
        kind=kind,
        name=name,
        reference=reference,
        is_pinned=is_commit(reference),
        receives=receives,
        owner=name.partition("/")[0],
        path=place.path,
        line=place.line,
    )


def _received(code: bool, secrets: bool) -> tuple[str, ...]:
    return ("code",) * code + ("secrets",) * secrets


def _checks_out(step: GithubStep) -> bool:
    """True for a checkout of the repository, or of what an event names; another repository's code is not its own."""
    repository = step.inputs.get("repository")
    return step.action == _CHECKOUT and (
        repository is None or not repository.text() or "github." in repository.text().lower()
    )


def _is_given_secrets(step: GithubStep, given: _Given) -> bool:
    return any(_holds_secret(value, given) for value in (*step.inputs.values(), *step.env.values()))


def _holds_secret(value: Value, given: _Given) -> bool:
    return _hold_secrets((value,)) or not given.inputs.isdisjoint(_inputs_in(value))


def _hold_secrets(values: Iterable[Value]) -> bool:
    """True if one of the values names a secret; the job's own token, which every action can read, is none."""
    return any(True for value in values for _ in secrets_in(value))


def _inputs_in(value: Value) -> Iterator[str]:
    for _, inner in inner_texts(value.text()):
        for one in values_of(parse_expression(inner)):
            if isinstance(one, ExpressionReference) and one.path.startswith("inputs."):
                yield one.path.removeprefix("inputs.")


def _values_of(steps: Iterable[GithubStep]) -> Iterator[Value]:
    for step in steps:
        yield from step.env.values()
        yield from step.inputs.values()
        if step.run is not None:
            yield step.run


def _images(container: Value | None, job: GithubJob) -> list[Value]:
    """Return the image of a container or service, or those that the job's matrix lists for it."""
    image = container.get("image") or container if container is not None else None
    if image is None or not image.text():
        return []
    found = _OF_MATRIX.fullmatch(image.text().strip())
    listed = list(_of_matrix(job, found)) if found else []
    return listed or [image]


def _of_matrix(job: GithubJob, found: re.Match[str]) -> Iterator[Value]:
    """Yield the texts that `matrix.key`, or `matrix.key.part`, stands for in a job."""
    matrix = job.value.get("strategy", "matrix")
    if matrix is None:
        return
    axis, further = matrix.get(found["key"]), matrix.get("include")
    values = list(axis.elements()) if axis is not None else []
    for entry in further.elements() if further is not None else ():
        value = entry.get(found["key"])
        values += [value] if value is not None else []
    for value in values:
        text = value.get(found["part"]) if found["part"] else value
        if text is not None and text.text():
            yield text


def _pushes(inputs: Mapping[str, str]) -> bool:
    is_asked = inputs.get("push", "false").lower() != "false"
    return is_asked or bool(_PUSHES.search(inputs.get("outputs", "") + inputs.get("set", "")))


def _releases(inputs: Mapping[str, str]) -> bool:
    arguments = inputs.get("args", "")
    return "release" in arguments and not _DRY.search(arguments)


_SENDS_IF: Mapping[str, Callable[[Mapping[str, str]], bool]] = {
    "docker/build-push-action": _pushes,
    "docker/bake-action": _pushes,
    "goreleaser/goreleaser-action": _releases,
}
"""Actions that send by what their inputs say; the names in lower case."""


def _sends(step: GithubStep) -> bool:
    """False for an action that sends nothing by its inputs, though it is known as one that does."""
    if step.action.endswith("/setup"):
        return False
    asks = _SENDS_IF.get(step.action)
    return asks is None or asks({name.lower(): value.text().strip() for name, value in step.inputs.items()})
