"""The dockerfile stage: every Dockerfile of a tree, judged by the rules of `gate.dockerfile.rules`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gate.model import Fact, RuleDescription, StageError, StageResult, Tree
from gate.stages.base import Context, result_of

if TYPE_CHECKING:
    from gate.dockerfile.discovery import Found
    from gate.dockerfile.lint import Linted

NAME = "dockerfile"
ACCEPTS = (Tree,)
_MAX_NAMES = 100


def run(target: Tree, context: Context) -> StageResult:
    """Lint every Dockerfile of `target`; one that cannot be read is an error of the result."""
    from gate.dockerfile.discovery import find_dockerfiles
    from gate.dockerfile.lint import lint_file
    from gate.trees import open_tree

    settings = context.settings.stages.dockerfile
    found = find_dockerfiles(open_tree(target), settings)
    if not found.paths:
        return result_of(NAME, target, skipped=_reason(found), facts=_names(found))
    context.progress(f"{len(found.paths)} Dockerfiles")
    linted: list[Linted] = []
    errors: list[StageError] = []
    for _, outcome in context.map(lint_file, found.paths, target, settings, context.now.date()):
        if isinstance(outcome, StageError):
            errors.append(outcome)
        else:
            linted.append(outcome)
    return result_of(
        NAME,
        target,
        findings=tuple(finding for one in linted for finding in one.findings),
        errors=tuple(errors),
        facts={**_counts(linted), **_names(found)},
    )


def rules() -> Iterable[RuleDescription]:
    """Return the text of every rule, in the order of the ids."""
    from gate.dockerfile.rules import all_rules

    return tuple(rule.description for rule in all_rules())


def _reason(found: "Found") -> str:
    if found.excluded:
        return f"`paths` and `ignore` in gate.yaml exclude every Dockerfile ({len(found.excluded)})"
    return "there is no Dockerfile"


def _counts(linted: "list[Linted]") -> dict[str, Fact]:
    return {
        "files": len(linted),
        "instructions": sum(one.instructions for one in linted),
        "bytes": sum(one.bytes for one in linted),
        "suppressed": sum(one.suppressed for one in linted),
        "foreign_shells": sum(one.foreign_shells for one in linted),
    }


def _names(found: "Found") -> dict[str, Fact]:
    """Return what was not looked at, by name; nothing if all was."""
    facts: dict[str, Fact] = {}
    for fact, names in (("passed_over", found.passed_over), ("excluded", found.excluded)):
        shown = list(names[:_MAX_NAMES])
        if len(names) > _MAX_NAMES:
            shown.append(f"and {len(names) - _MAX_NAMES} more")
        if shown:
            facts[fact] = shown
    return facts
