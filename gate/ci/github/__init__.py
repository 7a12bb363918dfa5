"""GitHub: workflows that it starts, actions of the repository, and Dependabot's configuration."""

from collections.abc import Collection, Sequence
from functools import partial

import msgspec

from gate.ci.github.model import Action, GithubRepository, Workflow
from gate.ci.github.reader import DEPENDABOT, is_action_path, is_workflow_path, read_action, read_workflow
from gate.ci.model import JobScript, SystemJudged
from gate.core.errors import GateError, as_stage_error
from gate.core.source_text import text_of
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.model import StageError
from gate.rules import ask
from gate.trees import FileTree

MAX_SIZE = 1 << 20
"""Bytes of a definition; a larger one is an error."""
_TEMPLATE = ("{%", "{{cookiecutter", "{{ cookiecutter")
_FOREIGN_SHELLS = ("pwsh", "powershell", "cmd", "python", "node")


def is_definition(path: str) -> bool:
    """True for a workflow, an action or Dependabot's configuration, by the path."""
    return path.endswith((".yml", ".yaml")) and (is_workflow_path(path) or is_action_path(path) or path in DEPENDABOT)


class _Reading(msgspec.Struct):
    """What was read of a tree so far."""

    workflows: list[Workflow]
    actions: dict[str, Action]
    errors: list[StageError]
    notes: list[str]
    texts: dict[str, str]


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the definitions and ask the rules; a file that cannot be read is an error."""
    from gate.ci.github.attack_paths import attack_paths
    from gate.ci.github.fixes import fixes_of
    from gate.ci.github.parties import parties_of
    from gate.ci.github.pins import locked_pins, pins_of
    from gate.ci.github.publishing import jobs_without_release
    from gate.ci.github.token_needs import permissions_of
    from gate.ci.rules import all_rules
    from gate.ci.rules.github_paths import PATHS

    repository, reading = read_repository(tree, paths)
    on_paths = [rule for rule in all_rules() if rule.looks_at is PATHS]
    found = attack_paths(repository)
    parties, silent = parties_of(repository)
    return SystemJudged(
        hits=tuple(hit for path in found for hit in ask(on_paths, path)),
        jobs=tuple(_scripts(repository)),
        third_parties=parties,
        send_nothing=silent,
        fixes=(
            *fixes_of(repository, reading.texts),
            *pins_of(repository, reading.texts, locked_pins(tree)),
            *permissions_of(repository, reading.texts),
        ),
        without_release=partial(jobs_without_release, repository),
        files=len(paths),
        errors=tuple(reading.errors),
        not_definitions=tuple(reading.notes),
    )


def read_repository(tree: FileTree, paths: Sequence[str]) -> tuple[GithubRepository, _Reading]:
    """Return all definitions among `paths`, with the errors and notes on those that could not be read."""
    reading = _Reading([], {}, [], [], {})
    for path in paths:
        try:
            _read(path, tree, reading)
        except GateError as error:
            reading.errors.append(as_stage_error(error, path))
    return GithubRepository(workflows=tuple(reading.workflows), actions=reading.actions), reading


def _read(path: str, tree: FileTree, reading: _Reading) -> None:
    text = text_of(tree.read(path, MAX_SIZE), path)
    try:
        documents = read_values(text, path)
    except GateError:
        if not is_workflow_path(path) and any(mark in text for mark in _TEMPLATE):
            reading.notes.append(f"{path}: a template of a file, not an action")
            return
        raise
    if path in DEPENDABOT:
        return
    reading.texts[path] = text
    if not documents:
        reading.notes.append(f"{path}: holds no definition")
    for document in documents[:1]:
        _add(document, reading)


def _add(document: Value, reading: _Reading) -> None:
    path = document.path
    if is_workflow_path(path):
        workflow = read_workflow(document)
        if workflow is None:
            reading.notes.append(f"{path}: is no workflow: GitHub starts nothing by it")
        else:
            reading.workflows.append(workflow)
        return
    action = read_action(document)
    if action is None:
        reading.notes.append(f"{path}: is no action, by what it says")
    else:
        reading.actions[action.folder] = action


def _scripts(repository: GithubRepository) -> list[JobScript]:
    """Return the scripts of all steps, for the rules that every system shares."""
    steps = [
        (f"{job.id}, {step.label}", step)
        for workflow in repository.workflows
        for job in workflow.jobs.values()
        for step in job.steps
    ]
    steps += [(action.folder or "action", step) for action in repository.actions.values() for step in action.steps]
    return [
        JobScript(name=name, script=step.run.text(), path=step.run.path, line=first_line(step.run))
        for name, step in steps
        if step.run is not None and not step.shell.startswith(_FOREIGN_SHELLS)
    ]


def first_line(script: Value) -> int:
    """Return the line of a script's first line: that below the mark of a block."""
    return script.start[0] + (1 if script.style in ("|", ">") else 0)
