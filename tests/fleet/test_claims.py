"""Claims: one process has something, and another takes it over once the first is gone."""

import os
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from gate.fleet import claims as claims_module
from gate.fleet.claims import SILENCE_S, Claims, _is_zombie, machine
from gate.fleet.store_files import LocalStoreFiles

GONE = 1 << 22
"""The number of no process."""


@pytest.fixture
def files(tmp_path: Path) -> LocalStoreFiles:
    return LocalStoreFiles(tmp_path)


def stated(of: str = "", process: int = GONE, beats: int = 0) -> bytes:
    return msgspec.json.encode({"machine": of or machine(), "process": process, "beats": beats})


@pytest.mark.parametrize(
    ("claim", "taken"),
    [
        (lambda: stated(process=os.getpid()), None),
        (stated, "a.1"),
        (lambda: stated("elsewhere", 1), None),
        (lambda: b'{"ma', "a.1"),
    ],
    ids=["held", "its process is gone", "elsewhere", "half-written"],
)
def test_claims(files: LocalStoreFiles, claim: Callable[[], bytes], taken: str | None) -> None:
    files.write("a.0", claim())
    assert Claims(files).take("a") == taken


def test_a_claim_of_another_machine_is_held_while_it_beats_and_no_longer(files: LocalStoreFiles) -> None:
    now = [0.0]
    claims = Claims(files, lambda: now[0])
    for beats in range(5):  # for longer than the silence, in all
        files.write("a.0", stated("elsewhere", 1, beats))
        assert claims.take("a") is None
        now[0] += SILENCE_S - 1
        assert claims.take("a") is None
    now[0] += 1
    assert claims.take("a") == "a.1"


def test_what_a_process_holds_beats_and_what_it_gave_back_does_not(
    files: LocalStoreFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims_module, "BEAT_S", 0.001)
    beaten = threading.Event()
    written = files.write
    monkeypatch.setattr(files, "write", lambda *words: (written(*words), beaten.set()))
    claims = Claims(files)
    for place in ("a", "b"):
        assert claims.take(place)
    claims.give_back("b.0")
    with claims.beating():
        assert beaten.wait(10)
    assert msgspec.json.decode(files.read("a.0") or b"")["beats"] >= 1
    claims.beat()
    assert not files.exists("b.0")


def test_a_process_that_ended_and_was_not_waited_for_holds_no_claim(files: LocalStoreFiles) -> None:
    ended = subprocess.Popen(["/bin/true"])
    while not _is_zombie(ended.pid):
        time.sleep(0.01)
    files.write("a.0", stated(process=ended.pid))
    assert Claims(files).take("a") == "a.1"
    ended.wait()


def test_of_many_that_find_an_abandoned_claim_one_takes_it_over(files: LocalStoreFiles) -> None:
    files.write("a.0", stated())
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: Claims(files).take("a"), range(16)))
    assert [one for one in taken if one] == ["a.1"]


def test_what_was_given_back_can_be_claimed_again(files: LocalStoreFiles) -> None:
    claims = Claims(files)
    for _ in range(2):
        assert claims.take("a") == "a.0"
        assert claims.take("a") is None
        claims.give_back("a.0")
