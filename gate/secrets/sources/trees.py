"""The files of a tree, each looked at once: what is known from an earlier run is not read again.

Files that hold nothing are known together: all of a tree, or those of a part of it, so that after an edit few questions
are left to ask.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from gate.context import MANY
from gate.core.cache import key_of
from gate.core.path_patterns import matches
from gate.model import StageError, Tree
from gate.secrets.results.detected import Examined
from gate.secrets.results.summary import CleanFiles, Survey
from gate.secrets.sources.cache import SecretsCache
from gate.secrets.sources.files import FileOptions, scan_file
from gate.secrets.sources.names import Path, look_at_names, look_at_names_apart, names_of
from gate.trees import Entry, EntryKind, open_tree
from gate.trees.identity import Contents

if TYPE_CHECKING:
    from gate.context import Context

_MUCH = 2 << 20
"""Bytes that take one worker so long that others will help; they are forked from a process that has the engine."""
_IN_A_PART = 64
"""Files in a part of a tree, about."""


class ScanTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Which files are looked at, and how."""

    options: FileOptions
    paths: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """The baselines, which list secrets and hold none."""

    def wants(self, path: str) -> bool:
        return (
            path not in self.left_out
            and (not self.paths or matches(path, self.paths))
            and not matches(path, self.ignore)
        )

    def name_of(self, contents: str) -> bytes:
        """Name a tree with these contents, looked at on these terms."""
        return key_of(contents, msgspec.json.encode((self.paths, self.ignore, self.left_out)))


def look_at_tree(
    target: Tree, terms: ScanTerms, contents: Contents, memory: SecretsCache, context: "Context"
) -> Survey:
    """Look at the files of a tree that `terms` want; of a tree that is known only at those that hold something."""
    name = terms.name_of(contents.whole) if contents.whole else None
    seen = memory.known([name], CleanFiles).get(name) if name else None
    look = _Look(target, terms, memory, context)
    if seen is not None:
        look.survey.take(seen)
        look.at(look.unknown(seen.open, contents.ids), contents.ids)
        return look.survey
    look.at_all(contents.ids)
    if name and not look.survey.in_names:
        memory.keep({name: look.survey.seen()}, is_secret=False)
    return look.survey


class _Look:
    """A look at the files of one tree; `ids` names the contents of those that git vouches for, by their paths.

    A name with a secret in it is never kept: of a tree that has one, neither the whole nor a part is.
    """

    def __init__(self, target: Tree, terms: ScanTerms, memory: SecretsCache, context: "Context") -> None:
        self._target, self._terms, self._memory, self._context = target, terms, memory, context
        self.survey = Survey()
        self._part_of: dict[str, Survey] = {}
        """By the paths of files whose part is not known: what it comes to."""

    def at_all(self, ids: Mapping[str, str]) -> None:
        names: list[Path] = []
        files = _files(self._target, self._terms, self.survey, names)
        is_kept, options = self._memory.is_kept, self._terms.options
        entries = list(files if is_kept else _announced(files, self._target, self._terms, self._context))
        named = {entry.path: content for entry in entries if (content := entry.content_id or ids.get(entry.path))}
        parts = _parts_of(named) if is_kept else {}
        in_parts = self._take_parts(parts)
        unknown = set(self.unknown([one.path for one in entries if one.path not in in_parts], named))
        # The largest first: they are dealt out to the workers one by one, and none is left for the end.
        by_size = sorted((one for one in entries if one.path in unknown), key=lambda one: one.size, reverse=True)
        rest = [entry.path for entry in by_size]
        if len(rest) >= MANY:  # they go to other workers, and this one can do without the engine
            self.survey.in_names += look_at_names_apart(names, options, self._context)
        else:
            self.survey.in_names += look_at_names(names_of(names), options)
        self.at(rest, named)
        if not self.survey.in_names:
            self._memory.keep({part: self._part_of[paths[0]].seen() for part, paths in parts.items()}, is_secret=False)

    def _take_parts(self, parts: dict[bytes, list[str]]) -> set[str]:
        """Tell what is known of parts, and leave the others in `parts`; return the paths of files that are clean."""
        clean: set[str] = set()
        for part, seen in self._memory.known(parts, CleanFiles).items():
            self.survey.take(seen)
            clean.update(parts.pop(part))
            clean.difference_update(seen.open)
        for paths in parts.values():
            self._part_of |= dict.fromkeys(paths, Survey())
        return clean

    def _add(self, path: str, outcome: Examined | StageError) -> None:
        self.survey.add(path, outcome)
        if path in self._part_of:
            self._part_of[path].add(path, outcome)

    def unknown(self, paths: Sequence[str], ids: Mapping[str, str]) -> list[str]:
        """Tell what is known of files; return the paths of the others."""
        known = self._memory.files((path, ids[path]) for path in paths if path in ids)
        for (path, _), outcome in known.items():
            self._add(path, outcome)
        return [path for path in paths if (path, ids.get(path)) not in known]

    def at(self, paths: Sequence[str], ids: Mapping[str, str]) -> None:
        """Read files, and keep what they came to."""
        if not paths:
            return
        self._context.progress(f"{len(paths):,} files")
        outcomes = list(self._context.map(scan_file, paths, self._target, self._terms.options))
        for path, outcome in outcomes:
            self._add(path, outcome)
        read = {(path, ids[path]): one for path, one in outcomes if path in ids and isinstance(one, Examined)}
        self._memory.keep_files(read)


def _parts_of(ids: Mapping[str, str]) -> dict[bytes, list[str]]:
    """Divide files, given by path and content id, into parts; return the paths of each by a name for what it holds.

    To which part a file belongs follows from its path, and from the number of files by powers of two.
    """
    count = 1 << (len(ids) // _IN_A_PART).bit_length()
    divided: dict[int, list[str]] = {}
    for path in sorted(ids):
        divided.setdefault(crc32(path.encode("utf-8", "surrogatepass")) % count, []).append(path)
    return {_name_of(paths, ids): paths for paths in divided.values()}


def _name_of(paths: Iterable[str], ids: Mapping[str, str]) -> bytes:
    return key_of("part", "\0".join(f"{ids[path]} {path}" for path in paths))


def _announced(files: Iterable[Entry], target: Tree, terms: ScanTerms, context: "Context") -> Iterator[Entry]:
    """Yield files that will all be looked at; say so as soon as they are too many for one worker."""
    count = size = 0
    is_announced = False
    for entry in files:
        count, size = count + 1, size + entry.size
        if not is_announced and (count >= MANY or size >= _MUCH):
            context.prepare(scan_file, target, terms.options)
            is_announced = True
        yield entry


def _files(target: Tree, terms: ScanTerms, survey: Survey, names: list[Path]) -> Iterator[Entry]:
    """Yield the files that are wanted; tell `survey` of what is none, and note each name."""
    for entry in open_tree(target).walk():
        if terms.wants(entry.path):
            names.append((entry.path, entry.link))
        if entry.kind is not EntryKind.FILE:
            survey.leave("links" if entry.kind is EntryKind.LINK else "not_files", entry.path)
        elif terms.wants(entry.path):
            yield entry
