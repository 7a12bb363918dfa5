"""Rows of a dump in SQL that stand on lines of their own, below the names of their columns.

`INSERT INTO t (a, b) VALUES` with its rows below, `INSERT INTO t VALUES (…)` below `CREATE TABLE t`, and PostgreSQL's
`COPY t (a, b) FROM stdin`. (A statement that names its columns on the line of its rows needs no form.)
"""

import re
from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import DecodedPart, assignment, part_of
from gate.secrets.engine.text import Text
from gate.secrets.kinds.rows import columns_of, valued
from gate.secrets.triage.evidence import names_a_secret

_DUMP = re.compile(r"\.(?:sql|psql|mysql|pgsql|dump)\Z", re.IGNORECASE)
_STATEMENT = lazy_regex(rb"(?:insert[ \t]{1,8}into|replace[ \t]{1,8}into|copy)[ \t]", re.IGNORECASE)
_TABLE = lazy_regex(
    r"[ \t]*+(?i:create[ \t]{1,8}table[ \t]{1,8}(?:if[ ]not[ ]exists[ ])?)([`\"\[\]\w.]{1,200})[ \t]*+\(?[ \t]*+$"
)
_COLUMN = lazy_regex(r"[ \t]*+[`\"\[]?([A-Za-z_]\w{0,63})[`\"\]]?[ \t]")
_NO_COLUMNS = frozenset(("primary", "unique", "key", "constraint", "foreign", "index", "check", "fulltext"))
_INTO = lazy_regex(
    r"[ \t]*+(?i:(?:insert|replace)[ \t]{1,8}into)[ \t]{1,8}([`\"\[\]\w.]{1,200})[ \t]*+"
    r"(?:\(([^()\n]{3,2000})\)[ \t]*+)?"
)
_VALUES = lazy_regex(r"[ \t]*+(?:(?i:values?)[ \t]*+)?")
_COPY = lazy_regex(r"(?i:copy)[ ][`\"\w.]{1,200}[ ]\(([^()\n]{3,2000})\)[ ](?i:from stdin)")
_ROWS = 10_000
"""Rows of one file that are looked at."""
_MAX_LINE = 20_000
"""Characters of a line whose rows are looked at."""


def may_be_dump(content: bytes, path: str) -> bool:
    """True for every file in which rows could stand below the names of their columns."""
    return _DUMP.search(path) is not None and _STATEMENT.search(content) is not None


def parts(text: Text, path: str) -> Iterator[DecodedPart]:
    """Yield one part with every value of a column that is named as a secret, each at its line."""
    if not may_be_dump(text.utf8, path):
        return
    found = [
        (number, assignment(column, value))
        for number, column, value in _Dump().values(text.content.split("\n"))
        if names_a_secret(column)
    ]
    yield from part_of(found[:_ROWS], path)


class _Dump:
    """What has been read of a dump: the tables' columns, and those of the statement whose rows follow."""

    def __init__(self) -> None:
        self._tables: dict[str, list[str]] = {}
        self._defined: list[str] | None = None
        """Columns of the table whose definition is not at its end."""
        self._inserted: list[str] = []
        self._copied: list[str] = []

    def values(self, lines: list[str]) -> Iterator[tuple[int, str, str]]:
        """Yield (line from 1, column, value)."""
        for number, line in enumerate(lines, 1):
            if len(line) <= _MAX_LINE:
                yield from ((number, column, value) for column, value in self._valued(line.rstrip("\r")))

    def _valued(self, line: str) -> Iterator[tuple[str, str]]:
        if self._copied:
            yield from self._row_of_copy(line)
        elif self._defined is not None:
            self._define(line)
        elif table := _TABLE.match(line):
            self._defined = self._tables[_bare(table[1])] = []
        elif copied := _COPY.match(line):
            self._copied = columns_of(copied[1])
        else:
            yield from self._rows(line)

    def _define(self, line: str) -> None:
        column = _COLUMN.match(line)
        if line.lstrip().startswith(")"):
            self._defined = None
        elif self._defined is not None and column and column[1].lower() not in _NO_COLUMNS:
            self._defined.append(column[1])

    def _row_of_copy(self, line: str) -> Iterator[tuple[str, str]]:
        fields = line.split("\t")
        if line == "\\.":
            self._copied = []
        elif len(fields) == len(self._copied):
            yield from ((column, text) for column, text in zip(self._copied, fields, strict=True) if len(text) > 3)

    def _rows(self, line: str) -> Iterator[tuple[str, str]]:
        into = _INTO.match(line)
        if into:
            self._inserted = columns_of(into[2]) if into[2] else self._tables.get(_bare(into[1]), [])
        rows = _VALUES.match(line, into.end() if into else 0)
        is_read_elsewhere = into is not None and into[2] is not None
        if self._inserted and rows and not is_read_elsewhere:
            yield from valued(self._inserted, line, rows.end())
        if line.rstrip().endswith(";"):
            self._inserted = []


def _bare(name: str) -> str:
    return name.strip('`"[]').lower()
