"""Database and queue drivers that URLs name: `postgresql+psycopg2://…`, `redis://…` (SQLAlchemy, Celery, Django)."""

import re
from collections.abc import Iterable, Iterator

_SCHEME = re.compile(r"([a-z][a-z0-9]{1,30})(?:\+([a-z0-9_]{1,40}))?$")
_BEHIND = "://"
_LONGEST = 75
"""Characters of a scheme."""
_DRIVERS = {
    "postgresql": ("psycopg2", "psycopg"),
    "postgres": ("psycopg2", "psycopg"),
    "mysql": ("MySQLdb", "pymysql"),
    "mariadb": ("mariadb",),
    "sqlite": ("sqlite3",),
    "oracle": ("oracledb", "cx_Oracle"),
    "mssql": ("pyodbc",),
    "mongodb": ("pymongo",),
    "rediss": ("redis",),
    "amqp": ("amqp",),
    "amqps": ("amqp",),
    "sqs": ("boto3",),
    "s3": ("boto3",),
}
"""Modules that the libraries load for a URL without a driver; for other schemes the module of the scheme's name."""
_DIALECTS = "sqlalchemy.dialects"
_TRANSPORTS = "kombu.transport"


def drivers_of(texts: Iterable[str]) -> Iterator[str]:
    """Yield the modules that may be loaded for the URLs in `texts`, whether they are installed or not."""
    for scheme, driver in dict.fromkeys(scheme for text in texts for scheme in _schemes(text)):
        yield from (driver,) if driver else _DRIVERS.get(scheme, (scheme,))
        yield f"{_DIALECTS}.{scheme}"
        yield f"{_TRANSPORTS}.{scheme}"
        if scheme == "sqlite":
            yield f"{_DIALECTS}.sqlite.pysqlite"


def _schemes(text: str) -> Iterator[tuple[str, str | None]]:
    place = text.find(_BEHIND)
    while place >= 0:
        found = _SCHEME.search(text, max(0, place - _LONGEST), place)
        if found:
            yield found[1], found[2]
        place = text.find(_BEHIND, place + 1)
