"""rpm's database in its three forms, as small ones made here; what real rpm and Berkeley DB write is read the same."""

import sqlite3
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.installed import rpm
from gate.inventory.installed.distribution import Distribution, release
from gate.inventory.installed.rpm_databases import header_blobs
from gate.inventory.installed.rpm_header import Header

ROCKY = 'ID="rocky"\nVERSION_ID="9.3"\n'
ALMA = release("almalinux", "9.3")
INT32, STRING, STRINGS, TRANSLATED = 4, 6, 8, 9


def header(*entries: tuple[int, int, list[str] | list[int] | str]) -> bytes:
    """Write a header of (tag, type, value)."""
    index, store = b"", b""
    for tag, type, value in entries:
        values = value if isinstance(value, list) else [value]
        store += b"\0" * (-len(store) % 4)
        index += struct.pack(">IIII", tag, type, len(store), len(values))
        store += b"".join(struct.pack(">I", one) if isinstance(one, int) else one.encode() + b"\0" for one in values)
    return struct.pack(">II", len(entries), len(store)) + index + store


def package(name: str, version: str, source: str, *more: tuple[int, int, list[str] | list[int] | str]) -> bytes:
    number, _, release = version.partition("-")
    return header((1000, STRING, name), (1001, STRING, number), (1002, STRING, release), (1044, STRING, source), *more)


OPENSSL = package(
    "openssl-libs",
    "3.0.7-16.el9",
    "openssl-3.0.7-16.el9.src.rpm",
    (1003, INT32, [1]),
    (1014, STRING, "Apache-2.0"),
    (1022, STRING, "x86_64"),
    (1116, INT32, [0, 1]),
    (1117, STRINGS, ["libssl.so.3", "METADATA"]),
    (1118, STRINGS, ["/usr/lib64/", "/usr/lib/python3/ssl-1.dist-info/"]),
)
NODE = package("nodejs", "16.1-1.el9", "nodejs-16.1-1.el9.src.rpm", (5096, STRING, "nodejs:16:1:2"))
KEY = package("gpg-pubkey", "8483c65d-5ccc5b19", "")
BLOBS = [OPENSSL, NODE, KEY]


def as_sqlite(blobs: list[bytes]) -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        connection.executemany("INSERT INTO Packages (blob) VALUES (?)", [(blob,) for blob in blobs])
    content = bytearray(connection.serialize())
    connection.close()
    content[18:20] = b"\2\2"  # as rpm leaves it: in the mode of a write-ahead log
    return bytes(content)


