"""Reads the policies above a project's: those of the environment and command line, and the one that it extends."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial, reduce
from pathlib import Path

import msgspec

from gate.core.cache_folder import user_cache_folder
from gate.policy.files import key_file
from gate.policy.fixed import NamedLayer, fixed_settings
from gate.policy.layers import PolicySource
from gate.policy.trusted_sources import TrustedSources
from gate.settings import Settings
from gate.settings.sources import Layer, convert, overlay


def layer_of(layers: Sequence[NamedLayer]) -> Layer:
    """Return the layers put over one another, the last one on top."""
    return reduce(overlay, (one.layer for one in layers), {})


def joined(layers: Sequence[NamedLayer]) -> Settings:
    """Return the settings that the layers make. Raises ConfigError that names the one that is wrong."""
    for one in layers:
        convert(one.layer, Settings, one.name)
    return convert(layer_of(layers), Settings, layers[0].name)


class PolicyReading(msgspec.Struct, frozen=True):
    """What decides how the policies above a project's are read."""

    settings: Settings
    now: datetime
    trusted: TrustedSources


def organisation_of(policies: Iterable[str | None], reading: PolicyReading) -> tuple[PolicySource, ...]:
    """Return the policies that environment and command line name, and those that they extend, the highest first."""
    here = str(Path.cwd())
    return distinct(source for policy in policies if policy for source in _read_policies(policy, here, reading))


def extended_by(folder: str, reading: PolicyReading, stated: Settings) -> tuple[PolicySource, ...]:
    """Return the policy that the project's settings extend, and those above it, the highest first."""
    address = reading.settings.policy.extends
    if not address:
        return ()
    if address == stated.policy.extends:
        return _read_policies(address, folder, reading)
    return _read_policies(address, folder, reading, is_of_repository=True, may_use_cel="cel" in stated.allow)


def _read_policies(address: str, folder: str, reading: PolicyReading, **whose: bool) -> tuple[PolicySource, ...]:
    from gate.policy.sources import Fetching, read_sources

    fetching = Fetching(
        cache_folder=user_cache_folder() if reading.settings.cache else None,
        now=reading.now,
        is_offline=reading.settings.offline,
        read=partial(reading.trusted.text, is_of_repository=whose.get("is_of_repository", False)),
        key_file=key_file(reading.trusted),
        trusted_hosts=reading.settings.trusted_hosts,
        **whose,
    )
    return read_sources(address, folder, fetching)


def stated_by(layers: Sequence[NamedLayer], organisation: Sequence[PolicySource]) -> Settings:
    """Return what these layers, none of them a repository's, and the organisation say."""
    fixed = fixed_settings(organisation, (), Settings)
    return convert(overlay(layer_of(layers), fixed), Settings, "settings")


def distinct(sources: Iterable[PolicySource]) -> tuple[PolicySource, ...]:
    """Leave out a policy that is named twice; of the same name, relative to different folders, each holds."""
    kept: list[PolicySource] = []
    for source in sources:
        if not any((source.name, source.policy) == (one.name, one.policy) for one in kept):
            kept.append(source)
    return tuple(kept)
