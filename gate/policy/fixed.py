"""Settings that a policy fixes: no project, variable or flag under it may say something else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.errors import ConfigError
from gate.policy.layers import PolicySource
from gate.policy.trust import said_by
from gate.settings.policy import Organisation
from gate.settings.sources import Layer, convert, overlay

_LEAVES_OUT = frozenset(
    {
        "enabled",
        "paths",
        "ignore",
        "only_plugins",
        "skip_plugins",
        "rules",
        "mode",
        "baseline",
        "baseline_loosens",
        "hadolint_loosens",
        "vex",
        "advisories",
        "min_explained",
        "observed",
        "insecure_registries",
        "signatures",
    }
)
"""Settings that say what is looked at, by which data, and what counts."""


class NamedLayer(msgspec.Struct, frozen=True):
    """Settings from one source, under the name by which messages call it."""

    name: str
    layer: Layer


def fixed_settings(above: Sequence[PolicySource], layers: Sequence[NamedLayer], shape: type) -> Layer:
    """Return the settings that the policies in `above` fix, the highest first.

    Raises ConfigError that names both places if a layer below, or a lower policy, says something else.
    """
    fixed: Layer = {}
    places: dict[tuple[str, ...], str] = {}
    for source in above:
        settings = _settings_of(source, shape)
        _check_agrees(NamedLayer(source.name, settings), fixed, places)
        places |= {key: source.name for key, _ in _leaves(settings)}
        fixed = overlay(settings, fixed)
    for layer in layers:
        _check_agrees(layer, fixed, places)
    return fixed


def _settings_of(source: PolicySource, shape: type) -> Layer:
    settings = source.policy.settings if isinstance(source.policy, Organisation) else {}
    if "policy" in settings:
        raise ConfigError("settings cannot contain a policy; write it next to them", path=source.name)
    convert(settings, shape, f"{source.name} settings")
    said = NamedLayer(source.name, settings)
    if source.is_of_repository:
        check_no_opt_in(said)
    _check_unsaid(said, said_by("starter"))
    return settings


def own_choices(layers: Sequence[NamedLayer], fixed: Layer) -> Iterator[str]:
    """Yield what file and environment say that can leave something unjudged, and that no policy above fixes."""
    for layer, says in zip(layers, ("the project's settings say", "the environment says"), strict=True):
        keys = ["/".join(key) for key, _ in _leaves(layer.layer) if not at(fixed, key)[0]]
        named = [key.replace("/", ".") for key in keys if _LEAVES_OUT.intersection(key.split("/"))]
        if named:
            yield f"{says} of {', '.join(named)}"


def check_no_opt_in(read: NamedLayer) -> None:
    """Raise ConfigError if a file, which may be the judged repository's, says what is for others to say."""
    _check_unsaid(read, (*said_by("starter"), *said_by("organisation")))


def _check_unsaid(read: NamedLayer, keys: Iterable[tuple[str, ...]]) -> None:
    for key in keys:
        found, value = at(read.layer, key)
        if found and value is not False and value is not None:
            flag = "--" + "-".join(part for part in key if part != "stages").replace("_", "-")
            raise ConfigError(
                f"{'.'.join(key)} is not allowed in a file that may come with the code", path=read.name, hint=flag
            )


def without_opt_ins(layer: Layer) -> Layer:
    """Return what a file of the repository says, without what is for others to say."""
    for key in (*said_by("starter"), *said_by("organisation")):
        if at(layer, key)[0]:
            layer = _without(layer, key)
    return layer


def _without(layer: Layer, key: tuple[str, ...]) -> Layer:
    name, *rest = key
    others = {other: value for other, value in layer.items() if other != name}
    return {**others, name: _without(layer[name], tuple(rest))} if rest else others


def _leaves(layer: Layer, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in layer.items():
        key = (*above, name)
        if isinstance(value, dict) and value:
            yield from _leaves(value, key)
        else:
            yield key, value


def _check_agrees(layer: NamedLayer, fixed: Layer, places: dict[tuple[str, ...], str]) -> None:
    for key, value in _leaves(fixed):
        found, own = at(layer.layer, key)
        if found and own != value:
            name = ".".join(key)
            shown = msgspec.json.encode(value).decode()
            raise ConfigError(
                f"{name} is fixed to {shown} by {places[key]}",
                path=layer.name,
                hint="Remove it here, or ask the owner of that policy",
            )


def at(layer: Mapping[str, Any], key: tuple[str, ...]) -> tuple[bool, Any]:
    """Return whether `layer` says something at `key`, and what."""
    value: Any = layer
    for part in key:
        if not isinstance(value, Mapping) or part not in value:
            return False, None
        value = value[part]
    return True, value
