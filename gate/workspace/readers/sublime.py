"""Sublime Text: build systems of a project, which the person starts."""

from gate.trees import FileTree
from gate.workspace.model import Moment, Question, ReadFile
from gate.workspace.readers.documents import json_of
from gate.workspace.readers.reading import start_of, words_of


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one project."""
    systems = json_of(tree, path).get("build_systems")
    entries = [
        start_of(
            system,
            Moment.BUILD,
            "Sublime Text",
            f"build system {system.text('name')}",
            words_of(system.get("shell_cmd") or system.get("cmd")),
            question=Question.EACH,
        )
        for system in (systems.elements() if systems else ())
        if system.get("shell_cmd") or system.get("cmd")
    ]
    return ReadFile(entries=tuple(entries))
