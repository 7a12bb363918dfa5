"""What was measured at first sight, and the page that states it: benchmarks/in_use/first_sight.py."""

from pathlib import Path

import pytest

from benchmarks.in_use.first_sight import HERE, FirstSight, sets, table, total

pytestmark = pytest.mark.one_python

PAGE = Path(__file__).parent.parent / "docs/reference/in-use-sets.md"


def measured(number: str, no: int, wrong: int) -> FirstSight:
    return FirstSight(number, "record", "servers", 2, 100, no, wrong, 40, {"npm": ".90/1.00"})


def test_the_page_has_the_table_and_the_total() -> None:
    page = PAGE.read_text()
    assert "\n".join(table(sets())) in page
    assert f"**{total(sets())}**" in page


def test_each_set_has_its_record() -> None:
    assert [one.record for one in sets() if not (HERE / "records" / f"{one.record}.md").is_file()] == []


def test_the_longest_row_ends_with_a_wrong_one() -> None:
    row = [measured("1", 50, 0), measured("2", 30, 0), measured("3", 100, 2), measured("4", 60, 0)]
    assert total(row) == "2 of 240 `no` were wrong, in 8 images; the longest row of sets without one has 80."


def test_a_row_of_the_table() -> None:
    *_, row = table([measured("7", 1200, 3)])
    wanted = (
        "| [7](../../benchmarks/in_use/records/record.md) | servers | 2 | 1,200, **3** | 40% of 100 | | | .90/1.00 | |"
    )
    assert row.replace("|  |", "| |").replace("|  |", "| |") == wanted
