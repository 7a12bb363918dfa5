"""The ci stage: what pipelines run, when, and with whose rights, by the definitions of every CI system."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gate.context import Context
from gate.core.errors import UnreadableError
from gate.core.path_patterns import is_selected
from gate.declarations.ci import CI
from gate.model import Fact, RuleDescription, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of

if TYPE_CHECKING:
    from gate.ci.model import PipelineParty, SystemJudged
    from gate.rules import Hit, StageRule
    from gate.rules.reporting import Comments
    from gate.trees import FileTree

STAGE = CI.name
ACCEPTS = CI.accepts
_MOST_NAMES = 200
"""Entries of a fact at most; a further one counts the rest."""


def rules(settings: Settings) -> Iterable[RuleDescription]:
    """Return the text of every rule of the gate's own, in the order of the ids."""
    from gate.ci.rule import ON_PIPELINES
    from gate.ci.rules import all_rules

    all_rules()
    return ON_PIPELINES.descriptions()


def run(target: Tree, context: Context) -> StageResult:
    """Judge the definitions of every system; a file that cannot be read is an error of the result."""
    from gate.ci.systems import SYSTEMS, load_system
    from gate.trees import EntryKind, open_tree

    section = context.settings.of(CI)
    tree = open_tree(target)
    files = [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]
    judged: dict[str, SystemJudged] = {}
    excluded: list[str] = []
    for name in SYSTEMS:
        system = load_system(name)
        named = [path for path in files if system.is_definition(path)]
        wanted = [path for path in named if is_selected(path, section.paths, section.ignore)]
        excluded += [path for path in named if path not in wanted]
        if wanted:
            context.progress(name)
            judged[name] = system.judge(tree, wanted, excluded)
    if not judged:
        return result_of(STAGE, target, skipped=_reason(excluded))
    return _result(target, tree, context, judged)


def _reason(excluded: list[str]) -> str:
    if excluded:
        return f"`paths` and `ignore` in gate.yaml exclude every definition of a pipeline ({len(excluded)})"
    return "there is no definition of a pipeline"


def _result(target: Tree, tree: "FileTree", context: Context, judged: "dict[str, SystemJudged]") -> StageResult:
    from gate.rules.reporting import report

    section = context.settings.of(CI)
    hits = list(_hits(judged.values()))
    comments = {} if section.no_pragmas else _comments(tree, {hit.path for _, hit in hits if hit.path})
    reported = report(hits, target.name, section.rules, comments)
    return result_of(
        STAGE,
        target,
        findings=reported.findings,
        silenced=reported.silenced,
        errors=tuple(error for one in judged.values() for error in one.errors),
        facts=_facts(judged),
    )


def _hits(judged: "Iterable[SystemJudged]") -> "Iterator[tuple[StageRule, Hit]]":
    from gate.ci.rules import all_rules
    from gate.ci.rules.scripts import JOBS
    from gate.rules import ask

    shared = [rule for rule in all_rules() if rule.looks_at is JOBS]
    for one in judged:
        yield from one.hits
        for job in one.jobs:
            yield from ask(shared, job)


def _comments(tree: "FileTree", paths: set[str]) -> "Comments":
    from gate.core.source_text import decode
    from gate.rules.comments import ignored_rules

    comments = {}
    for path in paths:
        try:
            comments[path] = ignored_rules(decode(tree.read(path)).text)
        except UnreadableError:  # it was read when it was judged; without its comments nothing is silenced
            continue
    return comments


def _facts(judged: "dict[str, SystemJudged]") -> dict[str, Fact]:
    parties = [_described(party) for one in judged.values() for party in one.third_parties]
    lists = {
        "third_parties": parties,
        "not_resolved": [text for one in judged.values() for text in one.not_resolved],
    }
    return {
        "files": sum(one.files for one in judged.values()),
        "systems": list(judged),
        **{name: _shortened(texts) for name, texts in lists.items() if texts},
    }


def _described(party: "PipelineParty") -> str:
    pin = "pinned" if party.is_pinned else "not pinned"
    what = f"{party.kind} {party.name}" + (f"@{party.reference}" if party.reference else "")
    gets = f", receives {', '.join(party.receives)}" if party.receives else ""
    return f"{what} ({pin}{gets}) {party.path}:{party.line}"


def _shortened(texts: Iterable[str]) -> list[str]:
    unique = list(dict.fromkeys(texts))
    more = len(unique) - _MOST_NAMES
    return unique if more <= 0 else [*unique[:_MOST_NAMES], f"and {more:,} more"]
