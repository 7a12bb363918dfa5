"""Zed: settings and tasks of a project (Zed documentation, "Worktree trust", "Tasks", "Model Context Protocol")."""

from collections.abc import Iterator

from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Entry, Grant, Moment, Question, ReadFile, Strength
from gate.workspace.readers.documents import json_of
from gate.workspace.readers.reading import servers_in, start_of, words_of

_BY = "Zed"


def read(tree: FileTree, path: str) -> ReadFile:
    """Read the settings; tasks are started by hand, but for those of hooks."""
    document = json_of(tree, path)
    if path.endswith("settings.json"):
        return ReadFile(entries=tuple(_settings(document)))
    return ReadFile(entries=tuple(_tasks(document)))


def _tasks(document: Value) -> Iterator[AutoStart]:
    for task in document.elements():
        for hook in task.texts("hooks"):
            command = f"{task.text('command')} {words_of(task.get('args'))}".strip()
            what = f"task {task.text('label')} ({hook})"
            yield start_of(task, Moment.OPEN, _BY, what, command, question=Question.TRUST)


def _settings(document: Value) -> Iterator[Entry]:
    for language, server in _items(document, "lsp"):
        program = server.get("binary", "path")
        if program is not None and "/" in program.text():
            command = f"{program.text()} {words_of(server.get('binary', 'arguments'))}".strip()
            yield start_of(program, Moment.OPEN, _BY, f"language server {language}", command, question=Question.TRUST)
    yield from servers_in(document.get("context_servers"), _BY)
    shell = document.get("terminal", "shell", "program") or document.get(
        "terminal", "shell", "with_arguments", "program"
    )
    if shell is not None and "/" in shell.text():
        yield start_of(shell, Moment.OPEN, _BY, "shell of the terminal", shell.text(), question=Question.EACH)
    always = document.get("agent", "always_allow_tool_actions")
    if always is not None and always.text() == "true":
        what = "agent.always_allow_tool_actions = true"
        yield Grant(by=_BY, what=what, strength=Strength.ALL, path=always.path, line=always.line)


def _items(document: Value, key: str) -> Iterator[tuple[str, Value]]:
    found = document.get(key)
    yield from found.items() if found else ()
