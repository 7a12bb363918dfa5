"""All that a stage, and the engine under it, may know of the world."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from gate.model import StageError, Tree, Trust
from gate.settings import Settings

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

MANY = 64
"""Items that `map` spreads over workers whatever they take; fewer are first tried alone."""


class Context(Protocol):
    """Settings, clock, cache folder, progress and workers: the world of a stage."""

    @property
    def settings(self) -> Settings: ...

    @property
    def now(self) -> datetime:
        """The time of the run, with its zone; the only clock a stage may look at."""

    @property
    def cache_folder(self) -> Path:
        """Where what is costly to make again is kept; never trusted, safe for parallel runs."""

    @property
    def trust(self) -> Trust:
        """Whose word counts: in a comparison, the trees that what loosens has to stand in."""

    @property
    def said(self) -> Tree | None:
        """Tree whose configuration of other programs, VEX documents and baseline count; None: the target's own.

        What cannot be read there counts as if it were not there.
        """

    @property
    def compared(self) -> tuple[Tree, ...]:
        """Trees of the target's base in which such files differ from the target's own."""

    def progress(self, text: str) -> None:
        """Say what is going on, in a few words."""

    def prepare(self, function: Callable[..., Any], *shared: Any) -> None:
        """Say that `map` will be called with these: what the function needs is loaded while the items are listed."""

    def map(
        self, function: Callable[..., Outcome], items: Iterable[Item], *shared: Any, is_apart: bool = False
    ) -> Iterator[tuple[Item, Outcome | StageError]]:
        """Call `function(item, *shared)` for every item, spread over the worker processes, in the items' order.

        With `is_apart` none is called here, however few there are: what the function needs is not loaded for it here.

        `function` is a module's own function whose parameters and result are annotated with types that msgspec
        can carry. What it raises for an item, or what kills its worker, comes back as that item's StageError.
        """
