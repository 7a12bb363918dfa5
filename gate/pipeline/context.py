"""`LocalContext`: the world of a stage inside one process."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from gate.model import StageError
from gate.settings import Settings
from gate.stages.base import as_stage_error

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class LocalContext:
    """A `gate.stages.base.Context` that does all work in the calling process."""

    def __init__(
        self, settings: Settings, now: datetime, cache_folder: Path, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self.settings = settings
        self.now = now
        self.cache_folder = cache_folder
        self.progress = say

    def map(
        self, function: Callable[..., Outcome], items: Iterable[Item], *shared: Any
    ) -> Iterator[tuple[Item, Outcome | StageError]]:
        for item in items:
            yield item, attempt(function, item, *shared)


def attempt(function: Callable[..., Outcome], item: Any, *shared: Any) -> Outcome | StageError:
    """Call `function(item, *shared)`; turn what it raises into the item's StageError."""
    try:
        return function(item, *shared)
    except Exception as error:  # noqa: BLE001  (whatever one hostile file does, the others are still judged)
        return as_stage_error(error, path=item if isinstance(item, str) else None)
