"""Cursor: hooks, the environment of background agents, permissions (Cursor documentation, "Hooks", "Cloud agents")."""

from collections.abc import Iterator

from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Entry, Grant, Moment, Question, ReadFile
from gate.workspace.readers.documents import json_of
from gate.workspace.readers.grants import strength_of_tool
from gate.workspace.readers.reading import hooks_in, start_of, words_of

_BY = "Cursor"


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file of a folder `.cursor`."""
    document = json_of(tree, path)
    entries: list[Entry]
    if path.endswith("hooks.json"):
        entries = list(hooks_in(document.get("hooks"), _BY))
    elif path.endswith("environment.json"):
        entries = list(_environment(document))
    else:
        entries = list(_permissions(document))
    return ReadFile(entries=tuple(entries))


def _environment(document: Value) -> Iterator[AutoStart]:
    """Yield what a background agent starts: on a machine of Cursor's, not on the person's."""
    for name in ("install", "start"):
        command = document.get(name)
        if command is not None and words_of(command):
            yield start_of(
                command,
                Moment.OPEN,
                _BY,
                f"background agent {name}",
                words_of(command),
                question=Question.NONE,
                on_host=False,
            )
    terminals = document.get("terminals")
    for terminal in terminals.elements() if terminals else ():
        if terminal.text("command"):
            what = f"background agent terminal {terminal.text('name')}"
            yield start_of(terminal, Moment.OPEN, _BY, what, terminal.text("command"), on_host=False)


def _permissions(document: Value) -> Iterator[Grant]:
    allowed = document.get("permissions", "allow")
    for tool in allowed.elements() if allowed else ():
        strength = strength_of_tool(tool.text())
        if strength is not None:
            what = f"permissions.allow: {tool.text()[:160]}"
            yield Grant(
                by=_BY, what=what, strength=strength, path=tool.path, line=tool.line, span=(tool.start, tool.end)
            )
