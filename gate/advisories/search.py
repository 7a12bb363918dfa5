"""The search behind `find_vulnerabilities`: sources, indexes, matching, findings."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from gate.advisories.commits import CommitMatcher, History, undecided_findings
from gate.advisories.ecosystems import advised_as, bases_of, is_in_every_source, is_judged, lacks_advisories
from gate.advisories.exploitation import CATALOGUE, SCORES, ScoresFile, index_scores, read_catalogue
from gate.advisories.findings import Exploitation, finding_of
from gate.advisories.index import Index, IndexFile, IndexJob, make_index
from gate.advisories.matches import Edits, Matches
from gate.advisories.matching import Matcher
from gate.advisories.sources import AdvisorySource
from gate.advisories.store import AdvisoryFile
from gate.advisories.vex import Statement, Statements
from gate.advisories.vulnerable_functions import (
    FUNCTIONS,
    FunctionsTable,
    built_in_functions,
    newer_functions,
)
from gate.context import Context
from gate.core.errors import GateError, as_stage_error
from gate.ecosystems import BY_COMMIT, base_of, find
from gate.model import Fact, Finding, Package, StageError
from gate.model.package import STRONGEST_FIRST

Item = TypeVar("Item", AdvisoryFile, IndexJob)
Outcome = TypeVar("Outcome")


class _Notes(msgspec.Struct):
    """The errors and facts of a search."""

    errors: list[StageError] = []
    facts: dict[str, Fact] = {}


def search(
    packages: Sequence[Package],
    *,
    stage: str,
    target: str,
    context: Context,
    edits: Edits,
    vex: Sequence[Statement],
    history: History,
) -> Matches:
    """Do what `gate.advisories.find_vulnerabilities` promises."""
    wanted = distinct(packages)
    if not wanted:
        return Matches()
    notes = _Notes()
    try:
        source = AdvisorySource(context.settings, context.trust, context.cache_folder, context.now, context.progress)
    except GateError as error:
        return Matches(errors=(as_stage_error(error),), not_judged=len(packages))
    notes.facts["advisories_source"] = source.shown
    own = {base_of(package.ecosystem) for package in wanted}
    indexes = _open_indexes(_bases(wanted, notes), own, source, context, notes)
    try:
        matcher = Matcher({base: index for base, index in indexes.items() if base not in BY_COMMIT})
        commits = CommitMatcher((indexes[base] for base in BY_COMMIT if base in indexes), history)
        cases = [*matcher.cases(wanted), *commits.cases(wanted)]
    finally:
        for index in indexes.values():
            index.close()
    notes.errors.extend(matcher.errors())
    notes.facts |= matcher.facts()
    known = _exploitation({name for case in cases for name in case.names | case.related_cves}, source, context, notes)
    functions = _functions(source, notes) if any(_has_functions(case.package) for case in cases) else None
    notes.errors.extend(source.errors)
    notes.facts |= source.facts
    statements = Statements(vex)
    findings = [
        finding_of(
            case,
            known,
            stage=stage,
            target=target,
            edits=edits,
            functions=functions,
            cleared=statements.clearing(case.package, case.names, target),
        )
        for case in cases
    ]
    findings += undecided_findings(commits.undecided, stage=stage, target=target)
    notes.facts["vex_statements"] = len(vex)
    advised = [advised_as(package)[0] for package in packages]
    return Matches(
        findings=tuple(sorted(findings, key=_place)),
        errors=tuple(_joined(notes.errors)),
        facts=notes.facts,
        not_judged=sum(one in matcher.unknown or base_of(one) not in indexes for one in advised),
    )


def _joined(errors: Iterable[StageError]) -> Iterator[StageError]:
    """Yield one error for several files to which the same happened, such as all that a server did not send."""
    paths: dict[tuple[str, str], list[str]] = {}
    for error in errors:
        paths.setdefault((error.title, error.message), []).append(error.path or "")
    for (title, message), files in paths.items():
        yield StageError(title=title, message=message, path=", ".join(filter(None, files)) or None)


def distinct(packages: Iterable[Package]) -> list[Package]:
    """Return each version of a package once a file, with the strongest scope and directness that it has there."""
    kept: dict[tuple[str, str, str, str], Package] = {}
    for package in sorted(packages, key=_strength):
        kept.setdefault((package.path, package.ecosystem, package.name, package.version), package)
    return [kept[key] for key in sorted(kept)]


def _strength(package: Package) -> tuple[int, int, int, str]:
    directness = (True, None, False)
    return (
        STRONGEST_FIRST.index(package.scope),
        directness.index(package.direct),
        package.line or 0,
        package.installed_as or "",
    )


def _place(finding: Finding) -> tuple[str, int, str, str, str]:
    package = finding.package
    assert package is not None
    return (finding.location.path or "", finding.location.line or 0, package.name, package.version, finding.rule)


def _bases(packages: list[Package], notes: _Notes) -> list[str]:
    """Return the ecosystems that can be judged; that there are no advisories for one is a fact, others are errors."""
    counts = Counter(base_of(advised_as(package)[0]) for package in packages)
    without = [f"{base}: {count:,}" for base, count in sorted(counts.items()) if lacks_advisories(base)]
    notes.facts["ecosystems_without_advisories"] = without
    for base in sorted(base for base in counts if not (is_judged(base) or lacks_advisories(base))):
        notes.errors.append(
            StageError(
                title=f"packages of the ecosystem {base[:60]!r} cannot be judged",
                message=f"No version order is known for it; {counts[base]:,} packages were not looked up",
            )
        )
    return bases_of(counts)


def _open_indexes(
    bases: list[str], own: Collection[str], source: AdvisorySource, context: Context, notes: _Notes
) -> dict[str, Index]:
    """Open the indexes of `bases`; those that are not of the packages' `own` ecosystems may be missing."""
    jobs = []
    absent: list[str] = []
    for base in bases:
        name = f"{base}/all.zip"
        try:
            file = source.file(name)
        except GateError as error:
            notes.errors.append(as_stage_error(error, name))
            continue
        if file is None and not (base in own and is_in_every_source(base)):
            absent.append(base)
            notes.facts["advisories_not_in_source"] = absent
        elif file is None:
            notes.errors.append(_missing(base, name, source))
        else:
            jobs.append(IndexJob(base=base, source=file))
    if jobs:
        context.progress("reading advisories")
    files = list(_map(context, make_index, jobs, notes))
    notes.facts |= _facts_of(files)
    return {file.base: Index(file) for file in files}


