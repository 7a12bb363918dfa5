"""The digest that a report states of its content: what it notices, and what may differ."""

import io
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.model import Finding, Report, Verdict, VerdictStatus
from gate.reports import load_format
from gate.reports.reading import parse_report
from gate.reports.sealing import is_sealed

PASSED = Verdict(status=VerdictStatus.PASS)


def written(report: Report) -> bytes:
    stream = io.StringIO()
    load_format("json").write(report, stream)
    return stream.getvalue().encode("utf-8", "backslashreplace")


@pytest.fixture
def clean(make_report: Callable[..., Report]) -> Report:
    return msgspec.structs.replace(make_report([], {"secrets": {"targets": ("shop",)}}), verdict=PASSED)


def test_what_is_written_is_sealed_however_it_is_indented(everyday: Report, hostile_report: Report) -> None:
    for report in (everyday, hostile_report):
        content = written(report)
        assert is_sealed(content)
        assert is_sealed(msgspec.json.format(content, indent=-1))
        assert is_sealed(msgspec.json.format(content, indent=7))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_value_anywhere_but_in_the_times_is_noticed(everyday: Report, data: st.DataObject) -> None:
    document = json.loads(written(everyday))
    place, key = _any_place(document, data)
    place[key] = ["another"] if place[key] != ["another"] else []
    assert not is_sealed(json.dumps(document).encode())


def _any_place(part: Any, data: st.DataObject) -> tuple[Any, Any]:
    """Return a member or item somewhere in a document."""
    keys = [key for key in part if key not in ("duration_s", "started_at", "finished_at", "sha256")]
    key = data.draw(st.sampled_from(keys if isinstance(part, dict) else range(len(part))))
    inner = part[key]
    if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
        return _any_place(inner, data)
    return part, key


def test_times_may_differ(everyday: Report) -> None:
    document = json.loads(written(everyday))
    document["stages"][0] |= {"duration_s": 99.5, "started_at": "2026-01-01T00:00:00+00:00"}
    assert is_sealed(json.dumps(document, ensure_ascii=False).encode())


def test_a_text_that_looks_like_a_time_is_no_time(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    document = json.loads(written(make_report([], {"secrets": {"reason": '"duration_s":1'}})))
    document["stages"][0]["reason"] = '"duration_s":2'
    assert not is_sealed(json.dumps(document).encode())


@pytest.mark.parametrize("sha256", [None, "", "0" * 64, 7, "A" * 64])
def test_another_digest_is_none(clean: Report, sha256: object) -> None:
    document = json.loads(written(clean)) | {"sha256": sha256}
    assert not is_sealed(json.dumps(document).encode())


def test_a_report_that_was_changed_to_pass_is_refused_by_every_reader(clean: Report) -> None:
    document = json.loads(written(clean)) | {"packages": 7}
    with pytest.raises(UnreadableError, match="its content is not what its digest"):
        parse_report(json.dumps(document).encode(), "r.json")


def test_a_report_that_says_fail_may_be_changed_and_looked_at_but_not_acted_upon(everyday: Report) -> None:
    content = json.dumps(json.loads(written(everyday)) | {"packages": 7}).encode()
    assert parse_report(content, "r.json").packages == 7
    with pytest.raises(UnreadableError, match="its content is not what its digest"):
        parse_report(content, "r.json", is_acted_upon=True)


def test_a_report_without_a_digest_may_be_looked_at_but_not_acted_upon(clean: Report) -> None:
    document = json.loads(written(clean))
    del document["sha256"]
    content = json.dumps(document).encode()
    assert parse_report(content, "r.json").verdict == PASSED
    with pytest.raises(UnreadableError, match="states no digest of its content"):
        parse_report(content, "r.json", is_acted_upon=True)
