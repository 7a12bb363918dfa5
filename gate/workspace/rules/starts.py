"""Rules on what starts."""

from collections.abc import Iterator

from gate.model import Severity
from gate.rules import Hit
from gate.workspace.model import AutoStart, Moment
from gate.workspace.rule import STARTS, rule


@rule(
    "GW001",
    Severity.HIGH,
    "Program starts when the folder is opened",
    looks_at=STARTS,
    why="Opening a branch to read it runs its author's program, with the reader's files and credentials.",
    mend="AutoStart it by hand: remove the automatic start, or keep it in your own settings outside the repository.",
    references=("CWE-829",),
    bad='.vscode/tasks.json: {"tasks": [{"label": "a", "command": "make", "runOptions": {"runOn": "folderOpen"}}]}',
    good='.vscode/tasks.json: {"tasks": [{"label": "a", "command": "make"}]}',
)
def starts_on_open(start: AutoStart) -> Iterator[Hit]:
    if start.when is Moment.OPEN and not start.asks:
        message = f"{start.by} starts {start.what} by itself: {start.command[:200]}"
        evidence = (start.by, start.what, start.command)
        yield Hit(message=message, path=start.path, line=start.line, evidence=evidence)
