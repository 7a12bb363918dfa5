"""Worker processes: everything that parses input runs in one, within limits of memory, time and open files.

A worker can only read its target, compute and answer: where the system allows, it is sealed
(`gate.pipeline.isolation`), and a broker (`gate.pipeline.broker`) does the rest for it. A worker serves one target
until it ends; its messages are checked as untrusted input.

A worker performs calls that come over a pipe. While it performs one it may itself ask for help: a `FanOut` message
carries a further call, whose items the pool spreads over other workers. A worker that dies or takes too long is the
error of what it was given, never of the run.
"""

import gc
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from gate.core import cache
from gate.core.broker import MessageLine
from gate.core.broker import connect as connect_to_broker
from gate.core.consulted import Consulted, newly_noted
from gate.core.consulted import begin as begin_to_note
from gate.core.debug import debug
from gate.core.errors import as_stage_error
from gate.core.interrupts import INTERRUPTS, held_interrupts, raise_if_lost
from gate.core.own_process import claim
from gate.core.parent_process import end_with
from gate.core.read_counter import Counter, ReadCount, count_in
from gate.git.brokered import start_by_broker
from gate.git.process import start_by
from gate.model import StageError, Target
from gate.pipeline.broker import Broker, Permit
from gate.pipeline.brokered_cache import BrokeredBackend
from gate.pipeline.channel import Wire
from gate.pipeline.isolation.sealing import possible, prepare, seal
from gate.pipeline.processes import Process, readable, start_process
from gate.pipeline.rpc import Answer, Call, load_if_ours, pack, perform, unpack
from gate.pipeline.worker_view import interpreter, realm_of, view_of

_TICK_S = 1.0
_REPORT_EVERY_S = 0.1
"""Seconds between two looks at how much the workers have read."""
_ABOVE_ALL_FILES = 1 << 16
"""Above the number of any file descriptor of the pool."""
MAX_OPEN_FILES = 512
UNSEALED = 77
"""Status of a worker that could not be sealed although the system can."""
_MOST_IDLE = 8
_DYING_S = 0.5
"""Seconds that a process which has hung up has to end."""
_MOST_SAID = 500
"""Characters of what a worker says of its work."""
CHUNKS_A_WORKER = 4
"""A call for help is cut into this many parts for each worker, so that a slow part does not hold up the end."""
MAX_CHUNK = 256

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class WorkerLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker may take."""

    jobs: int
    """Workers that compute at the same time on behalf of one another."""
    timeout_s: float
    memory: int
    """Bytes of writable memory (RLIMIT_DATA), on top of what it has of the process that it is forked from."""


class Run(msgspec.Struct, frozen=True, tag=True):
    """Pool to worker: perform this."""

    call: Call


class Result(msgspec.Struct, frozen=True, tag=True):
    """Worker to pool: the answers to `Run`. Pool to worker: the answers to `FanOut`."""

    answers: tuple[Answer, ...]
    consulted: Consulted = Consulted()
    """What the worker has consulted since it last said so."""


class FanOut(msgspec.Struct, frozen=True, tag=True):
    """Worker to pool: perform this for me, spread over the others; I wait."""

    call: Call


class Prepare(msgspec.Struct, frozen=True, tag=True):
    """Worker to pool: I am going to ask for help with this."""

    call: Call


class ProgressNote(msgspec.Struct, frozen=True, tag=True):
    """Worker to pool: what is going on."""

    text: str


_decode = msgspec.msgpack.Decoder(Run | Result | FanOut | Prepare | ProgressNote).decode
_encode = msgspec.msgpack.encode


class Link:
    """A worker's line to its pool."""

    def __init__(self, line: MessageLine) -> None:
        self._line = line

    def say(self, text: str) -> None:
        self._line.send(ProgressNote(text))

    def prepare(self, call: Call) -> None:
        self._line.send(Prepare(call))

    def help(self, call: Call) -> tuple[Answer, ...]:
        self._line.send(FanOut(call))
        reply, _ = self._line.receive(Result)
        return reply.answers

    def serve(self) -> None:
        """Perform calls until the pool hangs up."""
        while True:
            try:
                message, _ = self._line.receive(Run)
                answers = _performed(message.call)
                self._line.send(Result(answers, newly_noted()))
            except (EOFError, OSError):
                return


def _performed(call: Call) -> tuple[Answer, ...]:
    """Perform a call; one that cannot be begun is an error of each of its items."""
    try:
        return perform(call)
    except Exception as error:  # noqa: BLE001  (reported as the error of each item)
        return (Answer(error=as_stage_error(error)),) * len(call.items)


