"""What stages say never quotes a secret."""

from pathlib import Path

import msgspec
import pytest

from gate.model import Edit, Finding, Fix, Location, Severity, StageError, StageResult
from gate.pipeline.masking import without_quoted_secrets
from gate.secrets.kinds import TOKENS
from gate.secrets.kinds.token import Token
from gate.secrets.results import masking
from tests.secrets.test_kinds import positive

AWS = "AKIA" + "Q3EGV7RZ2MXW5T4N"


def said(text: str, *, stage: str = "tools") -> StageResult:
    """Return a result that says `text` wherever a stage has words of its own."""
    edit = Edit(path="f", start=(1, 1), end=(1, 1), text=text)
    finding = Finding(
        stage=stage,
        rule="r",
        severity=Severity.HIGH,
        title=text,
        message=text,
        fingerprint="f",
        location=Location(target="t", path="f", line=1),
        fix=Fix(description=text, edits=(edit,)),
    )
    return StageResult(stage=stage, target="t", findings=(finding,), errors=(StageError(title=text, message=text),))


def test_findings_and_errors_are_told_without_the_secret_that_they_quote() -> None:
    (result,) = without_quoted_secrets([said(f"found {AWS} here")])
    assert AWS not in repr(result)
    (finding,), (error,) = result.findings, result.errors
    assert finding.title == finding.message == error.title == error.message == "found AKIA… here"
    assert finding.fix == Fix(description="found AKIA… here"), "an edit that is not whole is none"


@pytest.mark.parametrize("text", ["a plain word", "sha256:" + "0a" * 32, "the image Password9Password9 has no user"])
def test_all_else_stays_as_it_was(text: str) -> None:
    assert without_quoted_secrets([said(text)]) == [said(text)]


SHAPES = {
    *("SECRET-AWS-MWS", "SECRET-FLUTTERWAVE", "SECRET-LAUNCHDARKLY", "SECRET-MAILGUN", "SECRET-ONEPASSWORD-SECRET"),
    *("SECRET-OPENROUTER", "SECRET-POSTMAN", "SECRET-PULUMI", "SECRET-SLACK-APP", "SECRET-INFISICAL"),
}
"""Kinds whose tokens look each another way: digests behind a prefix, UUIDs, groups of letters."""
FORMATS = [one for one in TOKENS if one.rule in SHAPES]


@pytest.mark.parametrize("token", FORMATS, ids=lambda token: token.rule)
def test_no_format_of_its_own_is_overlooked(token: Token) -> None:
    assert len(FORMATS) >= len(SHAPES)
    line = positive(token)
    assert without_quoted_secrets([said(line)]) != [said(line)]


def test_texts_that_quoted_none_are_not_searched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = [said("usr/bin/x86_64-linux-gnu-gcc-14")]
    assert without_quoted_secrets(clean, cache_folder=tmp_path) == clean
    monkeypatch.setattr(masking, "masked_texts", lambda *_: pytest.fail("were searched again"))
    assert without_quoted_secrets(clean, cache_folder=tmp_path) == clean


def test_texts_that_quoted_one_are_and_others_too(tmp_path: Path) -> None:
    for text in ("usr/bin/x86_64-linux-gnu-gcc-14", f"found {AWS}", f"found {AWS}"):
        (result,) = without_quoted_secrets([said(text)], cache_folder=tmp_path)
        assert AWS not in repr(result)
    assert AWS.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["findings", "silenced"])
def test_what_the_secrets_stage_says_is_its_own_to_mask(kind: str) -> None:
    """Also where another stage says the very same and is masked."""
    text = f"found {AWS} here"
    own, other = (msgspec.structs.replace(said(text, stage=stage), errors=()) for stage in ("secrets", "tools"))
    own, other = (msgspec.structs.replace(one, **{"findings": (), kind: one.findings}) for one in (own, other))
    kept, masked = without_quoted_secrets([own, other])
    assert kept == own
    assert AWS not in repr(masked)


def test_a_path_is_masked_in_each_place_that_a_finding_has() -> None:
    (finding,) = said("plain").findings
    further = Location(target="t", path=f"keys/{AWS}.txt", line=1)
    result = StageResult(stage="tools", target="t", findings=(msgspec.structs.replace(finding, places=(further,)),))
    (shown,) = without_quoted_secrets([result])
    assert AWS not in repr(shown)
    assert shown.findings[0].location == finding.location
