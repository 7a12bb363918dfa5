"""Reports to write: an everyday one, a hostile one, and a maker for special ones."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import msgspec
import pytest

from gate.model import (
    EDITED_PIPELINE,
    Changes,
    Finding,
    Fix,
    ImageLayer,
    Input,
    InUse,
    Location,
    Package,
    PackageChanges,
    PolicyUsed,
    Reason,
    Report,
    Secret,
    Severity,
    StageError,
    StageStatus,
    StageSummary,
    Status,
    Tool,
    Verdict,
    VerdictStatus,
    Vulnerability,
    fingerprint,
)

HOSTILE = "x]]>\x1b[31m::error ::<script>alert(1)</script>[red]\u202e\x00\x9b\udc80\ufffe\r\n|`*_$HOME=1&quot;"
"""Everything that some reader of reports would act on."""


@pytest.fixture
def hostile() -> str:
    return HOSTILE


@pytest.fixture(scope="session")
def jsonschema() -> Any:
    """The library. It builds 38 parsers when it is imported: three seconds, not for each process that collects."""
    return import_module("jsonschema")


def _finding(stage: str, rule: str, severity: Severity, **parts: object) -> Finding:
    location = parts.pop("location", Location(target="storefront", path="Dockerfile", line=3))
    assert isinstance(location, Location)
    wording = {"title": f"title of {rule}", "message": f"what {rule} saw"} | parts
    mark = fingerprint(stage, rule, location.path, location.target, str(location.line), str(wording["message"]))
    return Finding(stage=stage, rule=rule, severity=severity, fingerprint=mark, location=location, **wording)  # type: ignore[arg-type]


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """Return a function that makes a finding: stage, rule, severity, and any other part by keyword."""
    return _finding


def _summary(name: str, findings: list[Finding], **parts: object) -> StageSummary:
    mine = [one for one in findings if one.stage == name]
    settings: dict[str, object] = {
        "status": StageStatus.OK,
        "reason": None,
        "duration_s": 0.25,
        "targets": ("storefront",),
        "counts": {level.value: sum(one.severity is level for one in mine) for level in reversed(Severity)},
        "facts": {"files": 12},
        "started_at": "2026-11-24T12:00:00+00:00",
        "finished_at": "2026-11-24T12:00:02+00:00",
    }
    return StageSummary(name=name, **(settings | parts))  # type: ignore[arg-type]


def _report(
    findings: list[Finding], stages: dict[str, dict[str, object]], status: VerdictStatus | None = None
) -> Report:
    summaries = tuple(_summary(name, findings, **parts) for name, parts in stages.items())
    blocking = [one for one in findings if one.blocking]
    verdict = status or (VerdictStatus.FAIL if blocking else VerdictStatus.PASS)
    rules = dict.fromkeys(one.decided_by or "" for one in blocking)
    reasons = tuple(
        Reason(
            rule=rule,
            message=f"{sum(one.decided_by == rule for one in blocking)} findings: because of {rule}.",
            fingerprints=tuple(one.fingerprint for one in blocking if one.decided_by == rule),
        )
        for rule in rules
    )
    return Report(
        tool=Tool(name="gate", version="0.1.0"),
        verdict=Verdict(status=verdict, reasons=reasons),
        stages=summaries,
        findings=tuple(findings),
        packages=124,
        inventories=(),
    )


@pytest.fixture
def make_report() -> Callable[..., Report]:
    """Return a function that makes a report of findings and stages (name to parts of its summary)."""
    return _report


@pytest.fixture
def edited() -> Report:
    """A pass of a change that edits the pipeline which judges it."""
    reason = Reason(rule=EDITED_PIPELINE, message=".gitlab-ci.yml runs the gate, and this change edits it: review it")
    verdict = Verdict(status=VerdictStatus.PASS, reasons=(reason,))
    return msgspec.structs.replace(_report([], {"ci": {}}), verdict=verdict)


def _lodash(rule: str, severity: Severity, summary: str, **known: object) -> Finding:
    return _finding(
        "dependencies",
        rule,
        severity,
        title=f"lodash 4.17.15: {summary}",
        message=f"{rule} in lodash 4.17.15, which the project asks for itself.",
        location=Location(target="storefront", path="web/package-lock.json", line=34),
        help_uri=f"https://osv.dev/vulnerability/{rule}",
        package=Package(name="lodash", version="4.17.15", ecosystem="npm", purl="pkg:npm/lodash@4.17.15", direct=True),
        vulnerability=Vulnerability(id=rule, fixed_versions=("4.17.21",), **known),  # type: ignore[arg-type]
        fix=Fix(description="Update lodash from 4.17.15 to 4.17.21."),
        in_use=InUse.UNKNOWN,
        blocking=severity >= Severity.HIGH,
        decided_by="serious-and-fixable" if severity >= Severity.HIGH else None,
    )


@pytest.fixture
def everyday() -> Report:
    """A repository with an image: something of everything."""
    sudo = [
        _finding(
            "dockerfile",
            "DL3004",
            Severity.HIGH,
            title="sudo in an image",
            message=f"RUN sudo apt-get install -y package{number} gives the process more than it needs.",
            location=Location(target="storefront", path="services/checkout/Dockerfile", line=10 + number),
            fix=Fix(description="Drop sudo: a build step runs as the USER above it."),
            blocking=True,
            decided_by="serious-configuration",
        )
        for number in range(10)
    ]
    findings = [
        *sudo,
        _finding("dockerfile", "DL3015", Severity.MEDIUM, title="Recommended packages are installed too"),
        _finding("dockerfile", "DL3059", Severity.INFO, title="Several RUN in a row"),
        _finding(
            "dockerfile", "DL3007", Severity.MEDIUM, title="The latest tag", status=Status.WAIVED, decided_by="waiver"
        ),
        _finding(
            "secrets",
            "SECRET-AWS",
            Severity.HIGH,
            title="AWS access key",
            message="An AWS access key (AKIA…) stands here.",
            location=Location(target="storefront", path="deploy/prod.env", line=4, commit="0123456789abcdef" * 2),
            secret=Secret(type="AWS Access Key", hash="ab" * 20, redacted="AKIA…"),
            fix=Fix(description="Revoke the key in IAM now, then take it out of the history."),
            blocking=True,
            decided_by="secrets",
        ),
        _lodash("GHSA-p6mc-m468-83gw", Severity.HIGH, "Prototype pollution", cvss=7.4, aliases=("CVE-2020-8203",)),
        _lodash("GHSA-35jh-r3h4-6jhm", Severity.CRITICAL, "Command injection", cvss=9.8, known_exploited=True),
        _lodash("GHSA-29mw-wpgm-hmr9", Severity.MEDIUM, "Slow regular expressions", cvss=5.3),
        _finding(
            "image",
            "GI001",
            Severity.MEDIUM,
            title="The image runs as root",
            message="No USER is set.",
            location=Location(target="archive:storefront.tar"),
        ),
        _finding(
            "image", "GI005", Severity.LOW, title="No HEALTHCHECK", location=Location(target="archive:storefront.tar")
        ),
    ]
    return _report(
        findings,
        {
            "dockerfile": {},
            "secrets": {"facts": {"files": 1200, "bytes": 3_400_000, "prefilter": "hyperscan"}},
            "dependencies": {
                "status": StageStatus.ERROR,
                "reason": "api/poetry.lock: cannot be parsed: Line 3 has no value. Lock again with poetry lock",
                "errors": (
                    StageError(
                        title="cannot be parsed",
                        message="Line 3 has no value. Lock again with poetry lock",
                        path="api/poetry.lock",
                        target="storefront",
                    ),
                ),
            },
            "image": {"targets": ("archive:storefront.tar",)},
            "kubernetes": {"status": StageStatus.SKIPPED, "reason": "no manifests in storefront", "targets": ()},
        },
        VerdictStatus.INCOMPLETE,
    )


@pytest.fixture
def hostile_report() -> Report:
    """A report whose every text is hostile."""
    package = Package(name=HOSTILE, version=HOSTILE, ecosystem=HOSTILE, purl=HOSTILE)
    parts = {"title": HOSTILE, "message": HOSTILE, "help_uri": HOSTILE, "decided_by": HOSTILE}
    location = Location(target=HOSTILE, path=HOSTILE, line=1, commit=HOSTILE)
    findings = [
        _finding(
            HOSTILE, HOSTILE, Severity.HIGH, location=location, blocking=True, fix=Fix(description=HOSTILE), **parts
        ),
        _finding(
            HOSTILE,
            HOSTILE,
            Severity.HIGH,
            location=location,
            blocking=True,
            package=package,
            vulnerability=Vulnerability(id=HOSTILE, fixed_versions=(HOSTILE,)),
            **(parts | {"message": HOSTILE + "again"}),
        ),
        _finding(HOSTILE, HOSTILE + "2", Severity.MEDIUM, location=location, status=Status.WAIVED, **parts),
        _finding(HOSTILE, HOSTILE + "3", Severity.MEDIUM, location=location, **parts),
    ]
    report = _report(
        findings,
        {
            HOSTILE: {
                "status": StageStatus.ERROR,
                "reason": HOSTILE,
                "targets": (HOSTILE,),
                "facts": {HOSTILE: HOSTILE, "list": [HOSTILE]},
                "errors": (StageError(title=HOSTILE, message=HOSTILE, path=HOSTILE, target=HOSTILE),),
            },
            "skipped": {"status": StageStatus.SKIPPED, "reason": HOSTILE, "targets": ()},
        },
        VerdictStatus.INCOMPLETE,
    )
    packages = PackageChanges(added=Changes(1, (HOSTILE,)))
    layer = ImageLayer(diff_id=HOSTILE, created_by=HOSTILE, size=1, files=1, hidden=0, packages=packages)
    return msgspec.structs.replace(
        report,
        inputs=(Input(target=HOSTILE, digests={HOSTILE: HOSTILE}, layers=(layer,)),),
        policies=(PolicyUsed(source=HOSTILE, sha256=HOSTILE),),
    )
