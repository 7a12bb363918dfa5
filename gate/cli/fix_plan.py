"""`gate fix --plan`: the fewest raises that clear the most, as text and as JSON."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from gate.cli.fix_notes import advised
from gate.cli.saying import say
from gate.core.errors import GateError
from gate.core.json_text import write_json
from gate.core.text import counted, visible

if TYPE_CHECKING:
    from gate.app.fixes.plan import Inspection
    from gate.app.fixes.smallest import RaisePlan, RaiseStep

SCHEMA_VERSION = "1.0"
_MOST_SHOWN = 4
"""Vulnerabilities of a step that are listed."""


def show_plan(inspection: "Inspection", *, as_json: bool) -> int:
    """Print the plan and return the exit status: 3 if a stage had an error, else 0."""
    from gate.app.fixes.plan import plan_raises

    report, plan = plan_raises(inspection)
    errors = [f"{stage.name}: {error}" for stage in report.stages for error in stage.errors]
    if as_json:
        write_json(_document(plan), sys.stdout)
    else:
        sys.stdout.writelines(f"{visible(line)}\n" for line in _lines(plan))
    for line in errors:
        say(line)
    return GateError.exit_status if errors else 0


def _document(plan: "RaisePlan") -> dict[str, object]:
    left = [{**msgspec.to_builtins(one.raised), "why": one.why} for one in plan.left]
    return {
        "schema_version": SCHEMA_VERSION,
        "findings": plan.findings,
        "cleared": plan.cleared,
        "steps": msgspec.to_builtins(plan.steps),
        "left": left,
    }


def _lines(plan: "RaisePlan") -> Iterator[str]:
    if not plan.findings:
        yield "No package has to be updated."
        return
    yield f"{counted(len(plan.steps), 'update')} for {plan.cleared} of {counted(plan.findings, 'finding')}:"
    for number, step in enumerate(plan.steps, 1):
        yield from _step(number, step)
    if plan.left:
        yield "Not possible:"
    for one in plan.left:
        yield from advised(one)


def _step(number: int, step: "RaiseStep") -> Iterator[str]:
    to = f"{step.to} (a release that may break code which uses it)" if step.may_break else step.to
    yield f"{number:3}. {step.path}: {step.package} {step.version} to {to}"
    more = f" and {len(step.clears) - _MOST_SHOWN} more" if len(step.clears) > _MOST_SHOWN else ""
    blocking = f", {step.blocking} of them blocking" if step.blocking else ""
    yield f"     clears {len(step.clears)}{blocking}: {', '.join(step.clears[:_MOST_SHOWN])}{more}"
    if step.command:
        yield f"     {step.command}"
    if step.why_not_tried:
        yield f"     not tried: {step.why_not_tried}"
