"""Reading ahead of use (`gate/fleet/read_ahead.py`)."""

from pathlib import Path

import pytest

from gate.core.errors import UnreadableError
from gate.fleet.generations import opened
from gate.fleet.read_ahead import AHEAD, RecordsAhead, read_ahead, readers
from gate.fleet.store import FleetStore
from tests.fleet.conftest import BASE_LAYER, maven


def test_answers_come_in_the_order_of_the_names() -> None:
    with readers() as pool:
        assert list(read_ahead(pool, lambda number: number * 2, range(3 * AHEAD))) == list(range(0, 6 * AHEAD, 2))


def test_an_error_is_raised_when_its_turn_has_come() -> None:
    with readers() as pool:
        answers = read_ahead(pool, lambda number: 6 // number, [3, 2, 0, 1])
        assert [next(answers), next(answers)] == [2, 3]
        with pytest.raises(ZeroDivisionError):
            next(answers)


def test_a_list_that_many_records_name_is_read_once(store: FleetStore, add, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    for number in "abc":
        add(number, [maven("1")], digest=number * 64, layers=[BASE_LAYER])
    read: list[str] = []
    packages = store.packages
    monkeypatch.setattr(store, "packages", lambda digest: (read.append(digest), packages(digest))[1])
    with opened(store) as connection:
        assert connection.execute("SELECT count(*) FROM placement").fetchone() == (3,)
    assert len(read) == 1


def test_a_list_that_was_not_asked_for_is_read_when_it_is_needed(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    add("shop", [maven("1")], digest="a" * 64)
    with readers() as pool:
        ahead = RecordsAhead(store, pool)
        ((_, record),) = ahead.records(store.pending(), lambda _: True)
        assert ahead.packages(record.placements[0].packages) == (maven("1"),)


def test_a_record_that_is_damaged_ends_the_index_and_no_thread_stays(store: FleetStore, add, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for number in "abc":
        add(number, [maven("1")], digest=number * 64)
    next((tmp_path / "store/records").rglob("*/*")).write_bytes(b"damaged")
    with pytest.raises(UnreadableError, match="is damaged"), opened(store):
        pass


def test_builds_of_a_target_stand_together_in_the_index_the_earliest_first(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    for name, day, digest in (("shop", 3, "a"), ("batch", 2, "b"), ("shop", 1, "c")):
        add(name, [maven("1")], digest=digest * 64, read_at=f"2026-11-0{day}T10:00:00+00:00")
    with opened(store) as connection:
        rows = connection.execute("SELECT name, read_at FROM subject ORDER BY id").fetchall()
    assert [(name, read_at[:10]) for name, read_at in rows] == [
        ("batch", "2026-11-02"),
        ("shop", "2026-11-01"),
        ("shop", "2026-11-03"),
    ]
