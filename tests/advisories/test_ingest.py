"""Documents become rows, and changed documents change them: the same as if all had been read anew."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.advisories.ingest import Totals, change, fill, parse
from gate.advisories.osv import Advisory, Document
from gate.advisories.packing import unpack
from gate.core.errors import UnreadableError

Make = Callable[..., Any]


def document(id: str, *names: str, modified: str = "2026-01-01T00:00:00Z", **more: Any) -> Document:
    affected = [{"package": {"ecosystem": "PyPI", "name": name}, "versions": [f"{modified} {name}"]} for name in names]
    return parse(json.dumps({"id": id, "modified": modified, "affected": affected, **more}).encode(), "shown", id)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def content(connection: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    orders = {"advisories": "1, 2, 3", "documents": "1", "texts": "1", "totals": "1"}
    return [connection.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall() for table, order in orders.items()]


def totals(connection: sqlite3.Connection) -> Totals:
    return msgspec.json.decode(connection.execute("SELECT value FROM totals").fetchone()[0], type=Totals)


def test_a_change_replaces_takes_away_and_adds(connection: sqlite3.Connection) -> None:
    fill(connection, "PyPI", [document("A", "x", "y"), document("B", "x"), document("C", "z")], "shown")
    later = "2026-02-02T00:00:00Z"
    withdrawn = document("B", "x", modified="2026-03-03T00:00:00Z", withdrawn="2026-03-03T00:00:00Z")
    change(connection, "PyPI", [document("A", "y", modified=later), withdrawn, document("D", "x")], ["C", "unknown"])
    rows = connection.execute("SELECT name, id FROM advisories ORDER BY name, id").fetchall()
    assert rows == [("x", "D"), ("y", "A")]
    assert totals(connection) == Totals(advisories=2, newest=later, releases={"PyPI": 2})
    assert dict(connection.execute("SELECT id, modified FROM documents")) == {
        "A": later,
        "B": "2026-03-03T00:00:00Z",
        "D": "2026-01-01T00:00:00Z",
    }


DOCUMENTS = st.dictionaries(
    st.sampled_from("ABCDE"),
    st.tuples(
        st.lists(st.sampled_from(["x", "y.z", "Y_Z"]), max_size=3), st.sampled_from(["", "2026-01-01T00:00:00Z"])
    ),
    min_size=1,
)


def _documents(drawn: dict[str, tuple[list[str], str]]) -> list[Document]:
    return [
        document(id, "always", *names, details=id, **({"withdrawn": at} if at else {}))
        for id, (names, at) in drawn.items()
    ]


@given(before=DOCUMENTS, after=DOCUMENTS)
def test_changes_lead_to_what_reading_anew_leads_to(
    before: dict[str, tuple[list[str], str]], after: dict[str, tuple[list[str], str]]
) -> None:
    with closing(sqlite3.connect(":memory:")) as changed, closing(sqlite3.connect(":memory:")) as anew:
        fill(changed, "PyPI", _documents(before), "shown")
        change(changed, "PyPI", _documents(after), before.keys() - after.keys())
        fill(anew, "PyPI", _documents(after), "shown")
        assert content(changed) == content(anew)


def test_two_spellings_of_one_name_are_one_row(connection: sqlite3.Connection) -> None:
    fill(connection, "PyPI", [document("A", "Zope.Interface", "zope_interface")], "shown")
    ((name, value),) = connection.execute("SELECT name, value FROM advisories")
    advisory = msgspec.msgpack.decode(unpack(value), type=Advisory)
    assert name == "zope-interface"
    assert advisory.versions == ("2026-01-01T00:00:00Z Zope.Interface", "2026-01-01T00:00:00Z zope_interface")


def test_a_time_that_is_none_is_not_the_newest(connection: sqlite3.Connection) -> None:
    fill(connection, "PyPI", [document("A", "x"), document("B", "x", modified="zzz")], "shown")
    assert totals(connection).newest == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("id", ["../A", "A/B", "", " A", "A\n", ".A", "-A", "A" * 201, "A?B", "A%2fB", "é"])
def test_an_id_that_could_be_a_path_is_none(id: str) -> None:
    with pytest.raises(UnreadableError, match="its id is none"):
        document(id, "x")


@pytest.mark.parametrize("id", ["GHSA-jfh8-c2jp-5v3q", "RHSA-2020:1234", "openSUSE-SU-2024:1-1", "CVE-2020-1", "A+b~c"])
def test_ids_that_databases_use(id: str) -> None:
    assert document(id, "x").id == id
