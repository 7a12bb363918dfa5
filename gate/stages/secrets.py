"""The secrets stage: credentials in the files of a tree, or in what a range of commits adds."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from gate.context import Context
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import GateError, UnreadableError, as_stage_error
from gate.declarations.secrets import SECRETS
from gate.model import CommitRange, Fact, Finding, Loosened, RuleDescription, Share, StageError, StageResult, Tree
from gate.stages.base import result_of, words_in

if TYPE_CHECKING:
    from gate.declarations.secrets import SecretsSettings
    from gate.git import Repository
    from gate.kubernetes.fields import ObjectField
    from gate.secrets.engine.configuration import Configuration, FilterSettings
    from gate.secrets.results.baseline import Baseline
    from gate.secrets.results.findings import Tally
    from gate.secrets.sources.cache import SecretsCache
    from gate.secrets.sources.files import AddedFile, FileOptions
    from gate.secrets.sources.history import Story
    from gate.secrets.sources.names import NamedText
    from gate.secrets.sources.trees import ScanTerms
    from gate.secrets.sources.whole_history import HistoryListing
    from gate.settings import Settings
    from gate.trees import FileTree

    _Fields = Mapping[tuple[int, int], ObjectField]

STAGE = SECRETS.name
ACCEPTS = SECRETS.accepts
_NOTHING_ADDED = "the commits add no file"
_FILTERS = "detect_secrets.filters."
_PRAGMAS = _FILTERS + "allowlist.is_line_allowlisted"
_MANIFESTS = (".yaml", ".yml", ".json")
OWN_BASELINE = ".gate/baseline.jsonl"
"""What `gate baseline` writes: random-looking marks, and no secret."""


def rules(settings: "Settings") -> Iterator[RuleDescription]:
    """Return one rule a detector."""
    from gate.secrets.kinds.added import added_kinds
    from gate.secrets.kinds.catalogue import CUSTOM, KINDS
    from gate.secrets.kinds.rules import rule_of

    for kind in (*KINDS.values(), *added_kinds(settings.of(SECRETS).plugins), CUSTOM):
        yield rule_of(kind).description


def run(target: Tree | CommitRange, context: Context) -> StageResult:
    """Look for secrets in the files of a tree, or in the files that commits add, removed again or not."""
    try:
        return _run_on_commits(target, context) if isinstance(target, CommitRange) else _run_on_tree(target, context)
    except GateError as error:  # the tree or the range cannot be opened at all
        return result_of(STAGE, target, errors=(as_stage_error(error),))


def _run_on_tree(target: Tree, context: Context) -> StageResult:
    from gate.secrets.results.findings import Tally
    from gate.secrets.sources.age import with_ages
    from gate.secrets.sources.names import hidden_names, look_at_names, without_names
    from gate.secrets.sources.trees import look_at_tree
    from gate.trees.identity import NOTHING_KNOWN, contents_of

    settings: SecretsSettings = context.settings.of(SECRETS)
    baseline, errors = _baseline_in(words_in(target, context), context)
    terms, tally = _terms(baseline, errors, context), Tally(target.name, baseline.known, context.now)
    listing = _list_history(target, terms, context) if settings.history and target.revision is None else None
    memory = _memory(terms, context)
    contents = contents_of(target) if memory.is_kept else NOTHING_KNOWN
    survey = look_at_tree(target, terms, contents, memory, context)
    survey.in_names += look_at_names(_written_since(target, context), terms.options)
    survey.tell(tally)
    skipped = None if survey.files else "no file to look at"
    facts: dict[str, Fact] = {"files": survey.files, **_filters(baseline, context)}
    result = _result(target, tally, facts, errors, settings, skipped)
    loosened, share = _loosened(baseline, target, context), _share(target, terms)
    result = msgspec.structs.replace(result, loosened=loosened, share=share)
    if listing is not None:
        result = _with_history(result, listing, target, baseline, context)
    elif target.revision is None:
        aged = with_ages(result.findings, target, contents, memory, context)
        result = msgspec.structs.replace(result, findings=tuple(aged))
    result = msgspec.structs.replace(result, findings=_with_objects(result.findings, target))
    return without_names(result, hidden_names(survey.in_names))


def _with_objects(findings: Sequence[Finding], target: Tree) -> tuple[Finding, ...]:
    """Name the object and field in findings that are in Kubernetes manifests and Compose files."""
    in_manifests: dict[str, set[tuple[int, int]]] = {}
    for one in findings:
        path, place = one.location.path or "", (one.location.line or 0, one.location.column or 0)
        if path.endswith(_MANIFESTS) and not one.location.commit:
            in_manifests.setdefault(path, set()).add(place)
    if not in_manifests:
        return tuple(findings)
    from gate.trees import open_tree

    tree = open_tree(target)
    fields = {path: _fields_at(tree, path, places) for path, places in in_manifests.items() if _is_one(tree, path)}
    return tuple(_at_field(one, fields.get(one.location.path or "", {})) for one in findings)


def _is_one(tree: "FileTree", path: str) -> bool:
    """True if a file looks like a manifest or a Compose file: for others the readers of these are not loaded."""
    from gate.kubernetes.first_look import may_say_something

    try:
        return may_say_something(tree.read(path))
    except GateError:
        return False


def _fields_at(tree: "FileTree", path: str, places: Collection[tuple[int, int]]) -> "_Fields":
    """Return the objects and fields at some places; none in a file that is no manifest, or cannot be read as one."""
    from gate.kubernetes.docker.compose import read_compose_services
    from gate.kubernetes.fields import fields_at, fields_of_services_at
    from gate.kubernetes.manifests import read_manifest

    try:
        manifest = read_manifest(tree, path)
        services = None if manifest else read_compose_services(tree, path)
    except GateError:  # the kubernetes stage reports it
        return {}
    if manifest:
        return fields_at(manifest, places)
    return fields_of_services_at(services, places) if services else {}


def _at_field(finding: Finding, fields: "_Fields") -> Finding:
    found = fields.get((finding.location.line or 0, finding.location.column or 0))
    if found is None:
        return finding
    of_object, field = found
    message = f"{finding.message}; {of_object}: {field}"
    return msgspec.structs.replace(finding, message=message, object=of_object, field=field)


def _written_since(target: Tree, context: Context) -> Iterator["NamedText"]:
    """Yield what is written about the commits that a comparison is about: it is published with them."""
    since = context.settings.since
    if not since or target.revision is not None:
        return  # without what takes a while to import
    from gate.git import Repository
    from gate.git.history import list_commits
    from gate.secrets.sources.names import texts_of

    repository = Repository.find(target.root)
    if repository is None:
        return
    base, head = repository.commit_ids([since, "HEAD"])
    if base and head:
        yield from texts_of(repository, list_commits(repository, [head], [base]))


def _run_on_commits(target: CommitRange, context: Context) -> StageResult:
    from gate.git import ZERO_IDS, Repository
    from gate.secrets.results.findings import Tally
    from gate.secrets.sources.blobs import look_at_blobs
    from gate.secrets.sources.commits import with_author
    from gate.secrets.sources.history import in_order, story_of_range
    from gate.secrets.sources.names import hidden_names, look_at_names, without_names

    if target.head in ZERO_IDS:  # a branch is deleted
        return result_of(STAGE, target, skipped=_NOTHING_ADDED)
    settings: SecretsSettings = context.settings.of(SECRETS)
    repository = Repository(target.root)
    story = story_of_range(repository, target)
    baseline, errors = _baseline_in(words_in(target, context), context)
    terms, tally = _terms(baseline, errors, context), Tally(target.name, baseline.known, context.now)
    wanted = in_order((file for file in story.files if terms.wants(file.path)), story.commits)
    context.progress(f"{len(story.commits):,} commits, {len(wanted):,} files")
    outcomes = look_at_blobs(wanted, target.root, terms.options, _memory(terms, context), context)
    for file in wanted:
        tally.take(file.path, outcomes[file.path, file.blob_id], file.commit)
    in_texts = look_at_names(_texts_of(repository, target, story), terms.options)
    for found in in_texts:
        tally.take(found.written.path, found.examined, found.written.commit)
    facts: dict[str, Fact] = {"commits": len(story.commits), "blobs": len({file.blob_id for file in wanted})}
    facts |= story.facts | _filters(baseline, context)
    skipped = None if wanted or in_texts else _NOTHING_ADDED
    result = _result(target, tally, facts, errors, settings, skipped)
    authors = {commit.id: commit for commit in story.commits}
    findings = tuple(with_author(finding, authors) for finding in result.findings)
    loosened = _loosened(baseline, target, context)
    share = _share_of_commits(story.files, wanted, terms)
    result = msgspec.structs.replace(result, findings=findings, loosened=loosened, share=share)
    return without_names(result, hidden_names(in_texts))


def _share_of_commits(
    files: Iterable["AddedFile"], wanted: Collection["AddedFile"], terms: "ScanTerms"
) -> Share | None:
    """Return which share of the added files is looked at; None: all. Lines are as many as files."""
    if not (terms.paths or terms.ignore):
        return None
    count = len({(file.path, file.blob_id) for file in wanted})
    whole = len({(file.path, file.blob_id) for file in files if file.path not in terms.left_out})
    return Share(files=count, of_files=whole, lines=count, of_lines=whole) if count < whole else None


def _texts_of(repository: "Repository", target: CommitRange, story: "Story") -> Iterator["NamedText"]:
    """Yield the texts of a range that are in no file: paths, messages, names of authors and tags, the ref's name."""
    from gate.secrets.sources.names import REF, NamedText, names_of, texts_of

    paths = dict.fromkeys(file.path for file in story.files)
    yield from names_of((path, None) for path in paths)
    yield from texts_of(repository, [*(commit.id for commit in story.commits), *target.tags])
    yield NamedText(REF, target.ref, "the name of a ref")


