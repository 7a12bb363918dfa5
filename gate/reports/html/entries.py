"""The findings as JSON for the page's script; absent parts are left out.

Invisible characters in texts are made visible here, so that the script only has to insert them as text.
"""

from collections.abc import Iterable

import msgspec

from gate.core.text import one_line, visible, visible_lines
from gate.model import (
    Changes,
    Confidence,
    Deployed,
    Edit,
    Exposed,
    Finding,
    ImageLayer,
    Input,
    InUse,
    Location,
    Origin,
    Package,
    PackageChanges,
    Report,
    Scope,
    Secret,
    Severity,
    Status,
    Vulnerability,
    Worth,
)
from gate.reports.excerpts import CodeLine, code_lines
from gate.reports.wording import address, mend, place

_ESCAPES = {one.encode(): f"\\u{ord(one):04x}".encode() for one in "<>&\u2028\u2029"}
"""Characters that could end the block of JSON, begin a tag or end a line. In JSON they occur in strings only."""


class PackageEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The package of a finding; `way` lists the packages from the direct dependency to itself."""

    name: str
    version: str
    ecosystem: str
    purl: str
    scope: Scope = Scope.RUNTIME
    way: tuple[str, ...] = ()
    is_direct: bool | None = None
    license: str | None = None
    installed_as: str | None = None


class VulnerabilityEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The public data of a vulnerability: CVSS 0 to 10, EPSS 0 to 1, `published` an RFC 3339 time."""

    aliases: tuple[str, ...] = ()
    cvss: float | None = None
    epss: float | None = None
    is_exploited: bool = False
    is_malicious: bool = False
    fixed_versions: tuple[str, ...] = ()
    published: str | None = None
    cwes: tuple[str, ...] = ()


class SecretEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The kind of a secret and its redacted beginning; never its value."""

    type: str
    redacted: str
    is_verified: bool | None = None


class EditEntry(msgspec.Struct, frozen=True):
    """A change that `gate fix` can make: `text` replaces what is at `place`."""

    place: str
    text: str


class PageEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A finding. `place` is `path:line`, `mend` a sentence, `evidence` shows whether the package is in use."""

    stage: str
    rule: str
    severity: Severity
    title: str
    message: str
    fingerprint: str
    target: str
    place: str
    mend: str
    more_places: tuple[str, ...] = ()
    layer: str | None = None
    confidence: Confidence = Confidence.HIGH
    worth: Worth = Worth.MEDIUM
    worth_evidence: tuple[str, ...] = ()
    status: Status = Status.NEW
    is_blocking: bool = False
    decided_by: str | None = None
    decided_in: str | None = None
    blocks_from: str | None = None
    first_seen: str | None = None
    comment: str | None = None
    vex: str | None = None
    help_uri: str | None = None
    package: PackageEntry | None = None
    vulnerability: VulnerabilityEntry | None = None
    in_use: InUse | None = None
    evidence: tuple[str, ...] = ()
    reachable_function: InUse | None = None
    exposed: Exposed | None = None
    exposed_by: tuple[str, ...] = ()
    run_by: tuple[str, ...] = ()
    deployed: Deployed | None = None
    deployed_in: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    function_evidence: tuple[str, ...] = ()
    origin: Origin | None = None
    edits: tuple[EditEntry, ...] = ()
    secret: SecretEntry | None = None
    excerpt: tuple[CodeLine, ...] = ()


class PackageChangesEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The packages that a layer changes; kinds of changes without a package are left out."""

    added: Changes | None = None
    changed: Changes | None = None
    removed: Changes | None = None


class LayerEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A layer of an image: see `gate.model.ImageLayer`."""

    diff_id: str
    size: int
    files: int
    hidden: int = 0
    created_by: str | None = None
    packages: PackageChangesEntry | None = None


class ImageEntry(msgspec.Struct, frozen=True):
    """An image's layers, the base's first."""

    target: str
    layers: tuple[LayerEntry, ...]


class PageContents(msgspec.Struct, frozen=True):
    """All data that the script displays."""

    finished_at: str
    """RFC 3339 time of the run, up to which ages are counted."""
    packages: int
    stages: tuple[str, ...]
    images: tuple[ImageEntry, ...]
    findings: tuple[PageEntry, ...]
    is_compared: bool
    """False if nothing is known of an earlier state, so that no finding can be called new."""
    why: dict[str, str]
    """By `stage rule`: what can go wrong. Only rules that some finding names."""


def contents_json(report: Report, findings: Iterable[Finding]) -> bytes:
    """Return the report's `PageContents`, with findings in this order, as JSON that is safe inside a script element."""
    contents = PageContents(
        finished_at=visible(report.finished_at),
        packages=report.packages,
        stages=tuple(visible(stage.name) for stage in report.stages),
        images=tuple(_image(one) for one in report.inputs if one.layers),
        findings=tuple(map(entry, findings)),
        is_compared=_is_compared(report),
        why=_why(report),
    )
    encoded = msgspec.json.encode(contents)
    for character, escape in _ESCAPES.items():
        encoded = encoded.replace(character, escape)
    return encoded


