"""The workspace stage: what starts on a developer's machine without being asked, and what agents read."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gate.context import Context
from gate.core.errors import GateError, as_stage_error
from gate.core.path_patterns import is_selected
from gate.declarations.workspace import WORKSPACE
from gate.model import Fact, RuleDescription, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of

if TYPE_CHECKING:
    from gate.rules import Hit, StageRule
    from gate.rules.reporting import Comments
    from gate.trees import FileTree
    from gate.workspace.model import Entry, ReadFile
    from gate.workspace.readers import WorkspaceReader

STAGE = WORKSPACE.name
ACCEPTS = WORKSPACE.accepts
_MOST_NAMES = 500
"""Entries of a fact at most; a further one counts the rest."""


def rules(settings: Settings) -> Iterable[RuleDescription]:
    """Return the text of every rule of the gate's own, in the order of the ids."""
    from gate.workspace.rule import ON_WORKSPACES
    from gate.workspace.rules import all_rules

    all_rules()
    return ON_WORKSPACES.descriptions()


def run(target: Tree, context: Context) -> StageResult:
    """Read every file of a known place; one that cannot be read is an error of the result."""
    from gate.trees import EntryKind, open_tree
    from gate.workspace.readers import READERS, load_reader

    section = context.settings.of(WORKSPACE)
    tree = open_tree(target)
    files = [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]
    read: list[ReadFile] = []
    excluded = 0
    for name in READERS:
        reader = load_reader(name)
        for path in filter(reader.is_file_of, files):
            if not is_selected(path, section.paths, section.ignore):
                excluded += 1
                continue
            read.append(_read(reader, tree, path))
    if not read:
        return result_of(STAGE, target, skipped=_reason(excluded))
    return _result(target, tree, context, read)


def _read(reader: "WorkspaceReader", tree: "FileTree", path: str) -> "ReadFile":
    from gate.workspace.model import ReadFile

    try:
        return reader.read(tree, path)
    except GateError as error:
        return ReadFile(errors=(as_stage_error(error, path),))


def _reason(excluded: int) -> str:
    if excluded:
        return f"`paths` and `ignore` in gate.yaml exclude every file that starts something ({excluded})"
    return "no file here starts anything or speaks to an agent"


def _result(target: Tree, tree: "FileTree", context: Context, read: "list[ReadFile]") -> StageResult:
    from gate.rules.reporting import report

    section = context.settings.of(WORKSPACE)
    entries = [entry for one in read for entry in one.entries]
    hits = list(_hits(entries))
    comments = {} if section.no_pragmas else _comments(tree, {hit.path for _, hit in hits if hit.path})
    reported = report(hits, target.name, section.rules, comments)
    return result_of(
        STAGE,
        target,
        findings=reported.findings,
        silenced=reported.silenced,
        errors=tuple(error for one in read for error in one.errors),
        facts=_facts(read, entries),
    )


def _hits(entries: "Iterable[Entry]") -> "Iterator[tuple[StageRule, Hit]]":
    from gate.rules import ask
    from gate.workspace.rules import all_rules

    rules = all_rules()
    for entry in entries:
        yield from ask((rule for rule in rules if isinstance(entry, rule.looks_at.kind)), entry)


def _comments(tree: "FileTree", paths: set[str]) -> "Comments":
    from gate.core.source_text import decode
    from gate.rules.comments import ignored_rules

    return {path: ignored_rules(decode(tree.read(path)).text) for path in paths}


def _facts(read: "list[ReadFile]", entries: "list[Entry]") -> dict[str, Fact]:
    from gate.workspace.what_runs import described

    lists = {"what_runs": described(entries), "not_known": [note for one in read for note in one.notes]}
    return {"files": len(read), **{name: _shortened(texts) for name, texts in lists.items() if texts}}


def _shortened(texts: Iterable[str]) -> list[str]:
    unique = list(dict.fromkeys(texts))
    more = len(unique) - _MOST_NAMES
    return unique if more <= 0 else [*unique[:_MOST_NAMES], f"and {more:,} more"]