def _share(target: Tree, terms: "ScanTerms") -> Share | None:
    """Return which share of the files is looked at; None: all."""
    if not (terms.paths or terms.ignore):
        return None
    from gate.trees import open_tree
    from gate.trees.coverage import measured_entries

    tree = open_tree(target)
    files = (entry for entry in tree.walk() if entry.path not in terms.left_out)
    share = measured_entries(tree, files, terms.wants)
    return share if share.files < share.of_files else None


def _list_history(target: Tree, terms: "ScanTerms", context: Context) -> "HistoryListing":
    """Start listing the history of a tree's repository."""
    from gate.git import Repository
    from gate.secrets.sources.whole_history import HistoryListing

    repository = Repository.find(target.root)
    if repository is None:
        raise UnreadableError("is in no git repository, so there is no history", path=target.name)
    return HistoryListing(repository, terms, _memory(terms, context), context)


def _with_history(
    result: StageResult, listing: "HistoryListing", target: Tree, baseline: "Baseline", context: Context
) -> StageResult:
    """Add what the history of a tree's repository holds to what the tree itself does."""
    from gate.secrets.results.findings import Tally
    from gate.secrets.sources.commits import with_trace
    from gate.secrets.sources.whole_history import look_at_history

    history = look_at_history(listing, target.name, context)
    tally, found = Tally(target.name, baseline.known, context.now), history.traces()
    history.tell(tally)
    own = {finding.secret.hash for finding in result.findings if finding.secret}
    gone = (finding for finding in tally.findings() if finding.secret and finding.secret.hash not in own)
    return msgspec.structs.replace(
        result,
        findings=tuple(with_trace(finding, found) for finding in (*result.findings, *gone)),
        silenced=(*result.silenced, *(one for one in tally.silenced() if one.secret and one.secret.hash not in own)),
        existing=tuple(dict.fromkeys((*result.existing, *tally.existing()))),
        errors=(*result.errors, *history.errors, *tally.errors),
        facts=result.facts | history.facts(tally),
        skipped=None if history.files else result.skipped,
    )


