"""Capabilities of files, from the attribute in a layer or on disk to what is told."""

import struct
import tarfile

import pytest

from gate.core.errors import UnreadableError
from gate.images.contents.capabilities import privileged_files
from gate.trees import Entry, EntryKind

FILE = Entry(path="usr/bin/tool", kind=EntryKind.FILE, origin="sha256:0a")


def attribute(permitted: int, revision: int = 2) -> bytes:
    low, high = permitted & 0xFFFFFFFF, permitted >> 32
    flags = revision << 24 | 1
    if revision == 1:
        return struct.pack("<III", flags, low, 0)
    return struct.pack("<IIIII", flags, low, 0, high, 0) + bytes(4 if revision == 3 else 0)


def capabilities(value: bytes) -> list[tuple[str, ...]]:
    return [file.capabilities for file in privileged_files([(FILE, value)])]


@pytest.mark.parametrize("revision", [1, 2, 3])
def test_all_revisions_are_read(revision: int) -> None:
    assert capabilities(attribute(1 << 7 | 1 << 13 | 1 << 21, revision)) == [
        ("cap_setuid", "cap_net_raw", "cap_sys_admin")
    ]


def test_numbers_above_31_and_those_that_are_not_known_yet_are_told() -> None:
    assert capabilities(attribute(1 << 39 | 1 << 40 | 1 << 63)) == [("cap_bpf", "cap_checkpoint_restore", "cap_63")]


def test_an_attribute_that_permits_nothing_is_none() -> None:
    assert capabilities(attribute(0)) == []


@pytest.mark.parametrize("value", [b"\1", attribute(1)[:-1], attribute(1) + b"\0", attribute(1, 3)[:20], bytes(20)])
def test_a_damaged_attribute_is_an_error(value: bytes) -> None:
    with pytest.raises(UnreadableError, match="has capabilities that cannot be read"):
        capabilities(value)


def with_attribute(make, name: str, value: bytes):  # type: ignore[no-untyped-def]
    entry, content = make.file(name, b"\x7fELF", mode=0o755)
    entry.pax_headers = {"SCHILY.xattr.security.capability": value.decode("utf-8", "surrogateescape")}
    return entry, content


def test_the_attribute_is_read_from_a_layer_and_follows_its_file(make, layered) -> None:
    layer = make.layer(
        with_attribute(make, "a", attribute(1 << 21)),
        make.hard_link("same", "a"),
        with_attribute(make, "b", attribute(1 << 13)),
        make.file("c", b"\x7fELF"),
        format=tarfile.PAX_FORMAT,
    )
    above = make.layer(make.file("b", b"without"), make.file("c", b"other"))
    found = privileged_files(layered(layer, above).files_with_capabilities())
    assert [(file.path, file.capabilities, file.layer) for file in found] == [
        ("a", ("cap_sys_admin",), make.digest(layer)),
        ("same", ("cap_sys_admin",), make.digest(layer)),
    ]
