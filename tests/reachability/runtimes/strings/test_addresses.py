"""Drivers that addresses name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.strings.addresses import drivers_of


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("postgresql+asyncpg://db/x", "asyncpg"),
        ("postgresql://db/x", "psycopg2"),
        ("sqlite://", "sqlite3"),
        ("broker = 'redis://queue:6379'", "redis"),
        ("sqlite:///x", "sqlalchemy.dialects.sqlite.pysqlite"),
        ("amqp://mq", "kombu.transport.amqp"),
    ],
)
def test_an_address_names_a_driver(text, driver):
    assert driver in set(drivers_of([text]))


@given(st.text(alphabet="a1+:/ ", max_size=60))
def test_any_text_is_read(text):
    assert all(name and "/" not in name for name in drivers_of([text]))
