"""Comments that silence rules."""

from collections.abc import Iterator

from gate.dockerfile.build import Build
from gate.dockerfile.hits import Hit
from gate.dockerfile.pragmas import ignored_by
from gate.dockerfile.rule import BUILD, rule
from gate.model import Severity


@rule(
    "DL1001",
    Severity.INFO,
    "Comment that silences a rule",
    looks_at=BUILD,
    why="A comment silences a rule for everyone, with no owner, reason or end date. Checked only if `rules` names it.",
    mend="Waive the finding: gate waive FINGERPRINT --reason … --owner … --until ….",
    on_request=True,
    bad="# hadolint ignore=DL3008\nRUN apt-get install -y curl",
    good="# curl is for the health check\nRUN apt-get install -y curl",
)
def pragma(build: Build) -> Iterator[Hit]:
    for instruction in build.dockerfile.instructions:
        ids = ", ".join(sorted(ignored_by(instruction)))
        if ids:
            span = instruction.span(instruction.start, instruction.end)
            evidence = f"{ids} for {instruction.normalised}"
            yield Hit(message=f"a comment silences {ids} here", span=span, evidence=(evidence,))
