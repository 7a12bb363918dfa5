"""The pool: answers come back typed and in order; what dies, hangs or eats memory is the error of its own item."""

import mmap
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.core.errors import UnreadableError
from gate.core.read_counter import ReadCount, count_read
from gate.model import Severity, StageError
from gate.pipeline import workers
from gate.pipeline.context import WorkerContext
from gate.pipeline.rpc import pack
from gate.pipeline.workers import Pool, PoolStep, WorkerLimits
from gate.settings import Settings

pytestmark = pytest.mark.every_python


def upper(text: str, suffix: str) -> str:
    return text.upper() + suffix


def severity_after(one: Severity) -> Severity:
    return list(Severity)[one.rank + 1]


def misbehave(how: str) -> str:
    match how:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(60)
        case "eat":
            return "x" * (1 << 30)
        case "unreadable":
            raise UnreadableError("is damaged", path="a.lock", hint="Write it anew")
        case "bug":
            raise KeyError("the secret value")
    return how


def ask_for_help(items: list[str], suffix: str) -> list[str | StageError]:
    assert workers.link is not None
    context = WorkerContext(Settings(), datetime.now(UTC), Path("/nowhere"), workers.link)
    found = []
    for index, (_, outcome) in enumerate(context.map(slow, items, suffix)):
        if index == 0:
            context.progress("under way")
        found.append(outcome)
    return found


def slow(item: str, suffix: str) -> str:
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.03)
    return item + suffix


DEATHS = mmap.mmap(-1, 8)
"""How often each item has died, in memory that all workers share."""


def die_once(item: str, how_often: int) -> str:
    if item.startswith("die") and DEATHS[int(item[-1])] < how_often:
        DEATHS[int(item[-1])] += 1
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def ask_for_mortals(items: list[str], how_often: int) -> list[str | StageError]:
    assert workers.link is not None
    context = WorkerContext(Settings(), datetime.now(UTC), Path("/nowhere"), workers.link)
    return [outcome for _, outcome in context.map(die_once, items, how_often)]


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(WorkerLimits(jobs=2, timeout_s=5, memory=512 << 20)) as pool:
        yield pool


def test_every_item_gets_its_own_answer(pool: Pool) -> None:
    assert dict(pool.run(upper, ["a", "b", "c"], "!")) == {0: "A!", 1: "B!", 2: "C!"}


def test_values_keep_their_types(pool: Pool) -> None:
    assert list(pool.run(severity_after, [Severity.HIGH])) == [(0, Severity.CRITICAL)]


def test_what_dies_is_an_error_of_its_item_alone(pool: Pool) -> None:
    outcomes = dict(pool.run(misbehave, ["fine", "die", "well"]))
    assert outcomes[0] == "fine"
    assert outcomes[2] == "well"
    assert "SIGKILL" in outcomes[1].title


def test_what_takes_too_long_is_ended() -> None:
    with Pool(WorkerLimits(jobs=2, timeout_s=0.5, memory=512 << 20)) as pool:
        outcomes = dict(pool.run(misbehave, ["hang", "fine"]))
    assert outcomes[1] == "fine"
    assert "took longer than 0.5 s" in outcomes[0].title


def test_what_eats_memory_reaches_the_limit(pool: Pool) -> None:
    assert dict(pool.run(misbehave, ["eat"]))[0].title == "memory limit reached"


def test_an_error_keeps_its_words_and_its_file(pool: Pool) -> None:
    error = dict(pool.run(misbehave, ["unreadable"]))[0]
    assert (error.title, error.message, error.path) == ("is damaged", "Write it anew", "a.lock")


def test_a_bug_says_where_it_is_but_not_what_it_held(pool: Pool) -> None:
    error = dict(pool.run(misbehave, ["bug"]))[0]
    assert "KeyError at test_workers.py" in error.title
    assert "the secret value" not in str(error)


def test_a_long_map_is_spread_and_stays_in_order() -> None:
    said: list[PoolStep | None] = []
    items = [f"{number}" for number in range(40)]
    with Pool(WorkerLimits(jobs=2, timeout_s=20, memory=512 << 20), said.append) as pool:
        assert dict(pool.run(ask_for_help, [items], "!")) == {0: [item + "!" for item in items]}
    steps = [step for step in said if step is not None]
    assert steps[0] == PoolStep(index=0, text="under way")
    assert steps[-1].done == steps[-1].total == len(steps) - 1


