"""Trust in settings: for every key, who may set it, and which of two values is the tighter.

The starter of the gate (flags, environment) is the strongest, then the organisation (the policies that these name),
then the protected branch, last the change that is judged, which can only tighten: docs/explanation/trust.md.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

import msgspec

from gate.declarations import DECLARED
from gate.declarations.declaration import Tighter
from gate.policy import directions
from gate.policy.directions import Direction
from gate.settings.options import shape_of_settings

Speaker = Literal["starter", "organisation", "repository"]
"""The weakest party that may set it; stronger ones may too."""


class KeyTrust(msgspec.Struct, frozen=True):
    """What holds for a key of the settings."""

    speaker: Speaker = "repository"
    direction: Direction | None = None
    """Which of two values is tighter; None: in a comparison the base's value holds."""
    decides: bool = True
    """False if nothing that is found, or counts, depends on it."""


_PLAIN = KeyTrust(decides=False)
_BASE = KeyTrust()
_STARTER = KeyTrust("starter")
_ORGANISATION = KeyTrust("organisation")


def _by(direction: Direction) -> KeyTrust:
    return KeyTrust(direction=direction)


_WORDS = {
    "base": _BASE,
    "organisation": _ORGANISATION,
    "on": _by(directions.ON),
    "more": _by(directions.MORE),
    "fewer": _by(directions.FEWER),
    "allow list": _by(directions.ALLOW_LIST),
    "labels": _by(directions.LABELS),
    "levels": _by(directions.LEVEL),
    "higher": _by(directions.HIGHER),
    "shorter": _by(directions.SHORTER),
    "loosens": _by(directions.LOOSENS),
}
"""What the words of a stage's declaration mean (`gate.declarations.declaration.Tighter`)."""


def _meant(stated: Tighter) -> KeyTrust:
    return _WORDS[stated] if isinstance(stated, str) else _by(directions.of_order(*stated))


def _of_stages() -> dict[str, KeyTrust]:
    """Return what the stages declare for the keys of their sections."""
    keys: dict[str, KeyTrust] = {}
    for stage in DECLARED.values():
        keys |= {f"stages.{stage.name}.{key}": _meant(stated) for key, stated in stage.trust.items()}
    return keys


KEYS: Mapping[str, KeyTrust] = {
    **_of_stages(),
    "stages.*.enabled": _by(directions.ON),
    "stages.*.paths": _by(directions.LOOKED_AT),
    "stages.*.ignore": _by(directions.IGNORED),
    "stages.*.plugins": _BASE,
    "stages.*.vex": _by(directions.FEWER),
    "stages.*.licenses.allow": _by(directions.ALLOW_LIST),
    "stages.*.licenses.deny": _by(directions.MORE),
    "stages.*.no_pragmas": _by(directions.ON),
    "images": _by(directions.IMAGES),
    "images_from": _by(directions.MORE),
    "refuse_unseen": _by(directions.MORE),
    "advisories.source": _BASE,
    "advisories.max_age": _by(directions.SHORTER),
    "advisories.key": _BASE,
    "tools": _BASE,
    "plugins": _BASE,
    "only_plugins": _BASE,
    "skip_plugins": _by(directions.FEWER),
    "allow": _ORGANISATION,
    "allow_tools": _ORGANISATION,
    "trusted_hosts": _ORGANISATION,
    "trust": _ORGANISATION,
    "protected_branches": _by(directions.MORE),
    "since": _STARTER,
    "shard": _STARTER,
    "reports": _PLAIN,
    "offline": _PLAIN,
    "cache": _PLAIN,
    "jobs": _PLAIN,
    "timeout": _PLAIN,
    "memory": _PLAIN,
    "isolation": _by(directions.ISOLATION),
    "quiet": _PLAIN,
    "verbose": _PLAIN,
}
"""Every key but those of the section `policy`, whose layers are joined by their own rule; `*` is any stage."""


def key_of(path: tuple[str, ...]) -> KeyTrust | None:
    """Return what holds for the key at `path`; None if `KEYS` has no entry for it."""
    name = ".".join(path)
    return KEYS.get(name) or KEYS.get(".".join(("stages", "*", *path[2:])) if path[0] == "stages" else name)


@cache
def all_keys() -> tuple[tuple[str, ...], ...]:
    """Return the path of every key of the settings but those of the policy."""
    return tuple(_keys_of(shape_of_settings(), ()))


def _keys_of(shape: Any, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for field in shape.fields:
        path = (*above, field.encode_name)
        kind = getattr(field.type, "type", field.type)
        if path == ("policy",):
            continue
        if hasattr(kind, "fields"):
            yield from _keys_of(kind, path)
        else:
            yield path


@cache
def said_by(speaker: Speaker) -> tuple[tuple[str, ...], ...]:
    """Return the keys that this speaker, and no weaker one, may set."""
    return tuple(path for path in all_keys() if (key := key_of(path)) is not None and key.speaker == speaker)
