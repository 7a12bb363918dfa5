"""The reference page says by which order the versions of each ecosystem are compared."""

import re
from pathlib import Path

import pytest

from gate.ecosystems import all_ecosystems

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "advisories.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("### Version orders")[2].partition("\n## ")[0]
ROWS = [
    re.sub(r" \([^)]*\)", "", row).split("|")[2].strip().split(", ")
    for row in TABLE.splitlines()
    if row.startswith("|")
]
NAMES = [name for row in ROWS[2:] for name in row]


@pytest.mark.parametrize("name", [known.name for known in all_ecosystems() if known.version_order])
def test_the_table_of_version_orders_names_each_ecosystem_once(name: str) -> None:
    assert NAMES.count(name) == 1


def test_ecosystems_of_one_row_have_one_order() -> None:
    orders = {known.name: known.version_order for known in all_ecosystems()}
    assert [len({orders[name] for name in row}) for row in ROWS[2:]] == [1] * len(ROWS[2:])
