"""What a stage is, and all that a stage may know of the world."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from gate.errors import GateError
from gate.model import RuleDescription, StageError, StageResult, Target
from gate.settings import Settings

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


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

    def progress(self, text: str) -> None:
        """Say what is going on, in a few words."""

    def map(
        self, function: Callable[..., Outcome], items: Iterable[Item], *shared: Any
    ) -> Iterator[tuple[Item, Outcome | StageError]]:
        """Call `function(item, *shared)` for every item, spread over the worker processes, in the items' order.

        `function` is a module's own function whose parameters and result are annotated with types that msgspec
        can carry. What it raises for an item, or what kills its worker, comes back as that item's StageError.
        """


class Stage(Protocol):
    """A stage is a module with these names; `gate.stages.STAGES` lists them all.

    Its engine is imported inside the functions, so that a stage that is not asked for costs nothing.
    """

    ACCEPTS: tuple[type, ...]
    """The kinds of target that it runs on: `Tree`, `CommitRange`, `Image`."""

    def run(self, target: Any, context: Context) -> StageResult:
        """Look at one target. What cannot be read is an error of the result, not an exception."""

    def rules(self) -> Iterable[RuleDescription]:
        """Return the text of every rule that is known beforehand (advisories are not)."""


def as_stage_error(error: BaseException, path: str | None = None) -> StageError:
    """Say an exception in a report. The text of an unforeseen one is left out: it could hold a secret."""
    if isinstance(error, GateError):
        return StageError(title=error.message, message=error.hint, path=error.path or path)
    if isinstance(error, MemoryError):
        return StageError(title="memory limit reached", message="Raise `memory` in gate.yaml", path=path)
    if isinstance(error, RecursionError):
        return StageError(title="nesting limit reached", message="The file is nested too deeply to be read", path=path)
    place = _place_of(error)
    return StageError(
        title=f"internal error ({type(error).__name__} at {place})",
        message="Please report it with this line; the file's content is not in it",
        path=path,
    )


def _place_of(error: BaseException) -> str:
    step = error.__traceback__
    if step is None:
        return "an unknown place"
    while step.tb_next is not None:
        step = step.tb_next
    return f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}"


def result_of(stage: str, target: Target, **parts: Any) -> StageResult:
    """Make a StageResult for `target`."""
    return StageResult(stage=stage, target=target.name, **parts)
