"""Fixing all files of a run, in memory: nothing is written here, and what does not hold is undone."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from gate.app.fixes.edits import Repair
from gate.app.fixes.mend import (
    ChangeWork,
    Mended,
    MendTerms,
    MendWork,
    compared,
    held_of,
    mend,
    repairs_of,
    waived_of,
)
from gate.app.fixes.raises import is_breaking, raises_of
from gate.app.fixes.raising import Advice, Contents, Raised, Workshop, raise_packages
from gate.app.fixes.resolvers import resolvers_of
from gate.app.fixes.resolvers.resolver import Folder
from gate.app.fixes.smallest import RaisePlan, plan_of
from gate.app.fixes.standing import Standing, standing_of
from gate.core.cache_folder import user_cache_folder
from gate.declarations import DECLARED
from gate.declarations.dependencies import DEPENDENCIES
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
_PINNED_ALONE = "GitHub Actions"
"""The ecosystem whose pins depend on no other pin."""


class MendedFile(msgspec.Struct, frozen=True):
    """One file of a tree with its fixes, or the error that prevented them."""

    target: Tree
    file: str
    """The file itself, if `path` of the findings is a link."""
    mended: Mended | None
    error: StageError | None = None


class Fixes(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found and what can be fixed of it."""

    report: Report
    files: tuple[MendedFile, ...] = ()
    advice: tuple[Advice, ...] = ()
    """Raises that are left to a person."""
    undone: tuple[str, ...] = ()
    """Fixes that were undone, as sentences that say why."""


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a run of `gate fix` looks at, and by what it is judged."""

    trees: tuple[Tree, ...]
    terms: MendTerms
    stages: tuple[str, ...]
    progress: Progress
    bases: Mapping[str, Sequence[Tree]] | None = None
    trust: Trust | None = None
    describe_change: DescribeChange | None = None

    def report(self) -> Report:
        """Judge the trees as they are. Raises as `gate.pipeline.run.judge` does."""
        return self._judged(self.trees, self.stages, self.progress, self.describe_change)

    def standing(self, tree: Tree, changed: Contents, stages: Iterable[str]) -> Standing:
        """Return what stands in one tree if some of its files were changed."""
        replaced = msgspec.structs.replace(tree, replaced=tuple(sorted(changed.items())))
        return standing_of(self._judged([replaced], tuple(stages), Progress(is_quiet=True), None))

    def _judged(
        self, trees: Sequence[Tree], stages: tuple[str, ...], progress: Progress, describe: DescribeChange | None
    ) -> Report:
        return judge(
            trees,
            _only(self.terms.settings, stages),
            self.terms.policy,
            now=self.terms.now,
            progress=progress,
            bases=self.bases,
            trust=self.trust,
            describe_change=describe,
        )


def look_and_mend(inspection: Inspection) -> Fixes:
    """Run the stages on the trees and fix, in memory, what can be fixed. Raises as `gate.pipeline.run.judge` does."""
    report = inspection.report()
    fixes = Fixes(report=report)
    for tree in inspection.trees:
        of_tree = [one for one in report.findings if one.location.target == tree.name]
        came = _Mending(inspection, tree, of_tree).fixes(report)
        fixes = Fixes(
            report=report,
            files=(*fixes.files, *came.files),
            advice=(*fixes.advice, *came.advice),
            undone=(*fixes.undone, *came.undone),
        )
    return fixes


class _Mending:
    """The fixes of one tree."""

    def __init__(self, inspection: Inspection, tree: Tree, findings: Sequence[Finding]) -> None:
        self._inspection, self._tree, self._findings = inspection, tree, findings
        self._terms = inspection.terms

    def fixes(self, report: Report) -> Fixes:
        """Make every fix, then judge all of them together."""
        edited = self._edited()
        contents = {one.file: one.mended.after for one in edited if one.mended and one.mended.diff}
        raised = self._raised(contents)
        made = self._compared(raised)
        files, undone = self._held(edited, made)
        advice = tuple(one for several in raised for one in several.advice)
        return Fixes(report=report, files=files, advice=advice, undone=undone)

    def _edited(self) -> list[MendedFile]:
        """Apply the edits of findings that depend on nothing else."""
        alone = [one for one in self._findings if self._stands_alone(one)]
        work = _work_on(self._tree, alone, self._findings, self._terms.rules)
        answers = self._in_pool(mend, [one for _, one in work])
        return [_outcome(file, one, answer) for (file, one), answer in zip(work, answers, strict=True)]

    def _in_pool(
        self, function: Callable[..., Mended], work: Sequence[MendWork | ChangeWork]
    ) -> list[Mended | StageError]:
        settings, now = self._terms.settings, self._terms.now
        with Pool(limits_of(settings), permit=permit_of(settings, user_cache_folder(), now)) as pool:
            answers = dict(pool.run(function, list(work), self._terms))
        return [answers[index] for index in range(len(work))]

    def _stands_alone(self, finding: Finding) -> bool:
        """True if an edit of the finding needs no package manager to say that the rest agrees."""
        if finding.stage != DEPENDENCIES.name or finding.package is None or finding.fix is None:
            return True
        if finding.package.ecosystem == _PINNED_ALONE:
            return bool(self._terms.rules) or not is_breaking(finding.package.version, finding.fix.version or "")
        return bool(self._terms.rules) and not self._resolvers(finding)

    def _resolvers(self, finding: Finding) -> bool:
        assert finding.package is not None
        folder, slash, name = finding.package.path.rpartition("/")
        return bool(resolvers_of(Folder(open_tree(self._tree), folder + slash), name, finding.package.ecosystem))

    def _raised(self, contents: Contents) -> list[Raised]:
        """Raise packages file by file, on top of what is changed already."""
        alone = [one for one in self._findings if one.fix and one.fix.edits and self._stands_alone(one)]
        left = [one for one in self._findings if one not in alone]
        by_file = raises_of(left, self._terms.rules)
        if not by_file:
            return []
        workshop = workshop_of(self._inspection, self._tree)
        came, on = list[Raised](), dict(contents)
        for raises in by_file.values():
            one = raise_packages(workshop, raises, on)
            on |= one.contents
            came.append(one)
        return came

    def _compared(self, raised: Sequence[Raised]) -> list[MendedFile]:
        work: dict[str, ChangeWork] = {}
        for one in raised:
            before = {path: known.after for path, known in work.items()}
            for path, content in one.contents.items():
                if before.get(path) != content and path not in self._edited_paths:
                    work[path] = ChangeWork(self._tree, path, content, _rules_at(one, path))
        answers = self._in_pool(compared, list(work.values())) if work else []
        return [_outcome(path, one, answer) for (path, one), answer in zip(work.items(), answers, strict=True)]

    @property
    def _edited_paths(self) -> frozenset[str]:
        alone = (one for one in self._findings if one.fix and one.fix.edits and self._stands_alone(one))
        return frozenset(one.location.path or "" for one in alone)

    def _held(
        self, edited: Sequence[MendedFile], made: Sequence[MendedFile]
    ) -> tuple[tuple[MendedFile, ...], tuple[str, ...]]:
        """Judge all fixes together, and undo the edits of a file in which something new blocks or cannot be read.

        What package managers changed is judged already; if it does not go with the edits, nothing is kept.
        """
        files = (*edited, *made)
        contents = {one.file: one.mended.after for one in files if one.mended and one.mended.diff}
        if not any(one.mended and one.mended.diff for one in edited):
            return files, ()
        stages = self._inspection.stages
        before, after = (self._inspection.standing(self._tree, each, stages) for each in ({}, contents))
        why = after.worse_than(before)
        if why is None:
            return files, ()
        bad = {one.file for one in edited if after.worse_in(before, one.file)} or set(contents)
        kept = tuple(one for one in files if one.file not in bad)
        return kept, tuple(f"{path}: its fixes are undone: {why}" for path in sorted(bad))


def workshop_of(inspection: Inspection, tree: Tree) -> Workshop:
    """Return what the raises of a tree are tried with: its packages are judged alone, by the same policy."""
    only = (DEPENDENCIES.name,)
    return Workshop(
        target=tree,
        judge=lambda changed: inspection.standing(tree, changed, only),
        before=inspection.standing(tree, {}, only),
        is_offline=inspection.terms.settings.offline,
        allows_breaking=bool(inspection.terms.rules),
    )


def _rules_at(raised: Raised, path: str) -> tuple[str, ...]:
    """Return the rules of the raises that a file lists; a manifest that changes with its lockfile has none."""
    return tuple(rule for one in raised.made if one.path == path for rule in one.rules)


def _only(settings: Settings, stages: Sequence[str]) -> Settings:
    """Return the settings with no other stages, no shard, and without ShellCheck, which has no fixes."""
    sections = {
        name: msgspec.structs.replace(settings.stage(name), enabled=settings.stage(name).enabled and name in stages)
        for name in STAGES
    }
    sections[DOCKERFILE.name] = msgspec.structs.replace(sections[DOCKERFILE.name], shellcheck="off")
    return msgspec.structs.replace(settings.with_sections(sections), only_plugins=(), shard=None)


def _outcome(file: str, work: MendWork | ChangeWork, answer: Mended | StageError) -> MendedFile:
    if isinstance(answer, StageError):
        return MendedFile(work.target, file, None, msgspec.structs.replace(answer, path=answer.path or work.path))
    return MendedFile(work.target, file, answer)


def _work_on(
    tree: Tree, findings: Iterable[Finding], others: Iterable[Finding], rules: Sequence[str]
) -> list[tuple[str, MendWork]]:
    """Return the files of a tree that have repairs, sorted, each with its work; `others` are all its findings."""
    by_path, there = _by_path(findings), _by_path(others)
    by_file: dict[str, MendWork] = {}
    for path in sorted(by_path):
        entry = resolve(open_tree(tree), path)
        repairs = tuple(repair for repair in repairs_of(by_path[path], rules) if _is_about(repair, path))
        if entry is not None and repairs:
            held, waived = tuple(held_of(there[path])), tuple(waived_of(there[path]))
            work = MendWork(tree, path, by_path[path][0].stage, repairs, held, waived)
            by_file[entry.path] = _joined(by_file[entry.path], work) if entry.path in by_file else work
    return sorted(by_file.items())


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.location.path:
            by_path.setdefault(finding.location.path, []).append(finding)
    return by_path


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


def plan_raises(inspection: Inspection) -> tuple[Report, RaisePlan]:
    """Run the dependencies stage and plan the raises of all files. Raises as `gate.pipeline.run.judge` does."""
    inspection = msgspec.structs.replace(inspection, stages=(DEPENDENCIES.name,))
    report = inspection.report()
    plans = list[RaisePlan]()
    for tree in inspection.trees:
        of_tree = [one for one in report.findings if one.location.target == tree.name]
        by_file = raises_of(of_tree, inspection.terms.rules)
        if by_file:
            workshop = msgspec.structs.replace(workshop_of(inspection, tree), allows_breaking=True)
            plans += [plan_of(workshop, raises) for raises in by_file.values()]
    steps = sorted((step for one in plans for step in one.steps), key=lambda step: (-step.blocking, -len(step.clears)))
    left = tuple(advice for one in plans for advice in one.left)
    return report, RaisePlan(steps=tuple(steps), left=left, findings=sum(one.findings for one in plans))
