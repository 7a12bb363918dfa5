"""What a change would loosen, as findings of the gate's own: it has no effect on its own judgement, and comes first."""

from collections.abc import Iterable, Sequence

from gate.model import GATE, Loosened, StageResult


def loosening_of(own: Sequence[Loosened], results: Iterable[StageResult]) -> StageResult | None:
    """Return the findings on what the change would loosen, as of a stage of their own; None if it is nothing."""
    found = [*own, *(one for result in results for one in result.loosened)]
    if not found:
        return None
    from gate.policy.loosening_rules import finding_of_loosened  # few runs need the rules

    return StageResult(stage=GATE, target=found[0].target, findings=tuple(map(finding_of_loosened, found)))
