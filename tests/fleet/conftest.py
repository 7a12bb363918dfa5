"""Reports of made-up targets, and a store to put them into."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gate.fleet.reading import add_report
from gate.fleet.store import FleetStore, make_store
from gate.model import (
    Evidence,
    Finding,
    Input,
    InUse,
    Inventory,
    Location,
    Package,
    PackageUse,
    PolicyUsed,
    Report,
    Secret,
    Severity,
    StageSummary,
    Tool,
    Verdict,
    VerdictStatus,
    Vulnerability,
)
from gate.model.result import StageStatus
from tests.advisories.conftest import advisory, make_bucket  # noqa: F401  (fixtures)

LOG4J = "pkg:maven/org.apache.logging.log4j/log4j-core"
BASE_LAYER = f"sha256:{'b' * 64}"
NO_COUNTS = dict.fromkeys(("critical", "high", "medium", "low", "info"), 0)


def maven(version: str, name: str = "org.apache.logging.log4j:log4j-core", path: str = "app/pom.xml") -> Package:
    purl = f"pkg:maven/{name.replace(':', '/')}@{version}"
    return Package(name=name, version=version, ecosystem="Maven", purl=purl, path=path)


def report_on(
    target: str,
    packages: Sequence[Package] = (),
    *,
    digest: str = "",
    layers: Sequence[str] = (),
    uses: Sequence[PackageUse] = (),
    findings: Sequence[Finding] = (),
    status: VerdictStatus = VerdictStatus.PASS,
    read_at: str = "2026-11-28T10:00:00+00:00",
    is_complete: bool = True,
    repository: str = "",
    created: str = "",
    indexes: tuple[str, ...] = (),
    evidence: Evidence | None = None,
) -> Report:
    """Return a report on one image (with `digest`) or repository."""
    kind, name = ("image", "sha256") if digest else ("tree", "gitCommit")
    inventory = Inventory(
        target=target,
        kind=kind,
        packages=tuple(packages),
        uses=tuple(uses),
        layers=tuple(layers),
        is_complete=is_complete,
        read_at=read_at,
    )
    stage = StageSummary(
        name="image" if digest else "dependencies",
        status=StageStatus.OK,
        reason=None,
        duration_s=0,
        targets=(target,),
        counts=NO_COUNTS,
        facts={},
        started_at=read_at,
        finished_at=read_at,
    )
    return Report(
        tool=Tool(name="gate", version="1"),
        verdict=Verdict(status=status),
        stages=(stage,),
        findings=tuple(findings),
        packages=len(packages),
        evidence=evidence,
        policies=(PolicyUsed(source="policy.yaml", sha256="e" * 64),),
        inputs=(
            Input(
                target=target,
                digests={name: digest or "1" * 40},
                repository=repository,
                created=created,
                indexes=indexes,
            ),
        ),
        inventories=(inventory,),
    )


def used(evidence: str) -> PackageUse:
    return PackageUse(InUse.YES, (evidence,))


def secret_in(target: str, path: str) -> Finding:
    return Finding(
        stage="secrets",
        rule="AWS-ACCESS-KEY",
        severity=Severity.HIGH,
        title="AWS access key",
        message="An AWS access key is in a file.",
        fingerprint="0" * 32,
        location=Location(target=target, path=path, line=3),
        secret=Secret(type="AWS Access Key", hash="h", redacted="AKIA…"),
        blocking=True,
    )


def vulnerable(target: str, package: Package, id: str, *aliases: str, blocking: bool = True) -> Finding:
    return Finding(
        stage="image",
        rule=id,
        severity=Severity.CRITICAL,
        title=id,
        message=id,
        fingerprint=f"{abs(hash((id, package.purl))):032x}"[:32],
        location=Location(target=target, path=package.path),
        package=package,
        vulnerability=Vulnerability(id=id, aliases=aliases),
        blocking=blocking,
    )


@pytest.fixture
def store(tmp_path: Path, own_cache: Path) -> FleetStore:
    return make_store(str(tmp_path / "store"))


@pytest.fixture
def add(store: FleetStore) -> Callable[..., None]:
    """Return a function that makes a report and adds it to the store."""

    def added(target: str, packages: Sequence[Package] = (), owners: tuple[str, ...] = (), **parts: object) -> None:
        add_report(store, report_on(target, packages, **parts), owners=owners)  # type: ignore[arg-type]

    return added
