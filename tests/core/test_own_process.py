"""A stand-in for a module is for processes of the gate's own alone, and only while something is imported."""

import sys
from types import ModuleType

import pytest

from gate.core import own_process


@pytest.mark.parametrize(("is_own", "is_loaded", "is_replaced"), [(1, 0, 1), (0, 0, 0), (1, 1, 0)])
def test_it_stands_in_for_what_is_not_loaded_here(
    monkeypatch: pytest.MonkeyPatch, is_own: int, is_loaded: int, is_replaced: int
) -> None:
    stand_in, loaded = ModuleType("a_module"), ModuleType("a_module")
    monkeypatch.setattr(own_process, "_is_own", False)
    if is_own:
        own_process.claim()
    if is_loaded:
        monkeypatch.setitem(sys.modules, "a_module", loaded)
    before = sys.modules.get("a_module")
    with own_process.imported_as("a_module", stand_in):
        assert (sys.modules.get("a_module") is stand_in) is bool(is_replaced)
    assert sys.modules.get("a_module") is before
