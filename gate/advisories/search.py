"""The search behind `find_vulnerabilities`: sources, indexes, matching, findings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from gate.advisories import Edits, Matches
from gate.advisories.exploitation import CATALOGUE, SCORES, ScoresFile, index_scores, read_catalogue
from gate.advisories.findings import Case, Exploitation, finding_of
from gate.advisories.groups import Group, Hit, hits, join_aliases
from gate.advisories.index import Index, IndexFile, IndexJob, canonical_name, make_index
from gate.advisories.sources import Source
from gate.advisories.store import SourceFile
from gate.advisories.versions import ORDERS, base_of, sort_key
from gate.advisories.versions.pypi import without_local_part
from gate.errors import GateError
from gate.model import Fact, Finding, Package, Scope, StageError
from gate.stages.base import Context, as_stage_error

Item = TypeVar("Item", SourceFile, IndexJob)
Outcome = TypeVar("Outcome")


class _Notes(msgspec.Struct):
    """What a search has to say besides findings."""

    errors: list[StageError] = []
    facts: dict[str, Fact] = {}


def search(packages: Sequence[Package], *, stage: str, target: str, context: Context, edits: Edits) -> Matches:
    """Do what `gate.advisories.find_vulnerabilities` promises."""
    wanted = distinct(packages)
    if not wanted:
        return Matches()
    notes = _Notes()
    try:
        source = Source(context.settings, context.cache_folder, context.now)
    except GateError as error:
        return Matches(errors=(as_stage_error(error),))
    notes.facts["advisories_source"] = source.shown
    indexes = _open_indexes(_bases(wanted, notes), source, context, notes)
    try:
        cases = list(_Search(indexes, notes).cases(wanted))
    finally:
        for index in indexes.values():
            index.close()
    known = _exploitation({name for case in cases for name in case.names}, source, context, notes)
    notes.errors.extend(source.errors)
    notes.facts |= source.facts
    findings = [finding_of(case, known, stage=stage, target=target, edits=edits) for case in cases]
    return Matches(findings=tuple(sorted(findings, key=_place)), errors=tuple(notes.errors), facts=notes.facts)


def distinct(packages: Iterable[Package]) -> list[Package]:
    """Return each version of a package once a file, with the strongest scope and directness that it has there."""
    kept: dict[tuple[str, str, str, str], Package] = {}
    for package in sorted(packages, key=_strength):
        kept.setdefault((package.path, package.ecosystem, package.name, package.version), package)
    return [kept[key] for key in sorted(kept)]


def _strength(package: Package) -> tuple[int, int, int, str]:
    scopes = (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT)
    directness = (True, None, False)
    return (
        scopes.index(package.scope),
        directness.index(package.direct),
        package.line or 0,
        package.installed_as or "",
    )


def _place(finding: Finding) -> tuple[str, int, str, str, str]:
    package = finding.package
    assert package is not None
    return (finding.location.path or "", finding.location.line or 0, package.name, package.version, finding.rule)


def _bases(packages: list[Package], notes: _Notes) -> list[str]:
    """Return the ecosystems that can be judged; the others are errors."""
    bases = sorted({base_of(package.ecosystem) for package in packages})
    for base in bases:
        if base not in ORDERS:
            count = sum(base_of(package.ecosystem) == base for package in packages)
            notes.errors.append(
                StageError(
                    title=f"packages of the ecosystem {base[:60]!r} cannot be judged",
                    message=f"No version order is known for it; {count:,} packages were not looked up",
                )
            )
    return [base for base in bases if base in ORDERS]


def _open_indexes(bases: list[str], source: Source, context: Context, notes: _Notes) -> dict[str, Index]:
    jobs = []
    for base in bases:
        name = f"{base}/all.zip"
        try:
            file = source.file(name)
        except GateError as error:
            notes.errors.append(as_stage_error(error, name))
            continue
        if file is None:
            notes.errors.append(_missing(base, name, source))
        else:
            jobs.append(IndexJob(base=base, source=file))
    if jobs:
        context.progress("reading advisories")
    files = list(_map(context, make_index, jobs, notes))
    notes.facts |= _facts_of(files)
    return {file.base: Index(file) for file in files}


def _missing(base: str, name: str, source: Source) -> StageError:
    return StageError(
        title=f"there are no advisories for {base}",
        message=f"{source.shown} has no {name}; add it, or set advisories.source to a bucket that has it",
        path=name,
    )


def _map(
    context: Context, function: Callable[[Item], Outcome], items: Sequence[Item], notes: _Notes
) -> Iterator[Outcome]:
    """Spread `items` over the workers; yield what comes out and note what fails, under the source file's name."""
    for item, outcome in context.map(function, items):
        if isinstance(outcome, StageError):
            file = item.source if isinstance(item, IndexJob) else item
            notes.errors.append(msgspec.structs.replace(outcome, path=outcome.path or file.shown))
        else:
            yield outcome


