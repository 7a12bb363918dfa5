"""The strict tar reader agrees with Python's tarfile on what is valid and refuses what Go's archive/tar refuses."""

import io
import tarfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.images.layers.tar import members
from gate.trees import EntryKind

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=300)


def with_header(content: bytes, **fields: bytes) -> bytes:
    """Return an archive with parts of its first header replaced and the checksum made right."""
    places = {"name": 0, "mode": 100, "size": 124, "type": 156, "magic": 257}
    header = bytearray(content[:512])
    for field, value in fields.items():
        header[places[field] : places[field] + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + content[512:]


@QUICK
@example(entries=[("/", b"")], format=0)
@given(entries=st.lists(st.tuples(NAMES, st.binary(max_size=1500)), max_size=5), format=st.sampled_from([0, 1, 2]))
def test_reads_what_tarfile_writes(make, span, entries, format) -> None:
    if format == tarfile.USTAR_FORMAT:
        entries = [(name[:20], content) for name, content in entries]
    archive = make.layer(*(make.file(name, content) for name, content in entries), format=format)
    source = span(archive)
    found = [
        (member.name.decode(), source.read(member.offset, member.size)) for member in members(source, make.budget())
    ]
    with tarfile.open(fileobj=io.BytesIO(archive)) as theirs:
        expected = [(member.name.rstrip("/"), content) for member, (_, content) in zip(theirs, entries, strict=True)]
    assert [(name.rstrip("/"), content) for name, content in found] == expected


@QUICK
@given(st.binary(max_size=3000))
@example(b"\0" * 1024)
def test_any_bytes_are_entries_or_an_error(make, span, content) -> None:
    try:
        list(members(span(content), make.budget()))
    except GateError:
        return
    assert content[:512].strip(b"\0") == b"" or len(content) >= 512


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 511), st.integers(1, 255))
def test_a_changed_header_byte_is_noticed(make, span, position, change) -> None:
    archive = bytearray(make.layer(make.file("a/b", b"content")))
    archive[position] ^= change
    try:
        found = list(members(span(bytes(archive)), make.budget()))
    except UnreadableError:
        return
    # Only the checksum field itself can be written in another way that means the same.
    assert 148 <= position < 156
    assert [(member.name, member.size) for member in found] == [(b"a/b", 7)]


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_and_links(make, span, format) -> None:
    name, target = "d/" * 200 + "f", "t/" * 300
    archive = span(make.layer(make.link(name, target), format=format))
    (member,) = members(archive, make.budget())
    assert (member.name.decode(), member.link.decode(), member.kind) == (name, target, EntryKind.LINK)


def test_every_kind(make, span) -> None:
    types = [tarfile.REGTYPE, tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE]
    archive = span(make.layer(*(make.special("n", kind, "t") for kind in [*types, tarfile.FIFOTYPE])))
    kinds = [member.kind for member in members(archive, make.budget())]
    assert kinds == [
        EntryKind.FILE,
        EntryKind.FILE,
        EntryKind.LINK,
        EntryKind.OTHER,
        EntryKind.OTHER,
        EntryKind.FOLDER,
        EntryKind.OTHER,
    ]


def test_content_after_a_link_or_folder_header_does_not_exist(make, span) -> None:
    archive = with_header(make.layer(make.folder("d"), make.file("f")), size=b"00000001000\0")
    assert [member.name for member in members(span(archive), make.budget())] == [b"d/", b"f"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"size": b"\x80" + b"\xff" * 11}, "more than are left"),
        ({"size": b"\xff" * 12}, "negative"),
        ({"size": b"00000009999\0"}, "not octal"),
        ({"type": b"S"}, "sparse"),
        ({"type": b"Z"}, "unknown type"),
    ],
)
def test_refuses_headers_that_lie(make, span, fields, message) -> None:
    archive = with_header(make.layer(make.file("f", b"x")), **fields)
    with pytest.raises(UnreadableError, match=message):
        list(members(span(archive), make.budget()))


def test_refuses_sparse_files_in_pax_headers(make, span) -> None:
    entry, content = make.file("f", b"x")
    entry.pax_headers = {"GNU.sparse.major": "1"}
    with pytest.raises(UnreadableError, match="sparse"):
        list(members(span(make.layer((entry, content), format=tarfile.PAX_FORMAT)), make.budget()))


@pytest.mark.parametrize("record", [b"8 path=a\n", b"x path=a\n", b"11 path=ab\0", b"-1 path=a\n", b"99999 path=a\n"])
def test_refuses_damaged_pax_headers(make, span, record) -> None:
    extension = with_header(make.layer(make.file("p", record)), type=b"x")
    with pytest.raises(UnreadableError, match="damaged pax header"):
        list(members(span(extension), make.budget()))


