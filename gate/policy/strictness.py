"""Whether one rule is at least as strict as another: it matches all that the other matches, and does no less."""

from collections.abc import Callable
from typing import Any

from gate.core.durations import timedelta_of
from gate.policy.conditions import any_of
from gate.settings.policy import Condition, Effect, Rule


def _includes(own: Any, other: Any) -> bool:
    return set(any_of(other)) <= set(any_of(own))


def _is_lower(own: Any, other: Any) -> bool:
    return bool(own <= other)


_COVERS: dict[str, Callable[[Any, Any], bool]] = {
    "severity": _is_lower,
    "confidence": _is_lower,
    "worth": _is_lower,
    "cvss": _is_lower,
    "epss": _is_lower,
    "age": lambda own, other: timedelta_of(own) <= timedelta_of(other),
}
"""Keys that are thresholds; all others are a value or a list of values."""


def is_looser(rule: Rule, above: Rule) -> bool:
    """True if there may be a finding on which `rule` does less than `above` does."""
    if above.effect is Effect.IGNORE:
        return False
    return (
        rule.effect.strictness < above.effect.strictness
        or not covers(rule.when, above.when)
        or not _graces_no_longer(rule, above)
    )


def covers(wider: Condition, narrower: Condition) -> bool:
    """True if `wider` holds wherever `narrower` holds, as far as each key tells by itself."""
    return all(
        (own := getattr(wider, key)) is None
        or ((other := getattr(narrower, key)) is not None and _COVERS.get(key, _includes)(own, other))
        for key in Condition.__struct_fields__
        if key != "new"
    ) and (wider.new is narrower.new)


def _graces_no_longer(rule: Rule, above: Rule) -> bool:
    return all(
        severity in above.grace and timedelta_of(span) <= timedelta_of(above.grace[severity])
        for severity, span in rule.grace.items()
    )
