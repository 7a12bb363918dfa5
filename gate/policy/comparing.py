"""Compares a change's settings and policies with those of its base: what tightens counts, what loosens is reported."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from gate.policy.allowed import check_allowed, may_use_cel
from gate.policy.assemble import PolicyFiles, signed_waivers
from gate.policy.changes import SettingsChange, SideSettings
from gate.policy.fixed import NamedLayer, at, fixed_settings
from gate.policy.layers import PolicySource, checked, is_file
from gate.policy.reading import PolicyReading, extended_by, joined, layer_of
from gate.policy.settings_versions import SettingsVersion, SettingsVersions
from gate.policy.tightening import IsRaised, tightened
from gate.settings import Settings
from gate.settings.sources import Layer, overlay


class Comparing(msgspec.Struct, frozen=True):
    """What a comparison of the settings of a change with those of its base needs."""

    versions: SettingsVersions
    organisation: tuple[PolicySource, ...]
    reading: PolicyReading
    stated: Settings
    is_raised: IsRaised


def compared(
    comparing: Comparing, base: Layer, sources: PolicyFiles, layers: Sequence[NamedLayer]
) -> tuple[Layer, PolicyFiles, SettingsChange]:
    """Return the settings and policies as the change tightens them, and what it would loosen.

    `base` are the settings of the base, with those of the policies that it extends; the first of `layers` is its file,
    and the others are the starter's (flags, environment).
    """
    first, others = comparing.versions.first, comparing.versions.others
    sides = [_side(comparing, version, sources, layers[1:]) for version in others]
    further = [
        overlay(version.layer, fixed_settings(_own_of(one.sources), (), Settings))
        for version, one in zip(others, sides, strict=True)
    ]
    tight, differences = tightened(base, further, comparing.is_raised)
    starter = layer_of(layers[1:])
    change = SettingsChange(
        target=Path(comparing.reading.trusted.root).name,
        base=SideSettings(files=first.files, settings=first.settings, sources=sources),
        head=sides[-1],
        differences=tuple(one for one in differences if not at(starter, one.key)[0]),
        signed=signed_waivers(others[-1].files, _keys(comparing, sources)),
        now=comparing.reading.now,
    )
    return tight, _with_further(sources, sides), change


def _side(
    comparing: Comparing, version: SettingsVersion, sources: PolicyFiles, starter: Sequence[NamedLayer]
) -> SideSettings:
    """Return the settings of one version other than the base's, with the policies of the repository that it extends."""
    settings = joined([NamedLayer(version.path, version.layer), *starter])
    check_allowed(settings, comparing.stated, version.path)
    policy = checked(settings.policy, version.path, may_use_cel=may_use_cel(settings.policy, comparing.stated))
    trusted = msgspec.structs.replace(comparing.reading.trusted, places=(version.files.place,), change=None)
    reading = PolicyReading(settings=settings, now=comparing.reading.now, trusted=trusted)
    above = tuple(one for one in sources.above if one not in comparing.organisation)
    if policy.extends != sources.project.policy.extends or (policy.extends and is_file(policy.extends)):
        # A policy elsewhere is not fetched because a change names it: it counts once it is merged.
        is_here = policy.extends is not None and is_file(policy.extends)
        above = extended_by(version.folder, reading, comparing.stated) if is_here else ()
    return SideSettings(
        files=version.files,
        settings=version.settings,
        sources=PolicyFiles(above=(*comparing.organisation, *above), project=PolicySource(version.name, policy)),
    )


def _own_of(sources: PolicyFiles) -> tuple[PolicySource, ...]:
    """Return the policies that only the repository names."""
    return tuple(source for source in sources.above if source.is_of_repository)


def _with_further(sources: PolicyFiles, sides: Sequence[SideSettings]) -> PolicyFiles:
    """Return the base's policies with those of the others that say something else, which only tighten."""
    known = [source.policy for source in sources.all]
    further: list[PolicySource] = []
    for one in sides:
        for source in (*_own_of(one.sources), one.sources.project):
            if source.policy not in known:
                known.append(source.policy)
                further.append(msgspec.structs.replace(source, name=f"{source.name} (the change)"))
    project = sources.project
    if not project.policy.enforce and all(one.sources.project.policy.enforce for one in sides):
        project = msgspec.structs.replace(project, policy=msgspec.structs.replace(project.policy, enforce=True))
    return msgspec.structs.replace(sources, project=project, change=tuple(further))


def _keys(comparing: Comparing, sources: PolicyFiles) -> dict[str, str]:
    """Return the keys (name to PEM) that may sign waivers: those of the policies, as the base has them."""
    keys: dict[str, str] = {}
    for source in (*sources.above, sources.project):
        folder = comparing.versions.first.folder if source not in comparing.organisation else str(Path.cwd())
        for name, key in source.policy.waivers.keys.items():
            is_text = key.lstrip().startswith("-----BEGIN")
            keys[f"{source.name}: {name}"] = key if is_text else comparing.reading.trusted.text(Path(folder, key))
    return keys
