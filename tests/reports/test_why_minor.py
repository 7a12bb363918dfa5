"""Why findings count for little, as the terminal says beside them."""

from gate.model import Confidence, Finding, Location, Severity, Worth
from gate.reports.wording import why_minor


def found(confidence: Confidence = Confidence.HIGH, worth: Worth = Worth.MEDIUM, *evidence: str) -> Finding:
    return Finding(
        stage="secrets",
        rule="SECRET-KEYWORD",
        severity=Severity.HIGH,
        title="…",
        message="…",
        fingerprint="0" * 32,
        location=Location(target="."),
        confidence=confidence,
        worth=worth,
        worth_evidence=evidence,
    )


def test_what_all_findings_have_in_common_is_said() -> None:
    doubtful = found(Confidence.LOW)
    in_a_test = found(Confidence.HIGH, Worth.LOW, "it is in a test", "and more")
    assert why_minor([doubtful, doubtful]) == ["low confidence"]
    assert why_minor([in_a_test]) == ["it is in a test"]
    assert why_minor([found(Confidence.LOW, Worth.LOW, "it is in a test")]) == [
        "low confidence",
        "it is in a test",
    ]


def test_where_findings_differ_nothing_is_said_of_all() -> None:
    in_a_test = found(Confidence.HIGH, Worth.LOW, "it is in a test")
    assert why_minor([found(Confidence.LOW), found()]) == []
    assert why_minor([in_a_test, found(Confidence.HIGH, Worth.LOW, "every copy of the app has it")]) == []


def test_evidence_of_what_is_worth_stopping_for_is_no_excuse() -> None:
    assert why_minor([found(Confidence.HIGH, Worth.HIGH, "its path names production")]) == []


def test_a_line_end_in_the_evidence_ends_no_line() -> None:
    assert "\n" not in "".join(why_minor([found(Confidence.HIGH, Worth.LOW, "a\nb")]))
