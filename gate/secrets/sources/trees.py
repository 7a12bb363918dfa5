"""The files of a tree, each looked at once: what an earlier run found clean is not read again."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

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
from gate.trees.identity import NOTHING_KNOWN, contents_of

if TYPE_CHECKING:
    from gate.context import Context

_MUCH = 2 << 20
"""Bytes that take one worker so long that others will help; they are forked from a process that has the engine."""


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


def look_at_tree(target: Tree, terms: ScanTerms, memory: SecretsCache, context: "Context") -> Survey:
    """Look at the files of a tree that `terms` want; of a tree that is known only at those that hold something."""
    contents = contents_of(target) if memory.is_kept else NOTHING_KNOWN
    name = terms.name_of(contents.whole) if contents.whole else None
    seen = memory.whole(name, CleanFiles) if name else None
    if seen is not None:
        survey = Survey(seen)
        _look_at(seen.open, target, terms.options, context, survey)
        return survey
    survey = Survey()
    _look_at_all(target, terms, contents.ids, memory, context, survey)
    if name and not survey.in_names:  # a name with a secret in it is never kept
        memory.keep_whole(name, survey.seen())
    return survey


def _look_at_all(
    target: Tree, terms: ScanTerms, ids: dict[str, str], memory: SecretsCache, context: "Context", survey: Survey
) -> None:
    names: list[Path] = []
    files = _files(target, terms, survey, names)
    entries = list(files if memory.is_kept else _announced(files, target, terms, context))
    named = {entry.path: content for entry in entries if (content := entry.content_id or ids.get(entry.path))}
    known = memory.files(named.items())
    for (path, _), outcome in known.items():
        survey.add(path, outcome)
    # The largest first: they are dealt out to the workers one by one, and none is left for the end.
    by_size = sorted(entries, key=lambda entry: entry.size, reverse=True)
    rest = [entry.path for entry in by_size if (entry.path, named.get(entry.path)) not in known]
    if len(rest) >= MANY:  # they go to other workers, and this one can do without the engine
        survey.in_names += look_at_names_apart(names, terms.options, context)
    else:
        survey.in_names += look_at_names(names_of(names), terms.options)
    outcomes = _look_at(rest, target, terms.options, context, survey)
    clean = {(path, named[path]): one for path, one in outcomes if path in named and isinstance(one, Examined)}
    memory.keep_files(clean)


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


def _look_at(
    paths: Iterable[str], target: Tree, options: FileOptions, context: "Context", survey: Survey
) -> list[tuple[str, Examined | StageError]]:
    wanted = list(paths)
    if not wanted:
        return []
    context.progress(f"{len(wanted):,} files")
    outcomes = list(context.map(scan_file, wanted, target, options))
    for path, outcome in outcomes:
        survey.add(path, outcome)
    return outcomes
