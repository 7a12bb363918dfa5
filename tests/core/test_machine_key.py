"""The key of the cache: made once, for its owner alone, and never one that somebody else could know."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gate.core.errors import ConfigError
from gate.core.machine_key import MARK_SIZE, check_key, marker, state_folder


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "gate"


def mark(kind: str = "kind", message: bytes = b"message") -> bytes:
    made = marker(kind)
    assert made is not None
    return made(message)


def key_file(state: Path) -> Path:
    mark()
    return state / "cache-key"


def test_marks_are_of_a_message_and_its_kind() -> None:
    assert len(mark()) == MARK_SIZE
    assert mark() == mark()
    assert len({mark(), mark(message=b"other"), mark("other kind")}) == 3


def test_the_key_is_for_its_owner_alone(state: Path) -> None:
    assert key_file(state).stat().st_mode & 0o777 == 0o600
    assert state.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in state.iterdir()] == ["cache-key"]


def test_an_umask_of_nothing_opens_it_to_nobody(state: Path) -> None:
    before = os.umask(0)
    try:
        assert key_file(state).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_a_relative_state_folder_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "state")
    assert state_folder() == Path.home() / ".local" / "state" / "gate"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o602])
def test_a_key_that_others_can_read_is_none(state: Path, tmp_path: Path, mode: int) -> None:
    key_file(state).chmod(mode)
    assert marker("kind") is None
    with pytest.raises(ConfigError, match="can be read by others"):
        check_key(tmp_path / "cache")


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="gives a file away")
def test_a_key_of_another_user_is_none(state: Path, tmp_path: Path) -> None:
    os.chown(key_file(state), 12345, -1)
    assert marker("kind") is None
    with pytest.raises(ConfigError, match="belongs to another user"):
        check_key(tmp_path / "cache")


def test_a_key_where_others_can_put_one_is_none(state: Path, tmp_path: Path) -> None:
    key_file(state)
    state.chmod(0o777)
    assert marker("kind") is None
    with pytest.raises(ConfigError, match="lies where others can write"):
        check_key(tmp_path / "cache")


def test_a_link_to_a_key_is_none(state: Path, tmp_path: Path) -> None:
    file = key_file(state)
    file.rename(tmp_path / "key")
    file.symlink_to(tmp_path / "key")
    assert marker("kind") is None
    with pytest.raises(ConfigError, match="is no file"):
        check_key(tmp_path / "cache")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_makes_no_marks(state: Path, content: bytes) -> None:
    key_file(state).write_bytes(content)
    assert marker("kind") is None


def test_a_pipe_in_its_place_is_waited_for_by_nobody(state: Path) -> None:
    state.mkdir(parents=True, mode=0o700)
    os.mkfifo(state / "cache-key", 0o600)
    assert marker("kind") is None


def test_a_folder_that_cannot_be_made_leaves_no_key(state: Path) -> None:
    state.parent.parent.mkdir(exist_ok=True)
    state.parent.write_text("no folder")
    assert marker("kind") is None


def test_a_key_in_the_cache_is_wrong(state: Path) -> None:
    with pytest.raises(ConfigError, match="would lie in the cache itself"):
        check_key(state.parent)


def test_a_short_key_of_the_environment_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GATE_CACHE_KEY", "password")
    assert marker("kind") is None
    with pytest.raises(ConfigError, match="fewer than 32 characters"):
        check_key(tmp_path)


def test_parallel_runs_make_one_key(state: Path) -> None:
    code = "from gate.core.machine_key import marker; print(marker('kind')(b'message').hex())"
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert len({run.communicate()[0] for run in runs}) == 1
