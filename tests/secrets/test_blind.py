"""What is found in the sets that were written before the detectors were tried on them, and what is wrongly named."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner

pytestmark = pytest.mark.one_python

Place = tuple[str, int]
"""(path, line)"""


def blocking_places(cases: list[Any], named: Callable[[str], str] = str) -> set[Place]:
    """Return the lines of what blocks by default, in files that are `named` so instead of as they are."""
    texts = {case.path: case.text for case in cases}
    return {
        (path, spot.line)
        for path, text in texts.items()
        for secret in examine(text.encode(), named(path), scanner(GATE)).secrets
        if secret.confidence is not Confidence.LOW
        for spot in secret.spots
    }


@pytest.mark.parametrize(
    ("name", "credentials", "missed", "wrong"),
    [
        ("blind.txt", 241, 1, 0),
        ("blind_second.txt", 46, 2, 0),
        ("blind_third.txt", 388, 3, 1),
        ("blind_fourth.txt", 371, 18, 0),
        ("blind_fifth.txt", 54, 2, 1),
        ("blind_sixth.txt", 135, 3, 1),
        ("blind_seventh.txt", 71, 3, 1),
        ("blind_eighth.txt", 449, 21, 0),
        ("blind_ninth.txt", 134, 5, 0),
        ("blind_tenth.txt", 381, 16, 0),
        ("leaky.txt", 218, 0, 1),
        ("leaky_second.txt", 76, 2, 0),
        ("leaky_third.txt", 133, 2, 0),
    ],
)
def test_no_more_is_missed_or_wrong_than_was_measured(
    blind: Callable[[str], list[Any]], name: str, credentials: int, missed: int, wrong: int
) -> None:
    cases = blind(name)
    wanted = {(case.path, case.line) for case in cases if case.is_secret}
    found = blocking_places(cases)
    assert len(wanted) == credentials
    assert len(wanted - found) <= missed, sorted(wanted - found)
    assert len(found - wanted) <= wrong, sorted(found - wanted)


@pytest.mark.parametrize(("name", "files"), [("leaky_second.txt", 58), ("leaky_third.txt", 94)])
def test_each_further_format_blocks(blind: Callable[[str], list[Any]], name: str, files: int) -> None:
    cases = blind(name)
    leaking = {case.path for case in cases if case.is_secret}
    assert len(leaking) == files
    assert {path for path, _ in blocking_places(cases)} == leaking


@pytest.mark.parametrize(("name", "missed"), [("leaky.txt", 6), ("leaky_second.txt", 6), ("leaky_third.txt", 6)])
def test_few_formats_are_known_by_the_name_of_their_file_alone(
    blind: Callable[[str], list[Any]], name: str, missed: int
) -> None:
    cases = blind(name)
    wanted = {(case.path, case.line) for case in cases if case.is_secret}
    found = blocking_places(cases, lambda path: "data/7f" + PurePosixPath(path).suffix)
    assert len(wanted - found) <= missed, sorted(wanted - found)
