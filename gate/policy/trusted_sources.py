"""Which files of the repository are trusted: those of the base, of the change, or none."""

import os
from pathlib import Path
from typing import Literal

import msgspec

from gate.core.errors import ConfigError, UsageError
from gate.git import Repository
from gate.git.tracked import is_tracked
from gate.model import TrustMode
from gate.policy.baseline import FILE as BASELINE
from gate.policy.codeowners import PLACES
from gate.policy.file_places import CommitFiles, Disk, FilePlace, Nothing
from gate.policy.waivers import FILE as WAIVERS
from gate.settings.sources import FILE_NAMES, MAX_SIZE, PROJECT, own_text, read_text

OWN_FILES = (*FILE_NAMES, PROJECT, WAIVERS, BASELINE, *PLACES)
"""Files by which a repository says something of its judgement, relative to its root."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Commits that a change is compared with, and what of it is judged."""

    bases: tuple[str, ...]
    """Commits whose word counts as far as all of them agree; the first is the one that is named."""
    head: str | None = None
    """The commit that is judged; None: what is on the disk."""
    nothing_came: Literal["", "since HEAD", "after HEAD"] = ""
    """`since HEAD`: it is HEAD itself that is named, so that only what is not committed is compared; `after HEAD`: what
    is named came after HEAD, so that there is nothing to compare."""


class TrustedSources(msgspec.Struct, frozen=True, kw_only=True):
    """Where the repository's own settings, waivers and policies are read."""

    mode: TrustMode
    root: str
    """The project's folder."""
    top: str
    """The root of its repository; without one, the project's folder."""
    places: tuple[FilePlace, ...]
    """What counts: the first decides, and what loosens has to stand in all of them."""
    change: FilePlace | None = None
    """In a comparison the files of the change, which only tighten."""

    @property
    def first(self) -> FilePlace:
        return self.places[0]

    @property
    def folder(self) -> str:
        """The project's folder as seen from `top`, with a `/` at its end; empty for `top` itself."""
        below = os.path.relpath(os.path.realpath(self.root), os.path.realpath(self.top)).replace(os.sep, "/")
        return "" if below == "." else f"{below}/"

    def inside(self, path: Path) -> str | None:
        """Return the path of a file as seen from `top`; None if it lies outside of the repository.

        A file that lies inside by its name or by where links lead to is inside.
        """
        for top, file in ((self.top, os.path.abspath(path)), (os.path.realpath(self.top), os.path.realpath(path))):
            if Path(file).is_relative_to(top):
                return os.path.relpath(file, top).replace(os.sep, "/")
        return None

    def is_of_change(self, path: Path) -> bool:
        """True for a file in the repository that a change can have brought or altered: git knows it, there or here."""
        inside = self.inside(path)
        if inside is None or self.change is None:
            return False
        return any(_is_there(place, inside) for place in self.places) or is_tracked(path)

    def _is_named_inside(self, path: Path) -> bool:
        return any(Path(os.path.abspath(path)).is_relative_to(folder) for folder in (self.top, self.root))

    def text(self, path: Path, *, is_of_repository: bool = False) -> str:
        """Return the text of a policy's file: from the base, if the change could have altered it.

        What a repository names, `is_of_repository`, lies in it. Raises ConfigError.
        """
        inside = self.inside(path)
        if is_of_repository:
            if inside is None or not self._is_named_inside(path):
                raise ConfigError(
                    "a repository's settings name a file outside of it",
                    path=str(path),
                    hint="Name an address, or give it as --policy",
                )
            return _needed(self.first, inside)
        if inside is not None and self.is_of_change(path):
            return _needed(self.first, inside)
        return read_text(path)


def _is_there(place: FilePlace, path: str) -> bool:
    try:
        return place.read(path) is not None
    except ConfigError:
        return True  # something is there; the code that reads it reports what is wrong


def _needed(place: FilePlace, path: str) -> str:
    content = place.read(path)
    if content is None:
        where = "is not in the repository at the base" if place.commit else "is not there"
        raise ConfigError(where, path=place.shown(path), hint="What a change adds takes effect once it is merged")
    return own_text(content, place.shown(path))


def trusted_sources_of(root: str, mode: TrustMode | None, comparison: Comparison | None) -> TrustedSources:
    """Return what is trusted for the project in `root`. Raises UsageError for `base` where nothing is compared."""
    repository = Repository.find(root)
    top = repository.top if repository else root
    if mode == "machine":
        return TrustedSources(mode="machine", root=root, top=top, places=(Nothing(),))
    if mode == "base" and comparison is None:
        raise UsageError("--trust base: nothing is compared, so there is no base", hint="Name it: --since REV")
    if comparison is None or repository is None or mode == "head":
        return TrustedSources(mode="head", root=root, top=top, places=(Disk(top),))
    trusted = TrustedSources(mode="base", root=root, top=top, places=(Disk(top),))
    expected = tuple(f"{trusted.folder}{name}" for name in OWN_FILES)
    bases = tuple(CommitFiles(repository, commit, expected) for commit in comparison.bases)
    change = CommitFiles(repository, comparison.head, expected) if comparison.head else Disk(top)
    return msgspec.structs.replace(trusted, places=bases, change=change)


def comparison_with(repository: Repository, name: str, since: str) -> Comparison:
    """Return what `--since` compares: with the merge base, and with the tip that it was named by.

    A change that starts from an old commit is not judged by what the tip has tightened since alone; both count.
    Raises UsageError if there is no such commit, or none in common.
    """
    tip, head = repository.commit_ids([since, "HEAD"])
    if tip is None:
        raise UsageError(f"git knows no commit {since}", path=name, hint="Is the clone shallow? Fetch it first")
    base = repository.merge_base(head, tip) if head else None
    if base is None:
        raise UsageError(f"HEAD and {since} have no commit in common", path=name, hint="Fetch more history")
    return Comparison(bases=tuple(dict.fromkeys((base, tip))), nothing_came=_nothing_came(base, tip, head))


def _nothing_came(base: str, tip: str, head: str | None) -> Literal["", "since HEAD", "after HEAD"]:
    if base != head:
        return ""
    return "since HEAD" if tip == head else "after HEAD"


def read_own(place: FilePlace, trusted: TrustedSources, name: str, limit: int = MAX_SIZE) -> bytes | None:
    """Return a file of the project as it stands at a place; None if it is not there."""
    return place.read(f"{trusted.folder}{name}", limit)