def said_in(settings: "Settings") -> tuple[str, ...]:
    """Return the files whose word counts as it stands at the base."""
    return (settings.of(SECRETS).baseline,) if settings.of(SECRETS).baseline else ()


def _baseline_in(said: Tree, context: Context) -> tuple["Baseline", tuple[StageError, ...]]:
    """Read the baseline that a tree has; a broken one is an error, unless it is that of a base, which is not judged."""
    from gate.trees import EntryKind, resolve

    settings: SecretsSettings = context.settings.of(SECRETS)
    tree = _tree_of_baseline(said, settings)
    entry = resolve(tree, settings.baseline) if settings.baseline else None
    is_there = entry is not None and entry.kind is EntryKind.FILE

    def read(path: str) -> bytes | None:
        return tree.read(path) if path != settings.baseline or is_there else None

    baseline, errors = _baseline(settings, said.root, read)
    return baseline, errors if context.said is None else ()


def _tree_of_baseline(said: Tree, settings: "SecretsSettings") -> "FileTree":
    """Open the tree that a baseline is read from; of a revision its file alone, if nothing leads elsewhere."""
    from gate.trees import EntryKind, open_tree

    path = settings.baseline
    if said.revision is None or said.only is not None or settings.trust_baseline_code or not path or "/" in path:
        return open_tree(said)
    alone = open_tree(msgspec.structs.replace(said, only=(path,)))
    entry = alone.look_up(path)
    return alone if entry is None or entry.kind is EntryKind.FILE else open_tree(said)


