"""Files that settings name, as they stand at the base: a change cannot bring another key, profile or rule."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gate.core.atomic_write import write_atomically
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import ConfigError, GateError
from gate.core.lazy_regex import lazy_regex
from gate.declarations import DECLARED
from gate.policy.file_places import CommitFiles
from gate.policy.trusted_sources import TrustedSources
from gate.settings import Settings

MAX_FILE = 256 << 20
"""Bytes of one file."""
MOST_KEPT = 16
"""Commits whose files stay in the cache, those that were used last."""
_SCHEME = lazy_regex(r"[a-z]{2,}:")

Section = TypeVar("Section", bound=msgspec.Struct)


def key_file(trusted: TrustedSources) -> Callable[[Path], str]:
    """Return a function that gives the place of a policy's key: of one that a change could have altered, a copy."""

    def placed(path: Path) -> str:
        inside = trusted.inside(path)
        if isinstance(trusted.first, CommitFiles) and inside is not None and trusted.is_of_change(path):
            return _copied(trusted.first, inside)
        return str(path)

    return placed


def from_base(settings: Settings, trusted: TrustedSources) -> Settings:
    """Return settings whose files of the judged repository are copies of what they were at the base.

    Raises ConfigError for a file that only the change has, and GateError if a copy cannot be written.
    """
    if not isinstance(trusted.first, CommitFiles):
        return settings
    place = key_file(trusted)

    def placed(path: str) -> str:
        return place(Path(path)) if path and not _SCHEME.match(path) else path

    sections = {name: _with(settings.of(stage), placed, stage.files) for name, stage in DECLARED.items()}
    advisories = _with(settings.advisories, placed, ("source", "key"))
    return msgspec.structs.replace(settings.with_sections(sections), advisories=advisories)


def _with(section: Section, placed: Callable[[str], str], keys: Sequence[str]) -> Section:
    """Return a section with other paths; `keys` are dotted where they lie in a section of its own."""
    for key in keys:
        section = _with_key(section, placed, key.split("."))
    return section


def _with_key(section: Section, placed: Callable[[str], str], key: Sequence[str]) -> Section:
    name, *below = key
    value = getattr(section, name)
    changed: Any
    if below:
        changed = _with_key(value, placed, below)
    elif isinstance(value, str):
        changed = placed(value)
    else:
        changed = tuple(map(placed, value))
    return msgspec.structs.replace(section, **{name: changed})


def _copied(base: CommitFiles, path: str) -> str:
    """Write the file, or all files of the folder, at `path` to the cache; return where it is."""
    folder = user_cache_folder() / "base" / str(base.commit)
    below = base.files_below(path) or ([path] if base.read(path, MAX_FILE) is not None else [])
    if not below or any(".." in name.split("/") for name in below):
        raise ConfigError("is not in the repository at the base", path=path, hint="It counts once it is merged")
    for name in below:
        content = base.read(name, MAX_FILE)
        if content is not None:
            _write(folder / name, content)
    os.utime(folder)
    _forget_old(folder.parent)
    return str(folder / path)


def _forget_old(folder: Path) -> None:
    """Remove the copies of all commits but those that were used last; one that another run removes is gone too."""
    import shutil  # late: start-up does without it, and without the compressions that it loads

    kept = []
    for one in folder.iterdir():
        with suppress(OSError):
            kept.append((one.stat().st_mtime, one))
    for _, one in sorted(kept, reverse=True)[MOST_KEPT:]:
        shutil.rmtree(one, ignore_errors=True)


def _write(place: Path, content: bytes) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, content)
    except OSError as error:
        raise GateError(f"a copy of the base's file cannot be written ({error.strerror})", path=str(place)) from error
