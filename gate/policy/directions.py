"""Directions of settings: of two values, or of what both say, which is the tighter one."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from gate.core.durations import timedelta_of

LEVELS = ("off", "info", "low", "medium", "high", "critical")
"""What a Dockerfile rule's findings can count as, the loosest first."""
Join = Callable[[Any, Any], Any]


class Direction(msgspec.Struct, frozen=True):
    """How a setting of the base and one of the change are joined: what tightens counts."""

    name: str
    """What is tighter, as the documentation says it."""
    join: Join
    """Gives of (base's value, change's value) the one that holds; never looser than the base's."""


def _allow_list(base: Sequence[Any], head: Sequence[Any]) -> Sequence[Any]:
    """Of lists of which an empty one allows all: fewer, but not none."""
    if not base:
        return head
    both = [one for one in base if one in head]
    return both or base


def _joined(base: Sequence[Any], head: Sequence[Any]) -> Sequence[Any]:
    return [*base, *(one for one in head if one not in base)]


def _look_at(base: Sequence[str], head: Sequence[str]) -> Sequence[str]:
    """Of patterns that are looked at, none of them being all."""
    return _joined(base, head) if base and head else []


def _ignored(base: Sequence[str], head: Sequence[str]) -> Sequence[str]:
    """Of patterns that are not looked at: those of both, and the change's that lie within one of the base's."""
    return [one for one in head if _is_within_any(one, base)]


def _is_within_any(pattern: str, others: Sequence[str]) -> bool:
    return any(is_within(pattern, other) for other in others)


def is_within(pattern: str, other: str) -> bool:
    """True if `other` surely matches all that `pattern` matches: it is the same, or a folder that contains it."""
    folder = other.removesuffix("**")
    plain = folder.endswith("/") and not set(folder) & set("*?[") and len(folder) > 1
    return pattern == other or (other != folder and plain and pattern.startswith(folder))


def _levels(base: dict[str, str], head: dict[str, str]) -> dict[str, str]:
    """Of the levels of rules, by rule: the higher; that of the base alone is gone if it was off."""
    both = {rule: max(base[rule], head[rule], key=LEVELS.index) for rule in base if rule in head}
    kept = {rule: level for rule, level in base.items() if rule not in head and level != "off"}
    added = {rule: level for rule, level in head.items() if rule not in base and level == LEVELS[-1]}
    return {**both, **kept, **added}


def _longer(base: str | None, head: str | None) -> str | None:
    return head if base is None or (head is not None and timedelta_of(head) < timedelta_of(base)) else base


def of_order(*loosest_first: Any) -> Direction:
    """Return the direction of a setting with these values and no others."""
    return Direction(str(loosest_first[-1]).lower(), lambda base, head: max(base, head, key=loosest_first.index))


def _images(base: Sequence[dict[str, Any]], head: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    known = {image["ref"] for image in base}
    return [*base, *(image for image in head if image["ref"] not in known)]


ON = Direction("on", lambda base, head: base or head)
MORE = Direction("more entries", _joined)
FEWER = Direction("fewer entries", lambda base, head: [one for one in base if one in head])
IGNORED = Direction("fewer patterns", _ignored)
LOOKED_AT = Direction("more patterns; none is all", _look_at)
ALLOW_LIST = Direction("fewer entries; none allows all", _allow_list)
LABELS = Direction("more entries", lambda base, head: {**head, **base})
LEVEL = Direction("higher levels", _levels)
HIGHER = Direction("higher", max)
SHORTER = Direction("shorter", _longer)
ISOLATION = of_order("best", "required")
LOOSENS = of_order(True, None, False)
IMAGES = Direction("more images", _images)
