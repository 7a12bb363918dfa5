"""How the index of a fleet packs what it holds (`gate/fleet/index_tables.py`)."""

import sqlite3
from contextlib import closing

import pytest

from gate.core.errors import UnreadableError
from gate.fleet.generations import changing, opened
from gate.fleet.index_tables import check_tables, packed_digest, unpacked_digest
from gate.fleet.store import FleetStore
from gate.model import Package
from tests.fleet.conftest import maven

HEX = "0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (f"sha256:{HEX * 4}", 33),
        (HEX * 4, 33),
        ("0" * 40, 21),
        (f"gitCommit:{'f' * 40}", 21),
        (f"imageId:{HEX * 4}", 33),
        (f"index:{HEX * 4}", 33),
    ],
)
def test_a_digest_is_kept_as_bytes(text: str, size: int) -> None:
    packed = packed_digest(text)
    assert isinstance(packed, bytes)
    assert len(packed) == size
    assert unpacked_digest(packed) == text


@pytest.mark.parametrize("text", ["", "app/pom.xml", f"sha512:{HEX * 4}", f"sha256:{HEX.upper() * 4}", f"sha256:{HEX}"])
def test_what_is_no_digest_of_a_known_kind_stays_as_it_is(text: str) -> None:
    assert packed_digest(text) == text == unpacked_digest(text)


@pytest.mark.parametrize(
    "purl",
    [
        "pkg:npm/lodash@4.17.21",
        "pkg:npm/lodash",
        "pkg:npm/%40scope/name@1.0",
        "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12",
        "pkg:golang/example.com/a@v1.2.3#sub/path",
        "",
    ],
)
@pytest.mark.parametrize("version", ["4.17.21", "1.0", "2.36-9+deb12u4", ""])
def test_a_package_url_is_read_as_it_was_written(store: FleetStore, add, purl: str, version: str) -> None:  # type: ignore[no-untyped-def]
    add("shop", [Package(name="a", version=version, ecosystem="npm", purl=purl, path="a.json")], digest="a" * 64)
    with opened(store) as connection:
        assert connection.execute("SELECT name, version, purl FROM package").fetchall() == [("a", version, purl)]


def test_an_index_of_an_earlier_version_is_neither_read_nor_changed(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    add("shop", [maven("1")], digest="a" * 64)
    with changing(store) as connection:
        connection.execute("PRAGMA user_version = 0")
    for use in (opened, changing):
        with pytest.raises(UnreadableError, match="other tables"), use(store):
            pass


def test_an_index_of_other_tables_is_refused_with_what_to_do() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE subject (id INT)")
        with pytest.raises(UnreadableError, match="other tables") as refused:
            check_tables(connection, "store")
    assert "gate store index --again" in str(refused.value)
