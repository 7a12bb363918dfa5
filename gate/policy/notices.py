"""What the owners of waivers and rules should know before it hurts, whatever the verdict is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from gate.core.text import counted
from gate.model import Finding, Trust
from gate.policy.accepted import Accepted
from gate.policy.layers import PolicyLayer
from gate.policy.rulings import Ruling
from gate.policy.waivers import Waiver
from gate.settings.policy import Effect

NOTICE_AHEAD = timedelta(days=14)
"""A waiver that ends within this time is mentioned in a notice."""


def notices(
    rulings: Sequence[tuple[Finding, Ruling | None]],
    accepted: Accepted,
    layers: Iterable[PolicyLayer],
    now: datetime,
    *,
    is_whole: bool,
) -> Iterator[str]:
    """Yield one sentence for each thing to know, in a stable order."""
    for waiver in accepted.waivers:
        yield from _about(waiver, accepted, now, is_whole=is_whole)
    if "comments" in accepted.refused:
        yield f"Comments that ignore findings have no effect: {accepted.refused['comments']}"
    yield from _graces(finding for finding, _ in rulings)
    for layer in layers:
        if not layer.enforce:
            yield from _unenforced(layer, [ruling for _, ruling in rulings if ruling and ruling.layer is layer])


def whose(trust: Trust) -> str:
    """Return a sentence on under whose settings it is judged."""
    settings = trust.settings or "the default settings"
    match trust.mode:
        case "base":
            where = f"the base, {(trust.commit or '')[:12]}; the change can only tighten it"
            return f"Judged under {settings} of {where}" if trust.settings else f"Judged under {settings}, as {where}"
        case "machine":
            return "Judged under the machine's settings: the repository's own settings do not count"
        case _:
            return f"Judged under {settings} from the judged files" if trust.settings else f"Judged under {settings}"


def about_choices(choices: Iterable[str]) -> Iterator[str]:
    """Yield a sentence on settings with which a project decides what a policy above it gets to judge."""
    yield from (f"No policy fixes what {choice}" for choice in choices)


def _about(waiver: Waiver, accepted: Accepted, now: datetime, *, is_whole: bool) -> Iterator[str]:
    name, count = str(waiver), accepted.matched[str(waiver)]
    if count == 0:
        if is_whole:
            yield f"The waiver of {name} ({waiver.owner}) no longer matches anything; remove it"
        return
    if name in accepted.refused:
        yield f"The waiver of {name} ({waiver.owner}) has no effect: {accepted.refused[name]}"
    if not waiver.holds_on(now.date()):
        yield f"The waiver of {name} ({waiver.owner}) ended on {waiver.until}: fix it, or renew the waiver"
    elif waiver.last_day - now.date() <= NOTICE_AHEAD:
        yield f"The waiver of {name} ({waiver.owner}) ends on {waiver.until}"
    if waiver.matches is not None and count > waiver.matches:
        yield f"The waiver of {name} ({waiver.owner}) was written for {waiver.matches:,} and matches {count:,} now"


def _graces(findings: Iterable[Finding]) -> Iterator[str]:
    days = [finding.blocks_from for finding in findings if finding.blocks_from]
    if days:
        verb = "does" if len(days) == 1 else "do"
        yield f"{counted(len(days), 'finding')} in grace {verb} not block yet; the first does from {min(days)} on"


def _unenforced(layer: PolicyLayer, rulings: Sequence[Ruling]) -> Iterator[str]:
    count = sum(ruling.rule.effect is Effect.BLOCK and not ruling.blocks_from for ruling in rulings)
    yield f"THE POLICY OF {layer.source} IS NOT ENFORCED: it would block {counted(count, 'finding')}"
