"""A source file is written again as it was: its encoding, byte order mark and line ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.source_text import decode

pytestmark = pytest.mark.every_python


@given(st.binary(max_size=50))
def test_any_bytes_come_back(content: bytes) -> None:
    assert decode(content).encode() == content


@pytest.mark.parametrize(
    ("content", "encoding", "line_end"),
    [
        ("é\n".encode(), "utf-8", "\n"),
        (b"\xef\xbb\xbfa\r\nb\r\n", "utf-8", "\r\n"),
        (b"caf\xe9\r\nb\n", "latin-1", "\n"),
        (b"a\r\nb\r\nc\n", "utf-8", "\r\n"),
        (b"", "utf-8", "\n"),
    ],
)
def test_a_changed_text_keeps_them(content: bytes, encoding: str, line_end: str) -> None:
    source = decode(content)
    assert (source.encoding, source.line_end) == (encoding, line_end)
    changed = source.with_text(source.text + "é")
    assert changed.encode() == content + "é".encode(encoding)
