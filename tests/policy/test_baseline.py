"""The baseline's file: what it says, what it does not give away, and how it is read."""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import ConfigError
from gate.model import Finding, Location, Secret, Severity, StageResult, Status
from gate.policy.baseline import (
    FILE,
    BaselineEntry,
    FindingsBaseline,
    entries_of,
    new_key,
    parse_baseline,
    write_baseline,
)
from gate.policy.decide import Policy, decide
from gate.policy.file_places import Disk
from gate.policy.preexisting import key_of
from gate.policy.repository_files import OwnFiles
from gate.policy.trusted_sources import trusted_sources_of

KEY = bytes(range(16))


def own_files(root: Path) -> OwnFiles:
    """Return the project's files as the program reads them where nothing is compared."""
    return OwnFiles(Disk(str(root)), trusted_sources_of(str(root), "head", None))


def finding(
    path: str = "a.py", mark: str = "f" * 32, *, secret: bool = False, line: int = 1, also: tuple[str, ...] = ()
) -> Finding:
    return Finding(
        stage="secrets" if secret else "dockerfile",
        rule="SECRET-AWS" if secret else "DL3006",
        severity=Severity.HIGH,
        title="t",
        message="m",
        fingerprint=mark,
        location=Location(target="t", path=path, line=line),
        places=tuple(Location(target="t", path=one, line=2) for one in also),
        secret=Secret(type="AWS Access Key", hash=f"h{mark}", redacted="AKIA…") if secret else None,
    )


def baseline_of(*findings: Finding) -> FindingsBaseline:
    return FindingsBaseline(key=KEY, entries=frozenset(entry for one in findings for entry in entries_of(one, KEY)))


def judged(one: Finding, baseline: FindingsBaseline, **more: Any) -> tuple[Finding, ...]:
    result = StageResult(stage="secrets", target="t", findings=(one,))
    policy = Policy(layers=(), baseline=baseline, **more)
    return decide([result], policy, datetime(2026, 1, 1, tzinfo=UTC)).findings


@pytest.mark.parametrize("secret", [False, True])
def test_it_lists_what_was_recorded_wherever_it_has_moved_in_its_file(secret: bool) -> None:
    recorded = baseline_of(finding(secret=secret))
    assert recorded.listed([finding(secret=secret, line=99)]) == {"f" * 32: {"a.py"}}
    assert recorded.listed([finding("b.py", secret=secret), finding(mark="e" * 32, secret=secret)]) == {}


@pytest.mark.parametrize(
    ("today", "is_known"),
    [
        (finding("a.py", secret=True, also=("b.py", "c.py")), True),
        (finding("c.py", secret=True, also=("a.py", "b.py")), True),
        (finding("b.py", secret=True, also=("c.py",)), True),
        (finding("c.py", secret=True), True),
        (finding("a.py", secret=True, also=("b.py", "c.py", "d.py")), False),
        (finding("d.py", secret=True, also=("a.py",)), False),
        (finding("a.py", "e" * 32, secret=True, also=("b.py",)), False),
    ],
)
def test_a_secret_in_several_files_is_known_as_long_as_it_comes_to_no_further_one(
    today: Finding, is_known: bool
) -> None:
    recorded = baseline_of(finding("a.py", secret=True, also=("b.py", "c.py")))
    assert {entry.path for entry in recorded.entries} == {"a.py", "b.py", "c.py"}
    status = Status.EXISTING if is_known else Status.NEW
    assert [one.status for one in judged(today, recorded)] == [status]


def test_the_place_and_the_message_are_of_the_files_that_a_known_secret_has_come_to() -> None:
    recorded = baseline_of(finding("a.py", secret=True))
    (spread,) = judged(finding("a.py", secret=True, also=("b.py", "c.py", "d.py", "e.py")), recorded)
    assert spread.message == "m; new in b.py, line 2; c.py, line 2; d.py, line 2; 1 more"
    assert [place.path for place in (spread.location, *spread.places)] == ["b.py", "c.py", "d.py", "e.py", "a.py"]
    (elsewhere,) = judged(finding("b.py", secret=True, also=("c.py",)), recorded)
    assert elsewhere.message == "m", "all of its places are new"


def test_what_was_there_before_the_change_and_what_the_baseline_lists_count_together() -> None:
    one = finding("a.py", secret=True, also=("b.py",))
    recorded = baseline_of(finding("a.py", secret=True))
    (known,) = judged(one, recorded, there_before={key_of(one): frozenset({"b.py"})})
    assert known.status is Status.EXISTING


