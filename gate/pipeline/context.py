"""The world of a stage: inside one process, or inside a worker that can ask others for help."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gate.context import MANY
from gate.model import StageError, Tree, Trust
from gate.pipeline.rpc import attempt, pack, unpack
from gate.pipeline.workers import Link
from gate.settings import Settings

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

ALONE_S = 0.1
"""Seconds that a map works alone: for less, handing work to other processes costs more than it saves."""

_NO_COMPARISON = Trust()
"""The trust of a run without a comparison."""


class LocalContext:
    """A `gate.context.Context` that does all work in the calling process."""

    def __init__(
        self,
        settings: Settings,
        now: datetime,
        cache_folder: Path,
        say: Callable[[str], None] = lambda _: None,
        trust: Trust = _NO_COMPARISON,
    ) -> None:
        self.settings = settings
        self.now = now
        self.cache_folder = cache_folder
        self.progress = say
        self.trust = trust
        self.said: Tree | None = None
        self.compared: tuple[Tree, ...] = ()

    def prepare(self, function: Callable[..., Any], *shared: Any) -> None:
        """Load nothing: here the function itself does, when it is called."""

    def map(
        self, function: Callable[..., Outcome], items: Iterable[Item], *shared: Any, is_apart: bool = False
    ) -> Iterator[tuple[Item, Outcome | StageError]]:
        for item in items:
            yield item, attempt(function, item, *shared)


class WorkerContext(LocalContext):
    """A context inside a worker: a map that takes longer than a moment is spread over the other workers."""

    def __init__(
        self, settings: Settings, now: datetime, cache_folder: Path, link: Link, trust: Trust = _NO_COMPARISON
    ) -> None:
        super().__init__(settings, now, cache_folder, link.say, trust)
        self._link = link

    def prepare(self, function: Callable[..., Any], *shared: Any) -> None:
        self._link.prepare(pack(function, [], shared))

    def map(
        self, function: Callable[..., Outcome], items: Iterable[Item], *shared: Any, is_apart: bool = False
    ) -> Iterator[tuple[Item, Outcome | StageError]]:
        left = deque(items)
        help_from = time.monotonic() + (ALONE_S if len(left) < MANY and not is_apart else 0)
        while left and time.monotonic() < help_from:
            item = left.popleft()
            yield item, attempt(function, item, *shared)
        if left:
            call = pack(function, list(left), shared)
            for item, answer in zip(left, self._link.help(call), strict=True):
                outcome = unpack(call.function, answer)
                yield item, _placed(outcome, item)


def _placed(outcome: Any, item: Any) -> Any:
    """Name the item in an error that does not know it: its worker died."""
    if isinstance(outcome, StageError) and outcome.path is None and isinstance(item, str):
        return msgspec.structs.replace(outcome, path=item)
    return outcome
