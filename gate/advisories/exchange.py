"""Imports a bundle: its files replace the local copies of a web source where they are newer."""

import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gate.advisories.bundle import BundleMember, unpack
from gate.advisories.download import Copy
from gate.advisories.holding import Holding
from gate.advisories.index import open_index
from gate.advisories.index_folder import IndexFolder, IndexRecord
from gate.advisories.optional_files import check
from gate.advisories.places import folder_of
from gate.advisories.store import AdvisoryFile, writing
from gate.core.errors import UnreadableError, UsageError
from gate.settings import Settings


class Adopted(Holding, frozen=True, kw_only=True):
    """What became of one file of a bundle."""

    is_newer: bool
    """False if what was here is as new, and stayed."""


def adopt_bundle(file: Path, settings: Settings, cache: Path, now: datetime, shown: str) -> list[Adopted]:
    """Put the bundle `file` in the place of what was fetched from the configured source, where it is newer.

    `cache` is the advisories' part of the cache folder. All is checked before anything changes. Raises UnreadableError
    for a bundle that is damaged or not signed as `advisories.key` asks, and UsageError if the source is no web address.
    """
    location = settings.advisories.source
    if not location.startswith(("https://", "http://")):
        raise UsageError(
            f"advisories.source is {location}: only what comes from a web address can be replaced",
            hint="Leave advisories.source to its default and run with --offline, or install a wheel",
        )
    folder = folder_of(location, cache)
    with writing(shown):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="new-") as unpacked:
        members = unpack(file, Path(unpacked), settings.advisories.key, shown).members
        for member in members:
            _check_content(member, Path(unpacked), cache)
        return list(_adopt(members, Path(unpacked), IndexFolder(folder), now))


def _check_content(member: BundleMember, folder: Path, cache: Path) -> None:
    """Raise UnreadableError for a file that is not what its name says."""
    path = folder / member.name
    if not member.base:
        check(AdvisoryFile(path=str(path), shown=member.name, cache_folder=str(cache)))
        return
    try:
        open_index(member.base, path)
    except (sqlite3.Error, TypeError, ValueError) as error:
        raise UnreadableError("is no index of advisories", path=member.name, hint="Use none of it") from error


def _adopt(members: tuple[BundleMember, ...], folder: Path, indexes: IndexFolder, now: datetime) -> Iterator[Adopted]:
    for member in members:
        checked = min(member.checked, now)  # a bundle from the future would never grow old
        adopt = _adopt_index if member.base else _adopt_copy
        is_newer = adopt(member, folder / member.name, indexes, checked)
        yield Adopted(name=member.name, base=member.base, path=indexes.folder, checked=checked, is_newer=is_newer)


def _adopt_index(member: BundleMember, file: Path, indexes: IndexFolder, checked: datetime) -> bool:
    here = indexes.record(member.base)
    if here is not None and here.checked >= checked:
        return False
    indexes.adopt(
        IndexRecord(base=member.base, store=indexes.new_name(member.base), checked=checked, whole=checked), file
    )
    return True


def _adopt_copy(member: BundleMember, file: Path, indexes: IndexFolder, checked: datetime) -> bool:
    copy = Copy(indexes.folder / member.name, member.name)
    here = copy.checked()
    if here is not None and here >= checked:
        return False
    with writing(member.name):
        copy.adopt(file, checked)
    return True
