"""Blobs in bulk: all of a store, and many through one process."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gate.git import Repository
from gate.git.blobs import Blob, blobs_among, list_objects, read_blobs
from gate.git.history import PathChange, _commits

Make = Callable[..., Any]


def test_every_blob_of_the_store_is_listed_once_reachable_or_not(make_repository: Make) -> None:
    made = make_repository()
    made.commit({"a": "same", "b": "same", "c": "12345"})
    (made.root / "draft").write_text("draft")
    loose = made.git("hash-object", "-w", "draft")
    same, other = (made.git("rev-parse", f"HEAD:{name}") for name in "bc")
    assert blobs_among(list_objects(Repository(str(made.root))).output()) == sorted([same, other, loose])


def test_blobs_come_in_the_order_asked_for_with_what_is_missing_or_too_large_said(make_repository: Make) -> None:
    made = make_repository()
    made.commit({"a": b"one\0\n", "b": b"x" * 100, "c": b""})
    a, b, c = (made.git("rev-parse", f"HEAD:{name}") for name in "abc")
    missing = "0123456789" * 4
    assert list(read_blobs(Repository(str(made.root)), [c, b, missing, a], limit=10)) == [
        Blob(c, 0, b""),
        Blob(b, 100),
        Blob(missing, None),
        Blob(a, 5, b"one\0\n"),
    ]


def test_a_reader_that_stops_early_leaves_no_process(make_repository: Make) -> None:
    made = make_repository()
    made.commit({str(number): "x" * 100_000 for number in range(20)})
    repository = Repository(str(made.root))
    blobs = blobs_among(list_objects(repository).output())
    assert next(read_blobs(repository, blobs * 50, limit=1 << 20)).size == 100_000


ID, OTHER, NONE = "a" * 40, "b" * 40, "0" * 40


HEAD = " 2026-01-02 ada@example.com"


def test_a_change_of_one_parent_and_one_of_a_merge() -> None:
    output = (
        f"{ID}{HEAD}\0\n:100644 000000 {ID} {NONE} D\0gone\0:000000 120000 {NONE} {ID} A\0link\0"
        f"{NONE}{HEAD}\0"
        f"{OTHER}{HEAD}\0\n::100644 100755 100644 {ID} {OTHER} {ID} MM\0merged\0"
    )
    assert [(commit.id, commit.changes) for commit in _commits(output.encode())] == [
        (ID, (PathChange(b"gone", (ID,), None),)),
        (NONE, ()),
        (OTHER, (PathChange(b"merged", (ID, OTHER), ID),)),
    ]


@given(st.lists(st.binary(min_size=1, max_size=9).filter(lambda name: b"\0" not in name), max_size=5))
def test_any_name_is_read_as_git_writes_it(names: list[bytes]) -> None:
    lines = [f":000000 100644 {NONE} {ID} A".encode() + b"\0" + name + b"\0" for name in names]
    (commit,) = _commits(f"{ID}{HEAD}\0".encode() + b"".join(lines))
    assert (commit.date, commit.author) == ("2026-01-02", "ada@example.com")
    assert list(commit.changes) == [PathChange(name, (), ID) for name in names]
