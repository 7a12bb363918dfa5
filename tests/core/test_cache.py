"""The cache of answers: kept, bounded, shared by parallel runs, never trusted."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.cache import Cache, LocalBackend, code_key, files_of_package, is_ours_alone, key_of

ROOT = Path(__file__).parent.parent.parent
KEY, OTHER = key_of("a"), key_of("b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def file_in(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_what_is_put_is_there_for_the_next_run(folder: Path) -> None:
    Cache(folder).put({KEY: b"answer"})
    assert Cache(folder).get([KEY, OTHER]) == {KEY: b"answer"}


def test_nothing_is_known_without_a_file_and_none_is_made_by_asking(folder: Path) -> None:
    assert Cache(folder).get([KEY]) == {}
    assert not folder.exists()


def test_many_answers(folder: Path) -> None:
    answers = {key_of(str(number)): b"%d" % number for number in range(2000)}
    Cache(folder).put(answers)
    assert Cache(folder).get(answers) == answers


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_keys_tell_their_parts_apart(first: list[str], second: list[str]) -> None:
    assert (key_of(*first) == key_of(*second)) == (first == second)


@pytest.mark.parametrize("column", ["value", "proof"])
def test_a_damaged_answer_is_not_known(folder: Path, column: str) -> None:
    Cache(folder).put({KEY: b"answer", OTHER: b"other"})
    with sqlite3.connect(file_in(folder)) as connection:
        connection.execute(f"UPDATE answer SET {column} = ? WHERE key = ?", (b"x", KEY))
    connection.close()
    assert Cache(folder).get([KEY, OTHER]) == {OTHER: b"other"}


def test_an_answer_under_another_key_is_not_known(folder: Path) -> None:
    Cache(folder).put({KEY: b"answer"})
    with sqlite3.connect(file_in(folder)) as connection:
        connection.execute("UPDATE answer SET key = ?", (OTHER,))
    connection.close()
    assert Cache(folder).get([OTHER]) == {}


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_made_anew(folder: Path, content: bytes) -> None:
    Cache(folder).put({KEY: b"answer"})
    file_in(folder).write_bytes(content)
    assert Cache(folder).get([KEY]) == {}
    Cache(folder).put({KEY: b"again"})
    assert Cache(folder).get([KEY]) == {KEY: b"again"}


def test_a_torn_file_is_never_an_error(folder: Path) -> None:
    Cache(folder).put({key_of(str(number)): b"x" * 100 for number in range(500)})
    file = file_in(folder)
    whole = file.read_bytes()
    for length in range(0, len(whole), 4096):
        file.write_bytes(whole[:length])
        assert set(Cache(folder).get([key_of("3")]).values()) <= {b"x" * 100}


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache")
    cache.put({KEY: b"answer"})
    assert cache.get([KEY]) == {}


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_file_that_others_can_write_is_not_believed(folder: Path) -> None:
    Cache(folder).put({KEY: b"answer"})
    assert file_in(folder).stat().st_mode & 0o077 == 0
    file_in(folder).chmod(0o666)
    assert not is_ours_alone(file_in(folder))
    assert Cache(folder).get([KEY]) == {}


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    Cache(tmp_path / "elsewhere").put({KEY: b"answer"})
    Cache(folder).put({OTHER: b"x"})
    name = file_in(folder).name
    file_in(folder).unlink()
    (folder / name).symlink_to(tmp_path / "elsewhere" / name)
    assert Cache(folder).get([KEY]) == {}


def test_what_was_not_used_for_longest_is_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.core.cache_store._today", lambda: 1)
    old = {key_of(f"old {number}"): b"x" * 1000 for number in range(300)}
    Cache(folder).put(old)
    used = key_of("old 7")
    monkeypatch.setattr("gate.core.cache_store._today", lambda: 2)
    Cache(folder).get([used])
    monkeypatch.setattr("gate.core.cache_store.MAX_BYTES", 100_000)
    Cache(folder).put({KEY: b"new"})
    known = Cache(folder).get([*old, KEY])
    assert {KEY, used} <= known.keys()
    assert len(known) <= 1 + len(old) // 2


def test_parallel_runs_write_side_by_side(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from gate.core.cache import Cache, key_of\n"
        "for n in range(20): Cache(Path(sys.argv[1])).put({key_of(sys.argv[2], str(n)): b'x'})"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(folder), name]) for name in ("one", "two")]
    assert [run.wait() for run in runs] == [0, 0]
    keys = [key_of(name, str(number)) for name in ("one", "two") for number in range(20)]
    assert len(Cache(folder).get(keys)) == 40


def test_code_is_named_by_every_file_in_a_folder_and_below_it(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "deep/c.py", "words.txt", "__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("pass\n")
    assert [file.name for file in files_of_package(tmp_path)] == ["a.py", "b.py", "c.py", "words.txt"]
    before = code_key(files_of_package(tmp_path))
    (tmp_path / "deep" / "c.py").write_text("None\n# another\n")
    edited = code_key(files_of_package(tmp_path))
    (tmp_path / "words.txt").write_text("another\n")
    assert len({before, edited, code_key(files_of_package(tmp_path))}) == 3


def test_the_same_code_in_two_places_is_the_same_and_an_edited_one_is_not(tmp_path: Path) -> None:
    program = "import gate.core.cache; print(gate.core.cache.own_code().hex())"
    ignored = shutil.ignore_patterns("__pycache__")
    for place in ("one", "two", "edited"):
        shutil.copytree(ROOT / "gate", tmp_path / place / "gate", ignore=ignored)
    rule = tmp_path / "edited/gate/dockerfile/rules/user.py"
    rule.write_text(f"{rule.read_text()}# edited\n")
    keys = {
        place: subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path / place, capture_output=True, check=True
        ).stdout
        for place in ("one", "two", "edited")
    }
    assert keys["one"] == keys["two"] != keys["edited"]


def test_what_another_machine_kept_is_not_believed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Cache(folder).put({KEY: b"answer"})
    Cache(folder).write("notes/a.json", b"note")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another machine"))
    assert (Cache(folder).get([KEY]), Cache(folder).read("notes/a.json")) == ({}, None)


def test_machines_with_one_key_believe_one_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GATE_CACHE_KEY", "k" * 32)
    Cache(folder).put({KEY: b"answer"})
    Cache(folder).write("notes/a.json", b"note")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another machine"))
    assert (Cache(folder).get([KEY]), Cache(folder).read("notes/a.json")) == ({KEY: b"answer"}, b"note")
    for other in ("K" * 32, "k" * 33, ""):
        monkeypatch.setenv("GATE_CACHE_KEY", other)
        assert (Cache(folder).get([KEY]), Cache(folder).read("notes/a.json")) == ({}, None)


def test_a_file_under_another_name_is_not_believed(folder: Path) -> None:
    Cache(folder).write("notes/old.json", b"note")
    (folder / "notes" / "old.json").rename(folder / "notes" / "new.json")
    assert Cache(folder).read("notes/new.json") is None


@given(st.binary(max_size=40), st.integers(min_value=0), st.integers(1, 255))
def test_a_file_with_one_byte_changed_is_not_believed(content: bytes, place: int, change: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Cache(Path(folder)).write("note", content)
        file = Path(folder, "note")
        raw = bytearray(file.read_bytes())
        assert Cache(Path(folder)).read("note") == content
        raw[place % len(raw)] ^= change
        file.write_bytes(raw)
        assert Cache(Path(folder)).read("note") is None


@pytest.mark.parametrize("name", ["../up", "/abs", "a/../b", "", "a//b", ".hidden", "a/", "a\0b", "a\nb"])
def test_a_name_leads_nowhere_else(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="plain path"):
        Cache(folder).write(name, b"")
    with pytest.raises(ValueError, match="plain path"):
        Cache(folder).read(name)


def test_a_folder_into_which_others_can_put_files_is_not_believed(folder: Path) -> None:
    Cache(folder).put({KEY: b"answer"})
    folder.chmod(0o777)
    assert Cache(folder).get([KEY]) == {}


def test_answers_of_one_scope_are_not_known_in_another(folder: Path) -> None:
    LocalBackend(b"a target").put(str(folder), {KEY: b"answer"})
    known = [LocalBackend(scope).get(str(folder), [KEY]) for scope in (b"a target", b"another", b"")]
    assert known == [{KEY: b"answer"}, {}, {}]


def test_a_process_without_the_key_asks_whoever_has_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = LocalBackend()
    asked: list[str] = []

    class Asking:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(own, name)

    monkeypatch.setattr("gate.core.cache.backend", Asking())
    Cache(folder).put({KEY: b"answer"})
    Cache(folder).write("note", b"note")
    assert (Cache(folder).get([KEY]), Cache(folder).read("note")) == ({KEY: b"answer"}, b"note")
    assert asked == ["put", "write", "get", "read"]


def test_code_of_the_same_size_and_time_is_another(tmp_path: Path, own_cache: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text("x = 1\n")
    os.utime(file, (1, 1))
    before = code_key([file])
    file.write_text("x = 2\n")
    os.utime(file, (1, 1))
    assert code_key([file]) != before
    file.write_text("x = 1\n")
    assert code_key([file]) == before


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_an_open_umask_opens_nothing(folder: Path) -> None:
    before = os.umask(0)
    try:
        Cache(folder).put({KEY: b"answer"})
        Cache(folder).write("notes/a", b"note")
    finally:
        os.umask(before)
    assert (Cache(folder).get([KEY]), Cache(folder).read("notes/a")) == ({KEY: b"answer"}, b"note")
    assert [file.stat().st_mode & 0o022 for file in folder.rglob("*")] == [0, 0, 0]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_of_an_earlier_version_is_closed(folder: Path) -> None:
    folder.mkdir(mode=0o775)
    folder.chmod(0o775)
    Cache(folder).put({KEY: b"answer"})
    assert Cache(folder).get([KEY]) == {KEY: b"answer"}