def test_a_secret_in_one_file_that_an_earlier_version_recorded_is_known() -> None:
    """Its mark was made of the fingerprint, with the first file in it."""
    mark = hashlib.scrypt(b"f" * 32, salt=KEY, n=2**12, r=8, p=1, dklen=12).hex()
    recorded = FindingsBaseline(key=KEY, entries=frozenset({BaselineEntry("a.py", "secrets", "SECRET-AWS", mark)}))
    assert [one.status for one in judged(finding(secret=True), recorded)] == [Status.EXISTING]
    assert [one.status for one in judged(finding(secret=True, also=("b.py",)), recorded)] == [Status.NEW]


@pytest.mark.parametrize("secret", [False, True])
def test_a_mark_is_neither_the_fingerprint_nor_the_same_under_another_key(secret: bool) -> None:
    one = finding(secret=secret)
    marks = {entry.mark for key in (KEY, new_key(), new_key()) for entry in entries_of(one, key)}
    assert len(marks) == 3
    assert not any(one.fingerprint.startswith(mark[:8]) for mark in marks)


def test_a_baseline_that_is_committed_still_lists_its_findings() -> None:
    """The very marks of version 1: another length or hash would make all that projects accepted new at once."""
    recorded = FindingsBaseline(
        key=KEY,
        entries=frozenset(
            {
                BaselineEntry("a.py", "dockerfile", "DL3006", "5830299e1d030e107b8afca3"),
                BaselineEntry("a.py", "secrets", "SECRET-AWS", "6f42e92d3fc7c6c1f1555adc"),
            }
        ),
    )
    for secret in (False, True):
        assert [one.status for one in judged(finding(secret=secret), recorded)] == [Status.EXISTING]


def test_lines_are_sorted_and_each_stands_for_itself(tmp_path: Path) -> None:
    write_baseline(str(tmp_path), baseline_of(finding("b"), finding("a", "1" * 32), finding("a", "2" * 32)))
    head, *lines = (tmp_path / FILE).read_text().splitlines()
    assert json.loads(head) == {"baseline": 1, "key": KEY.hex()}
    assert [json.loads(line)[:3] for line in lines] == [["a", "dockerfile", "DL3006"]] * 2 + [
        ["b", "dockerfile", "DL3006"]
    ]
    assert lines == sorted(lines)


def test_recording_again_changes_no_byte(tmp_path: Path) -> None:
    write_baseline(str(tmp_path), baseline_of(finding("b"), finding("a")))
    before = (tmp_path / FILE).read_bytes()
    write_baseline(str(tmp_path), own_files(tmp_path).baseline())
    assert (tmp_path / FILE).read_bytes() == before


def test_two_branches_are_merged_line_by_line(tmp_path: Path) -> None:
    ours, theirs = baseline_of(finding("a"), finding("b")), baseline_of(finding("b"), finding("c"))
    for name, one in (("ours", ours), ("theirs", theirs)):
        (tmp_path / name).mkdir()
        write_baseline(str(tmp_path / name), one)
    lines = {line: None for name in ("ours", "theirs") for line in (tmp_path / name / FILE).read_bytes().splitlines()}
    merged = parse_baseline(b"\n".join(lines), "merged")
    assert {entry.path for entry in merged.entries} == {"a", "b", "c"}


def test_no_file_is_an_empty_baseline(tmp_path: Path) -> None:
    assert own_files(tmp_path).baseline() == FindingsBaseline()
    assert own_files(tmp_path).baseline().listed([finding()]) == {}


HEAD = '{"baseline": 1, "key": "' + KEY.hex() + '"}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "baseline:1: cannot be understood"),
        ("[]", "baseline:1: cannot be understood"),
        ('{"baseline": 2, "key": "00"}', "is of version 2; version 1 is read"),
        ('{"baseline": 1, "key": "xyz"}', "baseline:1: the key is not a hexadecimal number"),
        ('{"baseline": 1, "key": "00"}', "baseline:1: the key has 1 bytes, not 16"),
        (f'{HEAD}\n["a", "s", "r", "m"]\n<<<<<<< ours', "baseline:3: cannot be understood"),
        (f'{HEAD}\n["a", "s", "r"]', "baseline:2: cannot be understood"),
        (f'{HEAD}\n["a", "s", "r", "m", "more"]', "baseline:2: cannot be understood"),
        (f"{HEAD}\n{'[' * 10_000}", "baseline:2: cannot be understood"),
    ],
)
def test_what_cannot_be_understood_is_an_error_that_names_the_line(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_baseline(text.encode(), "baseline")
    assert words in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_baseline_or_an_error(content: bytes) -> None:
    with suppress(ConfigError):
        assert isinstance(parse_baseline(content, "b"), FindingsBaseline)


@given(st.frozensets(st.builds(BaselineEntry, st.text(), st.text(), st.text(), st.text()), max_size=5))
def test_what_is_written_is_read(entries: frozenset[BaselineEntry]) -> None:
    lines = [HEAD.encode(), *(msgspec.json.encode(entry) for entry in entries)]
    assert parse_baseline(b"\n".join(lines), "b").entries == entries
