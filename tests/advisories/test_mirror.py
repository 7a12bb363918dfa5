"""A mirror that changes, stalls, cuts, lies: what is new arrives, and whatever fails leaves yesterday's index."""

import io
import json
import socket
import ssl
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.advisories import archives, delta, download
from gate.advisories.index import Index
from gate.advisories.index_folder import IndexFolder
from gate.advisories.mirror import Mirror
from gate.core import web
from gate.core.errors import GateError, LimitError, UnavailableError, UnreadableError
from gate.core.web import Web, retry_after

Make = Callable[..., Any]
Server = Any
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def indexes(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "kept")


@pytest.fixture
def refresh(server: Server, indexes: IndexFolder) -> Callable[..., Any]:
    """Return a function that asks the server for what is new, some hours after the first time."""

    def refresh(hours: int = 0, base: str = "npm") -> Any:
        return Mirror(Web(server.url), indexes, NOW + timedelta(hours=hours)).refresh(base)

    return refresh


@pytest.fixture
def publish(make_bucket: Make, server: Server) -> Callable[..., None]:
    """Return a function that writes advisories as single files and lists them; `zipped` also makes the zip anew."""

    def publish(*advisories: dict[str, Any], zipped: bool = False, base: str = "npm") -> None:
        server.folder = make_bucket({base: list(advisories)}) if zipped else server.folder
        folder = server.folder / base
        rows = sorted(((one["modified"], one["id"]) for one in advisories), reverse=True)
        (folder / "modified_id.csv").write_text("".join(f"{time},{id}\n" for time, id in rows))
        for one in advisories:
            (folder / f"{one['id']}.json").write_text(json.dumps(one))

    return publish


def ids(indexes: IndexFolder, name: str, base: str = "npm") -> list[str]:
    record = indexes.record(base)
    assert record is not None
    with closing(Index(indexes.index(record))) as index:
        return [advisory.id for advisory in index.advisories(base, name)]


def paths(server: Server) -> list[str]:
    found = [path for path, _ in server.seen]
    server.seen.clear()
    return found


def test_what_changed_is_fetched_by_itself(
    server: Server, indexes: IndexFolder, refresh: Make, publish: Make, advisory: Make
) -> None:
    old = [advisory(f"GHSA-{n}", "npm", "a", modified=f"2026-01-0{n}T00:00:00Z") for n in (1, 2, 3)]
    publish(*old, zipped=True)
    refresh()
    assert (ids(indexes, "a"), paths(server)) == (["GHSA-1", "GHSA-2", "GHSA-3"], ["/npm/all.zip"])
    moved = advisory("GHSA-1", "npm", "b", modified="2026-02-01T00:00:00Z")
    withdrawn = advisory("GHSA-2", "npm", "a", modified="2026-02-01T00:00:00Z", withdrawn="2026-02-01T00:00:00Z")
    new = advisory("GHSA-4", "npm", "a", modified="2026-03-01T00:00:00Z")
    publish(moved, withdrawn, old[2], new)
    refresh(hours=1)
    assert [ids(indexes, name) for name in "ab"] == [["GHSA-3", "GHSA-4"], ["GHSA-1"]]
    assert sorted(paths(server)) == [
        "/npm/GHSA-1.json",
        "/npm/GHSA-2.json",
        "/npm/GHSA-4.json",
        "/npm/modified_id.csv",
    ]
    refresh(hours=2)
    assert (paths(server), indexes.record("npm").checked) == (["/npm/modified_id.csv"], NOW + timedelta(hours=2))  # type: ignore[union-attr]
    assert server.asked[-1]["If-None-Match"]


def test_what_the_source_took_away_goes(
    server: Server, indexes: IndexFolder, refresh: Make, publish: Make, advisory: Make
) -> None:
    publish(advisory("GHSA-1", "npm", "a"), advisory("GHSA-2", "npm", "a"), zipped=True)
    refresh()
    publish(advisory("GHSA-1", "npm", "a"), advisory("GHSA-2", "npm", "a", modified="2026-02-01T00:00:00Z"))
    (server.folder / "npm" / "GHSA-2.json").unlink()
    refresh(hours=1)
    assert ids(indexes, "a") == ["GHSA-1"]


def test_a_date_in_the_future_does_not_hide_what_comes_after(
    indexes: IndexFolder, refresh: Make, publish: Make, advisory: Make
) -> None:
    future = advisory("GHSA-1", "npm", "a", modified="2027-07-09T15:54:00Z")
    publish(future, zipped=True)
    refresh()
    publish(future, advisory("GHSA-2", "npm", "a", modified="2026-11-24T11:00:00Z"))
    refresh(hours=1)
    assert ids(indexes, "a") == ["GHSA-1", "GHSA-2"]


