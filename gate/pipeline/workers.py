"""Worker processes: everything that parses input runs in one, within limits of memory, time and open files.

A worker performs calls that come over a pipe. While it performs one it may itself ask for help: a `Help` message
carries a further call, whose items the pool spreads over other workers. A worker that dies or takes too long is the
error of what it was given, never of the run.
"""

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec

from gate.amount import Amount, Counter, count_in
from gate.model import StageError
from gate.pipeline.border import Answer, Call, load, pack, perform, unpack
from gate.pipeline.interrupts import raise_if_lost

_TICK_S = 1.0
_TELL_EVERY_S = 0.1
"""Seconds between two looks at how much the workers have read."""
MAX_OPEN_FILES = 512
CHUNKS_A_WORKER = 4
"""A call for help is cut into this many parts for each worker, so that a slow part does not hold up the end."""
MAX_CHUNK = 256


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker may take."""

    jobs: int
    """Workers that compute at the same time on behalf of one another."""
    timeout_s: float
    memory: int
    """Bytes of writable memory (RLIMIT_DATA)."""


class Do(msgspec.Struct, frozen=True, tag=True):
    """Pool to worker: perform this."""

    call: Call


class Done(msgspec.Struct, frozen=True, tag=True):
    """Worker to pool: the answers to `Do`. Pool to worker: the answers to `Help`."""

    answers: tuple[Answer, ...]


class Help(msgspec.Struct, frozen=True, tag=True):
    """Worker to pool: perform this for me, spread over the others; I wait."""

    call: Call


class Prepare(msgspec.Struct, frozen=True, tag=True):
    """Worker to pool: I am going to ask for help with this."""

    call: Call


class Say(msgspec.Struct, frozen=True, tag=True):
    """Worker to pool: what is going on."""

    text: str


_decode = msgspec.msgpack.Decoder(Do | Done | Help | Prepare | Say).decode
_encode = msgspec.msgpack.encode


class Link:
    """A worker's line to its pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def say(self, text: str) -> None:
        self._connection.send_bytes(_encode(Say(text)))

    def prepare(self, call: Call) -> None:
        self._connection.send_bytes(_encode(Prepare(call)))

    def help(self, call: Call) -> tuple[Answer, ...]:
        self._connection.send_bytes(_encode(Help(call)))
        reply = _decode(self._connection.recv_bytes())
        assert isinstance(reply, Done)
        return reply.answers

    def serve(self) -> None:
        """Perform calls until the pool hangs up."""
        while True:
            try:
                message = _decode(self._connection.recv_bytes())
            except (EOFError, OSError):
                return
            assert isinstance(message, Do)
            self._connection.send_bytes(_encode(Done(perform(message.call))))


link: Link | None = None
"""The line of this process, if it is a worker."""


def _work(connection: Connection, counter: Counter | None, limits: Limits, others: list[Connection]) -> None:
    for other in others:
        other.close()  # inherited by fork; open ends would keep a dead pool's workers waiting
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPTS)  # held while it was forked
    with suppress(OSError):  # without a standard error there is nothing to lead it to
        os.dup2(2, 1)  # what a plugin or library prints is no part of a report
    _limit(limits)
    if counter is not None:
        count_in(counter)
    global link
    link = Link(connection)
    with suppress(BrokenPipeError):  # the pool is gone, and with it whoever wants an answer
        link.serve()


