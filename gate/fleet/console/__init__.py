"""A fleet as a static site: totals and trend, what to raise first, owners, what ends soon, and every target.

The first page has all of it and the most urgent targets. All targets are in shards of JSON next to it, which its script
fetches for searching once the page is shown, so that its size does not grow with the fleet.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from gate.core.json_text import json_bytes
from gate.fleet.console.figures import owner_rows, packages_first, rules_first, totals_of
from gate.fleet.console.history import FILE_NAME, FleetDay, drawn_days, with_day
from gate.fleet.console.targets import FleetTarget, row_of
from gate.fleet.console.view import FleetView
from gate.reports.static_page import render

SHARD = 1_000
"""Targets of one file."""
MOST_LISTED = 100
"""Rows of each table of the first page; the others are counted."""
MOST_BLOCKERS = 100
"""What blocks one target, as its details name it."""


def fleet_site(view: FleetView, today: date, before: Sequence[FleetDay] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the site, paths below its folder and contents; `before` are the days of its history."""
    days = with_day(before, totals_of(view.targets), today)
    yield FILE_NAME, json_bytes(days) + b"\n"
    yield "index.html", index_page(view, today, days).encode("utf-8", "backslashreplace")
    for number in range(shards_of(view)):
        yield f"data/targets-{number}.json", targets_shard(view, number)
        yield f"data/details-{number}.json", details_shard(view, number)


def shards_of(view: FleetView) -> int:
    """Return how many shards there are."""
    return -(-len(view.targets) // SHARD)


def targets_shard(view: FleetView, number: int) -> bytes:
    """Return the rows of a shard."""
    return json_bytes([row_of(one) for one in _members(view, number)])


def details_shard(view: FleetView, number: int) -> bytes:
    """Return for each target of a shard what blocks it, as pairs of advisory or rule and package or path."""
    return json_bytes([_blocked(target) for target in _members(view, number)])


def _blocked(target: FleetTarget) -> list[tuple[str, str]]:
    return [(one.what, one.package) for one in target.blockers[:MOST_BLOCKERS]]


def index_page(view: FleetView, today: date, days: Sequence[FleetDay] = (), *, is_live: bool = False) -> str:
    """Return the first page; `is_live`: it is served, and can ask the store."""
    packages, rules, owners = packages_first(view.targets), rules_first(view.targets), owner_rows(view.targets)
    return render(
        "gate.fleet.console",
        "index.html",
        "targets.js",
        fetches=True,
        organisation=view.organisation,
        today=today,
        totals=totals_of(view.targets),
        trend=drawn_days(days) if days else None,
        targets=[row_of(one) for one in view.targets[:MOST_LISTED]],
        count=len(view.targets),
        shards=shards_of(view),
        shard=SHARD,
        packages=packages[:MOST_LISTED],
        more_packages=max(0, len(packages) - MOST_LISTED),
        rules=rules[:MOST_LISTED],
        more_rules=max(0, len(rules) - MOST_LISTED),
        owners=owners[:MOST_LISTED],
        more_owners=max(0, len(owners) - MOST_LISTED),
        ending=view.ending[:MOST_LISTED],
        more_ending=max(0, len(view.ending) - MOST_LISTED),
        notes=list(view.gaps.notes()),
        sources=view.sources,
        is_live=is_live,
    )


def _members(view: FleetView, number: int) -> list[FleetTarget]:
    return view.targets[number * SHARD : (number + 1) * SHARD]