def test_many_changes_are_a_new_zip(
    server: Server, indexes: IndexFolder, refresh: Make, publish: Make, advisory: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delta.changed, "__defaults__", (2,))
    publish(advisory("GHSA-0", "npm", "a"), zipped=True)
    refresh()
    publish(*(advisory(f"GHSA-{n}", "npm", "a", modified="2026-02-01T00:00:00Z") for n in range(4)), zipped=True)
    server.seen.clear()
    refresh(hours=1)
    assert (len(ids(indexes, "a")), paths(server)) == (4, ["/npm/modified_id.csv", "/npm/all.zip"])


def test_the_whole_zip_is_read_once_a_month(server: Server, refresh: Make, publish: Make, advisory: Make) -> None:
    publish(advisory("GHSA-1", "npm", "a"), zipped=True)
    for days in (0, 20, 31, 32):
        refresh(hours=24 * days)
    assert server.seen == [
        ("/npm/all.zip", 200),
        ("/npm/modified_id.csv", 200),
        ("/npm/all.zip", 304),
        ("/npm/modified_id.csv", 304),
    ]


def test_ecosystems_with_a_blank_in_their_name(
    server: Server, indexes: IndexFolder, refresh: Make, publish: Make, advisory: Make
) -> None:
    publish(advisory("RLSA-1", "Rocky Linux", "a"), zipped=True, base="Rocky Linux")
    refresh(base="Rocky Linux")
    assert (ids(indexes, "a", "Rocky Linux"), paths(server)) == (["RLSA-1"], ["/Rocky%20Linux/all.zip"])
    assert [record.base for record in indexes.all()] == ["Rocky Linux"]


