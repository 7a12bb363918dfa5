"""The reference page names every file that is read."""

from pathlib import Path

import pytest

from gate.inventory.lockfiles import LOCKFILES, NOT_READ_YET

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
ROWS = [row for row in PAGE.splitlines() if row.startswith("| ")]
"""The rows of the page's tables."""
UNREAD = PAGE.partition("of another well-known format (")[2].partition(")")[0]


@pytest.mark.parametrize("pattern", [one for files in LOCKFILES.values() for one in files])
def test_every_pattern_is_documented(pattern: str) -> None:
    assert any(f"`{pattern.removeprefix('**/')}`" in row for row in ROWS)


@pytest.mark.parametrize("name", sorted(NOT_READ_YET))
def test_what_is_not_read_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE
    assert not any(name in files for files in LOCKFILES.values())


def test_the_page_calls_no_other_format_unread() -> None:
    assert UNREAD.split(", ") == [f"`{name}`" for name in sorted(NOT_READ_YET)]
