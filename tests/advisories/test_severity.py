"""How severe a vulnerability is."""

from typing import Any

import msgspec
import pytest

from gate.advisories.osv import Document, short_forms
from gate.advisories.severity import Rating, rate, severity_of
from gate.model import Severity

V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"


def rated(*severities: tuple[str, str], id: str = "X-1", top: dict[str, Any] | None = None, **entry: Any) -> Rating:
    affected = {"package": {"ecosystem": "npm", "name": "p"}, **entry}
    fields = {"severity": [{"type": kind, "score": score} for kind, score in severities]}
    document = msgspec.convert({"id": id, "affected": [affected], **fields, **(top or {})}, Document)
    return rate(short for _, _, short in short_forms(document, "npm"))


@pytest.mark.parametrize(
    ("severities", "score", "severity"),
    [
        ([("CVSS_V3", V3)], 9.8, Severity.CRITICAL),
        ([("CVSS_V4", V4)], 9.3, Severity.CRITICAL),
        ([("CVSS_V2", V2)], 7.5, Severity.HIGH),
        ([("CVSS_V4", V4), ("CVSS_V3", V3)], 9.8, Severity.CRITICAL),
        ([("CVSS_V3", "CVSS:3.1/nonsense"), ("CVSS_V2", V2)], 7.5, Severity.HIGH),
        ([("CVSS_V3", "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N")], 0.0, Severity.INFO),
    ],
)
def test_the_vector_decides(severities: list[tuple[str, str]], score: float, severity: Severity) -> None:
    rating = rated(*severities)
    assert (rating.severity, rating.cvss) == (severity, score)


@pytest.mark.parametrize(
    ("entry", "severity"),
    [
        ({"database_specific": {"severity": "MODERATE"}}, Severity.MEDIUM),
        ({"ecosystem_specific": {"severity": "critical"}}, Severity.CRITICAL),
        ({"ecosystem_specific": {"urgency": "unimportant"}}, Severity.INFO),
        ({"severity": [{"type": "Ubuntu", "score": "negligible"}]}, Severity.INFO),
        ({"database_specific": {"informational": "unmaintained"}}, Severity.INFO),
        ({"database_specific": {"informational": "unsound"}}, Severity.LOW),
    ],
)
def test_else_the_words_of_the_database(entry: dict[str, Any], severity: Severity) -> None:
    assert rated(**entry) == Rating(severity=severity)


@pytest.mark.parametrize(
    "entry", [{}, {"database_specific": {"severity": 7}}, {"database_specific": {"severity": "?"}}]
)
def test_else_it_is_unknown_and_medium(entry: dict[str, Any]) -> None:
    assert rated(**entry) == Rating(severity=Severity.MEDIUM, is_known=False)


@pytest.mark.parametrize(
    ("id", "entry"),
    [("MAL-2026-1", {}), ("RUSTSEC-2026-1", {"database_specific": {"categories": ["malicious"]}})],
)
def test_malicious_packages_are_critical(id: str, entry: dict[str, Any]) -> None:
    assert rated(id=id, **entry).severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("score", "severity"),
    [(10.0, "critical"), (9.0, "critical"), (8.9, "high"), (7.0, "high"), (6.9, "medium"), (3.9, "low"), (0.0, "info")],
)
def test_ratings_are_those_of_the_specification(score: float, severity: str) -> None:
    assert severity_of(score) is Severity(severity)