def _missing(base: str, name: str, source: AdvisorySource) -> StageError:
    return StageError(
        title=f"there are no advisories for {base}",
        message=f"{source.shown} has no {name}; add it, or set advisories.source to a bucket that has it",
        path=name,
    )


def _map(
    context: Context, function: Callable[[Item], Outcome], items: Sequence[Item], notes: _Notes
) -> Iterator[Outcome]:
    """Run `function` on the items in the workers; yield the results, and note failures under the source file's name."""
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


def _exploitation(names: set[str], source: AdvisorySource, context: Context, notes: _Notes) -> Exploitation:
    """Look up CISA's catalogue and FIRST's scores: their absence is a fact, damage is an error."""
    catalogue = next(_map(context, read_catalogue, _optional(CATALOGUE, source, notes), notes), None)
    scores: ScoresFile | None = next(_map(context, index_scores, _optional(SCORES, source, notes), notes), None)
    notes.facts["known_exploited"] = (
        f"{len(catalogue.cves):,} vulnerabilities, {catalogue.version}" if catalogue else f"no {CATALOGUE}"
    )
    notes.facts["epss"] = f"{scores.count:,} scores, {scores.date}" if scores else f"no {SCORES}"
    exploited = catalogue.cves & names if catalogue else frozenset[str]()
    found = scores.of(name for name in names if name.startswith("CVE-")) if scores else {}
    return Exploitation(exploited=exploited, scores=found)


def _has_functions(package: Package) -> bool:
    """True if a table may say which functions of a package its advisories are about."""
    known = find(package.ecosystem)
    return known is not None and known.has_named_functions


def _functions(source: AdvisorySource, notes: _Notes) -> FunctionsTable:
    """Return the newer of the source's table of vulnerable functions and the built-in one."""
    files = _optional(FUNCTIONS, source, notes)
    try:
        table = newer_functions(files[0].path if files else None)
    except GateError as error:
        notes.errors.append(as_stage_error(error, FUNCTIONS))
        table = built_in_functions()
    if table is not built_in_functions():
        notes.facts["vulnerable_functions"] = f"of {len(table.rows):,} advisories, {table.as_of}"
    return table


def _optional(name: str, source: AdvisorySource, notes: _Notes) -> list[AdvisoryFile]:
    try:
        file = source.file(name, is_optional=True)
    except GateError as error:
        notes.errors.append(as_stage_error(error, name))
        return []
    return [file] if file is not None else []
