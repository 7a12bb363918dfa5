"""Findings that somebody answers for: by a waiver or by a comment beside them, as far as the layers let them."""

from collections import Counter
from datetime import datetime
from typing import Literal

import msgspec

from gate.model import Finding
from gate.policy.codeowners import Codeowners
from gate.policy.conditions import any_of, is_named, names_of
from gate.policy.layers import Layer
from gate.policy.rulings import Ruling
from gate.policy.waivers import FILE, Waiver

CODEOWNERS = "codeowners"
"""The word that stands for the owners of a path among the owners who may waive."""


class Acceptance(msgspec.Struct, frozen=True):
    """How a finding is accepted, and in which file."""

    by: Literal["waiver", "comment"]
    source: str | None


class Accepted:
    """Finds out what is accepted, and counts what each waiver does."""

    def __init__(
        self, layers: tuple[Layer, ...], waivers: tuple[Waiver, ...], codeowners: Codeowners | None, now: datetime
    ) -> None:
        self._layers = layers
        self._codeowners = codeowners
        self._day = now.date()
        self._by_fingerprint = {waiver.fingerprint: waiver for waiver in waivers if waiver.fingerprint}
        self._by_rule = [waiver for waiver in waivers if not waiver.fingerprint]
        self.waivers = waivers
        self.matched: Counter[str] = Counter()
        """Waiver to the number of findings that it speaks of, whether it holds or not."""
        self.refused: dict[str, str] = {}
        """Waiver (or `comments`) to the reason why a layer does not let it hold."""

    def of(self, finding: Finding, ruling: Ruling | None) -> Acceptance | None:
        """Return how `finding` is accepted, or None."""
        for waiver in self._waivers_of(finding):
            self.matched[str(waiver)] += 1
            if waiver.holds_on(self._day) and self._is_allowed(str(waiver), finding, ruling, waiver.owner):
                return Acceptance("waiver", FILE)
        if finding.comment is not None and self._is_allowed("comments", finding, ruling, None):
            return Acceptance("comment", finding.location.path)
        return None

    def _waivers_of(self, finding: Finding) -> list[Waiver]:
        own = self._by_fingerprint.get(finding.fingerprint)
        return [*([own] if own else []), *(waiver for waiver in self._by_rule if waiver.covers(finding))]

    def _is_allowed(self, what: str, finding: Finding, ruling: Ruling | None, owner: str | None) -> bool:
        for layer in self._layers:
            why = self._refusal(layer, finding, ruling, owner)
            if why:
                self.refused.setdefault(what, f"{layer.source} {why}")
                return False
        return True

    def _refusal(self, layer: Layer, finding: Finding, ruling: Ruling | None, owner: str | None) -> str:
        """Return why `layer` does not let the finding be accepted; empty if it does. A comment has no owner."""
        waiving = layer.waivers
        if ruling is not None and ruling.rule.id in waiving.never:
            return f"lets nobody set aside what the rule {ruling.rule.id} decides"
        if waiving.rules is not None and not is_named(waiving.rules, names_of(finding)):
            return f"does not let {finding.rule} be waived"
        if owner is None:
            return "" if waiving.comments else "lets no comment waive a finding"
        if waiving.owners is not None and not self._may_waive(waiving.owners, owner, finding):
            return f"does not let {owner} waive it"
        return ""

    def _may_waive(self, allowed: str | tuple[str, ...], owner: str, finding: Finding) -> bool:
        patterns = any_of(allowed)
        named = tuple(pattern for pattern in patterns if pattern != CODEOWNERS)
        if named and is_named(named, (owner,)):
            return True
        owners = self._codeowners.of(finding.location.path or "") if self._codeowners else ()
        return CODEOWNERS in patterns and owner in owners
