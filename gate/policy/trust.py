"""Who may say what: every key of the settings, who may say it, and which of two values is the tighter.

The strongest is whoever starts the gate (flags, environment), then the organisation (the policies that these name),
then the protected branch, last the change that is judged, which can only tighten: docs/explanation/trust.md.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

import msgspec

from gate.policy import directions
from gate.policy.directions import Direction
from gate.settings import Settings

Speaker = Literal["starter", "organisation", "repository"]
"""Who may say it; whoever is stronger may too."""


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


KEYS: Mapping[str, KeyTrust] = {
    "stages.*.enabled": _by(directions.ON),
    "stages.*.paths": _by(directions.LOOKED_AT),
    "stages.*.ignore": _by(directions.IGNORED),
    "stages.*.plugins": _BASE,
    "stages.*.vex": _by(directions.FEWER),
    "stages.*.licenses.allow": _by(directions.ALLOW_LIST),
    "stages.*.licenses.deny": _by(directions.MORE),
    "stages.*.no_pragmas": _by(directions.ON),
    "stages.dockerfile.trusted_registries": _by(directions.ALLOW_LIST),
    "stages.dockerfile.rules": _by(directions.LEVEL),
    "stages.dockerfile.label_schema": _by(directions.LABELS),
    "stages.dockerfile.strict_labels": _by(directions.ON),
    "stages.dockerfile.shellcheck": _by(directions.SHELLCHECK),
    "stages.dockerfile.hadolint_loosens": _by(directions.LOOSENS),
    "stages.secrets.mode": _by(directions.MODE),
    "stages.secrets.baseline": _BASE,
    "stages.secrets.trust_baseline_code": _ORGANISATION,
    "stages.secrets.baseline_loosens": _by(directions.LOOSENS),
    "stages.secrets.unread": _by(directions.UNREAD),
    "stages.secrets.history": _by(directions.ON),
    "stages.secrets.max_file_size": _BASE,
    "stages.dependencies.internal_packages": _by(directions.MORE),
    "stages.dependencies.internal_registries": _by(directions.ALLOW_LIST),
    "stages.image.signatures.keys": _by(directions.ALLOW_LIST),
    "stages.image.signatures.identities": _by(directions.ALLOW_LIST),
    "stages.image.signatures.trust_root": _BASE,
    "stages.image.signatures.required": _by(directions.ON),
    "stages.image.signatures.builders": _by(directions.ALLOW_LIST),
    "stages.image.bases": _BASE,
    "stages.image.max_image_age": _by(directions.SHORTER),
    "stages.image.observed": _BASE,
    "stages.image.observed_max_age": _by(directions.SHORTER),
    "stages.image.platform": _BASE,
    "stages.image.insecure_registries": _ORGANISATION,
    "stages.image.mirrors": _ORGANISATION,
    "stages.image.min_explained": _by(directions.HIGHER),
    "stages.image.yara": _BASE,
    "stages.image.max_size": _BASE,
    "stages.image.max_entries": _BASE,
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
    "advisories.is_of_repository": _ORGANISATION,
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
    """Return what holds for the key at `path`; None if nobody wrote it down."""
    name = ".".join(path)
    return KEYS.get(name) or KEYS.get(".".join(("stages", "*", *path[2:])) if path[0] == "stages" else name)


@cache
def all_keys() -> tuple[tuple[str, ...], ...]:
    """Return the path of every key of the settings but those of the policy."""
    return tuple(_keys_of(msgspec.inspect.type_info(Settings), ()))


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
    """Return the keys that this speaker, and nobody weaker, may say."""
    return tuple(path for path in all_keys() if (key := key_of(path)) is not None and key.speaker == speaker)
