"""`sarif`: SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for GitHub's code scanning and others.

Each stage is a run with its own category. If there are more results than GitHub accepts, the least urgent are left out,
and a notification counts them (docs.github.com, "SARIF support for code scanning", "Uploading a SARIF file").
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TextIO

from gate.core.json_text import json_utf8, write_utf8
from gate.core.text import visible
from gate.model import Finding, Report
from gate.reports.from_root import from_root
from gate.reports.order import stage_names, worst_first
from gate.reports.sarif.results import result
from gate.reports.sarif.rules import rules_of
from gate.reports.sarif.work import invocation, left_out

MOST_RUNS = 20
"""Runs of a file that GitHub accepts."""
MOST_RESULTS = 25_000
"""Results of a run that GitHub accepts; it shows the first 5,000."""
MOST_BYTES = 10_000_000
"""Bytes of the whole file, compressed with gzip, that GitHub accepts."""


class _Share(NamedTuple):
    """The stages of one run, and their findings, worst first."""

    category: str
    stages: tuple[str, ...]
    findings: Sequence[Finding]


def write(report: Report, stream: TextIO) -> None:
    """Write a log with one run a stage, small enough for GitHub."""
    report = from_root(report)
    shares, most = _shares(report), MOST_RESULTS
    log = _log(report, shares, most)
    while most > 1 and _is_too_large(log):
        most //= 2
        log = _log(report, shares, most)
    write_utf8(log, stream)


def _shares(report: Report) -> list[_Share]:
    """Return the shares of the runs: one stage each; if there are too many, the last run has all the rest."""
    names = stage_names(report) or ["gate"]
    groups: list[tuple[str, ...]] = [(name,) for name in names]
    if len(groups) > MOST_RUNS:
        groups = [*groups[: MOST_RUNS - 1], tuple(names[MOST_RUNS - 1 :])]
    ordered: dict[str, list[Finding]] = {}
    for finding in worst_first(report.findings):
        ordered.setdefault(finding.stage, []).append(finding)
    return [_share(group, ordered) for group in groups]


def _share(stages: tuple[str, ...], by_stage: Mapping[str, list[Finding]]) -> _Share:
    findings = [one for name in stages for one in by_stage.get(name, ())]
    if len(stages) == 1:
        return _Share(f"gate/{visible(stages[0])}/", stages, findings)
    return _Share("gate/other-stages/", stages, worst_first(findings))


def _log(report: Report, shares: Sequence[_Share], most: int) -> bytes | bytearray:
    runs = [_run(report, share, most) for share in shares]
    return json_utf8({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs})


def _run(report: Report, share: _Share, most: int) -> dict[str, Any]:
    kept = share.findings[:most]
    rules = rules_of(kept, report)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    summaries = [stage for stage in report.stages if stage.name in share.stages]
    return {
        "tool": {"driver": {"name": report.tool.name, "semanticVersion": report.tool.version, "rules": rules}},
        "automationDetails": {"id": share.category},
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the target."}}},
        "invocations": [invocation(summaries, report.verdict, list(_remarks(share, most)))],
        "columnKind": "unicodeCodePoints",
        "results": [result(one, numbers[visible(one.rule)]) for one in kept],
    }


def _remarks(share: _Share, most: int) -> Iterator[dict[str, Any]]:
    if len(share.findings) > most:
        yield left_out(len(share.findings), most)


def _is_too_large(log: bytes | bytearray) -> bool:
    # Fast compression is enough for nearly all files; only if that is too large, compress as well as an upload does.
    return len(log) > MOST_BYTES and all(len(zlib.compress(log, level)) > MOST_BYTES for level in (1, 6))
