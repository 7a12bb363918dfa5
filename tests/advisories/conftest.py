"""Tiny buckets in OSV's layout, and packages to look up in them."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from gate.advisories import Matches, find_vulnerabilities
from gate.model import Package
from gate.pipeline.context import LocalContext
from gate.settings import AdvisorySettings

Advisory = dict[str, Any]


def _zip_of(advisories: Iterable[Advisory]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for advisory in advisories:
            archive.writestr(zipfile.ZipInfo(f"{advisory['id']}.json"), json.dumps(advisory))
    return buffer.getvalue()


@pytest.fixture
def advisory() -> Callable[..., Advisory]:
    """Return a function that makes an advisory: `advisory("GHSA-1", "npm", "lodash", "0", "4.17.21", cvss="…")`."""

    def make(
        id: str, ecosystem: str, name: str, introduced: str = "0", fixed: str | None = None, **more: Any
    ) -> Advisory:
        events = [{"introduced": introduced}, *([{"fixed": fixed}] if fixed else [])]
        kind = "SEMVER" if ecosystem in ("npm", "Go", "crates.io") else "ECOSYSTEM"
        cvss = more.pop("cvss", None)
        affected = {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": kind, "events": events}]}
        severity = {"severity": [{"type": f"CVSS_V{cvss[5]}", "score": cvss}]} if cvss else {}
        return {"id": id, "modified": "2026-01-02T00:00:00Z", "affected": [affected], **severity, **more}

    return make


@pytest.fixture
def make_bucket(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a bucket: ecosystems to advisories, and optionally `exploited` and `scores`."""

    def make(
        ecosystems: dict[str, list[Advisory]],
        exploited: list[str] | None = None,
        scores: dict[str, float] | None = None,
    ) -> Path:
        bucket = tmp_path / "bucket"
        for ecosystem, advisories in ecosystems.items():
            (bucket / ecosystem).mkdir(parents=True, exist_ok=True)
            (bucket / ecosystem / "all.zip").write_bytes(_zip_of(advisories))
        if exploited is not None:
            catalogue = {"catalogVersion": "2026.01.01", "vulnerabilities": [{"cveID": cve} for cve in exploited]}
            (bucket / "known_exploited_vulnerabilities.json").write_text(json.dumps(catalogue))
        if scores is not None:
            rows = "".join(f"{cve},{score},0.5\n" for cve, score in scores.items())
            head = "#model_version:v1,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\n"
            (bucket / "epss_scores-current.csv.gz").write_bytes(gzip.compress((head + rows).encode(), mtime=0))
        return bucket

    return make


@pytest.fixture
def package() -> Callable[..., Package]:
    """Return a function that makes a package: `package("npm", "lodash", "4.17.15", path="package-lock.json")`."""

    def make(ecosystem: str, name: str, version: str, **more: Any) -> Package:
        return Package(ecosystem=ecosystem, name=name, version=version, purl=f"pkg:generic/{name}@{version}", **more)

    return make


@pytest.fixture
def match(make_context: Callable[..., LocalContext]) -> Callable[..., Matches]:
    """Return a function that looks packages up in a bucket."""

    def find(bucket: Path | str, *packages: Package, **settings: Any) -> Matches:
        context = make_context(advisories=AdvisorySettings(source=str(bucket)), **settings)
        return find_vulnerabilities(packages, stage="dependencies", target="tree", context=context)

    return find
