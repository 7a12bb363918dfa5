"""Strings that a compiler puts into code as numbers: what gcc 12 makes with -O2, and clang 19 for AArch64."""

import struct

import pytest

from gate.inventory.installed.elf import Elf, ElfSection
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.compiled.strings_in_code import strings_in_code
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states

BLOCK, CODE = 0x401000, 0x402000
SIXTEEN = b"update-alternati"
START = b"\x48\x83\xec\x28"


def elf(code, machine=62):
    content = bytearray(0x3000)
    struct.pack_into("<HH", content, 16, 3, machine)
    content[0x1000 : 0x1000 + len(SIXTEEN)] = SIXTEEN
    content[0x2000 : 0x2000 + len(code)] = code
    parts = [
        ElfSection(".rodata", BLOCK, 0x1000, len(SIXTEEN), is_writable=False),
        ElfSection(".text", CODE, 0x2000, len(code), is_writable=False, is_executable=True),
    ]
    return Elf(bytes(content), "<", True, parts, [])


def load(before):
    return b"\x66\x0f\x6f\x05" + struct.pack("<i", BLOCK - CODE - len(before) - 8)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (b"\xc7\x04\x24git\0", b"git"),
        (b"\xb8gi\0\0\xc6\x44\x24\x12t\x66\x89\x44\x24\x10", b"git"),
        (b"\x66\xc7\x44\x24\x10gi\xc6\x44\x24\x12t", b"git"),
        (b"\xc7\x04\x24bash\xc6\x44\x24\x04\0", b"bash"),
        (b"\xb8h\0\0\0\x48\x89\xe7\xc7\x04\x24xaut\x66\x89\x44\x24\x04", b"xauth"),
        (b"\x48\x89\xe7\xc7\x04\x24pkex\xc7\x44\x24\x03xec\0", b"pkexec"),
        (b"\x48\xb8pkgconf\0", b"pkgconf"),
        (b"\x48\xb8ssh-keys\x48\x89\x04\x24\xc7\x44\x24\x08can\0", b"ssh-keyscan"),
        (b"\x48\xb8dbus-sen\x48\x89\x04\x24\x48\xb8end-too\0", b"dbus-send-too"),
        (b"\x48\xb8gzip -d\0", b"gzip -d"),
    ],
)
def test_it_is_found(code, text):
    assert text in strings_in_code(elf(START + code))


def test_sixteen_bytes_of_the_constants_and_the_rest():
    code = START + load(START) + b"\x48\x89\xe7\xc7\x44\x24\x10ves\0\x0f\x29\x04\x24"
    assert b"update-alternatives" in strings_in_code(elf(code))


def test_what_stands_far_apart_is_not_joined():
    code = b"\x48\xb8ssh-keys" + b"\x90" * 200 + b"\xc7\x44\x24\x08can\0"
    assert strings_in_code(elf(code)) == {b"ssh-keys", b"can"}


def words(*numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (words(0x528D2CE1, 0x72A00E81, 0xB9001BE1), b"git"),
        (words(0x528C8C88), b"dd"),
        (words(0xD28D6E01, 0xF2AC6CE1, 0xF2CDCDE1, 0x910003FD, 0xF2E00CC1), b"pkgconf"),
        (words(0x528E6E49, 0x52800C68, 0x72ADCF29, 0x79000808, 0xB9000009), b"rsync"),
        (words(0x528CAF08, 0x528D6E09, 0x72A00C68, 0x72AF0CA9), b"pkexec"),
        # adrp x9; mov w8, #0x6576; movk w8, #0x73, lsl #16; ldr q0, [x9]: the block lies a page in front
        (words(0xF0FFFFE9, 0x528CAEC8, 0x72A00E68, 0x3DC00120), b"update-alternatives"),
    ],
)
def test_it_is_found_in_code_of_aarch64(code, text):
    assert text in strings_in_code(elf(code, machine=183))


def test_code_of_x86_is_read_as_that_of_its_successor():
    assert strings_in_code(elf(b"\xc7\x04\x24git\0", machine=3)) == {b"git"}


def test_numbers_of_other_processors_are_not_read():
    assert strings_in_code(elf(b"\xc7\x04\x24git\0", machine=243)) == set()


def test_a_program_that_only_code_names_is_not_said_to_be_unused():
    """`std::string("memcached")`, or `char name[] = "memcached"`: no string of the program holds the name."""
    code = b"\x48\xb8memcache\x48\x89\x04\x24\xb8d\0\0\0\x66\x89\x44\x24\x08"
    program = make_elf(strings=["own"], calls="execlp", code=code)
    found = states({**TREE, "!usr/bin/own": program}, Runtime(cmd=["own"], env=["PATH=/usr/bin"]))
    assert [found[name].in_use for name in ("memcached", "libevent")] == [InUse.UNKNOWN] * 2
