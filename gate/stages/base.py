"""What a stage is."""

from collections.abc import Iterable
from typing import Any, Protocol

from gate.context import Context
from gate.model import CommitRange, RuleDescription, StageError, StageResult, Target, Tree
from gate.settings import Settings


class Stage(Protocol):
    """A stage is a module with these names; `gate.stages.STAGES` lists them all.

    Its engine is imported inside the functions, so that a stage that is not asked for costs nothing.
    """

    ACCEPTS: tuple[type, ...]
    """The kinds of target that it runs on: `Tree`, `CommitRange`, `Image`."""

    def run(self, target: Any, context: Context) -> StageResult:
        """Look at one target. What cannot be read is an error of the result, not an exception."""

    def rules(self, settings: Settings) -> Iterable[RuleDescription]:
        """Return the text of every rule that is known beforehand (advisories are not), those of plugins included.

        Raises UsageError if what a plugin adds to the stage cannot be had.
        """


def words_in(target: Tree | CommitRange, context: Context) -> Tree:
    """Return the tree whose files of other programs, VEX documents and baselines count for a target.

    A stage that has such files names them in a function `said_in(settings)`.
    """
    if context.said is not None:
        return context.said
    if isinstance(target, CommitRange):
        return Tree(root=target.root, name=target.name, revision=target.head)
    return target


def result_of(stage: str, target: Target, **parts: Any) -> StageResult:
    """Make a StageResult for `target`, with findings that state whether they are worth stopping a change for."""
    for kind in ("findings", "silenced"):
        if parts.get(kind):
            from gate.rules.worth import with_worth  # most runs find nothing, and start sooner without

            parts[kind] = tuple(map(with_worth, parts[kind]))
    return StageResult(stage=stage, target=target.name, **parts)


def set_apart(errors: Iterable[StageError]) -> tuple[tuple[StageError, ...], list[str]]:
    """Return the errors that make a run incomplete, and the others as notes for a fact.

    The others are of files that cannot be read where no finding on configuration would stop a change: broken input of
    tests, samples, copies of other projects.
    """
    serious: list[StageError] = []
    notes: list[str] = []
    for error in dict.fromkeys(errors):
        from gate.rules.worth import where_no_finding_stops  # most runs have no error, and start sooner without

        place = where_no_finding_stops(error.path or "")
        if place:
            notes.append(f"{error.path}: {error.title} ({place})")
        else:
            serious.append(error)
    return tuple(serious), notes


def shortened(texts: Iterable[str], most: int) -> list[str]:
    """Return the texts of a fact, each once; of more than `most` a further one counts the rest."""
    unique = list(dict.fromkeys(texts))
    more = len(unique) - most
    return unique if more <= 0 else [*unique[:most], f"and {more:,} more"]
