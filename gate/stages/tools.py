"""Other programs' findings: the stage `tools` runs what the settings name and reads what it writes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from gate.context import Context
from gate.core import broker
from gate.core.errors import GateError, LimitError, as_stage_error
from gate.core.path_patterns import is_selected
from gate.declarations.section import StageSettings
from gate.declarations.tools import TOOLS
from gate.model import Fact, RuleDescription, StageError, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of

if TYPE_CHECKING:
    from gate.tools.report import NotLookedAt, Reported
    from gate.tools.run import ProgramEnd

STAGE = TOOLS.name
ACCEPTS = TOOLS.accepts
_PARTLY = "partly_read"
"""The fact that names what tools left out as they do everywhere."""
_SHARE_OF_TIME = 0.9
"""Of the stage's time limit: a tool that takes too long is ended by the stage, which can say so."""


def run(target: Tree, context: Context) -> StageResult:
    """Run every tool on a target. A tool that fails is an error; the others' findings stand."""
    tools = context.settings.tools
    if not tools:
        return result_of(STAGE, target, skipped="no tool is configured")
    if not context.settings.allow_tools:
        names = ", ".join(tools)
        return result_of(STAGE, target, errors=(_not_allowed(names),))
    with _files(target) as folder:
        parts = [_run_one(name, target, folder, context) for name in tools]
    return result_of(
        STAGE,
        target,
        findings=tuple(finding for part in parts for finding in part.findings),
        errors=tuple(error for part in parts for error in part.errors),
        facts={"tools": list(tools), **_partly_read(parts)},
    )


def _partly_read(parts: Iterable[StageResult]) -> dict[str, Fact]:
    names = [name for part in parts for name in part.facts.get(_PARTLY, ())]  # type: ignore[union-attr]
    return {_PARTLY: names} if names else {}


def _is_wanted(path: str | None, section: StageSettings) -> bool:
    if path is None:
        return True
    return is_selected(path, section.paths, section.ignore)


def _not_allowed(names: str) -> StageError:
    return StageError(
        title=f"the settings name programs that may not run: {names}",
        message="Read the commands under `tools`, then allow them: --allow-tools or GATE_ALLOW_TOOLS=true",
    )


def _run_one(name: str, target: Tree, folder: str, context: Context) -> StageResult:
    from gate.tools.formats import read_report
    from gate.tools.silence import doubt

    tool = context.settings.tools[name]
    context.progress(name)
    try:
        ran = _ran(name, target, folder, context)
        entries = read_report(tool.format, ran.report)
    except GateError as error:
        return result_of(STAGE, target, errors=(_masked(name, as_stage_error(error), context),))
    except ValueError:  # msgspec's errors are such; their text could hold what the tool wrote
        unread = StageError(title=f"{name} wrote no {tool.format}", message="Is `format` right, and `{output}`?")
        return result_of(STAGE, target, errors=(unread,))
    if not entries and (silence := doubt(name, ran)):
        return result_of(STAGE, target, errors=(silence,))
    return _result(name, entries, target, folder, context.settings.of(TOOLS))


def _masked(name: str, error: StageError, context: Context) -> StageError:
    """Return the error without a secret: it can quote what the program said, and a program can quote the source."""
    from gate.secrets.results.masking import masked_lines

    said = f"{error.title}\n{error.message}".encode("utf-8", "backslashreplace")
    try:
        shown = masked_lines(said, "standard-error", (1, 2), str(context.cache_folder))
    except LimitError:  # what is not masked is not shown
        shown = {}
    return msgspec.structs.replace(error, title=shown.get(1, f"{name} failed"), message=shown.get(2, ""))


def _result(
    name: str, entries: "Sequence[Reported | NotLookedAt]", target: Tree, folder: str, section: StageSettings
) -> StageResult:
    from gate.tools.findings import errors_of, findings_of, partly_read
    from gate.tools.report import NotLookedAt, Reported

    findings = findings_of(name, (one for one in entries if isinstance(one, Reported)), target.name, folder)
    unread = [one for one in entries if isinstance(one, NotLookedAt)]
    return result_of(
        STAGE,
        target,
        findings=tuple(one for one in findings if _is_wanted(one.location.path, section)),
        errors=tuple(one for one in errors_of(name, unread, folder) if _is_wanted(one.path, section)),
        facts={_PARTLY: partly_read(name, unread, folder)},
    )


@contextmanager
def _files(target: Tree) -> Iterator[str]:
    """Give a folder with the target's files: its own, or those of a revision, written out without links."""
    if broker.is_connected():
        yield broker.ask("tools.folder", target.revision, str)
        return
    if target.revision is None:
        yield target.root
        return
    from gate.tools.files import write_out

    with TemporaryDirectory(prefix="gate-tree-") as folder:
        write_out(target, folder)
        yield folder


def _ran(name: str, target: Tree, folder: str, context: Context) -> "ProgramEnd":
    from gate.tools.run import ProgramEnd, ToolCall, run_tool

    timeout_s = context.settings.timeout * _SHARE_OF_TIME
    if broker.is_connected():
        return broker.ask("tools.run", ToolCall(name, target.revision, timeout_s), ProgramEnd)
    return run_tool(name, context.settings.tools[name], folder, timeout_s)


def rules(settings: Settings) -> Iterable[RuleDescription]:
    """Return nothing: the tools alone know their rules."""
    return ()
