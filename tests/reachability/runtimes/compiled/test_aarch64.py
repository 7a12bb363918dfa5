"""Instructions of AArch64 that hold addresses and numbers; the code is what gcc 14, clang 19 and Go 1.24 make."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.compiled import aarch64

GIT = (0x528D2CE1, 0x72A00E81)  # mov w1, #0x6967; movk w1, #0x74, lsl #16
PKGCONF = (0xD28D6E01, 0xF2AC6CE1, 0xF2CDCDE1, 0x910003FD, 0xF2E00CC1)
NOP = 0xD503201F


def code(*words):
    return struct.pack(f"<{len(words)}I", *words)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ((NOP, *GIT), [(8, b"git\0")]),
        (PKGCONF, [(16, b"pkgconf\0")]),
        ((0x52800D08,), [(0, b"h\0\0\0")]),
        ((*GIT, 0x72A00C81), [(4, b"git\0"), (8, b"gid\0")]),
        ((GIT[0], *[NOP] * 20, GIT[1]), [(0, b"gi\0\0"), (84, b"git\0")]),
        ((GIT[1],), []),
    ],
    ids=("a word", "eight bytes", "one half", "a half is replaced", "far apart", "no beginning"),
)
def test_numbers_are_put_together_from_halves(words, numbers):
    assert [tuple(one) for one in aarch64.numbers(code(*words))] == numbers


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ((0x90000001, 0x911E3021), [(4, 0x10078C, 0)]),  # adrp x1; add x1, x1, #0x78c
        ((0xB00001C5, 0x910674A5), [(4, 0x13919D, 0)]),  # a page ahead
        ((0x90000008, 0x3DC00100), [(4, 0x100000, 16)]),  # adrp x8; ldr q0, [x8]
        ((0x90000008, 0xF9400508), [(4, 0x100008, 8)]),  # adrp x8; ldr x8, [x8, #8]
        ((0x10000041,), [(0, 0x100008, 0)]),  # adr x1, 8 bytes ahead
        ((0x911E3021,), []),
        ((0x90000001, 0xF9000021), []),  # a store
    ],
)
def test_addresses_are_pages_and_what_is_added(words, held):
    assert [tuple(one) for one in aarch64.addresses(code(*words), 0x100000, range(0x200000))] == held


def test_only_wanted_addresses_are_held():
    words = code(0x90000001, 0x911E3021)
    assert list(aarch64.addresses(words, 0x100000, range(0x100700, 0x10078C))) == []
    assert len(list(aarch64.addresses(words, 0x100000, range(0x10078C, 0x10078D)))) == 1


@pytest.mark.parametrize(
    ("word", "value"),
    [
        (0xD28000A1, 5),
        (0x52800129, 9),
        (0xB24003E3, 1),
        (0xB27F03E2, 2),
        (0xB24007E1, 3),
        (0xB27E03E2, 4),
        (0xB24027E1, None),  # 1023
        (0xB24007C1, None),  # orr with a register
        (0xD2A00021, None),  # shifted
        (0x3200FFE0, None),  # a pattern that there is not
    ],
)
def test_small_numbers(word, value):
    assert list(aarch64.small_numbers(code(NOP, word), 300)) == ([] if value is None else [(4, value)])


@given(st.binary(max_size=400))
def test_nothing_is_raised_for_what_is_no_code(content):
    aarch64.numbers(content)
    list(aarch64.addresses(content, 0x1000, range(1 << 40)))
    list(aarch64.small_numbers(content, 300))


@given(st.lists(st.integers(0, (1 << 32) - 1) | st.sampled_from([0x32000000 | 31 << 5, 0xB2000000 | 31 << 5, *GIT])))
def test_nothing_is_raised_for_any_instructions(words):
    test_nothing_is_raised_for_what_is_no_code.hypothesis.inner_test(code(*words))
