"""What targets are compared with: what the same stages find in the trees that a change starts from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.core.errors import GateError
from gate.model import CommitRange, Finding, Package, StageResult, Tree
from gate.pipeline.base_files import BaseFiles
from gate.pipeline.plan import Job
from gate.policy.copies import paths_of
from gate.policy.preexisting import EarlierResult, Key, key_of
from gate.trees.previous import with_names_of

ADDED_PARTIES = "third_parties_added"
"""The fact that lists the third parties that a change adds."""
_MOST_ADDED = 200


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
    found = result.findings or result.silenced or result.silences
    return bool(found or result.needless_without_news or result.third_parties)


def with_added_parties(results: Iterable[StageResult], earlier: Sequence[EarlierResult]) -> list[StageResult]:
    """Return results whose facts say which third parties of pipelines none of their bases has."""
    return [_with_added(result, earlier) for result in results]


def _with_added(result: StageResult, earlier: Sequence[EarlierResult]) -> StageResult:
    bases = [one.result for one in earlier if _is_base_of(one, result)]
    known = {party.identity for base in bases for party in base.third_parties}
    added = [party.text for party in result.third_parties if party.identity not in known] if bases else []
    if not added:
        return result
    facts = {**result.facts, ADDED_PARTIES: added[:_MOST_ADDED]}
    return msgspec.structs.replace(result, facts=facts)


def without_needless_errors(
    results: Sequence[StageResult], earlier: Sequence[EarlierResult]
) -> tuple[list[StageResult], list[EarlierResult], list[str]]:
    """Leave out the errors that keep packages from being judged where no package is new, and return notices of them.

    Without advisories a change that adds no package can still be judged: it has no vulnerability that its base has not.
    """
    kept: list[StageResult] = []
    notices: list[str] = []
    settled: set[tuple[str, str]] = set()
    for result in results:
        bases = [one.result for one in earlier if _is_base_of(one, result)]
        if not (result.needless_without_news and bases) or _new_packages(result, bases):
            kept.append(result)
            continue
        settled.add((result.stage, result.target))
        kept.append(_without_needless(result))
        why = "; ".join(map(str, result.needless_without_news))
        notices.append(f"{result.stage} asked for no advisory, as {result.target} has no new package ({why})")
    cleared = [_cleared(one) if (one.result.stage, one.target) in settled else one for one in earlier]
    return kept, cleared, notices


def _is_base_of(earlier: EarlierResult, result: StageResult) -> bool:
    return (earlier.target, earlier.result.stage) == (result.target, result.stage)


def _new_packages(result: StageResult, bases: Iterable[StageResult]) -> bool:
    """True if a package of the result is in none of its bases, in the same file with the same version.

    A base of which a file could not be read lists fewer packages, so that more are new.
    """
    known = {_in_file(package) for base in bases for package in base.packages}
    return not {_in_file(package) for package in result.packages} <= known


def _in_file(package: Package) -> tuple[str, str, str, str]:
    return (package.path, package.ecosystem, package.name, package.version)


def _without_needless(result: StageResult) -> StageResult:
    errors = tuple(error for error in result.errors if error not in result.needless_without_news)
    return msgspec.structs.replace(result, errors=errors, needless_without_news=())


def _cleared(earlier: EarlierResult) -> EarlierResult:
    return EarlierResult(earlier.target, _without_needless(earlier.result))


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
            before = f"what {one.result.stage} found before in {one.target}"
            yield f"The gate cannot tell {before}: {error}. Everything counts as new"
