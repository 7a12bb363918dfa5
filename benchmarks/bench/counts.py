"""What a program's report has, in a few words: so that a fast answer is not an empty one."""

import json
from collections import Counter
from pathlib import Path
from typing import Any


def of_gate(report: Path) -> str:
    """Return the findings by stage, and how many of all block."""
    read = _json(report)
    stages = Counter(finding["stage"] for finding in read["findings"])
    blocking = sum(finding["blocking"] for finding in read["findings"])
    return _words({**stages, "blocking": blocking})


def of_gate_sbom(report: Path) -> str:
    return _words({"packages": len(_json(report).get("components", ()))})


def of_list(report: Path) -> str:
    """Return how many findings a JSON list has (hadolint, gitleaks)."""
    return _words({"findings": len(_json(report) or ())})


def of_findings(report: Path) -> str:
    """Return how many findings a JSON object lists (kingfisher, betterleaks)."""
    return _words({"findings": len(_json(report).get("findings", ()))})


def of_detect_secrets(report: Path) -> str:
    return _words({"findings": sum(map(len, _json(report)["results"].values()))})


def of_trivy(report: Path) -> str:
    results = _json(report).get("Results") or ()
    counts = {
        name: sum(len(result.get(key) or ()) for result in results)
        for name, key in (("packages", "Packages"), ("secrets", "Secrets"), ("misconfigurations", "Misconfigurations"))
    }
    return _words(counts)


def of_trivy_sbom(report: Path) -> str:
    return _words({"packages": sum(one["type"] == "library" for one in _json(report).get("components") or ())})


def of_syft(report: Path) -> str:
    return _words({"packages": len(_json(report)["artifacts"])})


def of_checkov(report: Path) -> str:
    read = _json(report)
    return _words(
        {"findings": sum(len(one["results"]["failed_checks"]) for one in (read if isinstance(read, list) else [read]))}
    )


def _json(report: Path) -> Any:
    """Return the first value of a report; kingfisher writes a summary behind it."""
    return json.JSONDecoder().raw_decode(report.read_text().lstrip() or "null")[0]


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count or len(counts) == 1)