def test_refuses_a_huge_extension_header(make, span) -> None:
    entry, content = make.file("f", b"x")
    entry.pax_headers = {"comment": "x" * (1 << 20)}
    with pytest.raises(LimitError, match="extension header"):
        list(members(span(make.layer((entry, content), format=tarfile.PAX_FORMAT)), make.budget()))


def test_refuses_a_path_longer_than_linux_has(make, span) -> None:
    with pytest.raises(LimitError, match="4,096"):
        list(members(span(make.layer(make.file("a/" * 2100))), make.budget()))


def test_refuses_more_entries_than_allowed(make, span) -> None:
    archive = make.layer(*(make.file(str(number)) for number in range(11)))
    with pytest.raises(LimitError, match="max_entries"):
        list(members(span(archive), make.budget(entries=10)))


def test_refuses_an_end_within_a_header(make, span) -> None:
    with pytest.raises(UnreadableError, match="truncated"):
        list(members(span(make.layer(make.file("f"))[:300]), make.budget()))


@pytest.mark.parametrize("keep", [514, 515, 1000, 1023])
def test_refuses_an_end_within_content_or_its_padding(make, span, keep) -> None:
    with pytest.raises(UnreadableError, match="more than are left"):
        list(members(span(make.layer(make.file("f", b"abc"))[:keep]), make.budget()))


def test_an_end_without_the_closing_zeros_is_valid_as_in_go(make, span) -> None:
    archive = span(make.layer(make.file("f", b"abc"))[:1024])
    assert [member.name for member in members(archive, make.budget())] == [b"f"]


def test_refuses_what_goes_on_behind_a_lone_block_of_zeros(make, span) -> None:
    first = make.layer(make.file("a", b"x"))[:1024]
    with pytest.raises(UnreadableError, match="goes on behind a lone block of zeros"):
        list(members(span(first + bytes(512) + make.layer(make.file("hidden"))), make.budget()))
    ended = first + bytes(1024) + make.layer(make.file("hidden"))
    assert [one.name for one in members(span(ended), make.budget())] == [b"a"], "as in Go"


def test_refuses_an_extension_that_nothing_follows(make, span) -> None:
    archive = make.layer(make.file("n" * 200), format=tarfile.GNU_FORMAT)
    with pytest.raises(UnreadableError, match="extension header"):
        list(members(span(archive[:1024] + bytes(1024)), make.budget()))


def test_old_star_and_v7_headers(make, span) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("p" * 90 + "/" + "n" * 90))
    (member,) = members(span(stream.getvalue()), make.budget())
    assert member.name == b"p" * 90 + b"/" + b"n" * 90
    v7 = with_header(stream.getvalue(), magic=bytes(8), type=b"\0", name=b"folder/" + bytes(93))
    (old,) = members(span(v7), make.budget())
    assert (old.name, old.kind) == (b"folder/", EntryKind.FOLDER)


def test_a_name_ends_where_its_field_does(make, span) -> None:
    archive = with_header(make.layer(make.file("x", b"")), name=b"n" * 100, mode=b"0004755\0")
    (member,) = members(span(archive), make.budget())
    assert (member.name, member.mode) == (b"n" * 100, 0o4755)


@pytest.mark.parametrize("byte", [b"\x7f", b"\x80", b"\xff"])
def test_a_checksum_of_signed_bytes_is_right_too(make, span, byte) -> None:
    content = make.layer(make.file("x", b"abc"))
    header = bytearray(content[:512])
    header[:2] = b"n" + byte
    header[148:156] = b" " * 8
    signed = sum(one - 256 if one > 127 else one for one in header)
    for total, is_right in ((signed, True), (signed + 1, False)):
        header[148:156] = b"%06o\0 " % total
        found = members(span(bytes(header) + content[512:]), make.budget())
        if is_right:
            assert [member.name for member in found] == [b"n" + byte]
        else:
            with pytest.raises(UnreadableError, match="checksum"):
                list(found)


@pytest.mark.parametrize(
    ("size", "is_number"),
    [("3", True), ("0" * 19 + "3", True), ("0" * 20 + "3", False), ("3x", False), ("-3", False)],
)
def test_a_size_of_a_pax_header_is_a_short_number(make, span, size, is_number) -> None:
    entry, content = make.file("f", b"abc")
    entry.pax_headers = {"size": size}
    found = members(span(make.layer((entry, content), format=tarfile.PAX_FORMAT)), make.budget())
    if is_number:
        assert [member.size for member in found] == [3]
    else:
        with pytest.raises(UnreadableError, match="size that is no number"):
            list(found)