def _loosened(now: "Baseline", target: Tree | CommitRange, context: Context) -> tuple[Loosened, ...]:
    """Return whether the target's baseline loosens more than those of its bases do."""
    settings: SecretsSettings = context.settings.of(SECRETS)
    for base in context.compared:
        before, _ = _baseline_in(base, context)
        loosens = settings.baseline_loosens is not False
        is_configured_otherwise = loosens and now.configuration != before.configuration
        if now.known - before.known or is_configured_otherwise:
            what = "chooses plugins and filters" if is_configured_otherwise else "lists more secrets"
            path = settings.baseline
            return (Loosened(rule="GATE-BASELINE", target=target.name, path=path, line=1, what=f"{path} {what}"),)
    return ()


def _baseline(
    settings: "SecretsSettings", root: str, read: Callable[[str], bytes | None]
) -> tuple["Baseline", tuple[StageError, ...]]:
    """Read the project's baseline, if it has one; a broken one is an error, and knows nothing.

    `read` gives the content of a file of the project, None if it has no baseline.
    """
    from gate.secrets.results.baseline import Baseline, parse_baseline, source_reader

    path = settings.baseline
    try:
        content = read(path)
        read_source = source_reader(root, read) if settings.trust_baseline_code else None
        baseline = Baseline() if content is None else parse_baseline(content, path, read_source)
        if content is not None:
            _check(baseline, path)
    except GateError as error:
        return Baseline(), (as_stage_error(error, path),)
    return baseline, ()


def _filters(baseline: "Baseline", context: Context) -> dict[str, Fact]:
    """Name the filters with patterns that a baseline brings: what they leave out is counted nowhere."""
    chosen = baseline.configuration.filters or ()
    named = sorted({one.path.removeprefix(_FILTERS) for one in chosen if one.argument or one.source})
    if not named:
        return {}
    is_refused = context.settings.of(SECRETS).baseline_loosens is False
    return {"baseline_filters_refused" if is_refused else "baseline_filters": list(named)}


def _check(baseline: "Baseline", path: str) -> None:
    """Raise UnreadableError if the plugins and filters that a baseline wants cannot be had."""
    from gate.secrets.engine.detectors import Detectors

    try:
        Detectors(baseline.configuration)
    except UnreadableError as error:
        raise UnreadableError(error.message, path=path, hint=error.hint) from error


