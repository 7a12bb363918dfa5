"""Archives: their files in memory, within bounds, whatever they are made of."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import LimitError, UnreadableError
from gate.secrets.decoders import archives
from gate.secrets.decoders.archive_names import is_archive_name
from gate.secrets.decoders.archives import ArchiveBudget, files_in

pytestmark = pytest.mark.every_python

FILES = {"conf/.env": b"DB_PASSWORD=Krafel_72zor9\n", "b.bin": bytes(100)}


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return file.getvalue()


Pack = Callable[[bytes], bytes]
COMPRESSIONS: dict[str, Pack] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


def files(content: bytes, path: str = "a") -> dict[str, bytes]:
    return dict(files_in(content, path, ArchiveBudget(len(content))))


def test_zip_and_tar() -> None:
    assert files(zipped(FILES)) == files(tarred(FILES)) == FILES


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_compressed_tar_and_single_compressed_file(name: str) -> None:
    pack = COMPRESSIONS[name]
    assert files(pack(tarred(FILES))) == FILES
    assert files(pack(b"one") + pack(b"two"), f"db/dump.sql.{name}") == {"dump.sql": b"onetwo"}


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_what_is_cut_short_is_unreadable(name: str) -> None:
    content = COMPRESSIONS[name](bytes(range(256)) * 100)
    with pytest.raises(UnreadableError, match="cannot be unpacked"):
        files(content[:-3])


def read_of(content: bytes) -> dict[str, bytes]:
    """Return the files that are read before the rest turns out to be unreadable."""
    found: dict[str, bytes] = {}
    with pytest.raises(UnreadableError):
        found.update(files_in(content, "a.txt", ArchiveBudget(len(content))))
    return found


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_what_stands_before_the_cut_is_read(name: str) -> None:
    content = bytes(random.Random(1).choices(b"0123456789abcdef", k=1 << 20))
    (held,) = read_of(COMPRESSIONS[name](content)[:-9]).values()
    assert held
    assert content.startswith(held)


def test_files_before_and_after_a_damaged_one_are_read() -> None:
    three = zipped({"a": b"first", "b": b"second " * 9, "c": b"third"})
    place = three.index(b"PK\x03\x04", 4) + 31
    assert read_of(three[:place] + bytes([three[place] ^ 255]) * 9 + three[place + 9 :]) == {
        "a": b"first",
        "c": b"third",
    }
    tar = tarred({"a": bytes(2000), "b": bytes(2000)})
    assert read_of(tar[:3072] + b"\1" * 512) == {"a": bytes(2000)}


def test_a_zip_behind_a_program_is_read() -> None:
    assert files(b"#!/bin/sh\nexec java -jar $0\n" + zipped(FILES)) == FILES


def test_a_damaged_zip_is_unreadable_and_an_encrypted_one_too() -> None:
    content = bytearray(zipped(FILES))
    for start in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[start] |= 1  # the flag of encryption
    for broken in (zipped(FILES)[:60], bytes(content)):
        with pytest.raises(UnreadableError):
            files(broken)


@pytest.mark.parametrize("name", ["oci-layout", "manifest.json"])
def test_a_container_image_is_read_as_the_archive_that_it_is(name: str) -> None:
    assert files(tarred({"blobs/a": b"x", name: b"{}"})) == {"blobs/a": b"x", name: b"{}"}


@pytest.mark.parametrize("name", [*COMPRESSIONS, "zip", "tar"])
def test_a_bomb_is_stopped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE_SIZE", 1 << 16)
    monkeypatch.setattr(archives, "MAX_BYTES", 1 << 18)
    zeros = bytes(1 << 20)
    makers = {**COMPRESSIONS, "zip": lambda held: zipped({"a": held}), "tar": lambda held: tarred({"a": held})}
    with pytest.raises(LimitError, match="unpacks to more than"):
        files(makers[name](zeros))


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_too_many_entries_are_refused(
    pack: Callable[[dict[str, bytes]], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_FILES", 10)
    with pytest.raises(LimitError, match="holds more than 10 files"):
        files(pack({f"{number}": b"" for number in range(20)}))


@pytest.mark.parametrize("path", ["a.zip", "lib/b.JAR", "c.whl", "d.tar.gz", "e.tgz", "f.sql.gz", "g.tar.zst"])
def test_names_of_archives(path: str) -> None:
    assert is_archive_name(path)


@pytest.mark.parametrize("path", ["a.py", "zip", "a.zip.txt", "jar/b"])
def test_other_names(path: str) -> None:
    assert not is_archive_name(path)


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"]),
)
def test_arbitrary_bytes_are_read_or_refused(content: bytes, mark: bytes) -> None:
    try:
        files(mark + content)
    except (UnreadableError, LimitError):
        return


@given(st.sampled_from([zipped(FILES), tarred(FILES)]), st.integers(0, 1500), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused(content: bytes, place: int, value: int) -> None:
    changed = bytearray(content)
    changed[place % len(changed)] = value
    try:
        files(bytes(changed))
    except (UnreadableError, LimitError):
        return