def _zip(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.json", content)
    return buffer.getvalue()


LIST, ZIP, RECORD = "/npm/modified_id.csv", "/npm/all.zip", "/npm/GHSA-2.json"
ROW = b"2026-02-02T00:00:00Z,GHSA-2\n"
OTHER = json.dumps({"id": "GHSA-1", "affected": []}).encode()


@pytest.mark.parametrize(
    ("poison", "path", "why"),
    [
        ({LIST: (404, {}, b""), ZIP: (200, {}, _zip(a=b"{}")[:-9])}, "npm/all.zip", "is no zip file or is damaged"),
        ({LIST: (404, {}, b""), ZIP: (200, {}, _zip(a=b"{}"))}, "npm/all.zip", "is no advisory in OSV format"),
        ({LIST: (404, {}, b""), ZIP: (200, {}, _zip())}, "npm/all.zip", "holds no advisory of the ecosystem npm"),
        ({LIST: (404, {}, b""), ZIP: (200, {}, _zip(a=b'{"id": "../x"}'))}, "npm/all.zip", "its id is none"),
        ({LIST: (404, {}, b""), ZIP: (200, {}, _zip(a=b" " * 1_000_000))}, "npm/all.zip", "unpacks to more"),
        (
            {LIST: (404, {}, b""), ZIP: (200, {"x-goog-hash": "crc32c=AAAA,md5=AAAA"}, _zip(a=OTHER))},
            "npm/all.zip",
            "is not what the server's hash says",
        ),
        ({LIST: (200, {}, b"<html>log in</html>")}, "npm/modified_id.csv", "it has no time (line 1)"),
        ({LIST: (200, {}, b"2026-02-02T00:00:00Z,../../x\n")}, "npm/modified_id.csv", "it names no advisory (line 1)"),
        ({LIST: (200, {}, ROW), RECORD: (200, {}, OTHER)}, "npm/GHSA-2.json", "is the advisory GHSA-1, not GHSA-2"),
        ({LIST: (200, {}, ROW), RECORD: (200, {}, b"{broken")}, "npm/GHSA-2.json", "is no advisory in OSV format"),
        ({LIST: (200, {}, ROW), RECORD: (500, {}, b"")}, "npm/GHSA-2.json", "answered with status 500"),
        ({LIST: (200, {"Content-Length": "5000"}, ROW)}, "npm/modified_id.csv", "cannot be fetched (ProtocolError)"),
        ({LIST: (503, {"Retry-After": "86400"}, b"")}, "npm/modified_id.csv", "asks to come back in 86,400 s"),
        ({LIST: (401, {}, b"")}, "npm/modified_id.csv", "answered with status 401"),
        ({LIST: (302, {"Location": "ftp://packages.example/"}, b"")}, "npm/modified_id.csv", "(InvalidSchema)"),
    ],
)
def test_a_poisoned_mirror_leaves_the_index_as_it_was(
    server: Server,
    indexes: IndexFolder,
    refresh: Make,
    publish: Make,
    advisory: Make,
    monkeypatch: pytest.MonkeyPatch,
    poison: dict[str, Any],
    path: str,
    why: str,
) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRY", 1 << 19)
    publish(advisory("GHSA-1", "npm", "a"), zipped=True)
    before = refresh()
    server.answers = {name: [answer] for name, answer in poison.items()}
    with pytest.raises(GateError) as caught:
        refresh(hours=1)
    assert (caught.value.path, caught.value.exit_status) == (path, 3)
    assert why in caught.value.message
    assert indexes.record("npm") == before
    assert ids(indexes, "a") == ["GHSA-1"]
    left = {place.suffix for place in indexes.folder.iterdir()}
    assert left <= {".json", ".sqlite", ".sha256", ".lock"}


def test_contradictory_ranges_are_kept_as_they_are(
    indexes: IndexFolder, refresh: Make, publish: Make, advisory: Make
) -> None:
    events = [{"fixed": "1.0.0"}, {"introduced": "2.0.0"}, {"fixed": "1.0.0"}, {"last_affected": "0.1.0"}]
    odd = advisory("GHSA-1", "npm", "a")
    odd["affected"][0]["ranges"][0]["events"] = events
    publish(odd, zipped=True)
    refresh()
    assert ids(indexes, "a") == ["GHSA-1"]


def test_a_record_that_is_too_large_comes_with_the_zip(
    server: Server, indexes: IndexFolder, refresh: Make, publish: Make, advisory: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(advisory("GHSA-1", "npm", "a"), zipped=True)
    refresh()
    publish(advisory("GHSA-2", "npm", "a", modified="2026-02-01T00:00:00Z", details="x" * 5000), zipped=True)
    monkeypatch.setattr("gate.advisories.mirror.MAX_RECORD", 4000)
    refresh(hours=1)
    assert ids(indexes, "a") == ["GHSA-2"]


def test_a_cache_that_cannot_be_written_is_said(server: Server, indexes: IndexFolder, refresh: Make) -> None:
    indexes.folder.write_text("a file is in the way")
    with pytest.raises(GateError, match="the index of npm cannot be written"):
        refresh()
    copy = download.Copy(indexes.folder / "catalogue", "catalogue")
    with pytest.raises(GateError, match="the index of catalogue cannot be written"):
        copy.refresh(Web(server.url), NOW)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=80) | st.just(b"PK\x05\x06" + b"\0" * 18))
def test_any_bytes_as_the_zip(server: Server, indexes: IndexFolder, refresh: Make, content: bytes) -> None:
    server.answers = {ZIP: [(200, {}, content)]}
    with pytest.raises(UnreadableError):
        refresh()
    assert indexes.all() == []


# What the transfer itself can do


def fetch(server: Server, place: Path, **more: Any) -> Any:
    return download.download(Web(server.url), "file", place, **more)


@pytest.fixture
def file(server: Server, tmp_path: Path) -> bytes:
    server.folder = tmp_path / "served"
    server.folder.mkdir()
    content = bytes(range(256)) * 40
    (server.folder / "file").write_bytes(content)
    return content


def test_a_cut_transfer_is_gone_on_with(server: Server, file: bytes, tmp_path: Path) -> None:
    etag = server.answer("/file", {})[1]["ETag"]
    cut = {"Content-Length": str(len(file)), "ETag": etag}
    server.answers["/file"] = [(200, cut, file[:5000])]
    with pytest.raises(UnavailableError):
        fetch(server, tmp_path / "place")
    del server.answers["/file"]
    told: list[tuple[str, int, int | None]] = []
    assert fetch(server, tmp_path / "place", tell=lambda *what: told.append(what)).etag == etag
    assert (tmp_path / "place").read_bytes() == file
    assert server.asked[-1]["Range"] == "bytes=5000-"
    assert server.seen[-1] == ("/file", 206)
    assert told[-1] == ("file", len(file), len(file))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["place", "served"]


