"""Advisories in a folder laid out as OSV's bucket: `{npm: [{package: minimist, fixed: 1.2.6}]}`."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, list[dict[str, str]]]) -> Iterator[dict[str, str]]:
    """Write the advisories, each high and with a fix, and let the gate use them."""
    for ecosystem, advisories in value.items():
        folder = scene.outside / "osv" / ecosystem
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / "all.zip", "w") as archive:
            for number, one in enumerate(advisories):
                document = _document(ecosystem, f"GHSA-test-{ecosystem.lower()}-{number}", one)
                archive.writestr(f"{document['id']}.json", json.dumps(document))
    scene.environment["GATE_ADVISORIES"] = str(scene.outside / "osv")
    yield {}


def _document(ecosystem: str, id: str, said: dict[str, str]) -> dict[str, Any]:
    events = [{"introduced": said.get("introduced", "0")}, {"fixed": said["fixed"]}]
    package = {"ecosystem": ecosystem, "name": said["package"]}
    return {
        "id": said.get("id", id),
        "modified": "2026-01-01T00:00:00Z",
        "published": "2025-01-01T00:00:00Z",
        "summary": f"a hole in {said['package']}",
        "severity": [{"type": "CVSS_V3", "score": said.get("cvss", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")}],
        "affected": [
            {
                "package": package,
                "ranges": [{"type": "SEMVER" if ecosystem == "npm" else "ECOSYSTEM", "events": events}],
            }
        ],
    }
