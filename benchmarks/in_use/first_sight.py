"""What was measured at first sight, set by set: `python -m benchmarks.in_use.first_sight` prints the page's table.

`first_sight.csv` has a row for each set, as its record in `records/` states it: the number of images, of packages in
them, of `no` and of those that were wrong; the share of packages that are decided, in percent; and for each kind of
package `precision/recall`.
"""

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from msgspec import Struct

HERE = Path(__file__).parent
KINDS = ("Debian", "PyPI", "npm", "Maven")
HEAD = ("set", "what", "images", "`no`, wrong", "decided", *KINDS)


class FirstSight(Struct, frozen=True):
    """One set: its number, the record that tells of it, and what was measured.

    `packages` and `decided` (percent) are None where it was not stated; `quality` has `precision/recall` by kind.
    """

    number: str
    record: str
    what: str
    images: int
    packages: int | None
    no: int
    wrong: int
    decided: int | None
    quality: dict[str, str]


def sets() -> list[FirstSight]:
    """Return all sets, the oldest first."""
    with (HERE / "first_sight.csv").open(newline="", encoding="utf-8") as file:
        return [_set(row) for row in csv.DictReader(file)]


def _set(row: dict[str, str]) -> FirstSight:
    return FirstSight(
        number=row["set"],
        record=row["record"],
        what=row["what"],
        images=int(row["images"]),
        packages=int(row["packages"]) if row["packages"] else None,
        no=int(row["no"]),
        wrong=int(row["wrong"]),
        decided=int(row["decided"]) if row["decided"] else None,
        quality={kind: row[kind] for kind in KINDS if row[kind]},
    )


def table(measured: list[FirstSight]) -> Iterator[str]:
    """Yield the lines of the table for the documentation, the newest set first."""
    yield _row(HEAD)
    yield _row(["---"] * len(HEAD))
    for one in reversed(measured):
        decided = "" if one.decided is None else f"{one.decided}%"
        if one.packages is not None:
            decided += f" of {one.packages:,}"
        wrong = f"**{one.wrong}**" if one.wrong else "0"
        link = f"[{one.number}](../../benchmarks/in_use/records/{one.record}.md)"
        quality = (one.quality.get(kind, "") for kind in KINDS)
        yield _row([link, one.what, str(one.images), f"{one.no:,}, {wrong}", decided, *quality])


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def total(measured: list[FirstSight]) -> str:
    """Return the sentence that counts all sets, with the most `no` in a row of whole sets without a wrong one."""
    no, wrong, images = (sum(getattr(one, key) for one in measured) for key in ("no", "wrong", "images"))
    rows = groupby(measured, key=lambda one: one.wrong == 0)
    row = max(sum(one.no for one in those) for right, those in rows if right)
    return f"{wrong} of {no:,} `no` were wrong, in {images} images; the longest row of sets without one has {row:,}."


if __name__ == "__main__":
    print(*table(sets()), "", total(sets()), sep="\n")
