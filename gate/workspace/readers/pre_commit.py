"""pre-commit and prek: hooks of the repository itself, and those of other repositories (pre-commit documentation)."""

from collections.abc import Iterator

from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Moment, ReadFile
from gate.workspace.readers.documents import yaml_of
from gate.workspace.readers.git_hooks import MOMENTS
from gate.workspace.readers.reading import start_of

_BY = "pre-commit"
_NEEDS = "`pre-commit install`"
_OLD_NAMES = {"commit": Moment.COMMIT, "merge-commit": Moment.COMMIT, "push": Moment.PUSH}
_STAGES = MOMENTS | _OLD_NAMES


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one configuration."""
    document = yaml_of(tree, path)
    repositories = document.get("repos") or document
    entries = [
        start
        for repository in repositories.elements()
        if repository.text("repo") not in ("", "meta", "builtin")
        for start in _hooks(repository, document)
    ]
    return ReadFile(entries=tuple(entries))


def _hooks(repository: Value, document: Value) -> Iterator[AutoStart]:
    hooks, address = repository.get("hooks"), repository.text("repo")
    for hook in hooks.elements() if hooks else ():
        stages = hook.texts("stages") or document.texts("default_stages") or ["pre-commit"]
        if stages == ["manual"]:
            continue
        when = next((_STAGES[stage] for stage in stages if stage in _STAGES), Moment.COMMIT)
        if address == "local":
            command = f"{hook.text('entry')} {' '.join(hook.texts('args'))}".strip()
        else:
            command = f"{address}@{repository.text('rev') or '(no rev)'}"
        yield start_of(hook, when, _BY, f"hook {hook.text('id')}", command, needs=_NEEDS)