def _limit(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows: time alone is limited there
        return
    for kind, wanted in (
        (resource.RLIMIT_DATA, limits.memory),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def _held_interrupts() -> Iterator[None]:
    """Hold interrupts back while a process is forked: one that comes in a callback of the fork would be lost."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Task:
    """A part of a call, and where its answers go."""

    def __init__(
        self,
        call: Call,
        deliver: Callable[[int, Answer], None],
        places: range | None = None,
        asked_by: int | None = None,
    ) -> None:
        self.call = call
        self.places = range(len(call.items)) if places is None else places
        """Where its items stand among all of the call."""
        self.item = self.places.start if asked_by is None else asked_by
        """Index of the item of `Pool.run` that it is done for: its own, or that of the worker that asked for help."""
        self._deliver = deliver
        self._asked_by = asked_by

    def parts(self, size: int) -> Iterator["_Task"]:
        """Deal the items out: neighbours, which are often alike, go to different parts."""
        count = -(-len(self.call.items) // size)
        for start in range(count):
            call = Call(self.call.function, self.call.items[start::count], self.call.shared)
            yield _Task(call, self._deliver, self.places[start::count], self._asked_by)

    def deliver(self, answers: tuple[Answer, ...]) -> None:
        for place, answer in zip(self.places, answers, strict=True):
            self._deliver(place, answer)

    def fail(self, error: StageError) -> None:
        self.deliver((Answer(error=error),) * len(self.call.items))


class _Worker:
    def __init__(self, limits: Limits, others: list[Connection]) -> None:
        is_forked = hasattr(os, "fork")
        context: Any = multiprocessing.get_context("fork" if is_forked else "spawn")
        self.connection, theirs = context.Pipe()
        self._counter = Counter() if is_forked else None
        inherited = [*others, self.connection] if is_forked else []
        arguments = (theirs, self._counter, limits, inherited)
        self.process: BaseProcess = context.Process(target=_work, args=arguments, daemon=True)
        with _held_interrupts():
            self.process.start()
        theirs.close()
        self.task: _Task | None = None
        self.is_lead = False
        self.is_waiting = False
        self.is_helped = False
        """Others have done the work on its task."""
        self.deadline = 0.0

    def start(self, task: _Task, is_lead: bool, timeout_s: float) -> None:
        self.task, self.is_lead, self.deadline = task, is_lead, time.monotonic() + timeout_s
        self.is_helped = False
        if self._counter is not None:
            self._counter.reset()
        self.connection.send_bytes(_encode(Do(task.call)))

    def end(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()

    @property
    def amount(self) -> Amount:
        """What was read for the task that it is at."""
        return self._counter.amount if self._counter is not None else Amount()

    @property
    def is_computing(self) -> bool:
        return self.task is not None and not self.is_waiting


class _Collection:
    """The answers that a waiting worker wants, as they come in."""

    def __init__(self, worker: _Worker, count: int, say: Callable[[int], None]) -> None:
        self._worker = worker
        self._answers = [Answer()] * count
        self._left = count
        self._say = say

    def take(self, index: int, answer: Answer) -> None:
        self._answers[index] = answer
        self._left -= 1
        self._say(len(self._answers) - self._left)
        if not self._left and self._worker.is_waiting:
            self._worker.is_waiting = False
            self._worker.connection.send_bytes(_encode(Done(tuple(self._answers))))


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What the call for one item of `Pool.run` is doing."""

    index: int
    """Of the item."""
    text: str = ""
    done: int = 0
    total: int = 0
    """Parts of its work that are done, of how many; 0 where it has not been cut into parts."""
    read: Amount = Amount()
    """All that was read for it so far; nothing where nobody has counted since the last step."""


class Pool:
    """Runs calls in worker processes. Use it as a context manager: leaving it ends every worker."""

    def __init__(self, limits: Limits, say: Callable[[Step | None], None] = lambda _: None) -> None:
        """`say` is told of steps, and None every second in between: time has passed."""
        self._limits = limits
        self._say = say
        self._workers: list[_Worker] = []
        self._leads: deque[_Task] = deque()
        self._parts: deque[_Task] = deque()
        self._read: dict[int, Amount] = {}
        """By item: what was read in tasks that are done."""
        self._told = 0.0

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def run(self, function: Callable[..., Any], items: list[Any], *shared: Any) -> Iterator[tuple[int, Any]]:
        """Call `function(item, *shared)` for every item, each in a worker of its own, and yield (index, outcome).

        Outcomes come as they are ready; one is a StageError where the call raised, died or took too long. All the
        items run side by side: they are stages, which spend their time waiting for the parts of their work.
        """
        ready: deque[tuple[int, Answer]] = deque()
        self._read.clear()
        call = pack(function, items, shared)
        self._leads.extend(_Task(call, lambda index, answer: ready.append((index, answer))).parts(1))
        left = len(items)
        while left:
            self._hand_out()
            if not ready:
                self._listen()
            while ready:
                index, answer = ready.popleft()
                left -= 1
                yield index, unpack(call.function, answer)

    def _hand_out(self) -> None:
        leading = sum(worker.is_lead and worker.task is not None for worker in self._workers)
        while self._leads and leading < max(self._limits.jobs, 4):
            self._idle().start(self._leads.popleft(), True, self._limits.timeout_s)
            leading += 1
        computing = sum(worker.is_computing and not worker.is_lead for worker in self._workers)
        while self._parts and computing < self._limits.jobs:
            self._idle().start(self._parts.popleft(), False, self._limits.timeout_s)
            computing += 1

    def _idle(self) -> _Worker:
        for worker in reversed(self._workers):  # the one that did work last: what it has loaded serves again
            if worker.task is None:
                return worker
        worker = _Worker(self._limits, [other.connection for other in self._workers])
        self._workers.append(worker)
        return worker

    def _listen(self) -> None:
        raise_if_lost()
        busy = {worker.connection: worker for worker in self._workers if worker.task is not None}
        wait_s = max(0.0, min(worker.deadline for worker in busy.values()) - time.monotonic())
        self._tell()
        for connection in multiprocessing.connection.wait(list(busy), min(wait_s, _TICK_S)):
            self._receive(busy[connection])
        for worker in busy.values():
            if worker.task is not None and time.monotonic() >= worker.deadline:
                self._bury(worker, f"took longer than {self._limits.timeout_s:g} s", "Raise `timeout` in gate.yaml")

    def _tell(self) -> None:
        """Say how much was read for each item, and that time has passed."""
        if time.monotonic() - self._told >= _TELL_EVERY_S:
            read = dict(self._read)
            for worker in self._workers:
                if worker.task is not None:
                    read[worker.task.item] = read.get(worker.task.item, Amount()) + worker.amount
            for index, amount in read.items():
                if amount.bytes:
                    self._say(Step(index=index, read=amount))
            self._told = time.monotonic()
        self._say(None)

    def _receive(self, worker: _Worker) -> None:
        try:
            message = _decode(worker.connection.recv_bytes())
        except (EOFError, OSError):
            worker.process.join()
            self._bury(worker, _death_of(worker.process), "Raise `memory` in gate.yaml if it was the memory limit")
            return
        match message:
            case Say(text):
                self._say(Step(index=_index_of(worker), text=text))
            case Prepare(call):
                load(call)
            case Help(call):
                load(call)  # the workers that are forked for it have it then, and need not load it each
                gc.freeze()
                worker.is_waiting = worker.is_helped = True
                self._parts.extend(self._collected(call, worker).parts(self._chunk_size(len(call.items))))
            case Done(answers):
                task = self._taken_from(worker)
                assert task is not None  # it answers
                task.deliver(answers)

    def _collected(self, call: Call, worker: _Worker) -> _Task:
        index, total = _index_of(worker), len(call.items)
        steps = _Collection(worker, total, lambda done: self._say(Step(index=index, done=done, total=total)))
        return _Task(call, steps.take, asked_by=index)

    def _taken_from(self, worker: _Worker) -> _Task | None:
        """Return the task that a worker is done with, and note what it has read for it; the last one stands last."""
        task, worker.task = worker.task, None
        self._workers.remove(worker)
        self._workers.insert(0 if worker.is_helped else len(self._workers), worker)
        if task is not None:
            self._read[task.item] = self._read.get(task.item, Amount()) + worker.amount
        return task

    def _chunk_size(self, count: int) -> int:
        return max(1, min(MAX_CHUNK, count // (self._limits.jobs * CHUNKS_A_WORKER)))

    def _bury(self, worker: _Worker, title: str, hint: str) -> None:
        """End a worker. A part with several items is tried again item by item, so that only the guilty one fails."""
        task = self._taken_from(worker)
        self._workers.remove(worker)
        worker.is_waiting = False
        worker.end()
        if task is None:
            return
        if len(task.call.items) > 1:
            self._parts.extend(task.parts(1))
        else:
            task.fail(StageError(title=f"a worker {title}", message=hint))


def _index_of(worker: _Worker) -> int:
    """Return which item of `Pool.run` a worker is at; only those that have one speak before they are done."""
    assert worker.task is not None
    return worker.task.places.start


def _death_of(process: BaseProcess) -> str:
    code = process.exitcode or 0
    return f"was ended by signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"ended with status {code}"
