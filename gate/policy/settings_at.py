"""What the repository says in its settings: at the base, at the branch's tip and in the change, each by itself."""

import os
import re
from pathlib import Path
from typing import Any

import msgspec

from gate.core.errors import UsageError
from gate.declarations import DECLARED
from gate.git.tracked import is_tracked
from gate.policy.file_places import FilePlace, text_of
from gate.policy.fixed import NamedLayer, check_no_opt_in, without_opt_ins
from gate.policy.grounds import Grounds
from gate.policy.repository_files import OwnFiles
from gate.settings.sources import Layer, SettingsFile, overlay, parsed_file, read_file

_SCHEME = re.compile(r"[a-z]{2,}:")

_NO_COMMENTS: Layer = {"policy": {"waivers": {"comments": False}}}
"""A policy under which no comment of the repository accepts a finding."""


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """What is said at one place."""

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


class Voices(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said: the first decides, the others only tighten, the last being the change."""

    first: Voice
    others: tuple[Voice, ...] = ()
    is_starters: bool = False
    """True if it is a settings file outside of the repository: then it counts as the starter's own."""


def voices_of(grounds: Grounds, config: str | None) -> Voices:
    """Read the settings on these grounds; `config` names another file than the project's own.

    Raises ConfigError for a file that is wrong, or says what is not for a file to say.
    """
    if config is not None:
        return _of_named(grounds, config)
    first, *others = (_voice(OwnFiles(place, grounds), None, grounds) for place in _places(grounds))
    return _checked(first, tuple(others))


def _places(grounds: Grounds) -> tuple[FilePlace, ...]:
    return (*grounds.places, *([grounds.change] if grounds.change else []))


def _of_named(grounds: Grounds, config: str) -> Voices:
    inside = grounds.inside(Path(config))
    if grounds.mode == "machine" and inside is not None and is_tracked(Path(config)):
        raise UsageError("is the repository's own, and --trust machine reads nothing of it", path=config)
    if inside is None or not grounds.is_of_change(Path(config)):
        voice = _voice(OwnFiles(grounds.first, grounds), read_file(config), grounds)
        return _checked(voice, (), is_starters=inside is None)
    first, *others = (
        _voice(OwnFiles(place, grounds), _read(place, inside, grounds), grounds) for place in _places(grounds)
    )
    return _checked(first, tuple(others))


def _read(place: FilePlace, path: str, grounds: Grounds) -> SettingsFile:
    """Return a settings file as it stands at a place; where it is not there, one that says nothing."""
    content = place.read(path)
    folder = str(Path(grounds.top, path).parent)
    text = "" if content is None else text_of(content, place.shown(path))
    return parsed_file(text, place.shown(path), folder, path)


def _checked(first: Voice, others: tuple[Voice, ...], *, is_starters: bool = False) -> Voices:
    """Raise ConfigError if what is judged says what is not for it to say; what a base says of that does not count."""
    judged = others[-1] if others else first
    if judged.settings:
        check_no_opt_in(NamedLayer(judged.path, judged.settings.layer))
    return Voices(first=first, others=others, is_starters=is_starters)


def _voice(files: OwnFiles, named: SettingsFile | None, grounds: Grounds) -> Voice:
    file = named or files.settings()
    folder = file.folder if file else grounds.root
    layer = anchored(without_opt_ins(file.layer), folder) if file else {}
    layer = overlay(_NO_COMMENTS, layer) if grounds.mode == "machine" else layer
    return Voice(files=files, settings=file, folder=folder, layer=layer)


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
