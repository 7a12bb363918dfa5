"""A store is written whole and verified when read, and no writer loses another's work (`gate/fleet/store.py`)."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from gate.core.errors import GateError, UnavailableError, UnreadableError, UsageError
from gate.fleet import generations
from gate.fleet.generations import bring_up_to_date, changing, current_records, latest, opened, rebuild
from gate.fleet.reading import add_report
from gate.fleet.store import MARK, FleetStore, make_store, open_store
from gate.fleet.store_files import LocalStoreFiles, open_files
from gate.model import Part
from tests.fleet.conftest import maven, report_on, secret_in, used


def names(store: FleetStore) -> list[str]:
    with opened(store) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM subject ORDER BY name")]


def objects(store: FleetStore) -> list[Path]:
    return [path for path in Path(store.shown, "objects").rglob("*") if path.is_file()]


def test_what_is_added_is_what_is_read(store: FleetStore) -> None:
    packages = [maven("2"), maven("1")]
    report = report_on("shop", packages, digest="a" * 64, uses=[used("b"), used("a")], layers=["l", "l"])
    (record,) = add_report(store, report, owners=("@a",))
    (digest,) = store.records()
    assert store.record(digest) == record
    (place,) = record.placements
    assert [one.version for one in store.packages(place.packages)] == ["1", "2"]
    assert [record.answers[number].evidence for number in place.answers] == [("a",), ("b",)]
    assert b'"shop"' in store.report(record.report)


def test_the_same_content_is_stored_once(store: FleetStore) -> None:
    for name in ("shop", "batch"):
        add_report(store, report_on(name, [maven("1")], digest=name[0] * 64, layers=["l"]))
    assert len(objects(store)) == 3  # two reports, one list


def test_no_line_of_a_file_is_kept(store: FleetStore) -> None:
    from gate.model import Excerpt

    finding = msgspec.structs.replace(secret_in("code", "a"), excerpt=Excerpt(first_line=1, lines=("hunter2",)))
    (record,) = add_report(store, report_on("code", findings=[finding]))
    assert record.findings[0].excerpt is None
    assert b"hunter2" not in store.report(record.report)


def test_a_secret_in_the_evidence_of_use_is_masked(store: FleetStore) -> None:
    token = "ghp_" + "aB3" * 12
    report = report_on("shop", [maven("1")], digest="a" * 64, uses=[used(f"java -Dtoken={token} -jar shop.jar")])
    (record,) = add_report(store, report)
    assert token not in str(record.answers)


@pytest.mark.parametrize("damage", [lambda content: content[:-4], lambda _: b"", lambda content: content[::-1]])
def test_a_damaged_object_is_never_believed(store: FleetStore, damage) -> None:  # type: ignore[no-untyped-def]
    add_report(store, report_on("shop", [maven("1")], digest="a" * 64))
    assert list(store.verify()) == []
    for path in objects(store):
        path.write_bytes(damage(path.read_bytes()))
    assert len(list(store.verify())) == 2
    with pytest.raises(UnreadableError):
        bring_up_to_date(store)


def test_an_object_under_the_name_of_another_is_not_believed(store: FleetStore) -> None:
    add_report(store, report_on("shop", [maven("1")], digest="a" * 64))
    first, second = objects(store)
    second.write_bytes(first.read_bytes())
    assert "is not what its digest says" in next(store.verify())


def test_a_missing_object_is_said(store: FleetStore) -> None:
    add_report(store, report_on("shop", [maven("1")], digest="a" * 64))
    objects(store)[0].unlink()
    assert any("is missing" in sentence for sentence in store.verify())


@pytest.mark.parametrize(
    ("mark", "error"),
    [(b'{"format": 99}', UsageError), (b"{", UnreadableError), (b'{"format": 1, "organisation": "b"}', UsageError)],
)
def test_a_store_of_another_version_or_organisation_is_refused(
    store: FleetStore, mark: bytes, error: type[GateError]
) -> None:
    Path(store.shown, MARK).write_bytes(mark)
    with pytest.raises(error):
        open_store(store.shown, "a")


def test_no_store_is_made_over_another_or_taken_for_one(tmp_path: Path, store: FleetStore) -> None:
    with pytest.raises(UsageError, match="already"):
        make_store(store.shown)
    with pytest.raises(UsageError, match="there is no store"):
        open_store(str(tmp_path / "nowhere"))


def test_the_report_of_a_part_is_refused(store: FleetStore) -> None:
    report = msgspec.structs.replace(report_on("shop"), part=Part(index=1, count=2))
    with pytest.raises(UnreadableError, match="gate merge"):
        add_report(store, report)


def test_two_writers_at_once_lose_nothing(store: FleetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second to publish builds on what the first has published."""
    add_report(store, report_on("first", digest="a" * 64))
    create, raced = generations._create, []

    def slow(*arguments: object) -> object:
        if not raced:
            raced.append(True)
            add_report(store, report_on("second", digest="b" * 64))
            bring_up_to_date(open_store(store.shown))
        return create(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(generations, "_create", slow)
    bring_up_to_date(store)
    assert names(store) == ["first", "second"]
    assert store.pending() == []
    found = latest(store)
    assert found is not None
    assert found.number == 1


def test_many_writers_at_once(store: FleetStore) -> None:
    def write(number: int) -> None:
        own = open_store(store.shown)
        add_report(own, report_on(f"image{number}", [maven("1")], digest=f"{number:064}", layers=["l"]))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(store) == sorted(f"image{number}" for number in range(16))


def note(store: FleetStore, value: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    with changing(store) as connection:
        connection.execute("INSERT OR REPLACE INTO note VALUES ('judged', ?)", (value,))
        meanwhile()


def test_changes_take_up_what_was_indexed_meanwhile_and_are_refused_after_other_changes(store: FleetStore) -> None:
    add_report(store, report_on("first", digest="a" * 64))

    def upload() -> None:
        add_report(store, report_on("second", digest="b" * 64))
        bring_up_to_date(open_store(store.shown))

    note(store, "1", upload)
    assert names(store) == ["first", "second"]
    with opened(store) as connection:
        assert connection.execute("SELECT value FROM note").fetchall() == [("1",)]
    with pytest.raises(UnavailableError, match="in the meantime"):
        note(store, "2", lambda: note(open_store(store.shown), "3"))
    with opened(store) as connection:
        assert connection.execute("SELECT value FROM note").fetchall() == [("3",)]


def test_a_reader_who_may_not_write_finds_all(store: FleetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    add_report(store, report_on("shop", digest="a" * 64))

    def refuse(*_: object) -> None:
        raise UnavailableError("the store cannot be written (Read-only file system)", path="store")

    monkeypatch.setattr(LocalStoreFiles, "write", refuse)
    assert names(store) == ["shop"]
    assert len(store.pending()) == 1


def test_a_full_disk_is_an_error_that_says_so(store: FleetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("gate.fleet.store_files.write_atomically", full)
    with pytest.raises(UnavailableError, match="No space left"):
        add_report(store, report_on("shop", digest="a" * 64))


def test_old_generations_go_and_the_index_can_be_made_again(store: FleetStore) -> None:
    for number in range(4):
        add_report(store, report_on(f"image{number}", digest=f"{number:064}"))
        bring_up_to_date(store)
    folder = Path(store.shown)
    assert len(list((folder / "indexes").iterdir())) == 2
    assert len(list((folder / "databases").iterdir())) == 2
    for path in (folder / "databases").iterdir():
        path.unlink()
    with pytest.raises(UnreadableError, match="--again"):
        bring_up_to_date(store)
    assert rebuild(store).records == 4
    assert len(names(store)) == 4


def test_prune_deletes_what_was_replaced_and_nothing_else(store: FleetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for version, day in (("1", "01"), ("2", "02")):
        report = report_on("code", [maven(version)], read_at=f"2026-11-{day}T00:00:00Z", repository="git.example.com/c")
        add_report(store, report)
    kept = current_records(store)
    assert store.prune(kept, "1d") == (0, 0)  # too young
    in_ten_days = os.stat(store.shown).st_mtime + 864_000
    assert store.prune(kept, "1d", now=in_ten_days) == (1, 2)
    assert list(store.verify()) == []
    assert names(store) == ["git.example.com/c"]


def test_an_old_object_that_is_named_again_outlives_pruning(store: FleetStore) -> None:
    digest = store.put(["a"])
    path = Path(store.shown, "objects", digest[:2], digest)
    os.utime(path, (0, 0))
    assert open_store(store.shown).put(["a"]) == digest
    assert store.prune(set(), "1d") == (0, 0)
    assert path.exists()


def test_addresses(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="empty"):
        open_files("")
    with pytest.raises(UsageError, match=r"cannot be opened|needs the package"):
        open_files("nothing-of-this-name://bucket")


def test_a_store_behind_fsspec(own_cache: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    address = "memory://fleet-test/store"
    try:
        store = make_store(address)
        with pytest.raises(UsageError, match="already"):
            make_store(address)
        add_report(store, report_on("shop", [maven("1")], digest="a" * 64))
        assert names(open_store(address)) == ["shop"]
        add_report(store, report_on("batch", [maven("1")], digest="b" * 64))
        assert names(open_store(address)) == ["batch", "shop"]
        assert list(store.verify()) == []
        assert store.pending() == []
    finally:
        fsspec.filesystem("memory").rm("/fleet-test", recursive=True)
