"""Values of an SQL `INSERT` by the names of their columns."""

from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex

_INSERT = lazy_regex(
    r"[Ii](?i:nsert[ \t]{1,8}into[ \t]{1,8}[^\s()]{1,200}[ \t]{0,8}\(([^()\n]{3,2000})\)[ \t]{0,8}values[ \t]{0,8})"
)
"""Its first letter in both cases: `re` looks for a class quickly, for a letter whose case is ignored it does not."""
_ROW = lazy_regex(r"[ \t,]{0,4}\(((?:'(?:[^'\\]|\\.|'')*+'|\"(?:[^\"\\]|\\.)*+\"|\([^'\"()]{0,80}\)|[^'\"()])*+)\)")
"""A row; a call among its values, `now()`, has no quotes in it."""
_FIELD = lazy_regex(r"[ \t]*+(?:[NEn]?'((?:[^'\\]|\\.|'')*+)'|\"((?:[^\"\\]|\\.)*+)\"|[^,]*+)[ \t]*+(?:,|\Z)")
_ROWS = 50
"""Rows of one line that are looked at; a dump's further rows hold the same columns."""
_MAX_VALUE = 300


def inserted(line: str) -> Iterator[tuple[str, str]]:
    """Yield column and text of each quoted value that a one-line `INSERT INTO t (columns) VALUES (…), (…)` gives.

    Linear in the length of `line`. A row that has not as many fields as there are columns is passed over.
    """
    statement = _INSERT.search(line) if _may_insert(line) else None
    if statement is not None:
        yield from valued(columns_of(statement[1]), line, statement.end())


def columns_of(listed: str) -> list[str]:
    """Return the names in the parentheses of a statement."""
    return [name.strip(' \t`"[]') for name in listed.split(",")]


def valued(columns: list[str], line: str, place: int = 0) -> Iterator[tuple[str, str]]:
    """Yield column and text of each quoted value in the rows that follow one another from `place`."""
    for _ in range(_ROWS):
        row = _ROW.match(line, place)
        if row is None:
            return
        place = row.end()
        fields = [match[1] or match[2] or "" for match in _FIELD.finditer(row[1]) if match.group()]
        if len(fields) == len(columns):
            yield from (
                (column, text) for column, text in zip(columns, fields, strict=True) if 4 <= len(text) <= _MAX_VALUE
            )


def _may_insert(line: str) -> bool:
    """Look for the word first: `re` takes twenty times as long to look for it in any case."""
    return "insert" in line.lower() if line.isascii() else True  # letters outside ASCII can equal some of it
