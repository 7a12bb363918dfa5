"""What a change makes of the base's settings: what it tightens counts, what it loosens is only reported."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

import msgspec

from gate.core.path_patterns import is_selected, matches
from gate.model import Finding
from gate.policy.fixed import at
from gate.policy.trust import all_keys, key_of
from gate.settings import Settings
from gate.settings.sources import Layer, convert

IsRaised = Callable[[str, str], bool]
"""True for a rule and a level that is at least the rule's own."""


class Difference(msgspec.Struct, frozen=True):
    """A key of which a change says something that does not count, as it could loosen."""

    key: tuple[str, ...]
    base: Any
    """What holds without the change."""
    head: Any
    """What the change says."""

    @property
    def name(self) -> str:
        return ".".join(self.key)

    def __str__(self) -> str:
        return f"{self.name}: {_shown(self.head)}"

    def passes(self, findings: Sequence[Finding]) -> tuple[str, ...] | None:
        """Return the fingerprints of what would pass because of it; None if that cannot be counted."""
        test = self._test()
        return None if test is None else tuple(dict.fromkeys(one.fingerprint for one in findings if test(one)))

    def _test(self) -> Callable[[Finding], bool] | None:
        stage, what = (self.key[1], self.key[2:]) if self.key[0] == "stages" else ("", ())
        paths: Callable[[Finding], str] = lambda one: one.location.path or ""  # noqa: E731
        match what:
            case ("enabled",):
                return lambda one: one.stage == stage
            case ("ignore",):
                added = [one for one in self.head if one not in self.base]
                return lambda one: one.stage == stage and matches(paths(one), added)
            case ("paths",):
                return lambda one: one.stage == stage and not is_selected(paths(one), self.head, ())
            case ("rules",):
                changed = {rule for rule in {*self.base, *self.head} if self.base.get(rule) != self.head.get(rule)}
                return lambda one: one.stage == stage and one.rule in changed
        if self.key == ("images",):
            kept = {image["ref"] for image in self.head}
            gone = {image["ref"] for image in self.base} - kept
            return lambda one: one.location.target in gone
        return None


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 200 else f"{text[:199]}…"


def tightened(base: Layer, changes: Sequence[Layer], is_raised: IsRaised) -> tuple[Layer, tuple[Difference, ...]]:
    """Return the layer of `base` with what the layers in `changes` tighten, and what the last of them would loosen."""
    if all(change == base for change in changes):  # as of most changes, which leave the settings as they are
        return base, ()
    joined = reduce(lambda below, change: _joined(below, change, is_raised), changes, base)
    return joined, tuple(_loosened(_joined(base, changes[-1], is_raised), changes[-1])) if changes else ()


def _joined(base: Layer, head: Layer, is_raised: IsRaised) -> Layer:
    joined = base
    below, above = _whole(base), _whole(head)
    for path in all_keys():
        (_, old), (_, new) = at(below, path), at(above, path)
        key = key_of(path)
        if old == new or key is None or key.direction is None:
            continue
        held = key.direction.join(old, new)
        if path[-1] == "rules":
            held = {
                **held,
                **{rule: level for rule, level in new.items() if rule not in old and is_raised(rule, level)},
            }
        if held != old:
            joined = _with(joined, path, held)
    return joined


def _loosened(joined: Layer, head: Layer) -> Iterator[Difference]:
    below, above = _whole(joined), _whole(head)
    for path in all_keys():
        (_, old), (_, new) = at(below, path), at(above, path)
        key = key_of(path)
        if old != new and key is not None and key.decides:
            yield Difference(path, old, new)


def _whole(layer: Layer) -> Any:
    """Return all settings as a layer says them, with the defaults of what it does not say."""
    stated = {name: value for name, value in layer.items() if name != "policy"}
    settings = convert(stated, Settings, "settings")
    return msgspec.json.decode(msgspec.json.encode(settings))  # `to_builtins` leaves tuples, which no list is equal to


def _with(layer: Layer, path: tuple[str, ...], value: Any) -> Layer:
    """Return a layer in which `value` stands at `path` and nothing of what stood there before."""
    section: Any = dict(layer)
    here = section
    for part in path[:-1]:
        here[part] = dict(here.get(part) or {})
        here = here[part]
    here[path[-1]] = value
    return dict(section)
