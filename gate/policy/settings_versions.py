"""The repository's settings in all versions that count: the base's, the branch's tip's and the change's."""

import os
import re
from pathlib import Path
from typing import Any

import msgspec

from gate.core.errors import UsageError
from gate.declarations import DECLARED
from gate.git.tracked import is_tracked
from gate.policy.file_places import FilePlace
from gate.policy.fixed import NamedLayer, check_no_opt_in, without_opt_ins
from gate.policy.repository_files import OwnFiles
from gate.policy.trusted_sources import TrustedSources
from gate.settings.sources import Layer, SettingsFile, overlay, own_text, parsed_file, read_file

_SCHEME = re.compile(r"[a-z]{2,}:")

_NO_COMMENTS: Layer = {"policy": {"waivers": {"comments": False}}}
"""A policy under which no comment of the repository accepts a finding."""


class SettingsVersion(msgspec.Struct, frozen=True, kw_only=True):
    """The settings at one place: a commit, or the disk."""

    files: OwnFiles
    settings: SettingsFile | None
    folder: str
    """What relative paths are relative to."""
    layer: Layer
    """The settings, with paths that are independent of the current folder."""

    @property
    def path(self) -> str:
        """How messages name the settings."""
        return self.settings.path if self.settings else "settings"

    @property
    def name(self) -> str:
        """How reports name the settings."""
        return Path(self.settings.name).name if self.settings else "settings"


class SettingsVersions(msgspec.Struct, frozen=True, kw_only=True):
    """All versions: the first decides, the others only tighten, the last being the change."""

    first: SettingsVersion
    others: tuple[SettingsVersion, ...] = ()
    is_starters: bool = False
    """True if it is a settings file outside of the repository: then it counts as the starter's own."""


def settings_versions_of(trusted: TrustedSources, config: str | None) -> SettingsVersions:
    """Read the settings at the `trusted` places and in the change; `config` names another file than the usual one.

    Raises ConfigError for a file that is wrong, or says what is not for a file to say.
    """
    if config is not None:
        return _of_named(trusted, config)
    first, *others = (_version(OwnFiles(place, trusted), None, trusted) for place in _places(trusted))
    return _checked(first, tuple(others))


def _places(trusted: TrustedSources) -> tuple[FilePlace, ...]:
    return (*trusted.places, *([trusted.change] if trusted.change else []))


def _of_named(trusted: TrustedSources, config: str) -> SettingsVersions:
    inside = trusted.inside(Path(config))
    if trusted.mode == "machine" and inside is not None and is_tracked(Path(config)):
        raise UsageError("belongs to the repository, and --trust machine reads nothing from it", path=config)
    if inside is None or not trusted.is_of_change(Path(config)):
        version = _version(OwnFiles(trusted.first, trusted), read_file(config), trusted)
        return _checked(version, (), is_starters=inside is None)
    first, *others = (
        _version(OwnFiles(place, trusted), _read(place, inside, trusted), trusted) for place in _places(trusted)
    )
    return _checked(first, tuple(others))


def _read(place: FilePlace, path: str, trusted: TrustedSources) -> SettingsFile:
    """Return a settings file as it stands at a place; where it is not there, one that says nothing."""
    content = place.read(path)
    folder = str(Path(trusted.top, path).parent)
    text = "" if content is None else own_text(content, place.shown(path))
    return parsed_file(text, place.shown(path), folder, path)


def _checked(
    first: SettingsVersion, others: tuple[SettingsVersion, ...], *, is_starters: bool = False
) -> SettingsVersions:
    """Raise ConfigError if what is judged says what is not for it to say; what a base says of that does not count."""
    judged = others[-1] if others else first
    if judged.settings:
        check_no_opt_in(NamedLayer(judged.path, judged.settings.layer))
    return SettingsVersions(first=first, others=others, is_starters=is_starters)


def _version(files: OwnFiles, named: SettingsFile | None, trusted: TrustedSources) -> SettingsVersion:
    file = named or files.settings()
    folder = file.folder if file else trusted.root
    layer = anchored(without_opt_ins(file.layer), folder) if file else {}
    layer = overlay(_NO_COMMENTS, layer) if trusted.mode == "machine" else layer
    return SettingsVersion(files=files, settings=file, folder=folder, layer=layer)


def anchored(layer: Layer, folder: str) -> Layer:
    """Make the paths of a settings file independent of the current folder; what starts with `word:` is no path."""
    given = layer.get("advisories", {})
    paths = {key: given[key] for key in ("source", "key") if isinstance(given.get(key), str) and given[key]}
    placed = {key: os.path.join(folder, path) for key, path in paths.items() if not _SCHEME.match(path)}
    layer = overlay(layer, {"advisories": placed}) if placed else layer
    for name, stage in DECLARED.items():
        for key in stage.files:
            layer = _anchored_files(layer, ("stages", name, *key.split(".")), folder)
    return layer


def _anchored_files(layer: Layer, keys: tuple[str, ...], folder: str) -> Layer:
    """Do so for the file, or the list of files, that `keys` lead to."""
    files: Any = layer
    for key in keys:
        files = files.get(key) if isinstance(files, dict) else None
    placed: Any
    if isinstance(files, list):
        placed = [os.path.join(folder, path) if isinstance(path, str) else path for path in files]
    elif isinstance(files, str) and files:
        placed = os.path.join(folder, files)
    else:
        return layer
    for key in reversed(keys):
        placed = {key: placed}
    return overlay(layer, placed)
