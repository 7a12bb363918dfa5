"""Answers of the served console: where something is, and what would pass if it were gone."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence

import msgspec

from gate.core.errors import UsageError
from gate.core.text import counted, one_line
from gate.fleet.console.targets import FleetTarget
from gate.fleet.console.view import FleetView
from gate.fleet.deployments import Deployments
from gate.fleet.find import FoundRow, find
from gate.fleet.query import FleetQuery, parse_query
from gate.fleet.rejudge import FleetBlocker
from gate.fleet.running import FleetContext

MOST_ROWS = 500
"""Rows of an answer; the others are counted."""
_FOUND = ("Name", "What", "In use", "Runs in", "Exposed", "Owner", "First seen", "Where")
_WHAT_IF = ("Name", "Now", "Then", "Gone", "Stays", "Runs in", "Owner")

Matches = Callable[[FleetTarget, FleetBlocker], bool]


class ConsoleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A table of texts with a sentence above it."""

    summary: str
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def found_answer(
    connection: sqlite3.Connection, question: str, sources: tuple[FleetContext, ...], teams: frozenset[str] | None
) -> ConsoleAnswer:
    """Return where something is, of the targets of `teams` (None: all). Raises UsageError for no question."""
    rows = find(connection, parse_query(question), Deployments(sources))
    seen = [row for row in rows if teams is None or not teams.isdisjoint(row.owners)]
    targets = {(row.name, row.digest, row.branch) for row in seen}
    running = {(row.name, row.digest) for row in seen if row.running}
    return ConsoleAnswer(
        summary=f"{counted(len(seen), 'place')} in {counted(len(targets), 'target')}, {len(running):,} known to run",
        notes=_more(len(seen)),
        columns=_FOUND,
        rows=tuple(map(_found_row, seen[:MOST_ROWS])),
    )


def what_if_answer(connection: sqlite3.Connection, question: str, view: FleetView) -> ConsoleAnswer:
    """Return which targets something blocks, and whether they would pass without it. Raises UsageError."""
    query = parse_query(question)
    matches = _matching(connection, query)
    rows = ((target, _gone(target, matches)) for target in view.targets)
    held = [(target, gone) for target, gone in rows if gone]
    passing = sum(_would_pass(target, gone) for target, gone in held)
    return ConsoleAnswer(
        summary=f"blocks {counted(len(held), 'target')}: {passing:,} would pass without it",
        notes=_more(len(held)),
        columns=_WHAT_IF,
        rows=tuple(_what_if_row(target, gone) for target, gone in held[:MOST_ROWS]),
    )


def _matching(connection: sqlite3.Connection, query: FleetQuery) -> Matches:
    """Return what says whether a blocker is what was asked for."""
    if query.kind == "digest":
        raise UsageError("what if: ask for a package, an advisory, a rule, a kind of secret or a file")
    if query.kind == "rule":
        return lambda _, one: one.what == query.value
    if query.kind == "advisory":
        found = connection.execute("SELECT advisory FROM alias WHERE name = ?", (query.value,))
        ids = {query.value, *(id for (id,) in found)}
        return lambda _, one: one.what in ids
    rows = find(connection, query)
    if query.kind == "package":
        packages = {row.package for row in rows}
        return lambda _, one: one.package in packages
    places = _places(rows)
    return lambda target, one: (target.name, target.digest, target.branch, one.package) in places


def _places(rows: Iterable[FoundRow]) -> set[tuple[str, str, str, str]]:
    return {(row.name, row.digest, row.branch, row.where) for row in rows}


def _gone(target: FleetTarget, matches: Matches) -> int:
    """Return how much of what blocks a target is what was asked for."""
    return sum(matches(target, one) for one in target.blockers)


def _would_pass(target: FleetTarget, gone: int) -> bool:
    return target.status == "fail" and gone == len(target.blockers)


def _more(number: int) -> tuple[str, ...]:
    left = number - MOST_ROWS
    return (f"The first {MOST_ROWS:,}; gate fleet find has the other {left:,}.",) if left > 0 else ()


def _found_row(row: FoundRow) -> tuple[str, ...]:
    found = row.package or row.what
    return _texts(
        (
            " ".join(filter(None, (row.name, row.branch, row.digest[:19]))),
            found if row.is_certain else f"{found} (version not comparable)",
            ": ".join(filter(None, (row.in_use, row.evidence))),
            "; ".join(row.running) or row.deployed,
            ": ".join(filter(None, (row.exposed, "; ".join(row.ways)))),
            " ".join(row.owners),
            row.first_seen[:10],
            row.where,
        )
    )


def _what_if_row(target: FleetTarget, gone: int) -> tuple[str, ...]:
    return _texts(
        (
            " ".join(filter(None, (target.name, target.branch, target.digest[:19]))),
            target.status,
            "pass" if _would_pass(target, gone) else target.status,
            str(gone),
            str(len(target.blockers) - gone),
            "; ".join(target.deployment.evidence) or "unknown",
            " ".join(target.owners),
        )
    )


def _texts(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(one_line, cells))
