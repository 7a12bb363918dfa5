"""Texts behind encodings: what is encoded in any of these ways is found again, at the line where it begins."""

import base64
import bz2
import gzip
import lzma
import textwrap
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders.encodings import MAX_UNPACKED, decoded_texts
from gate.secrets.decoders.part import Mark

TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES"
TEXTS = st.text("abcdefghijklmnopqrstuvwxyz0123456789 =_-\n", min_size=30, max_size=120)

Encode = Callable[[bytes], str]
ENCODINGS: dict[str, Encode] = {
    "base64": lambda content: base64.b64encode(content).decode(),
    "base64 of addresses": lambda content: base64.urlsafe_b64encode(content).decode().rstrip("="),
    "base32": lambda content: base64.b32encode(content).decode(),
    "hexadecimal": lambda content: content.hex(),
    "capital hexadecimal": lambda content: content.hex().upper(),
    "a list of bytes": lambda content: ", ".join(f"0x{one:02x}" for one in content),
    "a list of numbers": lambda content: ",".join(map(str, content)),
    "gzip": lambda content: base64.b64encode(gzip.compress(content, mtime=0)).decode(),
    "zlib": lambda content: base64.b64encode(zlib.compress(content)).decode(),
    "bzip2": lambda content: base64.b64encode(bz2.compress(content)).decode(),
    "xz": lambda content: base64.b64encode(lzma.compress(content)).decode(),
    "UTF-16": lambda content: base64.b64encode(content.decode().encode("utf-16-le")).decode(),
}


def found(line: str, *more: str, place: int | None = None) -> list[tuple[int, str]]:
    """Return what is decoded of lines of which the first is marked at a place, by default a little behind its start."""
    mark = Mark(1, line, (place if place is not None else 24,))
    return list(decoded_texts([mark], [f"{one}\n" for one in (line, *more)]))


@pytest.mark.parametrize("name", ENCODINGS)
@given(text=TEXTS)
def test_what_is_encoded_is_found_again(name: str, text: str) -> None:
    text = f"TOKEN={TOKEN}\n{text}"

    assert (1, text) in found(ENCODINGS[name](text.encode()))


@pytest.mark.parametrize("name", [name for name in ENCODINGS if "list" not in name])
def test_within_a_line_it_is_found_at_its_place(name: str) -> None:
    before = 'value: "'
    line = f'{before}{ENCODINGS[name](f"TOKEN={TOKEN} {TOKEN}".encode())}"'

    assert found(line, place=len(before) + 24) == [(1, f"TOKEN={TOKEN} {TOKEN}")]


@given(st.integers(20, 76))
def test_base64_goes_on_over_lines(width: int) -> None:
    text = f"first = 1\nTOKEN={TOKEN}\nlast = {TOKEN}\n"

    ((line, read),) = found(*textwrap.wrap(base64.b64encode(text.encode()).decode(), width))

    assert line == 1
    assert read == text[: len(read)]
    assert len(text) - len(read) <= 3, "a last line of less than four letters is no base64"


@given(st.binary(min_size=40, max_size=200))
def test_any_bytes_are_read_or_are_no_text(content: bytes) -> None:
    for encode in ENCODINGS.values():
        try:
            line = encode(content)
        except UnicodeDecodeError:
            continue
        assert all(isinstance(text, str) for _, text in found(line))


@given(st.text(max_size=300), st.integers(0, 300))
def test_any_line_is_read(line: str, place: int) -> None:
    line = line.replace("\n", " ")

    assert isinstance(found(line, place=min(place, len(line))), list)


def test_a_bomb_comes_to_no_more_than_its_bound() -> None:
    bomb = base64.b64encode(zlib.compress(b"a" * (MAX_UNPACKED + 1000))).decode()

    assert [len(text) for _, text in found(bomb)] == [MAX_UNPACKED]


def test_what_is_no_text_is_none() -> None:
    assert found(base64.b64encode(bytes(range(128, 228))).decode()) == []
