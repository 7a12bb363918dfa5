"""A report as large as anybody's: findings of every stage that repeat names and places as real ones do."""

import random

from gate.model import (
    Finding,
    Fix,
    InUse,
    Inventory,
    Location,
    Package,
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

IMAGE = "registry:registry.example.com/shop/api:1.4"
_NAMES = (
    *("openssl", "glibc", "zlib", "curl", "expat", "libxml2", "krb5", "sqlite3", "systemd", "perl", "lodash", "flask"),
    *("jinja2", "requests", "urllib3", "express", "minimist", "log4j-core", "jackson-databind", "golang.org/x/net"),
)
_ECOSYSTEMS = ("Debian:12", "npm", "PyPI", "Maven", "Go")
_FLAWS = (
    "heap buffer overflow while parsing names of certificates",
    "prototype pollution through crafted keys",
    "denial of service by a regular expression that backtracks without end",
    "path traversal in the extraction of archives",
    "request smuggling by conflicting lengths",
    "out-of-bounds read in a decoder of compressed data",
)
_WEIGHTS = {Severity.CRITICAL: 4, Severity.HIGH: 18, Severity.MEDIUM: 40, Severity.LOW: 28, Severity.INFO: 10}
_SCORES = {Severity.CRITICAL: 9.4, Severity.HIGH: 7.9, Severity.MEDIUM: 5.6, Severity.LOW: 2.8, Severity.INFO: 0.0}
STARTED, FINISHED = "2026-11-24T12:00:00+00:00", "2026-11-24T12:00:09+00:00"


def large_report(findings: int, seed: int = 8) -> Report:
    """Return a report with this many findings, the same for the same `seed`."""
    chance = random.Random(seed)
    made = tuple(_finding(number, chance) for number in range(findings))
    stages = tuple(_summary(name, made) for name in ("dockerfile", "secrets", "dependencies", "image"))
    packages = tuple({one.package.purl: one.package for one in made if one.package}.values())
    return Report(
        tool=Tool(name="gate", version="0.1.0"),
        verdict=_verdict(made),
        stages=(*stages, _unfinished(), _skipped()),
        findings=made,
        packages=len(packages) + 300,
        inventories=(Inventory(target=IMAGE, kind="image", packages=packages, is_complete=True, read_at=FINISHED),),
    )


def _finding(number: int, chance: random.Random) -> Finding:
    severity = chance.choices([*_WEIGHTS], [*_WEIGHTS.values()])[0]
    kind = chance.random()
    if kind < 0.1:
        return _dockerfile(number, severity, chance)
    return _secret(number, chance) if kind < 0.13 else _vulnerable(number, severity, chance)


def _judged(severity: Severity, chance: random.Random, rule: str, is_eligible: bool) -> dict[str, object]:
    """Return what a policy makes of a finding: most that could block are there already."""
    status = chance.choices([Status.NEW, Status.EXISTING, Status.WAIVED, Status.IGNORED], [30, 60, 7, 3])[0]
    blocks = is_eligible and status is Status.NEW and severity >= Severity.HIGH
    decided = {Status.WAIVED: "waiver", Status.EXISTING: "not-new", Status.IGNORED: "comment"}
    decided_by = rule if blocks else decided.get(status)
    place = {"waiver": ".gate/waivers.yaml", rule: "gate.yaml"}.get(decided_by or "")
    return {"status": status, "blocking": blocks, "decided_by": decided_by, "decided_in": place, "severity": severity}


def _dockerfile(number: int, severity: Severity, chance: random.Random) -> Finding:
    rule, path = f"DL{3000 + chance.randrange(60)}", f"services/service-{chance.randrange(80)}/Dockerfile"
    return Finding(
        stage="dockerfile",
        rule=rule,
        title="Packages are installed without a version",
        message="RUN apt-get install curl takes whatever version is there on the day of the build.",
        fingerprint=fingerprint("dockerfile", rule, path, str(number)),
        location=Location(target="shop", path=path, line=chance.randrange(1, 60)),
        fix=Fix(description="Name the version: curl=7.88.*."),
        **_judged(severity, chance, "serious-configuration", True),  # type: ignore[arg-type]
    )


def _secret(number: int, chance: random.Random) -> Finding:
    path = f"deploy/environment-{chance.randrange(400)}.env"
    return Finding(
        stage="secrets",
        rule="SECRET-AWS",
        title="AWS access key",
        message="An AWS access key (AKIA…) stands here.",
        fingerprint=fingerprint("secrets", "SECRET-AWS", path, str(number)),
        location=Location(target="shop", path=path, line=chance.randrange(1, 40), commit=f"{number:040x}"),
        secret=Secret(type="AWS Access Key", hash=f"{number:064x}", redacted="AKIA…"),
        fix=Fix(description="Revoke the key, then take it out of the history."),
        **_judged(Severity.HIGH, chance, "secrets", True),  # type: ignore[arg-type]
    )


def _vulnerable(number: int, severity: Severity, chance: random.Random) -> Finding:
    is_image = chance.random() < 0.7
    package = _package(is_image, chance)
    rule = f"CVE-{chance.randrange(2017, 2027)}-{chance.randrange(1000, 50000)}"
    use = chance.choice([InUse.YES, InUse.NO, InUse.UNKNOWN]) if is_image else InUse.UNKNOWN
    known = _known(rule, severity, chance)
    stage = "image" if is_image else "dependencies"
    location = Location(
        target=IMAGE if is_image else "shop",
        path=package.path,
        line=package.line,
        layer=f"sha256:{chance.randrange(9) + 1:064x}" if is_image else None,
    )
    flaw = chance.choice(_FLAWS)
    return Finding(
        stage=stage,
        rule=rule,
        title=f"{package.name} {package.version}: {flaw}",
        message=f"{rule} in {package.name} {package.version}: {flaw}. It is fixed in a later release.",
        fingerprint=fingerprint(stage, rule, package.path, package.purl, str(number)),
        location=location,
        help_uri=f"https://osv.dev/vulnerability/{rule}",
        package=package,
        vulnerability=known,
        in_use=use,
        in_use_evidence=("/usr/bin/python3 loads it", "reached from the entrypoint") if use is InUse.YES else (),
        **_judged(severity, chance, "serious-and-fixable", bool(known.fixed_versions)),  # type: ignore[arg-type]
    )


def _package(is_image: bool, chance: random.Random) -> Package:
    name, ecosystem = chance.choice(_NAMES), "Debian:12" if is_image else chance.choice(_ECOSYSTEMS[1:])
    version = f"{chance.randrange(1, 5)}.{chance.randrange(12)}.{chance.randrange(4)}"
    via = () if is_image or chance.random() < 0.4 else ("storefront-ui", "webpack", "terser")[: chance.randrange(1, 4)]
    return Package(
        name=name,
        version=version,
        ecosystem=ecosystem,
        purl=f"pkg:{ecosystem.split(':')[0].lower()}/{name}@{version}",
        direct=None if is_image else not via,
        via=via,
        license=chance.choice(["MIT", "Apache-2.0", "BSD-3-Clause", None]),
        path="var/lib/dpkg/status" if is_image else f"services/service-{chance.randrange(80)}/package-lock.json",
        line=chance.randrange(1, 20_000),
    )


def _known(rule: str, severity: Severity, chance: random.Random) -> Vulnerability:
    score = min(10.0, max(0.1, _SCORES[severity] + chance.uniform(-1, 0.6)))
    year, month = rule[4:8], chance.randrange(1, 11)
    return Vulnerability(
        id=rule,
        aliases=(f"GHSA-{chance.randrange(16**4):04x}-{chance.randrange(16**4):04x}-{chance.randrange(16**4):04x}",),
        cvss=round(score, 1),
        epss=round(10 ** chance.uniform(-4, -0.02 if chance.random() < 0.1 else -1), 5),
        known_exploited=chance.random() < 0.004,
        fixed_versions=("5.0.1",) if chance.random() < 0.6 else (),
        published=f"{year}-{month:02}-{chance.randrange(1, 28):02}T08:00:00Z",
        cwes=("CWE-787",),
    )


def _summary(name: str, findings: tuple[Finding, ...]) -> StageSummary:
    mine = [one for one in findings if one.stage == name]
    return StageSummary(
        name=name,
        status=StageStatus.OK,
        reason=None,
        duration_s=1.7,
        targets=(IMAGE,) if name == "image" else ("shop",),
        counts={level.value: sum(one.severity is level for one in mine) for level in reversed(Severity)},
        facts={"files": 1200},
        started_at=STARTED,
        finished_at=FINISHED,
    )


def _unfinished() -> StageSummary:
    error = StageError(
        title="cannot be parsed", message="Line 3 is no mapping. Mend the file", path="k8s/shop.yaml", target="shop"
    )
    return StageSummary(
        name="kubernetes",
        status=StageStatus.ERROR,
        reason=str(error),
        duration_s=0.1,
        targets=("shop",),
        counts={level.value: 0 for level in Severity},
        facts={},
        errors=(error,),
        started_at=STARTED,
        finished_at=FINISHED,
    )


def _skipped() -> StageSummary:
    return StageSummary(
        name="ci",
        status=StageStatus.SKIPPED,
        reason="there is no CI definition in shop",
        duration_s=0.0,
        targets=(),
        counts={level.value: 0 for level in Severity},
        facts={},
        started_at=STARTED,
        finished_at=FINISHED,
    )


def _verdict(findings: tuple[Finding, ...]) -> Verdict:
    blocking: dict[str, list[str]] = {}
    for one in findings:
        if one.blocking:
            blocking.setdefault(one.decided_by or "", []).append(one.fingerprint)
    reasons = [
        Reason(rule=rule, message=f"{len(marks):,} findings: {rule} says no.", fingerprints=tuple(marks))
        for rule, marks in blocking.items()
    ]
    unfinished = Reason(
        rule="incomplete", message="kubernetes could not finish on shop: k8s/shop.yaml: cannot be parsed"
    )
    notices = ("The waiver of CVE-2024-3094 ends on 2026-12-01.", "The waiver of DL3007 matches nothing any more.")
    return Verdict(status=VerdictStatus.INCOMPLETE, reasons=(unfinished, *reasons), notices=notices)
