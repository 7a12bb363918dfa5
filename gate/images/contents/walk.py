"""One walk over an image's files: which packages they belong to, which were changed, which secrets they hold."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from gate.core.errors import GateError, UnreadableError, as_stage_error
from gate.images.contents.accounts import read_accounts
from gate.images.contents.capabilities import privileged_files
from gate.images.contents.changed_files import FileComparison, comparing, may_be_compared
from gate.images.contents.changed_files import RecordedFile as Comparable
from gate.images.contents.comparison_cache import ComparisonCache
from gate.images.contents.cron import suspicious_lines
from gate.images.contents.explained_programs import ExplainedShare, is_of_system, is_program
from gate.images.contents.leftovers import Remains
from gate.images.contents.modes import Modes
from gate.images.contents.observations import Changed, ImageContents, Privileged
from gate.images.contents.secret_files import SecretSearch, UnexplainedFile, may_hold_secrets
from gate.images.contents.third_party import ThirdParty, is_like_own_configuration
from gate.images.image_cache import ImageCache
from gate.images.yara.rules import RuleFile
from gate.images.yara.search import Malware, search
from gate.inventory.installed.inventory import Installed
from gate.inventory.records.file_record import Record, vouches
from gate.inventory.records.package_records import Records, read_records
from gate.model import StageError
from gate.trees import Entry, EntryKind

if TYPE_CHECKING:
    from gate.images.layers.merged import LayeredTree

Made = TypeVar("Made")

_COMPILED = re.compile(r"(?P<folder>.+)/__pycache__/(?P<name>[^/.]+)\.[a-z]+-[0-9]+(?:\.opt-[0-9])?\.pyc")
"""PEP 3147, "Python files"."""


class WalkOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of the walk."""

    is_wanted: Callable[[str], bool] = lambda _: True
    min_explained: float = 0.0
    """Share of the programs (0 to 1) below which the image counts as not verified."""
    max_text_size: int = 32 << 20
    """Bytes of a text that is searched for secrets."""
    cache_folder: str | None = None
    """Where the compiled pre-filter of the secrets engine is kept."""
    kinds: tuple[str, ...] = ()
    """Packages that know kinds of secrets besides our own."""
    yara: tuple[RuleFile, ...] = ()
    """Rules by which malware is found."""


class _Walk:
    """Collects the results of a walk over the files."""

    def __init__(self, records: Records, installed: Installed, third_party: ThirdParty) -> None:
        self._records = records
        self._third_party = third_party
        self._stated = frozenset(package.path for package in installed.packages)
        self._has_distribution = installed.distribution is not None
        self.files = 0
        self.share = ExplainedShare()
        self.modes = Modes()
        self.remains = Remains()

    def note(self, entry: Entry) -> None:
        """Look at one file."""
        record = self._records.get(entry.path)
        self.modes.note(entry)
        self.remains.note(entry)
        if is_program(entry.path, entry) and (is_of_system(entry.path) or not self._has_distribution):
            self.share.count(entry.path, is_explained=self._is_explained(entry.path, record))

    def record_of(self, entry: Entry) -> Record | None:
        """Return the record of a file in the distribution's package database."""
        return self._records.get(entry.path)

    def candidate(self, entry: Entry, hidden_by: str | None = None) -> UnexplainedFile:
        """Return a file to be searched, with what packages state of it."""
        return UnexplainedFile(entry, self._records.get(entry.path), hidden_by, self._third_party.part_of(entry.path))

    def _is_explained(self, path: str, record: Record | None) -> bool:
        return vouches(record) or path in self._stated or path in self._third_party

    def may_hold_own_secrets(self, entry: Entry) -> bool:
        """True for files that are not unchanged files of a distribution's or a published package."""
        record = self._records.get(entry.path)
        if not entry.size:
            return False
        if record is not None and vouches(record) and may_be_compared(record) and record.origin in (None, entry.origin):
            return False  # it is compared with its record, and searched if it differs
        if not may_hold_secrets(entry.path) or self._is_compiled_from_known(entry.path):
            return False
        return entry.path not in self._third_party or is_like_own_configuration(entry.path)

    def _is_compiled_from_known(self, path: str) -> bool:
        """True for a compiled Python module whose source belongs to a package."""
        found = _COMPILED.fullmatch(path)
        source = f"{found['folder']}/{found['name']}.py" if found else ""
        return bool(source) and (vouches(self._records.get(source)) or source in self._third_party)


def look_into(
    tree: "LayeredTree", installed: Installed, terms: WalkOptions, compared: ComparisonCache | None = None
) -> ImageContents:
    """Walk the files of the merged layers and, for secrets, also those that later layers hide.

    Files that `compared` knows to be unchanged are not read again. Files that cannot be read are among the errors, and
    so is a share of explained programs below `terms.min_explained`.
    """
    errors: list[StageError] = []
    records: Records = _attempt(lambda: read_records(tree), {}, errors)
    third_party = _attempt(lambda: ThirdParty(tree, installed.packages), ThirdParty(tree, ()), errors)
    walk = _Walk(records, installed, third_party)
    with comparing(tree, _comparable(tree, records, terms), compared or ComparisonCache(ImageCache())) as comparison:
        return _look(tree, terms, walk, comparison, errors)


