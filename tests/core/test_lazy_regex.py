"""A pattern that is compiled when it is first used is a right one all the same."""

import pkgutil
from importlib import import_module

import pytest

import gate.secrets
from gate.core.lazy_regex import _LazyPattern, lazy_regex

pytestmark = pytest.mark.every_python

MODULES = [one.name for one in pkgutil.walk_packages(gate.secrets.__path__, "gate.secrets.")]
LATE = [
    (f"{name}.{attribute}", pattern)
    for name in MODULES
    for attribute, pattern in vars(import_module(name)).items()
    if isinstance(pattern, _LazyPattern)
]


def test_a_pattern_is_compiled_once_it_is_used() -> None:
    pattern = lazy_regex(r"a(b)")
    assert "_compiled" not in vars(pattern)
    match = pattern.search("xab")
    assert match is not None
    assert match[1] == "b"
    assert "_compiled" in vars(pattern)


def test_there_are_late_patterns() -> None:
    assert len(LATE) > 50


@pytest.mark.parametrize(("name", "pattern"), LATE, ids=[name for name, _ in LATE])
def test_each_is_a_pattern(name: str, pattern: _LazyPattern) -> None:
    assert pattern.pattern, name
