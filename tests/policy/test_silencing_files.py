"""Of what a stage finds by the files of a change and by those of its base the strictest is heard."""

from typing import Any

import pytest

from gate.model import Finding, Loosened, Severity, StageError, StageResult
from gate.policy.silencing_files import join_strictest
from tests.policy.test_decide import finding

BAD = finding()
MILD = finding(severity=Severity.LOW)
CLEARED = finding(vex="not affected")


def result(*findings: Finding, **parts: Any) -> StageResult:
    return StageResult(stage="dockerfile", target="shop", findings=findings, **parts)


@pytest.mark.parametrize(
    ("own", "base", "wanted", "passes"),
    [
        ((BAD,), (BAD,), (BAD,), 0),
        ((), (BAD,), (BAD,), 1),
        ((BAD,), (), (BAD,), 0),
        ((MILD,), (BAD,), (BAD,), 1),
        ((BAD,), (MILD,), (BAD,), 0),
        ((CLEARED,), (BAD,), (BAD,), 1),
        ((BAD,), (CLEARED,), (BAD,), 0),
        ((CLEARED,), (CLEARED,), (CLEARED,), 0),
        ((BAD,), (BAD, BAD), (BAD, BAD), 1),
    ],
)
def test_what_any_of_them_finds_counts(own: Any, base: Any, wanted: Any, passes: int) -> None:
    joined = join_strictest(result(*own), [result(*base)], ".hadolint.yaml")
    assert joined.findings == wanted
    assert [len(one.passes or ()) for one in joined.loosened] == ([1] if passes else [])


@pytest.mark.parametrize(("own", "base", "wanted"), [(("f1",), ("f1",), ("f1",)), (("f1",), (), ()), ((), ("f1",), ())])
def test_a_finding_is_known_if_all_list_it(own: Any, base: Any, wanted: Any) -> None:
    joined = join_strictest(result(BAD, existing=own), [result(BAD, existing=base)], ".secrets.baseline")
    assert joined.existing == wanted
    assert bool(joined.loosened) is (own != wanted)


def test_what_cannot_be_done_by_any_of_them_is_an_error() -> None:
    error = StageError(title="took too long", message="")
    assert join_strictest(result(), [result(errors=(error,))], "f").errors == (error,)


@pytest.mark.parametrize(
    ("base", "skipped"),
    [
        (result(skipped="there is none"), "all is ignored"),
        (result(BAD), None),
        (result(errors=(StageError(title="took too long", message=""),)), None),
    ],
)
def test_a_stage_is_skipped_only_if_no_side_found_or_failed_at_something(
    base: StageResult, skipped: str | None
) -> None:
    assert join_strictest(result(skipped="all is ignored"), [base], "f").skipped == skipped


def test_what_the_stage_says_of_its_files_gets_what_would_pass() -> None:
    said = Loosened(rule="GATE-HADOLINT", target="shop", path=".hadolint.yaml", what="it switches off DL3007")
    (told,) = join_strictest(result(loosened=(said,)), [result(BAD)], "f").loosened
    assert (told.what, told.passes) == (said.what, (BAD.fingerprint,))


def test_what_a_base_finds_by_its_files_is_not_silenced_as_well() -> None:
    quiet = finding(comment="hadolint ignore=DL3007")
    joined = join_strictest(result(silenced=(quiet,)), [result(BAD)], "f")
    assert (joined.findings, joined.silenced) == ((BAD,), ())