def _facts_of(files: list[IndexFile]) -> dict[str, Fact]:
    if not files:
        return {}
    return {
        "advisories": [
            f"{file.base}: {file.totals.advisories:,}, newest {file.totals.newest or 'unknown'}" for file in files
        ],
        "advisories_newest": max(file.totals.newest for file in files),
    }


class _Search:
    """Asks the indexes about packages; each version of a package is judged once, in however many files it stands."""

    def __init__(self, indexes: dict[str, Index], notes: _Notes) -> None:
        self._indexes = indexes
        self._notes = notes
        self._groups: dict[tuple[str, str], list[Group]] = {}
        self._verdicts: dict[tuple[str, str, str], tuple[list[Hit], str | None]] = {}
        self._overruled = 0
        self._commit_ranges = 0

    def cases(self, packages: list[Package]) -> Iterator[Case]:
        unknown: dict[str, int] = {}
        for package in packages:
            index = self._indexes.get(base_of(package.ecosystem))
            if index is None:
                continue
            if not index.knows(package.ecosystem):
                unknown[package.ecosystem] = unknown.get(package.ecosystem, 0) + 1
                continue
            yield from self._cases_of(index, package)
        self._notes.errors.extend(_unknown_release(release, count) for release, count in sorted(unknown.items()))
        self._notes.facts["advisories_overruled"] = self._overruled
        self._notes.facts["commit_ranges_not_compared"] = self._commit_ranges

    def _cases_of(self, index: Index, package: Package) -> Iterator[Case]:
        base = base_of(package.ecosystem)
        version = without_local_part(package.version) if base == "PyPI" else package.version
        key = (package.ecosystem, canonical_name(package.ecosystem, package.name), version)
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(self._groups_of(index, key[0], key[1]), version)
        found, safe_version = self._verdicts[key]
        for hit in found:
            yield Case(package=package, hit=hit, safe_version=safe_version)

    def _groups_of(self, index: Index, ecosystem: str, name: str) -> list[Group]:
        if (ecosystem, name) not in self._groups:
            advisories = index.advisories(ecosystem, name)
            self._commit_ranges += sum(advisory.git_ranges for advisory in advisories)
            self._groups[ecosystem, name] = join_aliases(base_of(ecosystem), advisories)
        return self._groups[ecosystem, name]

    def _judge(self, groups: list[Group], version: str) -> tuple[list[Hit], str | None]:
        """Return what affects `version`, and the smallest version above it that none affects."""
        found = hits(groups, version)
        self._overruled += sum(group.is_overruled(version) for group in groups)
        return found, _smallest_safe(found, groups)


def _smallest_safe(found: list[Hit], groups: list[Group]) -> str | None:
    candidates = {(sort_key(hit.group.base, fix), fix) for hit in found for fix in hit.fixed_versions}
    return next((fix for _, fix in sorted(candidates) if not any(group.affecting(fix) for group in groups)), None)


def _unknown_release(ecosystem: str, count: int) -> StageError:
    return StageError(
        title=f"the advisories say nothing about {ecosystem}",
        message=f"{count:,} packages were not judged; use a source whose {base_of(ecosystem)}/all.zip covers it",
        path=f"{base_of(ecosystem)}/all.zip",
    )


def _exploitation(names: set[str], source: Source, context: Context, notes: _Notes) -> Exploitation:
    """Look up CISA's catalogue and FIRST's scores: their absence is a fact, damage is an error."""
    catalogue = next(_map(context, read_catalogue, _optional(CATALOGUE, source, notes), notes), None)
    scores: ScoresFile | None = next(_map(context, index_scores, _optional(SCORES, source, notes), notes), None)
    notes.facts["known_exploited"] = (
        f"{len(catalogue.cves):,} vulnerabilities, {catalogue.version}" if catalogue else f"no {CATALOGUE}"
    )
    notes.facts["epss"] = f"{scores.count:,} scores, {scores.date}" if scores else f"no {SCORES}"
    return Exploitation(
        exploited=catalogue.cves & names if catalogue else frozenset(),
        scores=scores.of(name for name in names if name.startswith("CVE-")) if scores else {},
    )


def _optional(name: str, source: Source, notes: _Notes) -> list[SourceFile]:
    try:
        file = source.file(name, is_optional=True)
    except GateError as error:
        notes.errors.append(as_stage_error(error, name))
        return []
    return [file] if file is not None else []
