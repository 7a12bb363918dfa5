"""Confines what only a repository's settings name: files must be in the repository, and hosts get no credentials.

`stated` are the settings of the starter (flags, environment) and of the organisation; these may name any file.
"""

import os
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from gate.core.errors import ConfigError
from gate.core.safe_write import is_git_name
from gate.declarations import DECLARED
from gate.git.locate import find_place
from gate.settings import ImageRef, Settings

_ON_DISK = ("archive:", "oci-dir:", "rootfs:")
"""Prefixes of images that are files."""

_STANDARD_OUTPUT = "-"
_ASKED = ("advisories.source",)
"""Keys of settings that name what is asked over the network, perhaps with credentials."""


class SettingsPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a repository's settings stand."""

    root: str
    """Of the project."""
    folder: str
    """That relative paths are relative to."""
    name: str
    """Of the settings file, as messages say it."""


def bounded(settings: Settings, stated: Settings, ground: SettingsPlace) -> Settings:
    """Return the settings, in which reports that the starter asks for replace the repository's.

    Raises ConfigError for a file that only the repository names and that is not in it.
    """
    for key, path in _named_files(settings, stated):
        check_inside(path, key, ground)
    reports = stated.reports or {format: _anchored(path, ground) for format, path in settings.reports.items()}
    return msgspec.structs.replace(settings, reports=reports)


def stated_keys(settings: Settings, stated: Settings) -> frozenset[str]:
    """Return the keys that name what is asked over the network, and whose value is not the repository's word alone."""
    return frozenset(key for key in _ASKED if attrgetter(key)(settings) == attrgetter(key)(stated))


def _anchored(path: str, ground: SettingsPlace) -> str:
    return path if path == _STANDARD_OUTPUT else os.path.normpath(os.path.join(ground.folder, path))


def check_inside(path: str, key: str, ground: SettingsPlace) -> None:
    """Raise ConfigError if a path that the settings name at `key` leads out of the repository, or into `.git`."""
    place = Path(os.path.realpath(Path(ground.folder, path)))
    top = Path(os.path.realpath(top_of(ground.root)))
    if not place.is_relative_to(top) or any(map(is_git_name, place.relative_to(top).parts)):
        raise ConfigError(
            f"{key} names a file outside of the repository, which a repository's settings cannot do",
            path=ground.name,
            hint="Name it where the gate is started: a flag, the environment, or the organisation's policy",
        )


def top_of(root: str) -> str:
    """Return the top of the repository that the project in `root` belongs to; where there is none, the project."""
    place = find_place(root)
    return place.top if place else root


def _named_files(settings: Settings, stated: Settings) -> Iterator[tuple[str, str]]:
    """Yield key and path of each file that the repository's settings alone name."""
    yield from _different("advisories.key", settings.advisories.key, stated.advisories.key)
    source = settings.advisories.source
    if source != stated.advisories.source and not source.startswith(("https:", "http:", "wheel:")):
        yield "advisories.source", _path_of(source)
    for name, stage in DECLARED.items():
        for key in stage.files:
            named = attrgetter(key)
            yield from _different(f"stages.{name}.{key}", named(settings.of(stage)), named(stated.of(stage)))
    for one in settings.images:
        if one not in stated.images:
            yield from _files_of_image(one)


def _different(key: str, own: Any, others: Any) -> Iterator[tuple[str, str]]:
    if isinstance(own, str):
        own, others = (own,) if own else (), (others,)
    yield from ((key, path) for path in own if path not in others)


def _path_of(source: str) -> str:
    return unquote(urlsplit(source).path) if source.startswith("file:") else source


def _files_of_image(image: ImageRef) -> Iterable[tuple[str, str]]:
    kind, colon, path = image.ref.partition(":")
    if kind + colon in _ON_DISK:
        yield f"images: {image.ref}", path
    if image.build:
        yield from ((f"images: {image.ref}: compose", file) for file in image.compose)
