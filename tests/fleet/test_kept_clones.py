"""Clones that are kept: the ones used last, within a bound, and each by one process at a time."""

import os
from pathlib import Path

import pytest

from gate.fleet.kept_clones import KeptClones, kept_clones
from gate.fleet.repository_address import RepositoryAddress


def address(number: int) -> RepositoryAddress:
    return RepositoryAddress(scheme="https", host="git.example.com", path=f"shop/{number}")


def add(kept: KeptClones, number: int, size: int = 100) -> Path:
    """Keep a clone that was used `number` seconds after 1970."""
    with kept.entry(address(number)) as entry:
        assert entry is not None
        (entry / ".git").mkdir(parents=True, exist_ok=True)
        (entry / ".git/pack").write_bytes(b"x" * size)
        kept.keep(entry)
        if entry.exists():
            os.utime(entry.with_suffix(".used"), (number, number))
        return entry


def test_those_that_were_used_last_stay_within_the_bound(tmp_path: Path) -> None:
    kept = KeptClones(tmp_path, 1_000)
    entries = [add(kept, number) for number in range(15)]
    assert all(one.exists() for one in entries)
    KeptClones(tmp_path, 1_000)
    assert [one.exists() for one in entries] == [False] * 5 + [True] * 10


def test_one_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    assert not add(KeptClones(tmp_path, 1_000), 1, size=251).exists()


def test_one_process_at_a_time_has_a_clone_and_others_their_own(tmp_path: Path) -> None:
    kept = KeptClones(tmp_path, 1_000)
    with kept.entry(address(1)) as entry:
        assert entry is not None
        with KeptClones(tmp_path, 1_000).entry(address(1)) as second, kept.entry(address(2)) as other:
            assert (second, other is not None) == (None, True)


def test_a_cache_folder_that_cannot_be_made_keeps_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    kept_clones.cache_clear()
    assert (kept_clones(1), kept_clones(0)) == (None, None)
    kept_clones.cache_clear()
