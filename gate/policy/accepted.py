"""Accepted findings: by a waiver or by a comment at the finding, as far as the policy's layers allow it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from gate.model import Finding, WaiverUsed
from gate.policy.codeowners import Codeowners
from gate.policy.conditions import DecisionCase, Test, any_of, concerns, is_named, names_of, passes, tests_of
from gate.policy.layers import PolicyLayer
from gate.policy.rulings import Ruling
from gate.policy.waivers import FILE, Waiver
from gate.settings.policy import Rule

CODEOWNERS = "codeowners"
"""Among the owners who may waive, stands for the owners of the finding's path by CODEOWNERS."""


class Acceptance(msgspec.Struct, frozen=True):
    """How a finding is accepted, and in which file."""

    by: Literal["waiver", "comment"]
    source: str | None


class Accepted:
    """Decides which findings are accepted, and counts the findings of each waiver."""

    def __init__(
        self,
        layers: tuple[PolicyLayer, ...],
        waivers: tuple[Waiver, ...],
        codeowners: Codeowners | None,
        now: datetime,
        agreed: tuple[tuple[Waiver, ...], ...] = (),
    ) -> None:
        self._layers = layers
        self._agreed = agreed
        self._codeowners = codeowners
        self._now = now
        self._day = now.date()
        self._protected = [(layer, _rules_named(layer.waivers.never, layers)) for layer in layers]
        self._by_fingerprint = {waiver.fingerprint: waiver for waiver in waivers if waiver.fingerprint}
        self._by_rule = [waiver for waiver in waivers if not waiver.fingerprint]
        self.waivers = waivers
        self.matched: Counter[str] = Counter()
        """By waiver, the number of findings that it matches, in force or not."""
        self.refused: dict[str, str] = {}
        """By waiver (or `comments`), why a layer does not allow it."""

    def of(self, finding: Finding, ruling: Ruling | None) -> Acceptance | None:
        """Return how `finding` is accepted, or None."""
        for waiver in self._waivers_of(finding):
            self.matched[str(waiver)] += 1
            if not waiver.holds_on(self._day) or not self._is_agreed(finding):
                continue
            if self._is_allowed(str(waiver), finding, ruling, waiver.owner):
                return Acceptance("waiver", FILE)
        if finding.comment is not None and self._is_allowed("comments", finding, ruling, None):
            return Acceptance("comment", finding.location.path)
        return None

    def used(self) -> Iterator[WaiverUsed]:
        """Yield the waivers that match a finding."""
        for waiver in self.waivers:
            if count := self.matched[str(waiver)]:
                yield WaiverUsed(what=str(waiver), owner=waiver.owner, until=waiver.until, findings=count)

    def refusal_of_waivers(self, finding: Finding, ruling: Ruling | None) -> str:
        """Return why no waiver of any owner can accept the finding; empty if one can."""
        refusals = (self._refusal_for_all(layer, finding, ruling) for layer in self._layers)
        return next((refusal for refusal in refusals if refusal), "")

    def _is_agreed(self, finding: Finding) -> bool:
        """True if every other side of a comparison has a waiver for it that holds today."""
        return all(self._is_waived_by(waivers, finding) for waivers in self._agreed)

    def _is_waived_by(self, waivers: tuple[Waiver, ...], finding: Finding) -> bool:
        return any(one.holds_on(self._day) and one.covers(finding) for one in waivers)

    def _waivers_of(self, finding: Finding) -> list[Waiver]:
        own = self._by_fingerprint.get(finding.fingerprint)
        return [*([own] if own else []), *(waiver for waiver in self._by_rule if waiver.covers(finding))]

    def _is_allowed(self, what: str, finding: Finding, ruling: Ruling | None, owner: str | None) -> bool:
        for layer in self._layers:
            refusal = self._refusal_for_all(layer, finding, ruling) or self._refusal(layer, finding, owner)
            if refusal:
                self.refused.setdefault(what, refusal)
                return False
        return True

    def _refusal_for_all(self, layer: PolicyLayer, finding: Finding, ruling: Ruling | None) -> str:
        protecting = self._protecting_rule(layer, finding, ruling)
        if protecting is not None:
            return f"{layer.source} lets no one override the rule {protecting.id}"
        if layer.waivers.rules is not None and not is_named(layer.waivers.rules, names_of(finding)):
            return f"{layer.source} does not let {finding.rule} be waived"
        return ""

    def _protecting_rule(self, layer: PolicyLayer, finding: Finding, ruling: Ruling | None) -> Rule | None:
        """Return the rule of the layer's `never` that matches the finding, whichever rule has decided on it.

        If only the deciding rule counted, a rule before it, or an equally strict one in another layer, would remove the
        protection.
        """
        if ruling is not None and ruling.rule.id in layer.waivers.never:
            return ruling.rule
        rules = next(rules for one, rules in self._protected if one is layer)
        for rule, tests in rules:
            is_new = rule.when.new is not False
            if concerns(rule.when, finding.stage, is_new) and passes(tests, DecisionCase(finding, is_new, self._now)):
                return rule
        return None

    def _refusal(self, layer: PolicyLayer, finding: Finding, owner: str | None) -> str:
        """Return why `layer` does not let this owner accept the finding; a comment has none."""
        waiving = layer.waivers
        if owner is None:
            return "" if waiving.comments else f"{layer.source} lets no comment waive a finding"
        if waiving.owners is not None and not self._may_waive(waiving.owners, owner, finding):
            return f"{layer.source} does not let {owner} waive it"
        return ""

    def _may_waive(self, allowed: str | tuple[str, ...], owner: str, finding: Finding) -> bool:
        patterns = any_of(allowed)
        named = tuple(pattern for pattern in patterns if pattern != CODEOWNERS)
        if named and is_named(named, (owner,)):
            return True
        owners = self._codeowners.of(finding.location.path or "") if self._codeowners else ()
        return CODEOWNERS in patterns and owner in owners


def _rules_named(ids: tuple[str, ...], layers: tuple[PolicyLayer, ...]) -> list[tuple[Rule, tuple[Test, ...]]]:
    """Return the rules of any layer with one of these ids, each with its tests."""
    return [(rule, tests_of(rule.when)) for layer in layers for rule in layer.rules if rule.id in ids]
