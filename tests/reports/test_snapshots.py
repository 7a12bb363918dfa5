"""Each format as its readers get it, of one report that has everything and hostile names within.

`make snapshots` writes the files anew; what changed in them is for a person to read.
"""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from gate.model import (
    Changes,
    Doubt,
    Excerpt,
    Finding,
    ImageLayer,
    Input,
    InUse,
    Location,
    Missed,
    PackageChanges,
    Report,
    Severity,
    Status,
    UseGroup,
    UseOfPackages,
    WaiverUsed,
)
from gate.reports import FORMATS, load_format
from gate.reports.terminal import print_report

FOLDER = Path(__file__).with_name("snapshots")
_DIGEST = re.compile(r"\b(?:[0-9a-f]{12}|[0-9a-f]{32,64})\b")
"""Fingerprints and hashes; without them the files look to nobody as if they held secrets."""
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_OWN_PARTS = re.compile(r"(<style>|<script>)(?=\(|/\*|[^<]).*?(</style>|</script>)|sha256-[A-Za-z0-9+/=]+", re.DOTALL)
"""The page's style and script, and their hashes: they are files of their own."""


@pytest.fixture
def everything(everyday: Report, hostile: str, make_finding: Callable[..., Finding]) -> Report:
    where = Location(target="storefront", path=f"a {hostile}/Dockerfile", line=10, column=5, end_line=10, end_column=9)
    marked = make_finding(
        "dockerfile",
        "DL3004",
        Severity.HIGH,
        title=hostile,
        message=f"sudo {hostile}",
        location=where,
        places=(Location(target="storefront", path="b", line=2),),
        excerpt=Excerpt(first_line=9, lines=("FROM scratch", "RUN sudo true", f"# {hostile}")),
        blocking=True,
        decided_by="serious",
        help_uri="https://example.com/a b",
    )
    waived = make_finding("dockerfile", "DL3007", Severity.LOW, status=Status.WAIVED, decided_by="waiver")
    waivers = (WaiverUsed(what="DL3007 in **", owner=hostile, until="2026-12-01", findings=1),)
    changes = PackageChanges(added=Changes(2, ("bash 5.2", hostile)), changed=Changes(1, ("curl 7.0 → 7.1",)))
    layers = (ImageLayer(diff_id="sha256:1", created_by=hostile, size=2048, files=3, hidden=1, packages=changes),)
    groups = (
        UseGroup(in_use=InUse.YES, packages=("bash 5.2", hostile)),
        UseGroup(in_use=InUse.UNKNOWN, doubt=Doubt.GAP, reason=f"start.sh:3 {hostile}", packages=("curl 7.1",)),
    )
    missed = Missed(package=hostile, ecosystem="npm", path=hostile, how="opened under test", said=InUse.NO)
    in_use = UseOfPackages(groups=groups, missed=(missed,))
    image = Input(target="archive:storefront.tar", digests={"imageId": "ab" * 32}, layers=layers, in_use=in_use)
    return msgspec.structs.replace(
        everyday,
        inputs=(image,),
        findings=(*everyday.findings, marked, waived),
        verdict=msgspec.structs.replace(everyday.verdict, waivers=waivers, notices=(f"To know: {hostile}",)),
    )


def written(format: str, report: Report) -> str:
    stream = io.StringIO()
    if format == "terminal":
        print_report(report, stream, width=100, is_verbose=True)
    else:
        load_format(format).write(report, stream)
    text = _OWN_PARTS.sub("…", stream.getvalue()) if format == "html" else stream.getvalue()
    return _UUID.sub("UUID", _DIGEST.sub("DIGEST", text))


@pytest.mark.parametrize("format", ["terminal", *FORMATS])
def test_the_text_is_as_it_was(format: str, everything: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    file = FOLDER / f"{format}.txt"
    text = written(format, everything).encode("utf-8", "backslashreplace")
    if os.environ.get("GATE_WRITE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text)
    assert text == file.read_bytes()