def _terms(baseline: "Baseline", errors: tuple[StageError, ...], context: Context) -> "ScanTerms":
    from gate.secrets.sources.trees import ScanTerms

    settings: SecretsSettings = context.settings.of(SECRETS)
    return ScanTerms(
        options=_options(baseline, context),
        paths=settings.paths,
        ignore=settings.ignore,
        left_out=_baselines(settings, is_broken=bool(errors)),
    )


def _baselines(settings: "SecretsSettings", *, is_broken: bool) -> tuple[str, ...]:
    """Return the baselines that are not looked at; gate mode looks at them too, and a broken one is any other file."""
    if settings.mode == "gate":
        return ()
    return (OWN_BASELINE,) if is_broken else (OWN_BASELINE, settings.baseline)


def _memory(terms: "ScanTerms", context: Context) -> "SecretsCache":
    from gate.secrets.sources.cache import SecretsCache

    may_keep = context.settings.cache and not terms.options.configuration.has_code
    return SecretsCache(context.cache_folder if may_keep else None, terms.options)


def _options(baseline: "Baseline", context: Context) -> "FileOptions":
    from gate.secrets.sources.files import FileOptions

    configuration = _configuration(baseline, context)
    revealing = msgspec.structs.replace(configuration, filters=_without_pragmas(configuration.filters))
    return FileOptions(
        configuration=configuration,
        revealing=None if context.settings.of(SECRETS).no_pragmas else revealing,
        max_file_size=context.settings.of(SECRETS).max_file_size,
        cache_folder=str(user_cache_folder()),  # the compiled patterns tell nothing of a run: kept without cache
    )


def _configuration(baseline: "Baseline", context: Context) -> "Configuration":
    """Return the plugins and filters of the baseline, if they count; in gate mode with our own detectors as well."""
    from gate.secrets.engine.configuration import Configuration
    from gate.secrets.kinds.added import added_kinds

    settings: SecretsSettings = context.settings.of(SECRETS)
    added_kinds(settings.plugins)
    chosen = Configuration() if settings.baseline_loosens is False else baseline.configuration
    filters = _without_pragmas(chosen.filters) if settings.no_pragmas else chosen.filters
    return msgspec.structs.replace(chosen, filters=filters, own=settings.mode == "gate", kinds=settings.plugins)


def _without_pragmas(filters: "tuple[FilterSettings, ...] | None") -> "tuple[FilterSettings, ...]":
    from gate.secrets.engine.configuration import DEFAULTS, FilterSettings

    chosen = filters if filters is not None else tuple(FilterSettings(_FILTERS + name) for name in DEFAULTS)
    return tuple(one for one in chosen if one.path != _PRAGMAS)


def _result(
    target: Tree | CommitRange,
    tally: "Tally",
    facts: dict[str, Fact],
    errors: tuple[StageError, ...],
    settings: "SecretsSettings",
    skipped: str | None,
) -> StageResult:
    counted = tally.facts()
    return result_of(
        STAGE,
        target,
        findings=tally.findings(),
        silenced=tally.silenced(),
        existing=tally.existing(),
        errors=(*errors, *tally.errors, *_refused(counted, settings)),
        facts={**facts, **counted},
        skipped=skipped,
    )


def _refused(facts: Mapping[str, Fact], settings: "SecretsSettings") -> Iterator[StageError]:
    """Yield an error if something could not be looked into, and the settings do not accept that."""
    count, names = facts.get("archives_unread"), facts.get("archives_unread_files")
    if count and settings.unread == "refuse":
        named = "; ".join(map(str, names if isinstance(names, list) else ()))
        yield StageError(
            title=f"{count:,} files could not be looked into",
            message=f"{named}. Put in what is in them, list them under stages.secrets.ignore, or accept them with "
            "stages.secrets.unread: report",
        )
