"""From a report to what the store keeps: one record for each repository and image that was judged."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.core.errors import UnreadableError
from gate.core.hiding import may_hold_secret
from gate.fleet.records import IMAGE, REPOSITORY, FleetRecord, KnownVulnerability, Placement
from gate.fleet.store import FleetStore
from gate.model import (
    Finding,
    Input,
    Inventory,
    Package,
    PackageUse,
    Report,
    VerdictStatus,
)
from gate.reports.console.expiries import ends_of
from gate.reports.console.subjects import ReportSubject

Owners = Callable[[str], tuple[str, ...]]
"""Who owns what a report names a path: see `gate.policy.codeowners`."""
_DIGESTS = ("sha256", "imageId", "gitCommit")
"""Kinds of digests, the one that names a target first: manifest, configuration, commit."""


def add_report(
    store: FleetStore, report: Report, *, owners: tuple[str, ...] = (), owners_of: Owners = lambda _: ()
) -> list[FleetRecord]:
    """Add what a report says of each of its targets, and return the records.

    `owners` are given by name; without any, `owners_of` says who owns the files that list packages. A report that was
    read from JSON has no packages: what is in it can be found, and cannot be judged again. Raises UnreadableError for
    the report of a part of a run, and for one without targets.
    """
    if report.part is not None:
        hint = "Join the parts first: gate merge"
        raise UnreadableError("is the report of a part of a run", path=f"part {report.part.index}", hint=hint)
    if not report.inputs:
        raise UnreadableError("the report names no target", path=store.shown)
    content = _json(report)
    kept = store.put_bytes(content)
    records = []
    for one in report.inputs:
        record = _record(store, report, one, kept)
        record = msgspec.structs.replace(record, owners=owners or _owners(record, owners_of))
        store.add(record)
        records.append(record)
    return records


def _owners(record: FleetRecord, owners_of: Owners) -> tuple[str, ...]:
    """Return the owners of the files that list packages; of the files with findings, if those have none."""
    found = {owner for place in record.placements for owner in owners_of(place.where)}
    if not found:
        paths = {one.location.path for one in record.findings if one.location.path}
        found = {owner for path in paths for owner in owners_of(path)}
    return tuple(sorted(found))


def _json(report: Report) -> bytes:
    from gate.reports.json import write

    stream = io.StringIO()
    write(_without_excerpts(report), stream)
    return stream.getvalue().encode("utf-8", "backslashreplace")


def _without_excerpts(report: Report) -> Report:
    """Return a report without lines of files: the store keeps findings, and no source."""
    bare = tuple(msgspec.structs.replace(one, excerpt=None) for one in report.findings)
    return msgspec.structs.replace(report, findings=bare)


def _record(store: FleetStore, report: Report, judged: Input, kept: str) -> FleetRecord:
    inventories = () if isinstance(report.inventories, msgspec.UnsetType) else report.inventories
    inventory = next((one for one in inventories if one.target == judged.target), None)
    kind = _kind(judged, inventory)
    answers: dict[PackageUse, int] = {}
    placements = tuple(_placements(store, inventory, answers)) if inventory else ()
    findings = [one for one in report.findings if one.location.target == judged.target]
    return FleetRecord(
        analyser=report.tool.version,
        kind=kind,
        name=judged.target if kind == IMAGE else _place(judged),
        digest=_digest(judged, kind),
        digests=judged.digests,
        branch=judged.branch,
        indexes=judged.indexes,
        created=judged.created,
        read_at=report.finished_at,
        status=_status(report, judged.target, findings),
        is_complete=inventory is not None and inventory.is_complete,
        has_packages=inventory is not None,
        layers=tuple(layer.diff_id for layer in judged.layers),
        placements=placements,
        answers=_masked(answers),
        findings=tuple(msgspec.structs.replace(one, excerpt=None) for one in findings if one.vulnerability is None),
        vulnerabilities=tuple(_known(one) for one in findings if one.vulnerability is not None),
        ends=tuple(ends_of(ReportSubject(judged.target, msgspec.structs.replace(report, findings=tuple(findings))))),
        report=kept,
    )


def _kind(judged: Input, inventory: Inventory | None) -> str:
    if inventory is None:
        is_image = bool(judged.layers) or not judged.digests.keys().isdisjoint(("imageId", "sha256"))
    else:
        is_image = inventory.kind == IMAGE
    return IMAGE if is_image else REPOSITORY


def _place(judged: Input) -> str:
    return "/".join(filter(None, (judged.repository, judged.folder))) if judged.repository else judged.target


def _digest(judged: Input, kind: str) -> str:
    digest = next((judged.digests[name] for name in _DIGESTS if name in judged.digests), "")
    return f"sha256:{digest}" if kind == IMAGE and digest else digest


def _status(report: Report, target: str, findings: Sequence[Finding]) -> VerdictStatus:
    """Return the verdict on one target: of what no target is named for, the whole run's holds for each."""
    whole = report.verdict.status
    if whole is VerdictStatus.INCOMPLETE:
        blamed = {error.target for stage in report.stages for error in stage.errors}
        if target in blamed or "" in blamed or not blamed:
            return whole
    if any(one.blocking for one in findings):
        return VerdictStatus.FAIL
    if whole is VerdictStatus.FAIL and not any(one.blocking for one in report.findings):
        return whole
    return VerdictStatus.PASS


def _placements(store: FleetStore, inventory: Inventory, answers: dict[PackageUse, int]) -> Iterator[Placement]:
    """Yield the package lists of a target by layer, or else by the file that lists them; each is put into the store."""
    grouped: dict[str, list[int]] = {}
    for number, package in enumerate(inventory.packages):
        where = (inventory.layers[number] or "") if inventory.layers else package.path
        grouped.setdefault(where, []).append(number)
    for where, numbers in grouped.items():
        numbers.sort(key=lambda number: _order(inventory.packages[number]))
        packages = tuple(inventory.packages[number] for number in numbers)
        uses = [inventory.uses[number] for number in numbers] if inventory.uses else []
        yield Placement(where, store.put(packages), tuple(answers.setdefault(use, len(answers)) for use in uses))


def _order(package: Package) -> tuple[str, str, str, str]:
    """Return the sort key that makes equal lists of equal packages."""
    return (package.path, package.ecosystem, package.name, package.version)


def _masked(answers: Iterable[PackageUse]) -> tuple[PackageUse, ...]:
    """Return the answers without secrets that their evidence quotes, such as a start's command line may hold."""
    found = tuple(answers)
    doubtful = {text for one in found for text in one.evidence if may_hold_secret(text)}
    if not doubtful:
        return found
    from gate.core.cache_folder import user_cache_folder
    from gate.secrets.results.masking import masked_texts

    masked = masked_texts(doubtful, str(user_cache_folder()))
    return tuple(_without(masked, one) for one in found)


def _without(masked: Mapping[str, str], use: PackageUse) -> PackageUse:
    return msgspec.structs.replace(use, evidence=tuple(masked.get(text, text) for text in use.evidence))


def _known(finding: Finding) -> KnownVulnerability:
    vulnerability, package = finding.vulnerability, finding.package
    assert vulnerability is not None
    return KnownVulnerability(
        fingerprint=finding.fingerprint,
        ids=(vulnerability.id, *vulnerability.aliases),
        package=package.purl if package else "",
        status=finding.status,
        blocking=finding.blocking,
        in_use=finding.in_use,
        reachable_function=finding.reachable_function,
        vex=finding.vex,
        first_seen=finding.first_seen,
        decided_by=finding.decided_by,
        exposed=finding.exposed,
    )
