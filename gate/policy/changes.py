"""What a change would loosen: of the settings, the policy, waivers, the baseline and the owners of paths.

None of it has an effect on the judgement of the change itself. What is reported is how many of today's new findings
would pass because of it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from gate.core.durations import timedelta_of
from gate.core.errors import ConfigError
from gate.core.text import counted
from gate.model import Finding, Loosened
from gate.policy.accepted import CODEOWNERS, Accepted
from gate.policy.assemble import PolicyFiles
from gate.policy.baseline import FILE as BASELINE
from gate.policy.codeowners import Codeowners
from gate.policy.conditions import any_of
from gate.policy.decide import DEFAULT_JUDGED
from gate.policy.layers import PolicyLayer, built_in, layers_of
from gate.policy.repository_files import OwnFiles
from gate.policy.rulings import Rulings
from gate.policy.strictness import is_looser
from gate.policy.tightening import Difference
from gate.policy.waivers import FILE as WAIVERS
from gate.policy.waivers import Waiver
from gate.settings.policy import Effect, PolicySettings, Waiving
from gate.settings.sources import SettingsFile


class SideSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What one side, the base or the change, says."""

    files: OwnFiles
    settings: SettingsFile | None
    sources: PolicyFiles
    """The policies as they would be if only this side counted."""


class SettingsChange(msgspec.Struct, frozen=True, kw_only=True):
    """The settings and policies of a change and of its base, to be compared."""

    target: str
    base: SideSettings
    head: SideSettings
    differences: tuple[Difference, ...]
    """Settings of the change that do not count."""
    signed: tuple[Waiver, ...] = ()
    """Waivers of the change that count at once, because a key of the organisation has signed them."""
    now: datetime

    @property
    def is_adopting(self) -> bool:
        """True if the change brings the first settings, or the first baseline, of the repository."""
        return self.base.settings is None


