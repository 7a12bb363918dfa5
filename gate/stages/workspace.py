"""The workspace stage: what starts on a developer's machine without being asked, and what agents read."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gate.context import Context
from gate.core.path_patterns import is_selected
from gate.declarations.workspace import WORKSPACE
from gate.model import Fact, RuleDescription, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of, shortened

if TYPE_CHECKING:
    from gate.rules import Hit, StageRule
    from gate.rules.reporting import Comments
    from gate.workspace.model import Entry
    from gate.workspace.reading import Workspace

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
    from gate.core.cache import Cache
    from gate.stages.commented import CommentedTree
    from gate.trees import open_tree
    from gate.trees.identity import content_id_in
    from gate.workspace.plain_contents import PlainContents
    from gate.workspace.reading import read_workspace

    section = context.settings.of(WORKSPACE)
    opened = open_tree(target)
    tree = CommentedTree(opened)
    plain = PlainContents(content_id_in(target, opened), Cache(context.cache_folder))
    found = read_workspace(tree, lambda path: is_selected(path, section.paths, section.ignore), plain)
    if not found.read:
        return result_of(STAGE, target, skipped=_reason(found.excluded))
    return _result(target, context, found, {} if section.no_pragmas else tree.comments)


def files_among(paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of some paths that start something or speak to an agent, by their places, sorted."""
    from gate.workspace.discovery import places_in

    return tuple(sorted(place.path for place in places_in(paths)))


def _reason(excluded: int) -> str:
    if excluded:
        return f"`paths` and `ignore` in gate.yaml exclude every file that starts something ({excluded})"
    return "no file here starts a program or instructs an agent"


def _result(target: Tree, context: Context, found: "Workspace", comments: "Comments") -> StageResult:
    from gate.rules.reporting import report

    section = context.settings.of(WORKSPACE)
    hits = list(_hits(found.entries))
    reported = report(hits, target.name, section.rules, comments)
    return result_of(
        STAGE,
        target,
        findings=reported.findings,
        silenced=reported.silenced,
        errors=tuple(error for one in found.read for error in one.errors),
        facts=_facts(found),
    )


def _hits(entries: "Iterable[Entry]") -> "Iterator[tuple[StageRule, Hit]]":
    from gate.rules import ask
    from gate.workspace.rules import all_rules

    rules = all_rules()
    for entry in entries:
        yield from ask((rule for rule in rules if isinstance(entry, rule.looks_at.kind)), entry)


def _facts(found: "Workspace") -> dict[str, Fact]:
    from gate.workspace.what_runs import described, described_servers

    entries = found.entries
    lists = {"what_runs": described(entries), "servers": described_servers(entries), "not_known": found.notes}
    unread = {"modelines_not_read": found.modelines_not_read} if found.modelines_not_read else {}
    return {
        "files": len(found.read),
        **unread,
        **{name: shortened(texts, _MOST_NAMES) for name, texts in lists.items() if texts},
    }