def _look(
    tree: "LayeredTree", terms: WalkOptions, walk: _Walk, comparison: FileComparison, errors: list[StageError]
) -> ImageContents:
    for entry in tree.walk():
        walk.files += 1
        if entry.kind is EntryKind.FILE and terms.is_wanted(entry.path):
            walk.note(entry)
    for folder in tree.walk_folders():
        if terms.is_wanted(folder.path):
            walk.modes.note(folder)
    secrets = SecretSearch(terms.max_text_size, terms.cache_folder, tree.file_cache, terms.kinds)
    _attempt(lambda: _search(tree, walk, secrets, terms), None, errors)
    changed: tuple[Changed, ...] = _attempt(comparison.changed, (), errors)
    _attempt(lambda: _search_changed(tree, walk, secrets, changed), None, errors)
    malware = _attempt(lambda: _malware(tree, walk, changed, terms), Malware(), errors)
    doubt = walk.share.doubt(terms.min_explained) if walk.files else UnreadableError("no file is left in the image")
    return ImageContents(
        files=walk.files,
        modes=walk.modes,
        remains=walk.remains,
        accounts=_attempt(lambda: read_accounts(tree), (), errors),
        cron=_attempt(lambda: tuple(suspicious_lines(tree, walk.remains.cron)), (), errors),
        changed=changed,
        unexplained=tuple(walk.share.unexplained),
        secrets=tuple(secrets.found),
        malware=malware.matches,
        capable=_attempt(lambda: tuple(_capable(tree, terms)), (), errors),
        errors=(*errors, *secrets.errors, *malware.errors, *([as_stage_error(doubt)] if doubt else ())),
        facts={**walk.share.facts(), **secrets.facts(), **malware.facts, "files_compared": comparison.count},
    )


def _comparable(tree: "LayeredTree", records: Records, terms: WalkOptions) -> Iterator[Comparable]:
    for entry in tree.walk() if records else ():
        record = records.get(entry.path)
        if record and may_be_compared(record) and entry.kind is EntryKind.FILE and terms.is_wanted(entry.path):
            yield Comparable(entry, record)


def _search(tree: "LayeredTree", walk: _Walk, search: SecretSearch, terms: WalkOptions) -> None:
    for candidate, read in _candidates(tree, walk, terms):
        search.look_at(candidate, read)


def _search_changed(tree: "LayeredTree", walk: _Walk, search: SecretSearch, changed: tuple[Changed, ...]) -> None:
    """Search the files that were skipped because they belong to packages, and turned out to be changed."""
    for file in changed:
        entry = tree.look_up(file.path)
        if entry is not None and entry.size and may_hold_secrets(entry.path) and not walk.may_hold_own_secrets(entry):
            search.look_at(walk.candidate(entry), partial(tree.read, entry.path))


def _candidates(
    tree: "LayeredTree", walk: _Walk, terms: WalkOptions
) -> Iterator[tuple[UnexplainedFile, Callable[[], bytes]]]:
    # A second walk: a list of all entries would take more memory than anything else.
    for entry in tree.walk():
        if entry.kind is EntryKind.FILE and terms.is_wanted(entry.path) and walk.may_hold_own_secrets(entry):
            yield walk.candidate(entry), partial(tree.read, entry.path)
    for hidden in tree.hidden_files():
        entry = hidden.entry
        if terms.is_wanted(entry.path) and walk.may_hold_own_secrets(entry):
            yield walk.candidate(entry, hidden.hidden_by), partial(tree.read_hidden, hidden)


def _malware(tree: "LayeredTree", walk: _Walk, changed: tuple[Changed, ...], terms: WalkOptions) -> Malware:
    return search(terms.yara, _doubtful(tree, walk, changed, terms), tree.read, tree.file_cache)


def _capable(tree: "LayeredTree", terms: WalkOptions) -> Iterator[Privileged]:
    return privileged_files(one for one in tree.files_with_capabilities() if terms.is_wanted(one[0].path))


def _doubtful(tree: "LayeredTree", walk: _Walk, changed: tuple[Changed, ...], terms: WalkOptions) -> Iterator[Entry]:
    """Yield the files that are not unchanged files of the distribution's packages."""
    altered = frozenset(file.path for file in changed)
    for entry in tree.walk():
        if entry.kind is EntryKind.FILE and entry.size and terms.is_wanted(entry.path):
            record = walk.record_of(entry)
            if record is None or not may_be_compared(record) or entry.path in altered:
                yield entry


def _attempt(make: Callable[[], Made], otherwise: Made, errors: list[StageError]) -> Made:
    """Return the result of `make`; if that raises GateError, add it to the errors and return `otherwise`."""
    try:
        return make()
    except GateError as error:
        errors.append(as_stage_error(error))
        return otherwise
