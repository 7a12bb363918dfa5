"""Reads workflows and actions of GitHub into the model.

Source: GitHub's documentation, "Workflow syntax for GitHub Actions" and "Metadata syntax for GitHub Actions".
"""

from collections.abc import Mapping
from types import MappingProxyType

from gate.ci.github.model import NOTHING, Action, GithubJob, GithubStep, Permissions, Trigger, Workflow
from gate.core.values import Value

WORKFLOWS = ".github/workflows/"
"""The folder of the workflows that GitHub starts; those in folders below it are not."""
DEPENDABOT = frozenset({".github/dependabot.yml", ".github/dependabot.yaml"})
_ENDS = (".yml", ".yaml")
_ACTIONS = ("action.yml", "action.yaml")
_NOT_STATED = Permissions(is_stated=False)


def is_workflow_path(path: str) -> bool:
    """True for a file that GitHub reads as a workflow."""
    return path.startswith(WORKFLOWS) and "/" not in path[len(WORKFLOWS) :] and path.endswith(_ENDS)


def is_action_path(path: str) -> bool:
    """True for a file that may be an action, by its name."""
    return path.endswith(_ACTIONS) and path.rpartition("/")[2] in _ACTIONS


def read_workflow(document: Value) -> Workflow | None:
    """Return the workflow of a document; None if it is none: GitHub starts nothing by it."""
    triggers = _triggers(document.get("on"))
    jobs = document.get("jobs")
    if not triggers or jobs is None or not isinstance(jobs.data, dict):
        return None
    permissions = _permissions(document.get("permissions"), _NOT_STATED)
    return Workflow(
        path=document.path,
        value=document,
        name=document.text("name") or document.path,
        triggers=triggers,
        permissions=permissions,
        env=_mapping(document.get("env")),
        jobs={id: _job(id, value, permissions) for id, value in jobs.items() if isinstance(value.data, dict)},
    )


def read_action(document: Value) -> Action | None:
    """Return the action of a document; None if it is none."""
    runs = document.get("runs")
    if runs is None or not runs.text("using"):
        return None
    return Action(
        path=document.path,
        value=document,
        inputs=_mapping(document.get("inputs")),
        outputs=_mapping(document.get("outputs")),
        using=runs.text("using"),
        steps=_steps(runs.get("steps")),
    )


def _triggers(on: Value | None) -> Mapping[str, Trigger]:
    if on is None:
        return {}
    if isinstance(on.data, dict):
        return {name: Trigger(name, value) for name, value in on.items()}
    names = [one.text() for one in on.elements()]
    return {name: Trigger(name) for name in names if name}


def _job(id: str, value: Value, permissions: Permissions) -> GithubJob:
    runs_on = value.get("runs-on")
    if runs_on is not None and isinstance(runs_on.data, dict):
        runs_on = runs_on.get("labels")
    secrets = value.get("secrets")
    return GithubJob(
        value=value,
        id=id,
        needs=tuple(value.texts("needs")),
        condition=value.text("if"),
        permissions=_permissions(value.get("permissions"), permissions),
        runs_on=tuple(runs_on.texts()) if runs_on is not None else (),
        environment=value.text("environment", "name") or value.text("environment"),
        env=_mapping(value.get("env")),
        outputs=_mapping(value.get("outputs")),
        steps=_steps(value.get("steps")),
        uses=value.text("uses"),
        inputs=_mapping(value.get("with")),
        inherits_secrets=secrets is not None and secrets.data == "inherit",
    )


def _steps(steps: Value | None) -> tuple[GithubStep, ...]:
    if steps is None or not isinstance(steps.data, list):
        return ()
    return tuple(_step(number, one) for number, one in enumerate(steps.data, 1) if isinstance(one.data, dict))


def _step(number: int, value: Value) -> GithubStep:
    return GithubStep(
        value=value,
        number=number,
        id=value.text("id"),
        name=value.text("name"),
        uses=value.text("uses").strip(),
        run=value.get("run"),
        inputs=_mapping(value.get("with")),
        env=_mapping(value.get("env")),
        condition=value.text("if"),
        shell=value.text("shell"),
        folder=value.text("working-directory"),
    )


def _permissions(value: Value | None, inherited: Permissions) -> Permissions:
    if value is None:
        return inherited
    if isinstance(value.data, dict):
        return Permissions({scope: level.text() for scope, level in value.items()})
    word = value.text()
    return Permissions(everything=word.removesuffix("-all") if word.endswith("-all") else "")


def _mapping(value: Value | None) -> Mapping[str, Value]:
    if value is None or not isinstance(value.data, dict):
        return NOTHING
    return MappingProxyType(value.data)
