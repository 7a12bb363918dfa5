"""What targets are compared with: what the same stages find in the trees that a change starts from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.core.errors import GateError
from gate.model import CommitRange, Finding, StageResult, Tree
from gate.pipeline.base_files import BaseFiles
from gate.pipeline.plan import Job
from gate.policy.copies import paths_of
from gate.policy.preexisting import EarlierResult, Key, key_of
from gate.trees.previous import with_names_of


def results_of_bases(
    jobs: Iterable[Job],
    results: Iterable[StageResult],
    bases: Mapping[str, Sequence[Tree]],
    base_files: Mapping[int, BaseFiles],
    run: Callable[[Sequence[Job]], Sequence[StageResult]],
) -> list[EarlierResult]:
    """Let the stages that found something look at what their targets are compared with, and return what they found.

    `bases` are trees by the name of a target, and `base_files` go by the number of a job.
    """
    targets: dict[Job, list[str]] = {}
    for number, (job, result) in enumerate(zip(jobs, results, strict=True)):
        for base in bases.get(job.target.name, ()) if _has_to_be_compared(result) else ():
            for said in _file_versions(base_files.get(number)):
                wanted = Job(job.stage, _narrowed(_with_new_names(base, job), job, result), said)
                targets.setdefault(wanted, []).append(job.target.name)
    found = zip(targets.values(), run(list(targets)), strict=True)
    return [EarlierResult(name, result) for names, result in found for name in names]


def _file_versions(files: BaseFiles | None) -> tuple[Tree | None, ...]:
    """Return the trees whose files a base is analysed with: the same as for the target. None: the base's own."""
    return (None,) if files is None else (files.own, *files.others)


def _has_to_be_compared(result: StageResult) -> bool:
    return bool(result.findings or result.silenced or result.silences)


def _with_new_names(base: Tree, job: Job) -> Tree:
    """Return a base in which files that the change moves have their new names, as far as git can say that."""
    if not isinstance(job.target, Tree | CommitRange):
        return base
    try:
        return with_names_of(base, job.target)
    except GateError:
        return base  # what a moved file holds counts as new then


def _narrowed(base: Tree, job: Job, result: StageResult) -> Tree:
    """Return the part of a base that matters: what commits added can only have been there in the same files before."""
    if not isinstance(job.target, CommitRange):
        return base
    paths: set[str] = set()
    for finding in (*result.findings, *result.silenced):
        paths |= paths_of(finding)
    archives = {path.partition("!/")[0] for path in paths}
    return msgspec.structs.replace(base, only=tuple(sorted(paths | archives)))


def listed_as_known(results: Iterable[StageResult]) -> dict[Key, frozenset[str]]:
    """Return the findings that their targets themselves list as known, each in all of its files."""
    found = ((result.existing, finding) for result in results if result.existing for finding in result.findings)
    return {key_of(finding): paths_of(finding) for known, finding in found if finding.fingerprint in known}


def new_findings(results: Iterable[StageResult], before: Mapping[Key, frozenset[str]]) -> list[Finding]:
    """Return the findings that were not there before."""
    found = (finding for result in results for finding in result.findings)
    return [finding for finding in found if not paths_of(finding) <= before.get(key_of(finding), frozenset())]


def incomplete_bases(earlier: Iterable[EarlierResult]) -> Iterator[str]:
    """Yield a notice for each result of a base that is incomplete: the findings that it lacks count as new."""
    for one in earlier:
        for error in one.result.errors[:1]:
            yield f"What {one.result.stage} found before in {one.target} cannot be told: {error}. All counts as new"