def as_ndb(blobs: list[bytes]) -> bytes:
    slots, stored = [struct.pack("<4sIII", b"Slot", 0, 0, 0)], b""
    for number, blob in enumerate(blobs, 1):
        whole = struct.pack("<4sIII", b"BlbS", number, 1, len(blob)) + blob
        whole += b"\0" * (-len(whole) % 16) + struct.pack("<III4s", zlib.adler32(blob), 1, len(blob), b"BlbE")
        whole += b"\0" * (-len(whole) % 16)
        slots.append(struct.pack("<4sIII", b"Slot", number, (4096 + len(stored)) // 16, len(whole) // 16))
        stored += whole
    free = struct.pack("<4sIII", b"Slot", 0, 0, 0) * (256 - 2 - len(slots))
    return struct.pack("<4sIII16x", b"RpmP", 0, 1, 1) + b"".join(slots) + free + stored


def as_berkeley(blobs: list[bytes], order: str = "<", size: int = 512) -> bytes:
    """Write one hash page with a counter and values that lie on pages of their own."""

    def page(number: int, kind: int, body: bytes, after: int = 0, used: int = 0, entries: int = 0) -> bytes:
        head = struct.pack(order + "8xIIIHHBB", number, 0, after, entries, used, 0, kind)
        return head + body + b"\0" * (size - len(head) - len(body))

    overflow, items, number = [], [b"\1" + b"\0" * 4, b"\1" + struct.pack(order + "I", len(blobs))], 2
    for index, blob in enumerate(blobs, 1):
        pieces = [blob[start : start + size - 26] for start in range(0, len(blob), size - 26)]
        items += [b"\1" + struct.pack(order + "I", index), struct.pack(order + "B3xII", 3, number, len(blob))]
        for count, piece in enumerate(pieces, 1):
            overflow.append(page(number, 7, piece, number + 1 if count < len(pieces) else 0, len(piece)))
            number += 1
    places, end = [], size
    for item in items:
        end -= len(item)
        places.append(end)
    index_of = struct.pack(order + f"{len(places)}H", *places)
    body = index_of + b"\0" * (end - 26 - len(index_of)) + b"".join(reversed(items))
    meta = struct.pack(order + "8xIIIIBBBB", 0, 0x061561, 9, size, 0, 8, 0, 0)
    return meta + b"\0" * (size - len(meta)) + page(1, 13, body, entries=len(items)) + b"".join(overflow)


FORMS: list[tuple[str, Callable[[list[bytes]], bytes]]] = [
    ("var/lib/rpm/rpmdb.sqlite", as_sqlite),
    ("usr/lib/sysimage/rpm/Packages.db", as_ndb),
    ("var/lib/rpm/Packages", as_berkeley),
    ("var/lib/rpm/Packages", lambda blobs: as_berkeley(blobs, ">")),
]


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_every_form_and_place(installed, path, form) -> None:
    found = installed({path: form(BLOBS)}, os_release=ROCKY)
    assert [(p.name, p.version, p.installed_as, p.license) for p in found.packages] == [
        ("nodejs", "16.1-1.el9", None, None),
        ("openssl", "1:3.0.7-16.el9", "openssl-libs", "Apache-2.0"),
    ]
    assert {package.ecosystem for package in found.packages} == {"Rocky Linux:9"}
    assert [package.purl for package in found.packages] == [
        "pkg:rpm/rocky/nodejs@16.1-1.el9?arch=source&distro=rocky-9.3&rpmmod=nodejs:16:1:2",
        "pkg:rpm/rocky/openssl@3.0.7-16.el9?arch=source&distro=rocky-9.3&epoch=1",
    ]
    assert [[binary.purl for binary in package.binaries] for package in found.packages] == [
        ["pkg:rpm/rocky/nodejs@16.1-1.el9?distro=rocky-9.3&rpmmod=nodejs:16:1:2&upstream=nodejs-16.1-1.el9.src.rpm"],
        [
            "pkg:rpm/rocky/openssl-libs@3.0.7-16.el9?arch=x86_64&distro=rocky-9.3&epoch=1"
            "&upstream=openssl-3.0.7-16.el9.src.rpm"
        ],
    ]
    assert (found.binaries, found.errors) == (2, ())


def test_some_distributions_name_what_is_installed(installed) -> None:
    found = installed({"var/lib/rpm/rpmdb.sqlite": as_sqlite([OPENSSL])}, os_release='ID="almalinux"\nVERSION_ID="9.3"')
    (package,) = found.packages
    assert (package.ecosystem, package.name, package.installed_as) == ("AlmaLinux:9", "openssl-libs", None)
    assert package.purl == (
        "pkg:rpm/almalinux/openssl-libs@3.0.7-16.el9?arch=x86_64&distro=almalinux-9.3&epoch=1"
        "&upstream=openssl-3.0.7-16.el9.src.rpm"
    )
    assert package.binaries == ()


def test_the_newest_form_of_a_folder_counts(installed) -> None:
    files = {"var/lib/rpm/rpmdb.sqlite": as_sqlite([NODE]), "var/lib/rpm/Packages": as_berkeley([OPENSSL])}
    assert [package.name for package in installed(files, os_release=ROCKY).packages] == ["nodejs"]


def test_a_folder_that_became_a_link(installed) -> None:
    found = installed(
        {"usr/lib/sysimage/rpm/rpmdb.sqlite": as_sqlite([NODE])}, {"var/lib/rpm": "../../usr/lib/sysimage/rpm"}, ROCKY
    )
    assert (len(found.packages), found.binaries) == (1, 1)


def test_what_rpm_owns_is_judged_as_the_distributions(installed) -> None:
    files = {
        "var/lib/rpm/rpmdb.sqlite": as_sqlite([OPENSSL]),
        "usr/lib/python3/ssl-1.dist-info/METADATA": "Name: ssl\nVersion: 1\n",
    }
    found = installed(files, os_release=ROCKY)
    assert ([package.name for package in found.packages], found.owned) == (["openssl"], 1)


def test_changes_that_wait_beside_the_database_are_an_error(installed) -> None:
    files = {"var/lib/rpm/rpmdb.sqlite": as_sqlite([NODE]), "var/lib/rpm/rpmdb.sqlite-wal": "x"}
    (error,) = installed(files, os_release=ROCKY).errors
    assert error.message == "rpm database has changes that were not written into it"


def test_files_of_old_and_new_packages() -> None:
    old = header((1027, STRINGS, ["/a/b"]))
    assert list(rpm.owned_files(as_sqlite([old, OPENSSL]), "x")) == [
        "/a/b",
        "/usr/lib64/libssl.so.3",
        "/usr/lib/python3/ssl-1.dist-info/METADATA",
    ]


def test_a_view_in_the_tables_place_is_not_asked() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIEW Packages AS SELECT 1 AS hnum, x'00' AS blob")
    with pytest.raises(UnreadableError, match="it has no table of packages"):
        list(header_blobs(connection.serialize(), "x"))
    connection.close()


def test_a_circle_of_pages_ends() -> None:
    content = bytearray(as_berkeley([OPENSSL * 3]))
    content[2 * 512 + 16 : 2 * 512 + 20] = struct.pack("<I", 2)
    with pytest.raises(UnreadableError, match="at a page that is not there or not its own"):
        list(header_blobs(bytes(content), "x"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is no rpm database of a known form"),
        (b"rubbish" * 100, "it is no rpm database of a known form"),
        (b"SQLite format 3\0" + b"\0" * 100, "SQLite says"),
        (as_sqlite(BLOBS)[:5000], "SQLite says|it has no table"),
        (b"RpmP", "it is shorter than its header"),
        (b"RpmP" + struct.pack("<III", 1, 0, 0) + b"\0" * 16, "version 1 of ndb is not known"),
        (b"RpmP" + struct.pack("<III", 0, 0, 9) + b"\0" * 16, "it is shorter than its slots"),
        (as_ndb(BLOBS)[:4200], "a slot leads to no package"),
        (as_ndb(BLOBS).replace(b"BlbS", b"Blob"), "a slot leads to no package"),
        (as_berkeley(BLOBS)[:300], "it is shorter than a page"),
        (as_berkeley(BLOBS)[:1100], "a package goes on at a page that is not there"),
        (as_berkeley([]).replace(struct.pack("<I", 512), struct.pack("<I", 513), 1), "it is no plain hash"),
    ],
)
def test_a_damaged_database_is_an_error(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: ({why})"):
        list(rpm.read(content, "Packages", ALMA))


@pytest.mark.parametrize(
    ("blob", "why"),
    [
        (b"", "is shorter than its counts"),
        (struct.pack(">II", 9, 9), "is shorter than its index says"),
        (struct.pack(">II", 1 << 20, 0) + b"\0" * (16 << 20), "is shorter than its index says"),
        (header((1000, INT32, [1])), "has a text of another type"),
        (header((1000, STRING, "a"))[:-1], "is shorter than its index says"),
        (struct.pack(">II", 1, 0) + struct.pack(">IIII", 1000, STRING, 5, 1), "has a text without an end"),
        (package("", "1-1", ""), "has no name, version or release"),
        (package("a", "1", ""), "has no name, version or release"),
        (package("a\x1b", "1-1", ""), "empty, too long or not printable"),
        (package("a", "1-1", "", (1003, STRING, "1")), "has a number of another type or place"),
    ],
)
def test_a_damaged_header_is_an_error(blob: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        list(rpm.read(as_ndb([blob]), "Packages.db", ALMA))


def test_a_file_needs_its_folder() -> None:
    blob = header((1116, INT32, [7]), (1117, STRINGS, ["a"]), (1118, STRINGS, ["/"]))
    with pytest.raises(UnreadableError, match="in a folder that it does not name"):
        list(Header(blob, "x").files())


DATABASES = [as_sqlite(BLOBS), as_ndb(BLOBS), as_berkeley(BLOBS)]


@settings(max_examples=150, deadline=None)
@given(form=st.integers(0, 2), place=st.floats(0, 1, exclude_max=True), noise=st.binary(min_size=1, max_size=4))
def test_any_damage_is_packages_or_an_error(form: int, place: float, noise: bytes) -> None:
    content = DATABASES[form]
    start = int(place * len(content))
    rocky: Distribution = release("rocky", "9")
    try:
        packages = list(rpm.read(content[:start] + noise + content[start + len(noise) :], "Packages", rocky))
    except UnreadableError:
        return
    assert len(packages) <= len(BLOBS)
