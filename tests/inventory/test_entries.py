"""From entries to packages."""

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import LockfilePlace

PLACE = LockfilePlace("PyPI", "x.lock")
ENTRIES = [
    LockEntry(name="a", version="1", line=3, license="MIT"),
    LockEntry(name="b", version="2"),
    LockEntry(name="c", version=None),
]


def test_what_the_project_asks_for_is_direct_and_brings_in_the_rest() -> None:
    found = locked(PLACE, ENTRIES, direct=["a"], needs={"a": ["b"]})
    assert [(p.name, p.direct, p.via, p.license) for p in found.packages] == [
        ("a", True, (), "MIT"),
        ("b", False, ("a",), None),
    ]


def test_what_has_no_version_is_imprecise() -> None:
    assert locked(PLACE, ENTRIES).imprecise == ("x.lock:1: c",)


def test_without_knowing_what_is_asked_for_nothing_is_direct_or_indirect() -> None:
    assert {package.direct for package in locked(PLACE, ENTRIES).packages} == {None}
