"""Ranges of bytes of a file: read whole, and an error where the file has become shorter."""

import os
from collections.abc import Callable
from itertools import islice

import pytest

from gate.core.errors import UnreadableError
from gate.images.layers.span import CHUNK, Span

MOST = 10
"""Pieces that a span of these tests has at most."""
MakeSpan = Callable[[bytes], Span]
READERS = [
    pytest.param(lambda span: b"".join(islice(span.chunks(), MOST)), id="chunks"),
    pytest.param(
        lambda span: b"".join(bytes(part) for part in islice(span.windows(memoryview(bytearray(7))), MOST)),
        id="windows",
    ),
    pytest.param(lambda span: span.read(0, span.size), id="read"),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("size", [0, 1, 7, 8, 20])
def test_all_bytes_are_read_to_the_last(span: MakeSpan, read: Callable[[Span], bytes], size: int) -> None:
    content = bytes(range(size))
    assert read(span(content)) == content


def test_a_single_byte_behind_a_whole_chunk_is_read(span: MakeSpan) -> None:
    assert [len(chunk) for chunk in span(b"a" * (CHUNK + 1)).chunks()] == [CHUNK, 1]


@pytest.mark.parametrize("read", READERS)
def test_a_file_that_becomes_shorter_is_an_error_and_no_end(span: MakeSpan, read: Callable[[Span], bytes]) -> None:
    cut = span(b"a" * 20)
    os.truncate(f"/proc/self/fd/{cut._descriptor}", 9)
    with pytest.raises(UnreadableError, match=r"became shorter|is truncated"):
        read(cut)


def test_a_part_lies_within_its_span(span: MakeSpan) -> None:
    whole = span(b"0123456789")
    part = whole.part(2, 8, "the part")
    assert (part.read(0, 8), part.read(3, 2)) == (b"23456789", b"56")
    with pytest.raises(UnreadableError, match=r"the part.* is truncated"):
        whole.part(2, 9, "the part")
