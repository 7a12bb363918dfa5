"""The ci stage: what pipelines run, when, and with whose rights, by the definitions of every CI system."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gate.context import Context
from gate.core.path_patterns import is_selected
from gate.declarations.ci import CI, EDITED_PIPELINES, ZIZMOR_FILES, CiSettings
from gate.model import Fact, Loosened, RuleDescription, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of, set_apart, shortened, words_in

if TYPE_CHECKING:
    from gate.ci.github.audited import Audited
    from gate.ci.model import PipelineParty, SystemJudged
    from gate.rules import Hit, StageRule
    from gate.rules.reporting import Comments
    from gate.stages.commented import CommentedTree
    from gate.trees import FileTree

STAGE = CI.name
_AUDITED = "github"
"""The system whose definitions zizmor is asked about."""
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
    from gate.stages.commented import CommentedTree
    from gate.trees import open_tree

    tree = CommentedTree(open_tree(target))
    judged: dict[str, SystemJudged] = {}
    audited: list[Audited] = []
    excluded: list[str] = []
    for name, wanted, one in _judged(tree, context.settings.of(CI), excluded, context.progress):
        judged[name] = one
        if name == _AUDITED:
            audited.append(_audited(target, tree, context, wanted, one))
    if not judged:
        return result_of(STAGE, target, skipped=_reason(excluded), facts=_edited(target, tree, context))
    return _result(target, tree, context, judged, audited)


def _judged(
    tree: "FileTree", section: CiSettings, excluded: list[str], progress: Callable[[str], object]
) -> "Iterator[tuple[str, list[str], SystemJudged]]":
    """Yield each system that has definitions, with their paths and what they say; `excluded` grows."""
    from gate.ci.systems import NAMES_OF_DEFINITIONS, SYSTEMS, is_definition, load_system
    from gate.trees import EntryKind, walk_named

    entries = walk_named(tree, is_definition, *NAMES_OF_DEFINITIONS)
    files = [entry.path for entry in entries if entry.kind is EntryKind.FILE]
    for name in SYSTEMS if files else ():
        system = load_system(name)
        named = [path for path in files if system.is_definition(path)]
        wanted = [path for path in named if is_selected(path, section.paths, section.ignore)]
        excluded += [path for path in named if path not in wanted]
        if wanted:
            progress(name)
            one = system.judge(tree, wanted, excluded)
            if one.files or one.errors or one.not_definitions:  # some have its name, and are of another program
                yield name, wanted, one


def definitions_among(paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of some paths that a CI system reads, sorted."""
    from gate.ci.systems import is_definition

    return tuple(sorted(set(filter(is_definition, paths))))


def third_parties_of(target: Tree, section: CiSettings) -> "tuple[tuple[PipelineParty, ...], tuple[str, ...]]":
    """Return the third parties of a target's pipelines, and the definitions that cannot be read, for bills."""
    from gate.ci.third_parties import third_parties
    from gate.trees import open_tree

    if not section.enabled:
        return (), ()
    judged = [one for _, _, one in _judged(open_tree(target), section, [], str)]
    return third_parties(judged), tuple(map(str, set_apart(error for one in judged for error in one.errors)[0]))


def fixed_on_request() -> frozenset[str]:
    """Return the rules whose fixes something may depend on, so that a person has to name them."""
    from gate.ci.github.fixes import ON_REQUEST

    return ON_REQUEST


def said_in(settings: Settings) -> tuple[str, ...]:
    """Return the files whose word counts as it stands at the base."""
    return ZIZMOR_FILES


def _audited(target: Tree, tree: "FileTree", context: Context, paths: list[str], judged: "SystemJudged") -> "Audited":
    """Return what zizmor says of the files that could be read, as far as its own configuration counts."""
    from gate.ci.github.audited import audit
    from gate.ci.github.zizmor_file import read_zizmor_file
    from gate.trees import open_tree

    context.progress("zizmor")
    configured = read_zizmor_file(open_tree(words_in(target, context)), context.settings.of(CI).zizmor_loosens)
    unread = {(error.path or "").split(":", 1)[0] for error in judged.errors}
    unread |= {text.split(": ", 1)[0] for text in judged.not_definitions}
    return audit(tree, paths, unread, configured, context.cache_folder)


def _edited(target: Tree, tree: "FileTree", context: Context) -> dict[str, Fact]:
    """Return which pipelines that run the gate a change edits, as a fact; nothing where nothing is compared."""
    from gate.ci.judging import edited_pipelines, may_differ
    from gate.trees import open_tree

    bases = context.trust.bases_of(target.name) if context.trust.is_comparison else ()
    edited = edited_pipelines(tree, [open_tree(base) for base in bases if may_differ(target, base)])
    return {EDITED_PIPELINES: list(edited[:_MOST_NAMES])} if edited else {}


