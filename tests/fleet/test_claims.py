"""Claims: one process has something, and another takes it over once the first can no longer keep it."""

import os
import platform
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from gate.fleet.claims import Claims, _is_zombie
from gate.fleet.store_files import LocalStoreFiles

GONE = 1 << 22
"""The number of no process."""


@pytest.fixture
def files(tmp_path: Path) -> LocalStoreFiles:
    return LocalStoreFiles(tmp_path)


def stated(host: str = platform.node(), process: int = GONE, age: float = 0) -> bytes:
    return msgspec.json.encode({"host": host, "process": process, "at": time.time() - age})


@pytest.mark.parametrize(
    ("claim", "taken"),
    [
        (lambda: stated(process=os.getpid()), None),
        (stated, "a.1"),
        (lambda: stated("elsewhere", 1), None),
        (lambda: stated("elsewhere", 1, age=9_999), "a.1"),
        (lambda: b'{"ho', "a.1"),
    ],
    ids=["held", "its process is gone", "elsewhere", "too old", "half-written"],
)
def test_claims(files: LocalStoreFiles, claim: Callable[[], bytes], taken: str | None) -> None:
    files.write("a.0", claim())
    assert Claims(files, 60).take("a") == taken


def test_a_process_that_ended_and_was_not_waited_for_holds_no_claim(files: LocalStoreFiles) -> None:
    ended = subprocess.Popen(["/bin/true"])
    while not _is_zombie(ended.pid):
        time.sleep(0.01)
    files.write("a.0", stated(process=ended.pid))
    assert Claims(files, 60).take("a") == "a.1"
    ended.wait()


def test_of_many_that_find_an_abandoned_claim_one_takes_it_over(files: LocalStoreFiles) -> None:
    files.write("a.0", stated())
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: Claims(files, 60).take("a"), range(16)))
    assert [one for one in taken if one] == ["a.1"]


def test_what_was_given_back_can_be_claimed_again(files: LocalStoreFiles) -> None:
    claims = Claims(files, 60)
    for _ in range(2):
        assert claims.take("a") == "a.0"
        assert claims.take("a") is None
        claims.give_back("a.0")
