"""What stood there before a change: the same problem in the same file, and no milder one.

A fingerprint names a problem so that it survives edits above it. It says nothing of how bad it is: a package that is
lowered to an older version keeps the fingerprint of its vulnerability, and so does an instruction that moves into the
stage that ships. Such a problem is new: what the change made of it was not there before.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import msgspec

from gate.core.errors import GateError
from gate.core.lazy_regex import lazy_regex
from gate.model import Exposed, Finding, InUse, Package, Scope, StageResult
from gate.policy.copies import identity, paths_of

Key = tuple[str, str]
"""A finding among those of a run: the name of its target, and its fingerprint."""
_Copies = Counter[tuple[str, str, str, str]]
_Same = Callable[[Finding, Finding], bool]


def _always(_finding: Finding, _earlier: Finding) -> bool:
    return True


_LINE = lazy_regex(r"\blines? \d+")


class EarlierResult(msgspec.Struct, frozen=True):
    """What a stage answered about a tree that a target is compared with."""

    target: str
    """Name of the target that is compared."""
    result: StageResult


def key_of(finding: Finding) -> Key:
    """Return the finding's key: two targets may hold files of the same path, and the same problem in them."""
    return finding.location.target, finding.fingerprint


def paths_before(results: Iterable[StageResult], before: Sequence[EarlierResult]) -> list[list[frozenset[str]]]:
    """Return for each finding of each result the files in which it was there before, in the order of the findings.

    Fingerprints are compared as the stages made them, without the numbers of repeats: of three equal problems two can
    have been there, whichever. What was there in any of the trees was there.
    """
    by_stage: dict[tuple[str, str], list[StageResult]] = {}
    for seen in before:
        by_stage.setdefault((seen.target, seen.result.stage), []).append(seen.result)
    found: list[list[frozenset[str]]] = []
    for result in results:
        paths: list[frozenset[str]] = [frozenset()] * len(result.findings)
        for earlier in by_stage.get((result.target, result.stage), ()):
            paths = [one | more for one, more in zip(paths, _compared(result, earlier), strict=True)]
        found.append(paths)
    return found


def _compared(result: StageResult, earlier: StageResult) -> Iterator[frozenset[str]]:
    pools: dict[tuple[str, ...], list[Finding]] = {}
    for finding in (*earlier.findings, *earlier.silenced):
        pools.setdefault(identity(finding), []).append(finding)
    copies = (_copies(result.packages), _copies(earlier.packages)) if pools else (Counter(), Counter())
    same = partial(_means_the_same, result.meanings, earlier.meanings)
    for finding in result.silenced:  # each stands for one of those before, so that none stands for two
        if not finding.secret:
            take_match(finding, pools.get(identity(finding), []))
    for finding in result.findings:
        pool = pools.get(identity(finding), [])
        if finding.secret:
            yield frozenset(path for one in pool if finding.worth <= one.worth for path in paths_of(one))
        else:
            match = None if _has_copies(finding, copies) else take_match(finding, pool, same)
            yield frozenset() if match is None else paths_of(match)


def take_match(finding: Finding, pool: list[Finding], means_the_same: _Same = _always) -> Finding | None:
    """Take the first of `pool` that was as bad as the finding is out of it, and return it; None if there is none."""
    for place, one in enumerate(pool):
        if not is_worse(finding, one) and means_the_same(finding, one):
            return pool.pop(place)
    return None


def _means_the_same(now: Mapping[str, str], before: Mapping[str, str], finding: Finding, earlier: Finding) -> bool:
    """True unless variables in the text of a finding stand for something else than before."""
    places = (f"{one.location.path}:{one.location.line}" for one in (finding, earlier))
    meaning, earlier_meaning = (said.get(place) for said, place in zip((now, before), places, strict=True))
    return meaning == earlier_meaning


def is_worse(finding: Finding, before: Finding) -> bool:
    """True if a finding is worse than the one of the same name before the change, or speaks of something else."""
    if any(getattr(finding, scale) > getattr(before, scale) for scale in ("severity", "confidence", "worth")):
        return True
    for answer in ("in_use", "reachable_function"):
        if getattr(before, answer) is InUse.NO and getattr(finding, answer) is not InUse.NO:
            return True
    if finding.exposed is Exposed.YES and before.exposed is not Exposed.YES:
        return True
    if finding.package and before.package:
        return _is_worse_package(finding, finding.package, before.package)
    return _LINE.sub("", finding.message) != _LINE.sub("", before.message)


def _is_worse_package(finding: Finding, package: Package, before: Package) -> bool:
    if package.scope is Scope.RUNTIME and before.scope is not Scope.RUNTIME:
        return True
    if finding.vulnerability is None and (package.license, package.registry) != (before.license, before.registry):
        return True
    return package.version != before.version and not _is_raised(package, before)


def _is_raised(package: Package, before: Package) -> bool:
    """True if the version is higher than before; false if they cannot be compared."""
    from gate.advisories.versions import compare

    try:
        return compare(package.ecosystem, package.version, before.version) > 0
    except GateError:
        return False


def _copies(packages: Iterable[Package]) -> _Copies:
    return Counter(map(_copy_of, packages))


def _copy_of(package: Package) -> tuple[str, str, str, str]:
    return package.path, package.ecosystem, package.name, package.version


def _has_copies(finding: Finding, copies: tuple[_Copies, _Copies]) -> bool:
    """True if the file holds more copies of the finding's package than before; a stage tells of all of them at once."""
    if finding.package is None:
        return False
    now, then = (count[_copy_of(finding.package)] for count in copies)
    return 0 < then < now


def there_before(
    results: Iterable[StageResult], paths: Iterable[Sequence[frozenset[str]]]
) -> Mapping[Key, frozenset[str]]:
    """Return by key what `paths_before` found, for results whose repeats have got their numbers."""
    return {
        key_of(finding): known
        for result, found in zip(results, paths, strict=True)
        for finding, known in zip(result.findings, found, strict=True)
        if known
    }
