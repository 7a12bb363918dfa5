"""From `all.zip` to an index: bounds, damage, and the cache."""

import io
import json
import multiprocessing
import os
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gate.advisories import archives, ingest, store
from gate.advisories.index import Index, IndexFile, IndexJob, make_index
from gate.advisories.store import AdvisoryFile
from gate.core.errors import GateError, LimitError, UnreadableError
from tests.hangs import must_end

Make = Callable[..., Any]


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., IndexJob]:
    def make(bucket: Path, base: str = "npm", **more: Any) -> IndexJob:
        source = AdvisoryFile(
            path=str(bucket / base / "all.zip"), shown=f"{base}/all.zip", cache_folder=str(tmp_path / "cache"), **more
        )
        return IndexJob(base=base, source=source)

    return make


@pytest.fixture
def raw_bucket(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes `npm/all.zip` from raw entries, or from raw bytes."""

    def make(entries: dict[str, bytes] | bytes) -> Path:
        place = tmp_path / "bucket" / "npm" / "all.zip"
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(entries, dict):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in entries.items():
                    archive.writestr(name, content)
            entries = buffer.getvalue()
        place.write_bytes(entries)
        return tmp_path / "bucket"

    return make


def ids(file: IndexFile, ecosystem: str, name: str) -> list[str]:
    with closing(Index(file)) as opened:
        return [advisory.id for advisory in opened.advisories(ecosystem, name)]


def test_an_index_answers_by_package(make_bucket: Make, advisory: Make, job: Make) -> None:
    bucket = make_bucket(
        {
            "npm": [
                advisory("GHSA-2", "npm", "a"),
                advisory("GHSA-1", "npm", "a"),
                advisory("GHSA-3", "npm", "b", withdrawn="2026-01-01T00:00:00Z"),
                advisory("GHSA-4", "npm", "c", modified="2026-05-01T00:00:00Z"),
                advisory("PYSEC-1", "PyPI", "a"),
            ]
        }
    )
    file = make_index(job(bucket))
    assert [ids(file, "npm", name) for name in ("a", "b", "c", "A")] == [["GHSA-1", "GHSA-2"], [], ["GHSA-4"], []]
    assert (file.totals.advisories, file.totals.newest) == (3, "2026-05-01T00:00:00Z")


def test_names_of_python_packages_are_normalised(make_bucket: Make, advisory: Make, job: Make) -> None:
    file = make_index(job(make_bucket({"PyPI": [advisory("PYSEC-1", "PyPI", "Zope.Interface")]}), "PyPI"))
    assert ids(file, "PyPI", "zope_interface") == ["PYSEC-1"]


def test_releases_are_kept_apart(make_bucket: Make, advisory: Make, job: Make) -> None:
    bucket = make_bucket({"Debian": [advisory("D-1", "Debian:12", "a"), advisory("D-2", "Debian:11", "a")]})
    file = make_index(job(bucket, "Debian"))
    assert ids(file, "Debian:12", "a") == ["D-1"]
    assert file.totals.releases == {"Debian:11": 1, "Debian:12": 1}


def good(advisory: Make) -> bytes:
    return json.dumps(advisory("GHSA-1", "npm", "a")).encode()


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        (b"", "is no zip file or is damaged"),
        (b"PK no zip", "is no zip file or is damaged"),
        ({}, "holds no advisory of the ecosystem npm"),
        ({"README": b"hello"}, "holds no advisory of the ecosystem npm"),
        ({"a.json": b"{broken"}, "cannot be parsed: 'a.json' in it is no advisory"),
        ({"a.json": b"[]"}, "cannot be parsed: 'a.json' in it is no advisory"),
        ({"a.json": b'{"id": 3}'}, "cannot be parsed: 'a.json' in it is no advisory"),
        ({"a.json": b'{"id": "\\u001b[0m"}'}, "its id is none"),
        ({"a.json": b"\xff"}, "cannot be parsed"),
        ({"a.json": b'{"id": "X", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"}, "cannot be parsed"),
        ({"a.json": b'{"id": "PYSEC-1", "affected": []}'}, "holds no advisory of the ecosystem npm"),
    ],
)
def test_damage_is_named(raw_bucket: Make, job: Make, entries: Any, why: str) -> None:
    with pytest.raises(UnreadableError, match=why) as caught:
        make_index(job(raw_bucket(entries)))
    assert caught.value.path == "npm/all.zip"


def test_truncation_and_flipped_bits_are_never_a_shorter_index(raw_bucket: Make, job: Make, advisory: Make) -> None:
    content = {f"{n}.json": json.dumps(advisory(f"GHSA-{n}", "npm", f"p{n}")).encode() for n in range(5)}
    place = raw_bucket(content) / "npm" / "all.zip"
    whole = place.read_bytes()
    for cut in range(1, len(whole), 37):
        with pytest.raises(UnreadableError):
            make_index(job(raw_bucket(whole[:cut])))
    directory = whole.rindex(b"PK\x01\x02")
    for position in range(30, directory, 97):
        damaged = whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :]
        try:
            file = make_index(job(raw_bucket(damaged)))
        except GateError:
            continue
        assert file.totals.advisories == 5


def test_an_advisory_that_is_listed_twice_is_damage(raw_bucket: Make, job: Make, advisory: Make) -> None:
    with pytest.raises(UnreadableError, match="lists an advisory twice"):
        make_index(job(raw_bucket({"a.json": good(advisory), "b.json": good(advisory)})))


def test_bombs_end_at_a_bound(raw_bucket: Make, job: Make, advisory: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRY", 1 << 20)
    one = raw_bucket({"a.json": b" " * (2 << 20) + good(advisory)})
    with pytest.raises(LimitError, match="unpacks to more"):
        make_index(job(one))
    many = raw_bucket(
        {f"{n}.json": b" " * 1_000_000 + good(advisory).replace(b"GHSA-1", b"G-%d" % n) for n in range(40)}
    )
    with must_end(), pytest.raises(LimitError, match="unpacks to more"):
        make_index(job(many))
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    with pytest.raises(LimitError, match="more than 3 entries"):
        make_index(job(many))


def test_a_second_run_uses_the_index_and_damage_is_mended(make_bucket: Make, advisory: Make, job: Make) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    place = Path(make_index(job(bucket)).path)
    made = place.stat().st_mtime_ns
    assert Path(make_index(job(bucket)).path).stat().st_mtime_ns == made
    for damage in (b"", place.read_bytes()[:-1], place.read_bytes().replace(b"GHSA-1", b"GHSA-2"), b"x" * 5000):
        place.write_bytes(damage)
        assert ids(make_index(job(bucket)), "npm", "a") == ["GHSA-1"]
    os.unlink(place.with_suffix(".sha256"))
    assert ids(make_index(job(bucket)), "npm", "a") == ["GHSA-1"]
    assert make_index(job(bucket, fresh=True)).path == str(place)


def test_other_content_is_another_index_and_old_ones_go(make_bucket: Make, advisory: Make, job: Make) -> None:
    for number in range(store.KEPT + 3):
        file = make_index(job(make_bucket({"npm": [advisory(f"GHSA-{number}", "npm", "a")]})))
        assert ids(file, "npm", "a") == [f"GHSA-{number}"]
        os.utime(file.path, ns=(number, number))
    kept = sorted(path.suffix for path in Path(file.path).parent.iterdir())
    assert kept.count(".sqlite") == kept.count(".sha256") == store.KEPT


def test_an_interrupted_run_leaves_nothing_behind(
    make_bucket: Make, advisory: Make, job: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})

    def interrupt(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "pack", interrupt)
        with pytest.raises(KeyboardInterrupt):
            make_index(job(bucket))
    assert [path.suffix for path in Path(job(bucket).source.cache_folder).iterdir()] == [".lock"]
    assert ids(make_index(job(bucket)), "npm", "a") == ["GHSA-1"]


def test_a_cache_that_cannot_be_written_is_a_clear_error(make_bucket: Make, advisory: Make, job: Make) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    Path(job(bucket).source.cache_folder).write_text("a file is in the way")
    with pytest.raises(GateError, match=r"index of npm/all\.zip cannot be written"):
        make_index(job(bucket))


def _make_and_count(job: IndexJob, queue: Any) -> None:
    file = make_index(job)
    queue.put((file.path, Path(file.path).stat().st_mtime_ns))


def test_parallel_runs_build_once(make_bucket: Make, advisory: Make, job: Make) -> None:
    the_job = job(make_bucket({"npm": [advisory(f"GHSA-{n}", "npm", f"p{n}") for n in range(500)]}))
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.Queue()
    runs = [spawn.Process(target=_make_and_count, args=(the_job, queue)) for _ in range(2)]
    for run in runs:
        run.start()
    made = {queue.get(timeout=60) for _ in runs}
    for run in runs:
        run.join()
    assert len(made) == 1
