"""How the index holds its rows."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gate.advisories.packing import pack, unpack


@given(st.lists(st.text()), st.integers(1, 9))
def test_what_is_packed_comes_back(value: list[str], level: int) -> None:
    assert msgspec.msgpack.decode(unpack(pack(value, level))) == value


def test_what_advisories_have_in_common_takes_hardly_any_room() -> None:
    vector = ["CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]
    assert len(pack(vector, 1)) < 12


def test_a_limit_bounds_what_is_unpacked() -> None:
    assert len(unpack(pack("a" * 100_000, 6), 50)) == 50