link: Link | None = None
"""The line of this process, if it is a worker."""


class _Start(msgspec.Struct, frozen=True):
    """What a worker is started with."""

    limits: WorkerLimits
    permit: Permit
    parent: int
    counter: Counter | None


def _work(connection: socket.socket, door: socket.socket | None, said: int | None, start: _Start) -> None:
    claim()
    gc.freeze()  # what was inherited is shared with the pool as long as no collection writes to it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTS)  # held while it was forked
    _keep_only(said, connection, door)
    _limit(start.limits)
    if door is not None:
        _seal(start)
        connect_to_broker(MessageLine(door))
        cache.backend = BrokeredBackend()
        start_by(start_by_broker)
        begin_to_note()
    if start.counter is not None:
        count_in(start.counter)
    global link
    link = Link(MessageLine(connection))
    link.serve()


def _keep_only(said: int | None, *kept: socket.socket | None) -> None:
    """Close what was inherited by fork: others' lines, files, the terminal. What a library prints goes to `said`."""
    if said is not None:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(said, 1)
        os.dup2(said, 2)
    else:
        with suppress(OSError):  # without a standard error there is nothing to lead it to
            os.dup2(2, 1)  # what a plugin or library prints is no part of a report
    if not hasattr(os, "fork"):
        return
    first = 3
    for file in sorted(one.fileno() for one in kept if one is not None):
        os.closerange(first, file)
        first = file + 1
    os.closerange(first, _ABOVE_ALL_FILES)


def _seal(start: _Start) -> None:
    """Seal this process as far as the system can; end it if that fails, so that no work is done unsealed unnoticed."""
    from gate.pipeline.isolation import environment

    end_with(start.parent)
    environment.forget_environment()
    permit = start.permit
    if seal(view_of(permit.target, permit.settings, permit.cache_folder)) != possible():
        os._exit(UNSEALED)


def _limit(limits: WorkerLimits) -> None:
    try:
        import resource
    except ImportError:  # Windows: time alone is limited there
        return
    for kind, wanted in (
        (resource.RLIMIT_DATA, limits.memory + _inherited()),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, most))  # for good


def _inherited() -> int:
    """Return the bytes of writable memory that this process has so far: a host program may have much (Linux)."""
    with suppress(OSError), open("/proc/self/status", "rb") as status:
        for line in status:
            if line.startswith(b"VmData:"):
                return int(line.split()[1]) << 10  # in kB
    return 0


class _Task:
    """A part of a call, and where its answers go."""

    def __init__(
        self,
        call: Call,
        deliver: Callable[[int, Answer], None],
        places: range | None = None,
        asked_by: int | None = None,
        realm: Target | None = None,
    ) -> None:
        self.call = call
        self.realm = realm
        """The target whose workers may do it."""
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
            yield _Task(call, self._deliver, self.places[start::count], self._asked_by, self.realm)

    def deliver(self, answers: tuple[Answer, ...]) -> None:
        for place, answer in zip(self.places, answers, strict=True):
            self._deliver(place, answer)

    def fail(self, error: StageError) -> None:
        self.deliver((Answer(error=error),) * len(self.call.items))


