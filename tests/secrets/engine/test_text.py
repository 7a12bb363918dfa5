"""Bytes to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.engine.text import SNIFFED, decode, decode_wide, looks_binary


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"a\r\nb\rc\n", "a\nb\nc\n", "utf-8"),
        (b"\xef\xbb\xbfa", "\ufeffa", "utf-8"),
        ("é".encode("latin-1"), "é", "latin-1"),
        (b"\xff\xfea\0\r\0\n\0", "a\n", "utf-16"),
        (b"\xfe\xff\0a", "a", "utf-16"),
        (b"\xff\xfe\0\0a\0\0\0", "a", "utf-32"),
        (b"a\0b", "a\0b", "utf-8"),
        (b"x" * SNIFFED + b"\xff\0", "x" * SNIFFED + "ÿ\0", "latin-1"),
    ],
)
def test_decoded(content: bytes, text: str, encoding: str) -> None:
    decoded = decode(content)
    assert decoded is not None
    assert (decoded.content, decoded.encoding) == (text, encoding)
    assert decoded.utf8 == text.encode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_without_a_mark(encoding: str) -> None:
    text = "key = q7Zp2Lw9\n" * 3
    decoded = decode_wide(text.encode(encoding))
    assert decoded is not None
    assert (decoded.content, decoded.encoding) == (text, encoding)


def test_numbers_of_four_bytes_are_no_text() -> None:
    assert decode_wide(b"".join(number.to_bytes(4, "little") for number in range(0, 4096, 256))) is None


@pytest.mark.parametrize("content", [b"\x7fELF\0\xff", b"PK\3\4\0\xe9"])
def test_binary(content: bytes) -> None:
    assert decode(content) is None
    assert looks_binary(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_binary(content: bytes) -> None:
    text = decode(content)
    if text is None:
        assert b"\0" in content
    else:
        assert "\r" not in text.content
        assert text.utf8 == text.content.encode()
