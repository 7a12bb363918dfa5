"""What was found in a fleet, as a table for people, and as JSON and CSV for programs."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from gate.core.json_text import json_utf8
from gate.core.text import clipped, counted, visible
from gate.fleet.find import FleetGaps, FoundRow
from gate.fleet.running import FleetContext

_COLUMNS = ("kind", "name", "digest", "found", "in use", "runs in", "exposed", "first seen", "owner", "where")
_OF_DEPLOYMENTS = (5, 6)
"""Places of the columns that only listings of what runs fill."""
_WIDEST = 60
_MOST_SHOWN = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How cells begin that a spreadsheet would calculate (OWASP, CSV injection)."""


def as_json(rows: Sequence[FoundRow], gaps: FleetGaps, sources: Sequence[FleetContext] = ()) -> str:
    """Return all rows, the gaps, and the sources that say what runs, as one JSON document."""
    content = {
        "found": msgspec.to_builtins(rows),
        "gaps": msgspec.to_builtins(gaps),
        "sources": [{"source": one.source, "listed_at": one.listed_at} for one in sources],
    }
    return json_utf8(content).decode() + "\n"


def as_csv(rows: Sequence[FoundRow]) -> str:
    """Return all rows as CSV with a head; no cell is a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FoundRow.__struct_fields__)
    for row in rows:
        writer.writerow(map(_cell, msgspec.structs.astuple(row)))
    return stream.getvalue()


def _cell(value: object) -> str:
    text = visible(" ".join(map(str, value)) if isinstance(value, tuple) else str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_table(rows: Sequence[FoundRow]) -> Iterator[str]:
    """Yield the lines of a table with the first rows, and their number."""
    yield _summary(rows)
    if rows:
        shown = rows[:_MOST_SHOWN]
        lines = [_COLUMNS, *(_columns(row) for row in shown)]
        if not any(row.running for row in shown):
            lines = [line[: _OF_DEPLOYMENTS[0]] + line[_OF_DEPLOYMENTS[-1] + 1 :] for line in lines]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    if len(rows) > _MOST_SHOWN:
        yield f"and {len(rows) - _MOST_SHOWN:,} more: --format json or csv has all of them"


def _summary(rows: Sequence[FoundRow]) -> str:
    if not rows:
        return "not found"
    images = {(row.name, row.digest) for row in rows if row.kind == "image"}
    repositories = {row.name for row in rows if row.kind == "repository"}
    owners = set(chain.from_iterable(row.owners for row in rows))
    used = {(row.name, row.digest) for row in rows if row.in_use == "yes"}
    parts = (counted(len(images), "image"), counted(len(repositories), "repository"))
    running = {(row.name, row.digest) for row in rows if row.running}
    runs = f"; {len(running):,} known to run" if running else ""
    return f"{', '.join(parts)}; in use in {len(used):,}{runs}; {counted(len(owners), 'owner')}"


def _columns(row: FoundRow) -> tuple[str, ...]:
    found = row.package or row.what
    texts = (
        row.kind,
        " ".join(filter(None, (row.name, row.branch))),
        _short(row.digest),
        found if row.is_certain else f"{found} (version not comparable)",
        ": ".join(filter(None, (row.in_use, row.evidence))),
        "; ".join(row.running) or row.deployed,
        ": ".join(filter(None, (row.exposed, "; ".join(row.ways)))),
        row.first_seen[:10],
        " ".join(row.owners) or "-",
        _short(row.where),
    )
    return tuple(clipped(visible(text), _WIDEST) for text in texts)


def _short(digest: str) -> str:
    return digest[:19] if digest.startswith("sha256:") else digest
