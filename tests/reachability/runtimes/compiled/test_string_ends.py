"""Strings that are the end of a longer one, of which a linker keeps one copy."""

import struct

import pytest

from gate.inventory.installed.elf import Elf, ElfSection
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.compiled.packed_strings import texts_in_data
from gate.reachability.runtimes.compiled.string_ends import ends_of
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states

I386, X86_64, AARCH64, RISCV = 3, 62, 183, 243
FIXED, SHARED = 2, 3
TEXT = b"\0only a digit\0git-x\0"
BLOCK, CODE, DATA, TABLE, RELOCATIONS = 0x401000, 0x402000, 0x403000, 0x404000, 0x405000
GIT = BLOCK + TEXT.index(b"git\0")


def elf(machine=X86_64, kind=SHARED, **sections):
    """Return a file with `TEXT` as its constants, and further sections at fixed addresses."""
    content = bytearray(0x6000)
    struct.pack_into("<HH", content, 16, kind, machine)
    parts = []
    for name, address in {"rodata": BLOCK, "text": CODE, "data": DATA, "got": TABLE, "rela.dyn": RELOCATIONS}.items():
        each = sections.get(name.replace(".", "_"), TEXT if name == "rodata" else b"")
        if not each and name == "rela.dyn":
            continue
        place = address - 0x400000
        content[place : place + len(each)] = each
        parts.append(ElfSection(f".{name}", address, place, len(each), name == "data", is_executable=name == "text"))
    return Elf(bytes(content), "<", machine != I386, parts, [])


def relative(address, at=CODE + 4):
    return b"\x90" + b"\x48\x8d\x3d" + struct.pack("<i", address - at - 4)


def adrp(register, address):
    pages = (address >> 12) - (CODE >> 12)
    return struct.pack("<I", 0x90000000 | (pages & 3) << 29 | (pages >> 2 & 0x7FFFF) << 5 | register)


def add(register, address):
    return struct.pack("<I", 0x91000000 | (address & 4095) << 10 | register << 5 | 9)


@pytest.mark.parametrize(
    "program",
    [
        elf(text=relative(GIT)),
        elf(text=relative(GIT + 3) + b"\x48\x8d\x72\xfd"),
        elf(data=struct.pack("<Q", GIT)),
        elf(rela_dyn=struct.pack("<QQQ", DATA, 8, GIT)),
        elf(kind=FIXED, text=b"\xbf" + struct.pack("<I", GIT)),
        elf(kind=FIXED, text=b"\x48\xc7\x44\x24\x08" + struct.pack("<I", GIT)),
        elf(I386, text=b"\x8d\x83" + struct.pack("<i", GIT - TABLE), got=b"\0" * 4),
        elf(I386, FIXED, text=b"\xc7\x04\x24" + struct.pack("<I", GIT)),
        elf(AARCH64, text=adrp(1, GIT) + add(1, GIT)),
        elf(AARCH64, text=struct.pack("<I", 0x10000000 | (GIT - CODE & 3) << 29 | (GIT - CODE >> 2 & 0x7FFFF) << 5)),
        elf(rodata=TEXT.ljust(24, b"\0") + struct.pack("<i", GIT - BLOCK - 24), text=relative(BLOCK + 24)),
    ],
)
def test_the_end_of_a_string_is_one_if_code_or_data_refers_to_it(program):
    assert ends_of(program) == {b"git"}


@pytest.mark.parametrize(
    "program",
    [
        elf(text=relative(GIT + 4)),
        elf(text=relative(BLOCK + 1), data=struct.pack("<Q", GIT + 4)),
        elf(AARCH64, text=adrp(1, GIT) + add(2, GIT)),
        elf(text=b"\xbf" + struct.pack("<I", GIT)),
        elf(rela_dyn=struct.pack("<QQQ", GIT, 8, DATA)),
    ],
)
def test_the_end_of_a_string_to_which_nothing_refers_is_none(program):
    assert ends_of(program) == set()


def test_each_end_counts_where_code_is_not_read():
    assert b"git" in ends_of(elf(RISCV))


def test_texts_in_sections_of_data_are_strings():
    assert list(texts_in_data(elf(data=b"\1\2git\0\3open\1"))) == [b"git"]


@pytest.mark.parametrize(("place", "in_use"), [(4, InUse.UNKNOWN), (3, InUse.NO)])
def test_a_program_that_is_named_by_the_end_of_a_string_is_not_said_to_be_unused(place, in_use):
    """`execlp("memcached", …)` beside the message `see memcached`: the linker keeps one copy."""
    program = make_elf(strings=["sshmemcached"], calls="execlp", refers_to=place)
    found = states({**TREE, "!usr/bin/own": program}, Runtime(cmd=["own"], env=["PATH=/usr/bin"]))
    assert [found[name].in_use for name in ("memcached", "libevent")] == [in_use] * 2