class ChangeNotes(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a change."""

    loosened: tuple[Loosened, ...] = ()
    notices: tuple[str, ...] = ()


def describe_change(change: SettingsChange, findings: Sequence[Finding]) -> ChangeNotes:
    """Return what `change` would loosen, given the new findings; of a change that adopts the gate as a notice.

    Raises ConfigError for a file of the change that is wrong.
    """
    first = [*_settings(change, findings), *_policy(change, findings), *_baseline(change, findings)]
    always = [*_waivers(change, findings), *_codeowners(change, findings)]
    if not change.is_adopting:
        return ChangeNotes(loosened=(*first, *always))
    return ChangeNotes(loosened=tuple(always), notices=tuple(map(_adopted, first)))


def _adopted(one: Loosened) -> str:
    count = "it cannot be counted what" if one.passes is None else counted(len(one.passes), "finding") + " of today"
    passing = f"{count} would pass because of {one.what}"
    return f"{one.path} is the first in this repository and takes effect once it is merged; {passing}"


def _settings(change: SettingsChange, findings: Sequence[Finding]) -> Iterator[Loosened]:
    for difference in change.differences:
        rule = "GATE-VEX" if difference.key[-1] == "vex" else "GATE-SETTINGS"
        yield _of_settings(change, rule, difference.key, str(difference), difference.passes(findings))


def _of_settings(
    change: SettingsChange, rule: str, key: Sequence[str], what: str, passes: tuple[str, ...] | None
) -> Loosened:
    """Return what is loosened in the settings file; where the change took that away, in the base's."""
    file, is_there = change.head.settings or change.base.settings, change.head.settings is not None
    assert file is not None
    line = file.line_of(key) if is_there else None
    return Loosened(rule=rule, target=change.target, path=file.name, line=line, what=what, passes=passes)


def _policy(change: SettingsChange, findings: Sequence[Finding]) -> Iterator[Loosened]:
    loosened = list(_loosened_policies(change))
    blocked = _no_longer_blocked(change, findings)
    if not loosened and blocked:
        loosened = [(("policy",), "policy")]
    for key, what in loosened:
        yield _of_settings(change, "GATE-POLICY", key, what, blocked)


def _loosened_policies(change: SettingsChange) -> Iterator[tuple[tuple[str, ...], str]]:
    base, head = change.base.sources, change.head.sources
    yield from _loosened(base.project.policy, head.project.policy)
    known = {source.name: source for source in head.above}
    for source in (one for one in base.above if one.is_of_repository and one.name in known):
        for _, what in _loosened(source.policy, known[source.name].policy):
            yield ("policy", "extends"), f"{source.name}: {what}"


def _loosened(base: PolicySettings, head: PolicySettings) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what is looser in a policy than it was: the key, and a few words."""
    yield from ((("policy", "rules"), what) for what in _loosened_rules(base, head))
    yield from (
        (("policy", "waivers"), f"policy.waivers.{what}") for what in _loosened_waiving(base.waivers, head.waivers)
    )
    if base.extends != head.extends:
        yield ("policy", "extends"), f"policy.extends: {head.extends or 'none'}"
    yield from _loosened_requirements(base, head)
    if base.enforce and not head.enforce:
        yield ("policy", "enforce"), "policy.enforce: false"
    if base.ratchet and not head.ratchet:
        yield ("policy", "ratchet"), "policy.ratchet: false"


def _loosened_requirements(base: PolicySettings, head: PolicySettings) -> Iterator[tuple[tuple[str, ...], str]]:
    for stage in base.required_stages:
        if stage not in head.required_stages:
            yield ("policy", "required_stages"), f"policy.required_stages: without {stage}"
    for stage, share in base.required_share.items():
        if head.required_share.get(stage, 0) < share:
            yield ("policy", "required_share"), f"policy.required_share: less than {share} of {stage}"
    if _judged(head) < _judged(base):
        yield ("policy", "required_judged"), f"policy.required_judged: less than {_judged(base)[0]}"
    for stage, names in base.required_targets.items():
        if not set(any_of(names)) <= set(any_of(head.required_targets.get(stage, ()))):
            yield ("policy", "required_targets"), f"policy.required_targets: fewer of {stage}"


def _judged(policy: PolicySettings) -> tuple[int, bool]:
    """Return the per cent that is required, and whether it is stated, so that what libraries require counts as well."""
    stated = policy.required_judged
    return (DEFAULT_JUDGED, False) if stated is None else (stated, True)


def _loosened_rules(base: PolicySettings, head: PolicySettings) -> Iterator[str]:
    before = {rule.id: rule for rule in base.rules}
    after = {rule.id: rule for rule in head.rules}
    above = {rule.id: rule for rule in built_in().rules}
    for rule in base.rules:
        if (
            rule.effect is Effect.BLOCK
            and rule.id not in after
            and (rule.id not in above or is_looser(above[rule.id], rule))
        ):
            yield f"the rule {rule.id} is gone"
    for rule in head.rules:
        old = before.get(rule.id) or above.get(rule.id)
        if old is not None and is_looser(rule, old):
            yield f"the rule {rule.id} is looser"
        elif old is None and (rule.effect is not Effect.BLOCK or rule.grace):
            yield f"the rule {rule.id} ({rule.effect.value}) is new"
    old_order = [one for one in before if one in after]
    new_order = [one for one in after if one in before]
    if old_order != new_order:
        yield "the rules stand in another order"


def _loosened_waiving(base: Waiving, head: Waiving) -> Iterator[str]:
    for name in ("rules", "owners"):
        old, new = getattr(base, name), getattr(head, name)
        if old is not None and (new is None or not set(any_of(new)) <= set(any_of(old))):
            yield name
    if not set(base.never) <= set(head.never):
        yield "never"
    if base.longest and (not head.longest or timedelta_of(head.longest) > timedelta_of(base.longest)):
        yield "longest"
    if head.comments and not base.comments:
        yield "comments"


def _no_longer_blocked(change: SettingsChange, findings: Sequence[Finding]) -> tuple[str, ...] | None:
    """Return what blocks by the base's policy and would not by the change's; None if that cannot be worked out."""
    if change.base.sources == change.head.sources:
        return ()
    try:
        sides = [
            Rulings(layers_of(sources.project, sources.above, is_checked=False), change.now)
            for sources in (change.base.sources, change.head.sources)
        ]
    except ConfigError:
        return None
    before, after = (_blocked(rulings, findings) for rulings in sides)
    return tuple(mark for mark in before if mark not in after)


def _blocked(rulings: Rulings, findings: Sequence[Finding]) -> dict[str, None]:
    found = ((one.fingerprint, rulings.strictest(one, is_new=True)) for one in findings)
    return {mark: None for mark, ruling in found if ruling is not None and ruling.effect is Effect.BLOCK}


def _waivers(change: SettingsChange, findings: Sequence[Finding]) -> Iterator[Loosened]:
    known = {str(waiver): waiver for waiver in change.base.files.waivers()}
    numbered = enumerate(change.head.files.waivers())
    unsigned = [(number, waiver) for number, waiver in numbered if waiver not in change.signed]
    looser = [(number, waiver) for number, waiver in unsigned if _is_looser(waiver, known.get(str(waiver)))]
    if not looser:
        return
    from gate.core.yaml import NodeLines  # late: most changes loosen nothing

    lines = NodeLines(change.head.files.text(WAIVERS))
    for number, waiver in looser:
        yield Loosened(
            rule="GATE-WAIVER",
            target=change.target,
            path=WAIVERS,
            line=lines.of([number]),
            what=f"the waiver of {waiver} ({waiver.owner}, until {waiver.until})",
            passes=tuple(dict.fromkeys(one.fingerprint for one in findings if waiver.covers(one))),
        )


def _is_looser(waiver: Waiver, before: Waiver | None) -> bool:
    return before is None or waiver.last_day > before.last_day or waiver.owner != before.owner


def _baseline(change: SettingsChange, findings: Sequence[Finding]) -> Iterator[Loosened]:
    before, after = change.base.files.baseline(), change.head.files.baseline()
    added = after.entries if before.key != after.key else after.entries - before.entries
    if not added or before == after:
        return
    known = before.listed(findings)
    listed = after.listed(findings)
    places = [entry.path for entry in sorted(added)]
    yield Loosened(
        rule="GATE-BASELINE",
        target=change.target,
        path=BASELINE,
        line=_line_of(change.head.files.text(BASELINE), places[0]),
        what=f"{counted(len(added), 'entry')} that the base does not have",
        passes=tuple(name for name, paths in listed.items() if not paths <= known.get(name, frozenset())),
    )


def _line_of(text: str, path: str) -> int:
    mark = msgspec.json.encode(path).decode()
    return next((number for number, line in enumerate(text.splitlines(), 1) if line.startswith(f"[{mark}")), 1)


def _codeowners(change: SettingsChange, findings: Sequence[Finding]) -> Iterator[Loosened]:
    layers = layers_of(change.base.sources.project, change.base.sources.above, is_checked=False)
    if not any(CODEOWNERS in any_of(layer.waivers.owners) for layer in layers):
        return
    before, after = change.base.files.codeowners(), change.head.files.codeowners()
    if before == after:
        return
    path = (after or before or ("CODEOWNERS",))[0]
    sides = [_acceptable(change, layers, side[1] if side else None) for side in (before, after)]
    passes = [one.fingerprint for one in findings if sides[1](one) and not sides[0](one)]
    what = "other owners of paths, who may waive"
    yield Loosened(
        rule="GATE-CODEOWNERS",
        target=change.target,
        path=path,
        line=1 if after else None,
        what=what,
        passes=tuple(dict.fromkeys(passes)),
    )


def _acceptable(
    change: SettingsChange, layers: tuple[PolicyLayer, ...], codeowners: Codeowners | None
) -> Callable[[Finding], bool]:
    rulings = Rulings(layers, change.now)
    accepted = Accepted(layers, change.head.files.waivers(), codeowners, change.now)
    return lambda one: accepted.of(one, rulings.strictest(one, is_new=True)) is not None