def read_slowly(size: int) -> str:
    count_read(files=1, size=size)
    time.sleep(0.15)
    return "read"


def read_with_help(size: int) -> str:
    assert workers.link is not None
    count_read(size=1)
    workers.link.help(pack(read_slowly, [size] * 4, ()))
    return "done"


def lead(items: list[str]) -> int:
    ask_for_help(items, "")
    return os.getpid()


def process_of(_: str) -> int:
    return os.getpid()


def test_who_did_the_work_is_asked_again_before_who_had_it_done(pool: Pool) -> None:
    (led_by,) = dict(pool.run(lead, [list("abcdefghijkl")])).values()
    assert led_by not in dict(pool.run(process_of, ["a", "b"])).values()
    assert led_by in dict(pool.run(process_of, ["a", "b", "c"])).values()


def test_what_workers_read_is_told_while_they_work_under_the_item_that_it_is_for() -> None:
    said: list[PoolStep | None] = []
    with Pool(WorkerLimits(jobs=2, timeout_s=20, memory=512 << 20), said.append) as pool:
        for _ in range(2):
            said.clear()
            list(pool.run(read_with_help, [1000, 0]))
            read = [(step.index, step.read) for step in said if step is not None and step.read.bytes]
            told = [amount for index, amount in read if index == 0]
            assert {amount.bytes for index, amount in read if index} == {1}
            assert told == sorted(told, key=lambda amount: amount.files)
            assert told[-1] == ReadCount(files=4, bytes=4001)


def test_only_the_item_that_kills_its_worker_fails(pool: Pool) -> None:
    items = ["a", "b", "c", "d", "e", "f", "g", "die", "h", "i", "j", "k"]
    (outcomes,) = dict(pool.run(ask_for_help, [items], "")).values()
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == [item for item in items if item != "die"]
    assert outcomes[7].path == "die"


def test_leaving_the_pool_ends_its_workers() -> None:
    with Pool(WorkerLimits(jobs=2, timeout_s=5, memory=512 << 20)) as pool:
        list(pool.run(upper, ["a"], ""))
        (process,) = [worker.process for worker in pool._workers]
    assert process.exitcode is not None


prepared: list[tuple[object, ...]] = []
"""What `prepare` was told in this process."""


def prepare(*shared: object) -> None:
    prepared.append(shared)


def announce(item: str, suffix: str) -> list[str]:
    assert workers.link is not None
    context = WorkerContext(Settings(), datetime.now(UTC), Path("/nowhere"), workers.link)
    context.prepare(slow, suffix)
    return [str(outcome) for _, outcome in context.map(slow, [item] * 70, suffix)]


def test_what_a_worker_announces_is_prepared_in_the_pool_before_it_asks_for_help() -> None:
    prepared.clear()
    with Pool(WorkerLimits(jobs=2, timeout_s=20, memory=512 << 20)) as pool:
        list(pool.run(announce, ["a"], "!"))
    assert prepared == [("!",), ("!",)]


@pytest.mark.parametrize(("how_often", "number", "survives"), [(1, 0, True), (2, 1, False)])
def test_an_item_is_tried_once_more_alone_where_its_worker_died_with_others(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, how_often: int, number: int, survives: bool
) -> None:
    monkeypatch.setattr("gate.pipeline.context.ALONE_S", 0)
    monkeypatch.setattr(Pool, "_chunk_size", lambda *_: 4)
    items = ["a", "b", f"die{number}", "c"]
    (outcomes,) = dict(pool.run(ask_for_mortals, [items], how_often)).values()
    assert [one for one in outcomes if isinstance(one, str)] == [one for one in items if survives or "die" not in one]
    assert DEATHS[number] == how_often


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_the_memory_of_a_host_program_is_not_counted_as_a_worker_s() -> None:
    held = [bytearray(1 << 20) for _ in range(600)]  # more than the limit, in this process
    with Pool(WorkerLimits(jobs=1, timeout_s=20, memory=512 << 20)) as pool:
        assert dict(pool.run(allocate, [64 << 20])) == {0: 64 << 20}
        (refused,) = dict(pool.run(allocate, [1 << 30])).values()
    assert len(held) == 600
    assert "memory" in refused.title


def allocate(size: int) -> int:
    return len(bytearray(size))
