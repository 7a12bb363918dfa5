"""The secrets stage: credentials in the files of a tree, or in what a range of commits adds."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from gate.errors import GateError, LimitError, UnreadableError
from gate.model import CommitRange, Fact, RuleDescription, StageError, StageResult, Tree
from gate.stages.base import Context, as_stage_error, result_of

if TYPE_CHECKING:
    from gate.git import Repository
    from gate.secrets.baseline import Baseline
    from gate.secrets.configuration import Configuration
    from gate.secrets.files import AddedFile, Options
    from gate.secrets.findings import Tally
    from gate.settings import SecretsSettings

STAGE = "secrets"
ACCEPTS = (Tree, CommitRange)
MAX_ADDED_FILES = 2_000_000
"""Files that the commits of a range may add."""


def rules() -> Iterator[RuleDescription]:
    """Return one rule a detector."""
    from gate.secrets.kinds import KINDS

    for kind in KINDS.values():
        yield RuleDescription(
            id=kind.rule,
            stage=STAGE,
            severity=kind.severity,
            title=kind.title,
            why=kind.why,
            mend=kind.mend,
            references=("CWE-798", *((kind.help_uri,) if kind.help_uri else ())),
        )


def run(target: Tree | CommitRange, context: Context) -> StageResult:
    """Look for secrets in the files of a tree, or in the files that commits add, removed again or not."""
    try:
        return _run_on_commits(target, context) if isinstance(target, CommitRange) else _run_on_tree(target, context)
    except GateError as error:  # the tree or the range cannot be opened at all
        return result_of(STAGE, target, errors=(as_stage_error(error),))


def _run_on_tree(target: Tree, context: Context) -> StageResult:
    from gate.secrets.files import scan_file
    from gate.secrets.findings import Tally
    from gate.trees import Kind, open_tree, resolve

    tree = open_tree(target)
    settings: SecretsSettings = context.settings.stages.secrets
    known_file = resolve(tree, settings.baseline)
    baseline, errors = _baseline(
        settings.baseline, lambda: tree.read(settings.baseline) if known_file and known_file.kind is Kind.FILE else None
    )
    tally = Tally(target.name, baseline.known)
    paths = []
    for entry in tree.walk():
        if entry.kind is not Kind.FILE:
            tally.name("links" if entry.kind is Kind.LINK else "not_files", entry.path)
        elif _is_wanted(entry.path, settings):
            paths.append(entry.path)
    if not errors and settings.baseline in paths:
        paths.remove(settings.baseline)
    context.progress(f"{len(paths):,} files")
    for path, outcome in context.map(scan_file, paths, target, _options(baseline, context)):
        tally.take(path, outcome)
    return _result(target, tally, {"files": len(paths)}, errors, None if paths else "no file to look at")


def _run_on_commits(target: CommitRange, context: Context) -> StageResult:
    from gate.git import Repository
    from gate.secrets.files import scan_blob
    from gate.secrets.findings import Tally

    settings: SecretsSettings = context.settings.stages.secrets
    repository = Repository(target.root)
    commits, files = _added_files(repository, target)
    baseline, errors = _baseline(settings.baseline, lambda: _read_at(repository, target.head, settings.baseline))
    tally = Tally(target.name, baseline.known)
    wanted = [file for file in files if _is_wanted(file.path, settings) and (errors or file.path != settings.baseline)]
    context.progress(f"{commits:,} commits, {len(wanted):,} files")
    for file, outcome in context.map(scan_blob, wanted, target.root, _options(baseline, context)):
        tally.take(file.path, outcome, file.commit)
    facts: dict[str, Fact] = {"commits": commits, "blobs": len({file.blob_id for file in wanted})}
    return _result(target, tally, facts, errors, None if wanted else "the commits add no file")


def _added_files(repository: "Repository", target: CommitRange) -> tuple[int, list["AddedFile"]]:
    """Return the number of commits, and each (blob, path) that they add once, with the commit that did it first."""
    from gate.git import ZERO_IDS
    from gate.git.history import added_commits
    from gate.secrets.files import AddedFile
    from gate.trees import shown

    if target.head in ZERO_IDS:  # a branch is deleted: nothing is added
        return 0, []
    commits = 0
    files: dict[tuple[str, bytes], AddedFile] = {}
    for commit in added_commits(repository, target.head, target.exclude):
        commits += 1
        for blob_id, path in commit.added:
            files.setdefault((blob_id, path), AddedFile(path=shown(path), blob_id=blob_id, commit=commit.id))
        if len(files) > MAX_ADDED_FILES:
            raise LimitError(f"the commits add more than {MAX_ADDED_FILES:,} files", path=target.name)
    return commits, list(files.values())


def _read_at(repository: "Repository", revision: str, path: str) -> bytes | None:
    blob_id = repository.blob_id(revision, path)
    return None if blob_id is None else repository.read_blob(blob_id)


def _baseline(path: str, read: Callable[[], bytes | None]) -> tuple["Baseline", tuple[StageError, ...]]:
    """Read the project's baseline, if it has one; a broken one is an error, and knows nothing."""
    from gate.secrets.baseline import Baseline, parse_baseline

    try:
        content = read()
        baseline = Baseline() if content is None else parse_baseline(content, path)
        if content is not None:
            _check(baseline, path)
    except GateError as error:
        return Baseline(), (as_stage_error(error, path),)
    return baseline, ()


def _check(baseline: "Baseline", path: str) -> None:
    """Raise UnreadableError if the plugins and filters that a baseline wants cannot be had."""
    from gate.secrets.detectors import Detectors

    try:
        Detectors(baseline.configuration)
    except UnreadableError as error:
        raise UnreadableError(error.message, path=path, hint=error.hint) from error


def _is_wanted(path: str, settings: "SecretsSettings") -> bool:
    from gate.patterns import matches

    return (not settings.paths or matches(path, settings.paths)) and not matches(path, settings.ignore)


def _options(baseline: "Baseline", context: Context) -> "Options":
    from gate.secrets.files import Options

    return Options(
        configuration=_configuration(baseline, context),
        max_file_size=context.settings.stages.secrets.max_file_size,
        cache_folder=str(context.cache_folder) if context.settings.cache else None,
    )


def _configuration(baseline: "Baseline", context: Context) -> "Configuration":
    """Return the plugins and filters of the baseline; in gate mode, with our own detectors beside them."""
    return msgspec.structs.replace(baseline.configuration, own=context.settings.stages.secrets.mode == "gate")


def _result(
    target: Tree | CommitRange,
    tally: "Tally",
    facts: dict[str, Fact],
    errors: tuple[StageError, ...],
    skipped: str | None,
) -> StageResult:
    return result_of(
        STAGE,
        target,
        findings=tally.findings(),
        errors=(*errors, *tally.errors),
        facts={**facts, **tally.facts()},
        skipped=skipped,
    )
