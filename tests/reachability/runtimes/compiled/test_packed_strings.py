"""Strings of programs of Go and Rust: by the addresses and lengths in code, data and relocations."""

import struct

import pytest

from gate.inventory.installed.elf import Elf, ElfSection
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.compiled.packed_strings import packed_strings
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states

BLOCK = b"nilgitupdatetidyend"
PLACE = BLOCK.index(b"tidy")
TO_REGISTER, TO_STACK = b"\xbb", b"\x48\xc7\x44\x24\x08"


def elf(machine=62, **sections):
    """Return a program whose sections lie 0x1000 apart, the block of strings at 0x1000."""
    head = bytearray(0x1000)
    struct.pack_into("<H", head, 18, machine)
    contents = {".rodata": BLOCK, **{f".{name.replace('_', '.')}": content for name, content in sections.items()}}
    content, parts = bytes(head), []
    for number, (name, each) in enumerate(contents.items(), start=1):
        content = content.ljust(number * 0x1000, b"\0") + each
        parts.append(ElfSection(name, number * 0x1000, number * 0x1000, len(each), is_writable=False))
    return Elf(content, "<", True, parts, [ElfSection("", 0, 0, len(content), is_writable=False)])


def lea(at, place, before=b"", behind=b""):
    """Return code at an address that loads the address of a place in the block."""
    return before + b"\x48\x8d\x05" + struct.pack("<i", 0x1000 + place - (at + len(before) + 7)) + behind


@pytest.mark.parametrize(
    "sections",
    [
        {"text": lea(0x2000, PLACE, behind=TO_REGISTER + b"\x04\0\0\0")},
        {"text": lea(0x2000, PLACE, before=TO_STACK + b"\x04\0\0\0")},
        {"data": struct.pack("<QQ", 0x1000 + PLACE, 4)},
        {"rela_dyn": struct.pack("<QQQ", 0x3000, 8, 0x1000 + PLACE), "data": struct.pack("<QQ", 0, 4)},
    ],
)
def test_a_string_is_found_by_its_address_and_length(sections):
    assert packed_strings(elf(**sections, gopclntab=b"x")) == {b"tidy"}


@pytest.mark.parametrize("length", [0xB27E03E2, 0xD2800082])  # orr x2, xzr, #4, as Go does; mov x2, #4
def test_a_string_is_found_by_two_instructions_of_aarch64(length):
    page, add = 0xF0FFFFE0, 0x91000000 | PLACE << 10  # adrp x0, a page in front; add x0, x0, #PLACE
    code = struct.pack("<4I", page, add, 0xD503201F, length)
    assert packed_strings(elf(machine=183, text=code, gopclntab=b"x")) == {b"tidy"}


def test_a_part_of_the_block_that_nothing_points_to_is_no_string():
    code = lea(0x2000, PLACE)
    assert packed_strings(elf(text=code, data=struct.pack("<Q", PLACE), gopclntab=b"x")) == set()


def test_only_programs_of_go_and_rust_pack_strings():
    assert packed_strings(elf(data=struct.pack("<QQ", 0x1000 + PLACE, 4))) == set()


@pytest.mark.parametrize(("function", "in_use"), [("syscall.forkExec", InUse.UNKNOWN), ("net.Listen", InUse.NO)])
def test_a_program_of_go_names_what_it_may_start_if_it_starts_any(function, in_use):
    """`exec.Command("memcached")` was not seen, as the string stands between others without a separator."""
    program = make_elf(packed=["nil", "memcached", "update"], of_go=["runtime.main", function])
    found = states({**TREE, "!usr/bin/own": program}, Runtime(cmd=["own"], env=["PATH=/usr/bin"]))
    assert [found[name].in_use for name in ("memcached", "libevent")] == [in_use] * 2
