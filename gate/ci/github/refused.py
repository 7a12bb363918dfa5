"""The rule on workflows that zizmor cannot read, although GitHub may run them."""

from collections.abc import Iterable, Iterator

from gate.ci.rule import ON_PIPELINES
from gate.model import Severity
from gate.rules import Hit, StageRule

NOT_AUDITED = ON_PIPELINES.without_check(
    "GC100",
    Severity.MEDIUM,
    "Workflow that zizmor cannot read",
    module=__name__,
    why="The audits were not asked of it: only the gate's own rules were. GitHub may run what zizmor's schema refuses.",
    mend="Write what the message names as GitHub's documentation has it: mostly a key with a value of another kind.",
    bad="on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy: ${{ fromJSON(inputs.strategy) }}\n"
    "    steps:\n      - run: make\n",
    good="on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy:\n"
    "      matrix: ${{ fromJSON(inputs.matrix) }}\n    steps:\n      - run: make\n",
)


def refused(unreadable: Iterable[tuple[str, str]]) -> Iterator[tuple[StageRule, Hit]]:
    """Yield a hit for each file, with zizmor's reason."""
    for path, reason in unreadable:
        yield NOT_AUDITED, Hit(message=f"zizmor cannot read it: {reason[:300]}", path=path, line=1)