def test_within_one_fetch_a_cut_is_gone_on_with_too(server: Server, file: bytes, tmp_path: Path) -> None:
    etag = server.answer("/file", {})[1]["ETag"]
    cuts = [(200, {"Content-Length": str(len(file)), "ETag": etag}, file[:100])]
    for start in (100, 200):
        where = {"Content-Length": str(len(file) - start), "Content-Range": f"bytes {start}-/*", "ETag": etag}
        cuts.append((206, where, file[start : start + 100]))
    rest = {"Content-Range": "bytes 300-/*", "ETag": etag}
    server.answers["/file"] = [*cuts, (206, rest, file[300:])]
    fetch(server, tmp_path / "place")
    assert (tmp_path / "place").read_bytes() == file


def test_a_part_of_another_version_is_not_gone_on_with(server: Server, file: bytes, tmp_path: Path) -> None:
    server.answers["/file"] = [(200, {"Content-Length": "9999", "ETag": '"old"'}, b"old")]
    with pytest.raises(UnavailableError):
        fetch(server, tmp_path / "place")
    del server.answers["/file"]
    fetch(server, tmp_path / "place")
    assert (tmp_path / "place").read_bytes() == file


def test_a_part_that_was_not_asked_for_is_refused(server: Server, file: bytes, tmp_path: Path) -> None:
    server.answers["/file"] = [(200, {"Content-Length": "9999", "ETag": '"x"'}, b"abc")]
    with pytest.raises(UnavailableError):
        fetch(server, tmp_path / "place")
    server.answers["/file"] = [(206, {"Content-Range": "bytes 1-/*"}, b"abc")]
    with pytest.raises(UnavailableError, match="another part than it was asked for"):
        fetch(server, tmp_path / "place")
    assert not (tmp_path / "place").exists()


def test_a_busy_server_is_asked_again_when_it_says(
    server: Server, file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(web.time, "sleep", waits.append)
    monkeypatch.setattr(web, "BACK_OFF_S", (1.0, 2.0, 4.0))
    server.answers["/file"] = [(429, {"Retry-After": "7"}, b""), (503, {}, b""), (200, {}, b"content")]
    fetch(server, tmp_path / "place")
    assert waits == [7.0, 2.0]
    assert (tmp_path / "place").read_bytes() == b"content"


def test_where_nobody_listens_nobody_is_waited_for(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(web.time, "sleep", waits.append)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(UnavailableError, match="ConnectionError"):
        download.download(Web(nobody), "file", tmp_path / "place")
    assert waits == []


def test_a_busy_server_is_given_up(server: Server, tmp_path: Path) -> None:
    server.answers["/file"] = [(429, {}, b"")]
    with pytest.raises(UnavailableError, match="status 429"):
        fetch(server, tmp_path / "place")
    assert len(server.seen) == 4


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7),
        (" 120 ", 120),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("٧", None),
        ("9" * 400, 999_999_999_999),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


def test_a_server_that_stalls_is_left(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "TIMEOUT_S", (1, 0.05))
    answer = server.answer
    released = threading.Event()

    def stall(*what: Any) -> Any:
        released.wait(5)
        return answer(*what)

    monkeypatch.setattr(server, "answer", stall)
    with pytest.raises(UnavailableError, match="Timeout"):
        fetch(server, tmp_path / "place")
    released.set()


def test_a_server_that_drips_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 30))
    monkeypatch.setattr(web.time, "monotonic", lambda: next(clock))

    drip = SimpleNamespace(raw=SimpleNamespace(read1=lambda _size, decode_content: b"x"))
    with pytest.raises(UnavailableError, match="less than 1,024 bytes a second"):
        list(web.pieces(drip, "file", 1 << 20))  # type: ignore[arg-type]


def test_a_file_without_end_ends_at_the_bound(
    server: Server, file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_DOWNLOAD", 1000)
    with pytest.raises(LimitError, match="has more than 1,000 bytes"):
        fetch(server, tmp_path / "place")


def test_no_redirect_from_https_to_http(
    server: Server, file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers["/file"] = [(302, {"Location": f"{server.url}/elsewhere"}, b"")]
    certificate = _certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server.http.socket = tls.wrap_socket(server.http.socket, server_side=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with pytest.raises(UnavailableError, match="the server redirects from https to http") as caught:
        download.download(Web(server.url.replace("http://", "https://")), "file", tmp_path / "place")
    assert caught.value.path == "file"
    assert paths(server) == ["/file"]


def _certificate(folder: Path) -> Path:
    """Make a key and a self-signed certificate for 127.0.0.1, in one file."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.fromtimestamp(time.time(), UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    place = folder / "server.pem"
    encodings = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    place.write_bytes(key.private_bytes(*encodings) + certificate.public_bytes(serialization.Encoding.PEM))
    return place
