"""Words that name users, databases and hosts, or are SQL, to the clients of databases that are given them.

Such a name is often that of a program, too: `psql -U postgres`, `mysql mysql` (psql(1), mysql(1)). A text of SQL counts
as a command only if the client may start a program for it (`\\!`, `COPY … FROM PROGRAM`).
"""

import re
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.walk.graph import UNKNOWN

_HARMLESS = r"c|connect|q|quit|set|gset|echo|if|elif|else|endif|x|d\w*|l|timing|unset|encoding|pset"
STARTING_SQL = {
    "psql": re.compile(rf"\\(?!(?:{_HARMLESS})\b)|`|program", re.IGNORECASE),
    "sqlite3": re.compile(r"^\s*\.|\bedit\(", re.MULTILINE),
    "mysql": re.compile(r"\\|\b(?:system|pager|source|edit|tee)\b", re.IGNORECASE),
}
"""By client: what in its input may start a program."""


class _Client(msgspec.Struct, frozen=True):
    """The words of a client."""

    sql: "re.Pattern[str]"
    """What of a text may start a program."""
    naming: "re.Pattern[str]"
    """Options whose value is a name; a short one may stand behind others, as in `-qU`."""
    with_sql: "re.Pattern[str]"
    """Options whose value is a text of SQL."""
    flags: "re.Pattern[str]"
    """Options that take no word."""
    has_operands: bool = True
    """True if the other words are names."""


_WITHOUT_WORD = r"--(?:(?:no|skip)-[\w-]+|quiet|tuples-only|single-transaction|verbose|silent|force|[\w-]+=.*)"
_NEVER = re.compile(r"(?!)")


def _postgres(letters: str = "Udhp", *, has_operands: bool = True) -> _Client:
    return _Client(
        STARTING_SQL["psql"],
        re.compile(rf"-\w*[{letters}]|--(?:username|dbname|host|port)"),
        re.compile(r"-\w*c|--command") if letters == "Udhp" and has_operands else _NEVER,
        re.compile(rf"-[abeAEHlnqsStwWxXz01]+|{_WITHOUT_WORD}", re.DOTALL),
        has_operands,
    )


_MYSQL = _Client(
    STARTING_SQL["mysql"],
    re.compile(r"-\w*[uhPD]|--(?:user|host|port|database)"),
    re.compile(r"-\w*e|--(?:execute|init-command)"),
    re.compile(rf"-[BNsrtvAfqwn]+|-p.*|{_WITHOUT_WORD}", re.DOTALL),
)
_CLIENTS = {
    **dict.fromkeys(("psql", "createdb", "dropdb", "pg_dump"), _postgres()),
    **dict.fromkeys(("vacuumdb", "reindexdb", "clusterdb", "pg_isready"), _postgres()),
    **dict.fromkeys(("createuser", "dropuser", "pg_dumpall", "pg_basebackup", "pgbench"), _postgres("Uhp")),
    "pg_restore": _postgres(has_operands=False),
    "pg_wrapper": _postgres(),
    "initdb": _postgres("U", has_operands=False),
    **dict.fromkeys(("mysql", "mariadb", "mysqladmin", "mariadb-admin", "mysqldump", "mariadb-dump"), _MYSQL),
    **dict.fromkeys(("mysqlcheck", "mariadb-check", "mysqlshow", "mariadb-show"), _MYSQL),
}


def without_data(name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of the program `name` without those that are data to it."""
    client = _CLIENTS.get(name)
    return words if client is None else tuple(_others(client, words))


def _others(client: _Client, words: tuple[str, ...]) -> Iterator[str]:
    before = ""
    for word in words:
        option, equals, value = word.partition("=")
        is_value = bool(client.naming.fullmatch(before) or client.with_sql.fullmatch(before))
        if is_value:
            is_data = bool(client.naming.fullmatch(before)) or _is_harmless(client, word)
        elif equals and client.with_sql.fullmatch(option):
            is_data = _is_harmless(client, value)
        elif equals and client.naming.fullmatch(option):
            is_data = True
        else:
            is_data = client.has_operands and _is_operand(client, word, before)
        if not is_data:
            yield word
        before = "" if is_value else word


def _is_harmless(client: _Client, text: str) -> bool:
    return text != UNKNOWN and not client.sql.search(text)


def _is_operand(client: _Client, word: str, before: str) -> bool:
    """True for a word that stands by itself: behind no option that may take it."""
    may_be_value = before.startswith("-") and not client.flags.fullmatch(before)
    return not word.startswith(("-", UNKNOWN)) and not may_be_value and not client.sql.search(word)
