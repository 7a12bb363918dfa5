import csv
import errno
import io
import json
import os
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gate.reports
from gate.core.errors import GateError, UsageError
from gate.model import Finding, Location, Report, Severity, Status
from gate.reports import FORMATS, load_format, write_report

_CONTENTS = re.compile(r'<script type="application/json" id="contents">(.*?)</script>', re.DOTALL)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_the_everyday_and_the_hostile_report_as_utf8(
    name: str, tmp_path: Path, everyday: Report, hostile_report: Report
) -> None:
    for report in (everyday, hostile_report):
        write_report(name, report, str(tmp_path / "out"))
        text = (tmp_path / "out").read_bytes().decode("utf-8")
        assert len(text) > 100
        assert not any(one in text for one in "\x1b\x9b\u202e\x00")


@pytest.mark.parametrize("name", FORMATS)
@given(text=st.text(st.characters(exclude_categories=()), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_format_survives_any_text(name: str, text: str, make_report: Any, make_finding: Any) -> None:
    location = Location(target=text, path=text, line=1)
    findings = [
        make_finding("secrets", text, Severity.HIGH, title=text, message=text, location=location, blocking=blocking)
        for blocking in (True, False)
    ]
    stream = io.StringIO()
    load_format(name).write(make_report(findings, {"secrets": {"targets": (text,)}}), stream)
    stream.getvalue().encode("utf-8")
    read = {"json": json.loads, "sarif": json.loads, "gitlab-code-quality": json.loads, "junit": ElementTree.fromstring}
    read.get(name, str)(stream.getvalue())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_byte_for_byte_the_same_whatever_the_order_of_findings(
    name: str, tmp_path: Path, everyday: Report
) -> None:
    backwards = msgspec.structs.replace(everyday, findings=everyday.findings[::-1])
    write_report(name, everyday, str(tmp_path / "one"))
    write_report(name, backwards, str(tmp_path / "two"))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_dash_is_standard_output(everyday: Report, capfd: pytest.CaptureFixture[str]) -> None:
    write_report("json", everyday, "-")
    assert json.loads(capfd.readouterr().out)["packages"] == 124


@pytest.mark.parametrize(
    ("wrong", "right"), [("jsn", "json"), ("junti", "junit"), ("gitlab-codequality", "gitlab-code-quality")]
)
def test_an_unknown_format_is_a_usage_error_with_the_nearest_name(wrong: str, right: str) -> None:
    with pytest.raises(UsageError, match=f"Did you mean {right}"):
        load_format(wrong)


def test_a_format_like_none_lists_them_all() -> None:
    with pytest.raises(UsageError, match=r"The formats are json, junit"):
        load_format("zzz")


def test_a_missing_folder_is_an_error_that_names_the_report(everyday: Report, tmp_path: Path) -> None:
    path = str(tmp_path / "none" / "report.json")
    with pytest.raises(GateError, match="the json report cannot be written") as caught:
        write_report("json", everyday, path)
    assert caught.value.path == path
    assert caught.value.exit_status == 3


@pytest.mark.parametrize("path", ["/dev/full", "a\0b", ""])
def test_what_takes_no_report_is_an_error(path: str, everyday: Report) -> None:
    with pytest.raises(GateError, match="cannot be written"):
        write_report("json", everyday, path)


def test_a_link_to_itself_is_replaced(everyday: Report, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    write_report("json", everyday, str(tmp_path / "loop"))
    assert json.loads((tmp_path / "loop").read_text())["packages"] == 124


def test_a_folder_in_the_place_of_the_report_is_an_error(everyday: Report, tmp_path: Path) -> None:
    with pytest.raises(GateError, match="cannot be written"):
        write_report("json", everyday, str(tmp_path))


def test_an_interrupted_write_leaves_the_old_report_and_nothing_beside_it(
    everyday: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.json"
    report.write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(GateError, match="No space left"):
        write_report("json", everyday, str(report))
    assert [one.name for one in tmp_path.iterdir()] == ["report.json"]
    assert report.read_text() == "old"


def test_a_format_that_fails_leaves_no_file(everyday: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def write(self, report: Report, stream: TextIO) -> None:
            stream.write("half")
            raise RuntimeError("bug")

    monkeypatch.setattr(gate.reports, "load_format", lambda name: Broken())
    with pytest.raises(RuntimeError, match="bug"):
        write_report("json", everyday, str(tmp_path / "report.json"))
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_written_to_and_not_replaced(everyday: Report, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_report("markdown", everyday, str(pipe))
        assert os.read(reader, 20)
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_link_is_followed_and_stays_a_link(everyday: Report, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("")
    (tmp_path / "link").symlink_to("real")
    write_report("json", everyday, str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "real").read_text())["packages"] == 124


def test_the_mode_of_a_report_follows_the_umask(everyday: Report, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_report("json", everyday, str(tmp_path / "report.json"))
    finally:
        os.umask(before)
    assert (tmp_path / "report.json").stat().st_mode & 0o777 == 0o644


def test_the_formats_that_list_everything_list_the_same_number(everyday: Report) -> None:
    def text(name: str) -> str:
        stream = io.StringIO()
        load_format(name).write(everyday, stream)
        return stream.getvalue()

    count, blocking = len(everyday.findings), sum(one.blocking for one in everyday.findings)
    assert len(json.loads(text("json"))["findings"]) == count
    assert sum(len(run["results"]) for run in json.loads(text("sarif"))["runs"]) == count
    assert len(list(csv.DictReader(io.StringIO(text("csv"), newline="")))) == count
    assert len(list(csv.DictReader(io.StringIO(text("audit"), newline="")))) == count - blocking
    assert text("junit").count("fingerprint: ") == blocking
    assert len(json.loads(_CONTENTS.findall(text("html"))[0])["findings"]) == count
    assert text("markdown").count("\n- `") - _unfinished(everyday) == blocking


@pytest.mark.parametrize("number", [3, 30])
def test_annotations_show_or_count_every_finding_that_blocks(
    number: int, make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    findings = [make_finding("secrets", f"R{one}", Severity.HIGH, blocking=True) for one in range(number)]
    stream = io.StringIO()
    load_format("github").write(make_report(findings, {"secrets": {}}), stream)
    errors = [line for line in stream.getvalue().splitlines() if line.startswith("::error ")]
    more = sum(int(count) for count in re.findall(r"::(\d+) errors more", stream.getvalue()))
    assert len(errors) - bool(more) + more == number


def test_gitlabs_reports_list_together_what_has_a_place_in_them_and_is_not_set_aside(everyday: Report) -> None:
    def listed(name: str) -> int:
        stream = io.StringIO()
        load_format(f"gitlab-{name}").write(everyday, stream)
        return len(json.loads(stream.getvalue())["vulnerabilities"])

    names = ("secret-detection", "dependency-scanning", "container-scanning", "sast")
    placed = [one for one in everyday.findings if one.location.path and one.status is not Status.WAIVED]
    assert sum(map(listed, names)) == len(placed)


def _unfinished(report: Report) -> int:
    return sum(len(stage.errors) for stage in report.stages)