class ConsultedSoFar:
    """All that was consulted for an item of `Pool.run`, or by a worker since it was started."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.calls: set[str] = set()

    def add(self, more: "Consulted | ConsultedSoFar") -> None:
        self.paths.update(more.paths)
        self.calls.update(more.calls)


class _Worker:
    def __init__(self, limits: WorkerLimits, permit: Permit, broker: Broker | None) -> None:
        door, said = broker.connect(permit) if broker is not None else (None, None)
        ours, theirs = socket.socketpair()
        self._counter = Counter() if hasattr(os, "fork") else None
        start = _Start(limits, permit, os.getpid(), self._counter)
        with held_interrupts():
            self.process: Process = start_process(_work, (theirs, door, said, start))
        _log_start(self.process.pid, permit.target, limits)
        theirs.close()
        if door is not None and said is not None:
            door.close()
            os.close(said)
        self.wire = Wire(ours)
        self.realm = permit.target
        self.task: _Task | None = None
        self.is_lead = False
        self.is_waiting = False
        self.is_helped = False
        """Others have done the work on its task."""
        self.deadline = 0.0
        self.consulted = ConsultedSoFar()

    def start(self, task: _Task, is_lead: bool, timeout_s: float) -> None:
        self.task, self.is_lead, self.deadline = task, is_lead, time.monotonic() + timeout_s
        self.is_helped = False
        if self._counter is not None:
            self._counter.reset()
        self.send(Run(task.call))

    def send(self, message: Run | Result) -> None:
        """Send a message. If the worker is gone it is killed, and the read from it then reports its death."""
        try:
            self.wire.send(_encode(message))
        except OSError:
            self.process.kill()

    def end(self) -> None:
        self.wire.close()
        self.process.kill()
        self.process.join()
        debug("workers", "worker %s ended", self.process.pid)

    @property
    def read_count(self) -> ReadCount:
        """What was read for the task that it is at."""
        return self._counter.count if self._counter is not None else ReadCount()

    @property
    def is_computing(self) -> bool:
        return self.task is not None and not self.is_waiting


def _log_start(process: int | None, target: Target | None, limits: WorkerLimits) -> None:
    place = getattr(target, "root", None) or getattr(target, "name", "no target")
    words = "worker %s started for %s; it may take %g s and %d bytes of memory"
    debug("workers", words, process, place, limits.timeout_s, limits.memory)


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
            self._worker.send(Result(tuple(self._answers)))


class PoolStep(msgspec.Struct, frozen=True, kw_only=True):
    """What the call for one item of `Pool.run` is doing."""

    index: int
    """Of the item."""
    text: str = ""
    done: int = 0
    total: int = 0
    """Parts of its work that are done, of how many; 0 where it has not been cut into parts."""
    read: ReadCount = ReadCount()
    """All that was read for it so far; zero if nothing was counted since the last step."""


class Pool:
    """Runs calls in worker processes. Use it as a context manager: leaving it ends every worker."""

    def __init__(
        self,
        limits: WorkerLimits,
        say: Callable[[PoolStep | None], None] = lambda _: None,
        permit: Permit | None = None,
    ) -> None:
        """`say` is called with each step, and with None every second in between.

        `permit` limits what the broker does for workers; its target is replaced by each worker's own.
        """
        self._limits = limits
        self._permit = permit or Permit()
        self._broker: Broker | None = None
        self._say = say
        self._workers: list[_Worker] = []
        self._leads: deque[_Task] = deque()
        self._parts: deque[_Task] = deque()
        self._read: dict[int, ReadCount] = {}
        """By item: what was read in tasks that are done."""
        self._reported_at = 0.0
        self._consulted: dict[int, ConsultedSoFar] = {}

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        if self._broker is not None:
            self._broker.end()
            self._broker = None

    @property
    def is_unused(self) -> bool:
        """True if no worker was wanted so far."""
        return not self._workers

    def run(self, function: Callable[..., Any], items: list[Any], *shared: Any) -> Iterator[tuple[int, Any]]:
        """Call `function(item, *shared)` for every item, each in a worker of its own, and yield (index, outcome).

        Outcomes come as they are ready; one is a StageError where the call raised, died or took too long. All the
        items run side by side: they are stages, which spend their time waiting for the parts of their work.
        """
        ready: deque[tuple[int, Answer]] = deque()
        self._read.clear()
        self._consulted.clear()
        call = pack(function, items, shared)
        for part, item in zip(_Task(call, lambda *answer: ready.append(answer)).parts(1), items, strict=True):
            part.realm = realm_of(item, shared)
            self._leads.append(part)
        left = len(items)
        while left:
            self._hand_out()
            if not ready:
                self._listen()
            while ready:
                index, answer = ready.popleft()
                left -= 1
                yield index, unpack(call.function, answer)

    def consulted(self, index: int) -> ConsultedSoFar | None:
        """Return what the outcome of an item of the last `run` rests on; None where workers are not sealed.

        Before all of it was yielded by `run` it is not complete.
        """
        return self._consulted.get(index) if self._broker is not None else None

    def _hand_out(self) -> None:
        leading = sum(worker.is_lead and worker.task is not None for worker in self._workers)
        while self._leads and leading < max(self._limits.jobs, 4):
            task = self._leads.popleft()
            self._idle(task.realm).start(task, True, self._limits.timeout_s)
            leading += 1
        computing = sum(worker.is_computing and not worker.is_lead for worker in self._workers)
        while self._parts and computing < self._limits.jobs:
            task = self._parts.popleft()
            self._idle(task.realm).start(task, False, self._limits.timeout_s)
            computing += 1

    def _idle(self, realm: Target | None) -> _Worker:
        """Return a worker of this target that has nothing to do: the one that did work last, which has much loaded."""
        idle = [worker for worker in self._workers if worker.task is None]
        for worker in reversed(idle):
            if worker.realm == realm:
                return worker
        if len(idle) >= _MOST_IDLE:  # of targets that are done with
            self._workers.remove(idle[0])
            idle[0].end()
        permit = msgspec.structs.replace(self._permit, target=realm)
        worker = _Worker(self._limits, permit, self._running_broker())
        self._workers.append(worker)
        return worker

    def _running_broker(self) -> Broker | None:
        """Return the broker of workers that are sealed; None where they cannot be."""
        if not possible().programs:
            return None
        if self._broker is None:
            self._broker = Broker()
            prepare()
            interpreter()
        return self._broker

    def _listen(self) -> None:
        raise_if_lost()
        busy = {worker.wire.connection: worker for worker in self._workers if worker.task is not None}
        wait_s = max(0.0, min(worker.deadline for worker in busy.values()) - time.monotonic())
        self._report_reads()
        for connection in readable(busy, min(wait_s, _TICK_S)):
            self._receive(busy[connection])
        for worker in busy.values():
            if worker.task is not None and time.monotonic() >= worker.deadline:
                self._bury(worker, f"took longer than {self._limits.timeout_s:g} s", "Raise `timeout` in gate.yaml")

    def _report_reads(self) -> None:
        """Say how much was read for each item, and that time has passed."""
        if time.monotonic() - self._reported_at >= _REPORT_EVERY_S:
            read = dict(self._read)
            for worker in self._workers:
                if worker.task is not None:
                    read[worker.task.item] = read.get(worker.task.item, ReadCount()) + worker.read_count
            for index, amount in read.items():
                if amount.bytes:
                    self._say(PoolStep(index=index, read=amount))
            self._reported_at = time.monotonic()
        self._say(None)

    def _receive(self, worker: _Worker) -> None:
        try:
            for content in worker.wire.receive():
                self._take(_decode(content), worker)
        except (EOFError, OSError):
            _let_die(worker.process)
            self._bury(worker, _death_of(worker.process), "Raise `memory` in gate.yaml if it was the memory limit")
        except (ValueError, msgspec.MsgspecError):  # too large, no message, or one that was not requested
            self._bury(worker, "said what it was not asked", "Please report it: what it was given may be hostile")

    def _take(self, message: "Run | Result | FanOut | Prepare | ProgressNote", worker: _Worker) -> None:
        """Handle a message, which is untrusted. Raises ValueError for one that is out of turn or does not fit."""
        if worker.task is None or worker.is_waiting:
            raise ValueError("out of turn")
        match message:
            case ProgressNote(text):
                self._say(PoolStep(index=worker.task.item, text=text[:_MOST_SAID]))
            case Prepare(call):
                load_if_ours(call)
            case FanOut(call) if worker.is_lead and call.items:
                load_if_ours(call)  # the workers that are forked for it have it then, and need not load it each
                worker.is_waiting = worker.is_helped = True
                self._parts.extend(self._collected(call, worker).parts(self._chunk_size(len(call.items))))
            case Result(answers, consulted) if len(answers) == len(worker.task.call.items):
                worker.consulted.add(consulted)
                task = self._taken_from(worker)
                assert task is not None
                task.deliver(answers)
            case _:
                raise ValueError("does not fit")

    def _collected(self, call: Call, worker: _Worker) -> _Task:
        assert worker.task is not None
        index, total = worker.task.item, len(call.items)
        steps = _Collection(worker, total, lambda done: self._say(PoolStep(index=index, done=done, total=total)))
        return _Task(call, steps.take, asked_by=index, realm=worker.realm)

    def _taken_from(self, worker: _Worker) -> _Task | None:
        """Return the task that a worker is done with, and note what it has read for it; the last one stands last."""
        task, worker.task = worker.task, None
        self._workers.remove(worker)
        self._workers.insert(0 if worker.is_helped else len(self._workers), worker)
        if task is not None:
            self._read[task.item] = self._read.get(task.item, ReadCount()) + worker.read_count
            self._consulted.setdefault(task.item, ConsultedSoFar()).add(worker.consulted)
        return task

    def _chunk_size(self, count: int) -> int:
        return max(1, min(MAX_CHUNK, count // (self._limits.jobs * CHUNKS_A_WORKER)))

    def _bury(self, worker: _Worker, title: str, hint: str) -> None:
        """End a worker. A part with several items is tried again item by item, so that only the guilty one fails."""
        debug("workers", "worker %s %s", worker.process.pid, title)
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


def _let_die(process: Process) -> None:
    """Wait a little for the end of a process that has hung up."""
    until = time.monotonic() + _DYING_S
    while process.exitcode is None and time.monotonic() < until:
        time.sleep(0.005)


def _death_of(process: Process) -> str:
    if process.exitcode is None:
        return "hung up"
    code = process.exitcode
    if code == UNSEALED:
        return "could not be isolated"
    return f"was ended by signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"ended with status {code}"
