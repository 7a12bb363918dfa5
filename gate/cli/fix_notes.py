"""What `gate fix` says behind its diff: waivers to renew, and what is left to a person."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gate.core.text import counted
from gate.model import Status

if TYPE_CHECKING:
    from gate.app.fixes.plan import Fixes, MendedFile
    from gate.app.fixes.raising import Advice


def notes(fixes: "Fixes", rules: Sequence[str]) -> Iterator[str]:
    """Yield the lines; `rules` are those that a person named."""
    yield from _renewals([one for one in fixes.files if one.mended])
    yield from _left(fixes, rules)
    yield from fixes.undone
    if fixes.advice:
        yield "Updates that you have to make yourself:"
    for one in fixes.advice:
        yield from advised(one)


def advised(one: "Advice") -> Iterator[str]:
    """Yield the lines on a raise that is left to a person: what, how, why not by itself."""
    raised = one.raised
    place = f"{raised.path}:{raised.line}" if raised.line else raised.path
    yield f"  {place}: {raised.name} {raised.version} to {raised.to}{f': {raised.command}' if raised.command else ''}"
    yield f"      not made: {one.why}"


def _renewals(changes: "Sequence[MendedFile]") -> Iterator[str]:
    """Say which waivers do not hold for the new text: a fingerprint is made of an instruction's text."""
    renewals = [(one.file, renewal) for one in changes if one.mended for renewal in one.mended.renewals]
    if renewals:
        verb = "has" if len(renewals) == 1 else "have"
        yield f"{counted(len(renewals), 'waiver')} {verb} to be renewed, because the instruction has changed:"
    for file, renewal in renewals:
        yield f"  {renewal.rule} in {file}:{renewal.line}: gate waive {renewal.after} (it was {renewal.before})"


def _left(fixes: "Fixes", rules: Sequence[str]) -> Iterator[str]:
    """Say which changes are left to a person, who asks for them by the rule, because something may depend on them."""
    from gate.app.fixes.edits import repair_of
    from gate.app.fixes.mend import is_fixed_on_request

    waiting = Counter(
        one.rule
        for one in fixes.report.findings
        if not rules and one.status is Status.NEW and repair_of(one) is not None and is_fixed_on_request(one)
    )
    if waiting:
        yield "Not changed, because a build or a program may depend on it. To see and make the change:"
    for rule, count in sorted(waiting.items()):
        yield f"  gate fix --rule {rule}   ({counted(count, 'finding')})"
