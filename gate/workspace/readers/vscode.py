"""Visual Studio Code, and editors that read its settings: tasks that run when the folder is opened."""

import re
from collections.abc import Iterator

from gate.core.source_text import decode
from gate.core.values import Value, read_values
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Moment, ReadFile

MAX_SIZE = 1 << 20
_TASKS = re.compile(r"(?:.*/)?\.vscode/tasks\.json")


def is_file_of(path: str) -> bool:
    """True for a file of tasks."""
    return path.endswith(".vscode/tasks.json") and bool(_TASKS.fullmatch(path))


def read(tree: FileTree, path: str) -> ReadFile:
    """Read the tasks of one file."""
    documents = read_values(decode(tree.read(path, MAX_SIZE)).text, path)
    return ReadFile(entries=tuple(start for document in documents for start in _tasks(document)))


def _tasks(document: Value) -> Iterator[AutoStart]:
    tasks = document.get("tasks")
    for task in tasks.elements() if tasks else ():
        if task.text("runOptions", "runOn") == "folderOpen":
            yield AutoStart(
                when=Moment.OPEN,
                by="VS Code",
                what=f"task {task.text('label')}",
                command=" ".join([task.text("command"), *task.texts("args")]),
                asks=False,
                path=task.path,
                line=task.line,
            )
