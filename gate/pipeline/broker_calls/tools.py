"""The programs under `tools`, started for a worker that reads what they write."""

import re
from tempfile import TemporaryDirectory

from gate.core.errors import GateError
from gate.model import CommitRange, Tree
from gate.pipeline.broker import Reply, WorkerSession
from gate.tools.files import write_out
from gate.tools.run import ToolCall, run_tool

_REVISION = re.compile(r"[0-9a-f]{40,64}")


def folder(session: WorkerSession, argument: str | None, files: list[int]) -> Reply:
    """Return the folder in which the tools look: the target's own, or one with the files of a revision."""
    return Reply(_folder(session, argument))


def run(session: WorkerSession, argument: ToolCall, files: list[int]) -> Reply:
    """Run a tool of the settings, if tools are permitted (`allow_tools`)."""
    settings = session.permit.settings
    if argument.name not in settings.tools or not settings.allow_tools:
        raise GateError("the settings do not let this program run")
    tool = settings.tools[argument.name]
    return Reply(run_tool(argument.name, tool, _folder(session, argument.revision), argument.timeout_s))


def _folder(session: WorkerSession, revision: str | None) -> str:
    target = session.permit.target
    if not isinstance(target, Tree | CommitRange):
        raise GateError("no program looks at this target")
    if revision is None:
        return target.root
    if not _REVISION.fullmatch(revision):
        raise GateError("is no id of a revision")
    kept = f"files of {revision}"
    if kept not in session.kept:
        made = TemporaryDirectory(prefix="gate-tree-")
        session.begin(made.cleanup)
        write_out(Tree(root=target.root, name="", revision=revision), made.name)
        session.kept[kept] = made.name
    place: str = session.kept[kept]
    return place