def _is_compared(report: Report) -> bool:
    has_bases = report.evidence is not None and bool(report.evidence.bases)
    return has_bases or any(one.status is Status.EXISTING for one in report.findings)


def _image(judged: Input) -> ImageEntry:
    return ImageEntry(visible(judged.target), tuple(map(_layer, judged.layers)))


def _layer(layer: ImageLayer) -> LayerEntry:
    return LayerEntry(
        diff_id=visible(layer.diff_id),
        size=layer.size,
        files=layer.files,
        hidden=layer.hidden,
        created_by=_or_none(layer.created_by),
        packages=_package_changes(layer.packages) if layer.packages else None,
    )


def _package_changes(changes: PackageChanges) -> PackageChangesEntry:
    return PackageChangesEntry(_named(changes.added), _named(changes.changed), _named(changes.removed))


def _named(changes: Changes) -> Changes | None:
    return Changes(changes.count, tuple(map(one_line, changes.first))) if changes.count else None


def _why(report: Report) -> dict[str, str]:
    named = {(finding.stage, finding.rule) for finding in report.findings}
    rules = () if isinstance(report.rules, msgspec.UnsetType) else report.rules
    texts = {f"{visible(rule.stage)} {visible(rule.id)}": rule.why for rule in rules if (rule.stage, rule.id) in named}
    return {name: one_line(texts[name]) for name in sorted(texts)}


def entry(finding: Finding) -> PageEntry:
    """Return what the page shows of a finding."""
    where = finding.location
    edits = finding.fix.edits if finding.fix else ()
    return PageEntry(
        stage=visible(finding.stage),
        rule=visible(finding.rule),
        severity=finding.severity,
        title=one_line(finding.title),
        message=one_line(finding.message),
        fingerprint=visible(finding.fingerprint),
        target=visible(where.target),
        place=place(where),
        mend=mend(finding),
        more_places=_places(finding.places),
        layer=_or_none(where.layer),
        confidence=finding.confidence,
        worth=finding.worth,
        worth_evidence=tuple(map(one_line, finding.worth_evidence)),
        status=finding.status,
        is_blocking=finding.blocking,
        decided_by=_or_none(finding.decided_by),
        decided_in=_or_none(finding.decided_in),
        blocks_from=_or_none(finding.blocks_from),
        first_seen=_or_none(finding.first_seen),
        comment=_or_none(finding.comment),
        vex=_or_none(finding.vex),
        help_uri=address(finding),
        package=_package(finding.package),
        vulnerability=_vulnerability(finding.vulnerability),
        in_use=finding.in_use,
        evidence=tuple(map(one_line, finding.in_use_evidence)),
        reachable_function=finding.reachable_function,
        functions=_functions(finding),
        function_evidence=tuple(map(one_line, finding.reachable_function_evidence)),
        exposed=finding.exposed,
        exposed_by=tuple(map(one_line, finding.exposed_evidence)),
        run_by=tuple(map(one_line, finding.run_by)),
        deployed=finding.deployed,
        deployed_in=tuple(map(one_line, finding.deployed_evidence)),
        origin=finding.origin,
        edits=tuple(map(_edit, edits)),
        secret=_secret(finding.secret),
        excerpt=tuple(code_lines(finding)),
    )


def _functions(finding: Finding) -> tuple[str, ...]:
    """Return the vulnerable functions, where it was asked whether one can be reached, and what names them."""
    known = finding.vulnerability
    if known is None or finding.reachable_function is None:
        return ()
    return (*map(one_line, known.symbols), *([one_line(known.symbols_source)] if known.symbols_source else []))


def _or_none(text: str | None) -> str | None:
    return None if text is None else one_line(text)


def _places(places: Iterable[Location]) -> tuple[str, ...]:
    return tuple(map(place, places))


def _package(package: Package | None) -> PackageEntry | None:
    if package is None:
        return None
    return PackageEntry(
        name=visible(package.name),
        version=visible(package.version),
        ecosystem=visible(package.ecosystem),
        purl=visible(package.purl),
        scope=package.scope,
        way=tuple(visible(name) for name in (*package.via, package.name)) if package.via else (),
        is_direct=package.direct,
        license=_or_none(package.license),
        installed_as=_or_none(package.installed_as),
    )


def _vulnerability(known: Vulnerability | None) -> VulnerabilityEntry | None:
    if known is None:
        return None
    return VulnerabilityEntry(
        aliases=tuple(map(visible, known.aliases)),
        cvss=known.cvss,
        epss=known.epss,
        is_exploited=known.known_exploited,
        is_malicious=known.malicious,
        fixed_versions=tuple(map(visible, known.fixed_versions)),
        published=_or_none(known.published),
        cwes=tuple(map(visible, known.cwes)),
    )


def _edit(edit: Edit) -> EditEntry:
    line, column = edit.start
    return EditEntry(f"{visible(edit.path)}:{line}:{column}", visible_lines(edit.text))


def _secret(secret: Secret | None) -> SecretEntry | None:
    if secret is None:
        return None
    return SecretEntry(one_line(secret.type), visible(secret.redacted), secret.verified)