def _loosened(target: Tree, tree: "FileTree", context: Context) -> tuple[Loosened, ...]:
    """Return what the target's zizmor.yml loosens, compared with that of its base."""
    from gate.ci.github.zizmor_file import loosened, read_zizmor_file
    from gate.trees import open_tree

    for base in context.compared:
        now, before = read_zizmor_file(tree, True), read_zizmor_file(open_tree(base), True)
        if found := loosened(now, before, target.name):
            return found
    return ()


def _reason(excluded: list[str]) -> str:
    if excluded:
        return f"`paths` and `ignore` in gate.yaml exclude every definition of a pipeline ({len(excluded)})"
    return "there is no CI pipeline"


def _result(
    target: Tree,
    tree: "CommentedTree",
    context: Context,
    judged: "dict[str, SystemJudged]",
    audited: "Sequence[Audited]",
) -> StageResult:
    from gate.ci.github.fixes import with_fixes
    from gate.ci.third_parties import third_parties
    from gate.rules.reporting import report

    section = context.settings.of(CI)
    parties = third_parties(judged.values())
    own = [one for one in _hits(judged.values()) if is_selected(one[1].path or "", section.paths, section.ignore)]
    found = [*own, *(hit for one in audited for hit in one.hits), *_of_parties(parties, section)]
    hits = _joined(found, judged.values())
    hits = with_fixes(hits, [fix for one in judged.values() for fix in one.fixes])
    comments = {} if section.no_pragmas else _comments(tree.comments, audited)
    reported = report(hits, target.name, section.rules, comments)
    unread = [error for one in judged.values() for error in one.errors]
    errors, notes = set_apart([*unread, *(error for one in audited for error in one.errors)])
    return result_of(
        STAGE,
        target,
        findings=reported.findings,
        silenced=reported.silenced,
        loosened=_loosened(target, tree, context),
        errors=errors,
        facts={
            **_edited(target, tree, context),
            **_facts(judged, parties, notes),
            **{name: fact for one in audited for name, fact in one.facts.items()},
        },
        third_parties=parties,
    )


def _of_parties(parties: "Iterable[PipelineParty]", section: CiSettings) -> "Iterator[tuple[StageRule, Hit]]":
    """Yield the third parties that the lists of the settings do not allow."""
    from gate.ci.rules import all_rules
    from gate.ci.rules.third_parties import PARTIES, ListedParty, PartyLists
    from gate.rules import ask

    lists = PartyLists(allow=section.third_parties.allow, deny=section.third_parties.deny)
    rules = [rule for rule in all_rules() if rule.looks_at is PARTIES]
    for party in parties if lists.allow or lists.deny else ():
        yield from ask(rules, ListedParty(party, lists))


def _joined(hits: "list[tuple[StageRule, Hit]]", judged: "Iterable[SystemJudged]") -> "list[tuple[StageRule, Hit]]":
    from gate.ci.github.joined import is_of_releases, of_releases, without_repeats

    if not any(is_of_releases(rule) for rule, _ in hits):
        return without_repeats(hits)
    return of_releases(without_repeats(hits), [lines for one in judged for lines in one.without_release()])


def _hits(judged: "Iterable[SystemJudged]") -> "Iterator[tuple[StageRule, Hit]]":
    from gate.ci.rules import all_rules
    from gate.ci.rules.scripts import JOBS
    from gate.rules import ask

    shared = [rule for rule in all_rules() if rule.looks_at is JOBS]
    found: dict[tuple[object, ...], tuple[StageRule, Hit]] = {}
    for one in judged:
        of_jobs = (hit for job in one.jobs for hit in ask(shared, job))
        for rule, hit in (*one.hits, *of_jobs):
            # what several jobs inherit is found in each, and stands in one place
            found.setdefault((rule.id, hit.path, hit.line, hit.evidence), (rule, hit))
    yield from found.values()


def _comments(own: "Comments", audited: "Sequence[Audited]") -> "Comments":
    """Return what comments silence: those of the gate's own, and zizmor's."""
    comments: dict[str, Mapping[int, Mapping[str, str]]] = dict(own)
    for one in audited:
        for path, of_zizmor in one.comments.items():
            lines = dict(comments.get(path, {}))
            lines |= {line: {**words, **lines.get(line, {})} for line, words in of_zizmor.items()}
            comments[path] = lines
    return comments


def _facts(
    judged: "dict[str, SystemJudged]", parties: "Iterable[PipelineParty]", notes: Sequence[str]
) -> dict[str, Fact]:
    lists = {
        "third_parties": [party.text for party in parties],
        "not_resolved": [text for one in judged.values() for text in one.not_resolved],
        "not_definitions": [*(text for one in judged.values() for text in one.not_definitions), *notes],
    }
    return {
        "files": sum(one.files for one in judged.values()),
        "systems": list(judged),
        **{name: shortened(texts, _MOST_NAMES) for name, texts in lists.items() if texts},
    }
