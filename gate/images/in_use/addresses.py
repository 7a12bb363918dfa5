"""Drivers that addresses name: `postgresql+psycopg2://…`, `redis://…` (SQLAlchemy, Celery, Django's settings)."""

import re
from collections.abc import Iterable, Iterator

_ADDRESS = re.compile(r"([a-z][a-z0-9]{1,30})(?:\+([a-z0-9_]{1,40}))?://")
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
"""Modules that the libraries load for an address that names no driver; else one of the scheme's own name."""
_DIALECTS = "sqlalchemy.dialects"
_TRANSPORTS = "kombu.transport"


def drivers_of(texts: Iterable[str]) -> Iterator[str]:
    """Yield the modules that are loaded for the addresses in `texts`; of those, only what is installed counts."""
    for scheme, driver in {found.groups() for text in texts for found in _ADDRESS.finditer(text)}:
        yield from (driver,) if driver else _DRIVERS.get(scheme, (scheme,))
        yield f"{_DIALECTS}.{scheme}"
        yield f"{_TRANSPORTS}.{scheme}"
        if scheme == "sqlite":
            yield f"{_DIALECTS}.sqlite.pysqlite"
