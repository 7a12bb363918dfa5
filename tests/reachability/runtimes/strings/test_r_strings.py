"""Names in the code of R's packages."""

import bz2
import lzma
import zlib
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.strings.r_strings import r_strings, read_objects
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree

SYMBOL = b"\0\0\0\1"


def text(value, flags=b"\0\x04\0\x09"):
    """A string as R serializes it."""
    return flags + len(value).to_bytes(4, "big") + value.encode()


def by_zlib(content):
    return zlib.compress(content)


def by_bzip2(content):
    return b"2" + bz2.compress(content)


def by_xz(content):
    return b"Z" + lzma.compress(content, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2}])


def objects(*contents, packed=by_zlib):
    """A file of objects, each behind its length."""
    return b"".join(len(one).to_bytes(4, "big") + packed(b"X\n\0\0\0\3" + one) for one in contents)


def names(content, *wanted):
    numbers = set(array("I", read_objects(content).numbers))
    return {name for name in wanted if zlib.crc32(name.encode()) in numbers}


@pytest.mark.parametrize("packed", [by_zlib, by_bzip2, by_xz])
def test_the_strings_of_all_objects_are_names_and_their_symbols_are_none(packed):
    content = objects(
        text("idle") + SYMBOL + text("svn"), text("git status"), bytes(200_000) + text("hg"), packed=packed
    )
    assert names(content, "idle", "git", "svn", "hg") == {"idle", "git", "hg"}


def test_a_string_in_any_coding_counts_and_paths_are_kept():
    content = objects(text("git", b"\0\0\x80\x09") + text("/usr/lib/shop/helper") + text("/a\0b"))
    assert names(content, "git", "helper") == {"git", "helper"}
    assert read_objects(content).paths == ("/usr/lib/shop/helper",)


@pytest.mark.parametrize("content", [objects(text("git"))[:-3], b"\0\0\0\1nothing"])
def test_what_is_damaged_is_not_read(content):
    assert not read_objects(content).is_read


def test_an_empty_file_names_nothing():
    assert read_objects(b"").is_read


@given(st.integers(0, 80), st.binary(max_size=8), st.sampled_from([by_zlib, by_bzip2, by_xz]))
def test_a_damaged_file_ends_nothing(place, more, packed):
    content = objects(text("git"), text("svn"), packed=packed)
    assert read_objects(content[:place] + more + content[place:]) is not None


def test_the_code_of_a_package_of_an_image_is_read():
    files = Files(SmallTree({"usr/lib/R/library/a/R/a.rdb": objects(text("git"))}))
    assert zlib.crc32(b"git") in set(array("I", r_strings("usr/lib/R/library/a/R/a.rdb", files).numbers))
