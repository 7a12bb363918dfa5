"""`Literals` finds what `in` finds, `Patterns` what `re` does, with Hyperscan and without it."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.literals import Literals, Patterns

_TEXTS = (b"exec(", b".system(", b"from os import", b"a", b"\0", b"\xff\n")


@given(st.lists(st.sampled_from([*_TEXTS, b"b", b" ", b"exec", b"."])).map(b"".join))
def test_the_same_as_one_by_one(content: bytes) -> None:
    assert Literals(_TEXTS).among(content) == {one for one in _TEXTS if one in content}
    ends = {end for end in range(len(content) + 1) if content[:end].endswith(_TEXTS)}
    assert Literals(_TEXTS).ends(content) == sorted(ends)


def test_without_hyperscan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    assert Literals(_TEXTS).among(b"os.system(exec)") == {b".system("}
    assert Literals((b"aa", b"a+", b"b")).ends(b"aaab a+") == [2, 3, 4, 7]


@pytest.mark.parametrize("module", ["hyperscan", "no"])
def test_where_patterns_end(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert Patterns((rb"a.{1,2}[bc]", rb"\x00\xff"), longest=4).ends(b"a\nbcaab\0\xff") == [3, 4, 7, 9]
    assert Patterns((b"a",), longest=1).ends(b"") == []
