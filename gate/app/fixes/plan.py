"""Fixing all files of a run, in memory: nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from gate.app.fixes.edits import Repair
from gate.app.fixes.mend import Mended, MendTerms, MendWork, held_of, mend, repairs_of, waived_of
from gate.core.cache_folder import user_cache_folder
from gate.declarations import DECLARED
from gate.declarations.dockerfile import DOCKERFILE
from gate.model import Finding, Report, StageError, Tree, Trust
from gate.pipeline.progress import Progress
from gate.pipeline.resources import limits_of, permit_of
from gate.pipeline.run import DescribeChange, judge
from gate.pipeline.workers import Pool
from gate.settings import Settings
from gate.stages import STAGES
from gate.trees import open_tree, resolve

FIXING_STAGES = tuple(name for name, stage in DECLARED.items() if stage.fixes)
"""The stages whose findings can carry edits."""


class MendedFile(msgspec.Struct, frozen=True):
    """One file of a tree with its fixes, or the error that prevented them."""

    target: Tree
    file: str
    """The file itself, if `path` of the findings is a link."""
    mended: Mended | None
    error: StageError | None = None


def look_and_mend(
    trees: Sequence[Tree],
    terms: MendTerms,
    stages: Sequence[str],
    progress: Progress,
    bases: Mapping[str, Sequence[Tree]] | None = None,
    trust: Trust | None = None,
    describe_change: DescribeChange | None = None,
) -> tuple[Report, list[MendedFile]]:
    """Run the stages on the trees and fix, in memory, what can be fixed.

    `bases`, `trust` and `describe_change` are as for `judge`, which says what it raises.
    """
    settings = _only(terms.settings, stages)
    report = judge(
        trees,
        settings,
        terms.policy,
        now=terms.now,
        progress=progress,
        bases=bases,
        trust=trust,
        describe_change=describe_change,
    )
    work = [(file, one) for tree in trees for file, one in _work_on(tree, report.findings, terms.rules)]
    with Pool(limits_of(settings), permit=permit_of(settings, user_cache_folder(), terms.now)) as pool:
        answers = dict(pool.run(mend, [one for _, one in work], terms))
    return report, [_outcome(file, one, answers[index]) for index, (file, one) in enumerate(work)]


def _only(settings: Settings, stages: Sequence[str]) -> Settings:
    """Return the settings with no other stages, no shard, and without ShellCheck, which has no fixes."""
    sections = {
        name: msgspec.structs.replace(settings.stage(name), enabled=settings.stage(name).enabled and name in stages)
        for name in STAGES
    }
    sections[DOCKERFILE.name] = msgspec.structs.replace(sections[DOCKERFILE.name], shellcheck="off")
    return msgspec.structs.replace(settings.with_sections(sections), only_plugins=(), shard=None)


def _outcome(file: str, work: MendWork, answer: Mended | StageError) -> MendedFile:
    if isinstance(answer, StageError):
        return MendedFile(work.target, file, None, msgspec.structs.replace(answer, path=answer.path or work.path))
    return MendedFile(work.target, file, answer)


def _work_on(tree: Tree, findings: Iterable[Finding], rules: Sequence[str]) -> list[tuple[str, MendWork]]:
    """Return the files of a tree that have repairs, sorted, each with its work."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.location.target == tree.name and finding.location.path:
            by_path.setdefault(finding.location.path, []).append(finding)
    by_file: dict[str, MendWork] = {}
    for path in sorted(by_path):
        entry = resolve(open_tree(tree), path)
        repairs = tuple(repair for repair in repairs_of(by_path[path], rules) if _is_about(repair, path))
        if entry is not None and repairs:
            held, waived = tuple(held_of(by_path[path])), tuple(waived_of(by_path[path]))
            work = MendWork(tree, path, by_path[path][0].stage, repairs, held, waived)
            by_file[entry.path] = _joined(by_file[entry.path], work) if entry.path in by_file else work
    return sorted(by_file.items())


def _is_about(repair: Repair, path: str) -> bool:
    return all(edit.path == path for edit in repair.edits)


def _joined(first: MendWork, second: MendWork) -> MendWork:
    """Join the work on one file that findings name by two paths."""
    return msgspec.structs.replace(
        first,
        repairs=(*first.repairs, *second.repairs),
        held=(*first.held, *second.held),
        waived=(*first.waived, *second.waived),
    )
