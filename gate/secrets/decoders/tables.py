"""Passwords in a column: tables of Markdown and Gherkin, and files of comma-separated values, whose head names them."""

import re
from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import DecodedPart, assignment, part_of
from gate.secrets.engine.text import Text
from gate.secrets.triage.evidence import names_a_secret

_SEPARATED = (".csv", ".tsv")
_RULED = (".md", ".mdx", ".markdown", ".feature", ".story", ".adoc", ".txt")
_SECRET = rb"(?:pass|pwd|pw|secret|token|key|cred|auth|salt|contrase|clave|kennwort|senha|mot)"
_SEPARATED_HEAD = lazy_regex(rb"(?:\xef\xbb\xbf)?[^\n]{0,2000}?" + _SECRET, re.IGNORECASE)
_RULED_HEAD = lazy_regex(rb"\|[^\n|]{0,2000}?" + _SECRET, re.IGNORECASE)
"""From a rule on, which `re` finds quickly; a line's start it looks for at each character."""
_COLUMN = lazy_regex(r"[A-Za-z][\w.-]{0,30}(?: [\w.-]{1,30}){0,2}")
_VALUE = lazy_regex(r"[^\s\"|]{4,200}")
_MAX_LINE = 4_000
"""Characters of a row; a longer one holds texts."""

Row = tuple[int, list[str]]
"""(line from 1, cells)"""


def begins_as_table(content: bytes, path: str) -> bool:
    """True for comma-separated values whose head could name a secret, and for a few other files."""
    return path.lower().endswith(_SEPARATED) and _SEPARATED_HEAD.match(content) is not None


def may_have_table(lines: bytes, path: str) -> bool:
    """True if any of these lines could be the head of a ruled table, and name a secret."""
    return path.lower().endswith(_RULED) and _RULED_HEAD.search(lines) is not None


def parts(text: Text, path: str) -> Iterator[DecodedPart]:
    """Yield one part with every cell below the name of a secret, each at its line."""
    if not (begins_as_table(text.utf8, path) or may_have_table(text.utf8, path)):
        return
    lines = text.content.split("\n")
    tables = [_separated(lines)] if path.lower().endswith(_SEPARATED) else _ruled(lines)
    found = [cell for rows in tables for cell in _secret_cells(rows)]
    yield from part_of(found, path)


def _secret_cells(rows: Iterator[Row]) -> Iterator[tuple[int, str]]:
    """Yield the line of each cell in a column of secrets, and the cell as an assignment. The first row is the head."""
    head = next(rows, (0, []))[1]
    columns = {
        place: name.replace(" ", "_")
        for place, name in enumerate(head)
        if _COLUMN.fullmatch(name) and names_a_secret(name)
    }
    for number, cells in rows if columns else ():
        for place, name in columns.items():
            if len(cells) == len(head) and _VALUE.fullmatch(cells[place]):
                yield number, assignment(name, cells[place])


def _separated(lines: list[str]) -> Iterator[Row]:
    """Yield the rows of comma-separated values; the head tells by what they are separated."""
    from csv import reader  # late: few files are tables

    head = lines[0].removeprefix("\ufeff")
    separator = max(",;\t|", key=head.count)
    for number, line in enumerate((head, *lines[1:]), 1):
        if 0 < len(line) <= _MAX_LINE:
            yield number, [cell.strip() for cell in next(reader([line.replace("\r", "")], delimiter=separator), [])]


def _ruled(lines: list[str]) -> Iterator[Iterator[Row]]:
    """Yield the tables whose rows begin with a rule."""
    table: list[Row] = []
    for number, line in enumerate((*lines, ""), 1):
        row = line.strip()
        if row.startswith("|") and len(row) <= _MAX_LINE:
            table.append((number, [cell.strip(" \t`*") for cell in row.strip("|").split("|")]))
        elif table:
            yield iter(table)
            table = []
