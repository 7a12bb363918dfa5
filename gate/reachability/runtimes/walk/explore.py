"""Follows all steps from a container's start: first the certain ones, then those that are only possible."""

import posixpath
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import cast

import msgspec

from gate.core.errors import GateError, LimitError
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes import ANALYSERS
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import is_plain
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    Analyser,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
)

MAX_FILES = 200_000
"""Files that are reached at most."""
MAX_STARTS = 5_000
"""Starts of programs at most; the same program with other arguments counts again."""
MAX_POSSIBLE = 300
"""Starts at most that are only possible: beyond that nearly everything is, and to follow it takes minutes."""
MAX_AGAIN = 5
"""Starts of a script by itself at most, each with other arguments: one could go on for ever."""
_NOWHERE = Because("", "")
_WITH_KNOWN_WORDS = re.compile(r"runs|starts|is run by|entrypoint|health check|start in .*")
"""How a program is started of which the words are known; others are only named somewhere."""


class Explored(msgspec.Struct, frozen=True):
    """The files that are reached, by their paths without links, and why."""

    certain: dict[str, Because]
    possible: dict[str, Because]
    gaps: tuple[Gap, ...]
    folders: frozenset[str] = frozenset()
    """Working folders of the programs that are certainly started."""
    given: frozenset[str] = frozenset()
    """Arguments, and values of variables, of all programs that may be started."""
    named: frozenset[str] = frozenset()
    """Programs that something names, so that they may be started with other words than those that are followed."""

    def chain(self, path: str) -> list[Because]:
        """Return the reasons for a file, from the file back to the start of the container; 50 at most."""
        way: list[Because] = []
        while (because := self.certain.get(path) or self.possible.get(path)) and len(way) < 50:
            way.append(because)
            path = because.path
        return way


def is_only_named(because: Because) -> bool:
    """True if something names what is reached, and does not start it with words that are known.

    What a manifest names does not count: what may run its scripts counts by itself.
    """
    is_in_manifest = because.how == "names" and posixpath.basename(because.path) == "package.json"
    return _WITH_KNOWN_WORDS.fullmatch(because.how) is None and not is_in_manifest


def _given(step: StartedProgram) -> Iterator[str]:
    yield from step.arguments
    yield from (value for _, value in step.environment)


@cache
def _analysers() -> tuple[Analyser, ...]:
    return tuple(cast(Analyser, import_module(name)) for name in ANALYSERS.values())


class Exploration:
    """The work list. A step is followed once, or twice if it is first possible and later certain."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._found: dict[bool, dict[str, Because]] = {True: {}, False: {}}
        self._starts: set[StartedProgram] = set()
        self._again: Counter[str] = Counter()
        self._possible = 0
        self._named: set[str] = set()
        self._gaps: dict[Gap, None] = {}
        self._todo: deque[Reached] = deque()
        self._later: list[Reached] = []
        """Uncertain steps wait until all certain ones are followed, so that few have to be followed twice."""

    def run(self, starts: Iterable[Step]) -> Explored:
        """Follow further starts, and return all that is reached so far."""
        for step in starts:
            self._take(step, is_certain=True)
        while self._todo or self._later:
            if not self._todo:
                self._todo.extend(self._later)
                self._later.clear()
            reached = self._todo.popleft()
            for step in () if self._is_followed(reached) else self._follow(reached):
                self._take(step, reached.is_certain)
        folders = frozenset(step.folder.strip("/") for step in self._starts if step.is_certain)
        given = frozenset(word for step in self._starts for word in _given(step))
        return Explored(
            self._found[True], self._found[False], tuple(self._gaps), folders, given, frozenset(self._named)
        )

    def _is_followed(self, reached: Reached) -> bool:
        """True for a program or library that may be opened, if by now it is certain that it is opened or started."""
        is_waiting = isinstance(reached, Opened) and not reached.is_certain and reached.path in self._found[True]
        return is_waiting and self._files.starts_with(reached.path, MAGIC)

    def _follow(self, reached: Reached) -> Iterator[Step]:
        for analyser in _analysers():
            try:
                if analyser.takes(reached, self._files):
                    yield from analyser.reach(reached, self._files)
            except GateError as error:
                is_limit = isinstance(error, LimitError)
                yield Gap(kind=EVERYTHING, reason=error.message, path=reached.path, is_limit=is_limit)
            except RecursionError:
                yield Gap(kind=EVERYTHING, reason="is nested too deeply to be read", path=reached.path)

    def _take(self, step: Step, is_certain: bool) -> None:
        if isinstance(step, Gap):
            self._gaps[step] = None
            return
        entry = self._files.find(step.path)
        if entry is None:
            return
        is_certain = is_certain and step.is_certain
        is_new = self._enter(entry.path, step, is_certain)
        if isinstance(step, StartedProgram):
            if is_only_named(step.because):
                self._named.add(entry.path)
            called = step.called or "/" + step.program.lstrip("/")
            step = msgspec.structs.replace(step, program=entry.path, called=called, is_certain=is_certain)
            is_new = self._is_new_start(step)
        else:
            step = msgspec.structs.replace(step, path=entry.path, is_certain=is_certain)
        if is_new:
            (self._todo if is_certain else self._later).append(step)

    def _enter(self, path: str, step: Reached, is_certain: bool) -> bool:
        """Note a file and the links on the way to it. True if the file, or that it is certain, is new."""
        known = self._found[is_certain]
        for link in self._files.links(step.path):
            known.setdefault(link, step.because)
        if path in self._found[True] or path in known:
            return False
        if sum(map(len, self._found.values())) >= MAX_FILES:
            self._stop_at(f"more than {MAX_FILES:,} files are reached")
            return False
        known[path] = step.because
        return True

    def _is_new_start(self, step: StartedProgram) -> bool:
        key = msgspec.structs.replace(step, because=_NOWHERE)
        certain = msgspec.structs.replace(key, is_certain=True)
        if key in self._starts or certain in self._starts:
            return False
        if step.because.path == step.program and not self._may_start_again(step.program):
            return False
        if len(self._starts) >= MAX_STARTS:
            self._stop_at(f"more than {MAX_STARTS:,} programs are started")
            return False
        is_counted = not step.is_certain and not self._leads_nowhere(step)
        if is_counted and self._is_too_much():
            return False
        self._starts.add(key)
        return True

    def _leads_nowhere(self, step: StartedProgram) -> bool:
        """True for a compiled program that starts nothing of its words, which lead to nothing that others do not."""
        return is_plain(step) and not self._files.starts_with(step.program, b"#!")

    def _is_too_much(self) -> bool:
        self._possible += 1
        if self._possible > MAX_POSSIBLE:
            self._stop_at(f"more than {MAX_POSSIBLE} programs may be started")
        return self._possible > MAX_POSSIBLE

    def _may_start_again(self, program: str) -> bool:
        self._again[program] += 1
        if self._again[program] <= MAX_AGAIN:
            return True
        self._stop_at(f"starts itself with other arguments more than {MAX_AGAIN} times", program)
        return False

    def _stop_at(self, reason: str, path: str = "") -> None:
        self._gaps[Gap(kind=EVERYTHING, reason=reason, path=path, is_limit=True)] = None
