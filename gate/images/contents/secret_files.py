"""Secrets in the files of every layer, including files that a later layer deletes or replaces."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec

from gate.core.errors import LimitError, as_stage_error
from gate.images.contents.known_data import is_known_data, is_list_of_certificates
from gate.images.contents.observations import SecretInFile
from gate.images.contents.published import published_part
from gate.images.contents.third_party import PublishedFile, is_like_own_configuration
from gate.images.file_cache import LayerFileCache
from gate.inventory.records.file_record import Record, has_digest, vouches
from gate.model import Fact, StageError
from gate.secrets.engine.configuration import GATE
from gate.secrets.kinds.catalogue import kind_of
from gate.secrets.results.detected import Examined, FileReading
from gate.secrets.results.summary import is_clean
from gate.secrets.sources.cache import engine_of
from gate.secrets.sources.files import FileOptions, examine_content, is_passed_over
from gate.trees import MAX_FILE_SIZE, Entry

MAX_FILES = 1_000_000
MAX_BYTES = 4 << 30
MAX_FOUND = 1_000
"""Files, bytes and secrets of one image at most."""
_NAMED = 20
_WITHOUT_SECRETS = frozenset({"etc/nsswitch.conf", "usr/lib/nsswitch.conf"})
"""Files with keys that are named like credentials, but have other values."""
_DATABASES = (
    "var/lib/dpkg/",
    "lib/apk/db/",
    "usr/lib/apk/db/",
    "var/lib/rpm/",
    "usr/lib/sysimage/rpm/",
    "var/log/apt/",
    "proc/",
)


class UnexplainedFile(msgspec.Struct, frozen=True):
    """A file to search."""

    entry: Entry
    record: Record | None = None
    """Its record in the distribution's package database."""
    hidden_by: str | None = None
    """Diff id of the layer that deletes or replaces it."""
    part_of: PublishedFile | None = None
    """What a published package states of it."""


class _Clean(msgspec.Struct, frozen=True, array_like=True):
    """A file without a secret."""

    record: str
    """The recorded digest with which its own was compared; empty if no package records one."""
    reading: FileReading | None = None
    """None if it is unchanged since its package was installed."""
    unread: tuple[str, ...] = ()


class SecretSearch:
    """Searches files one by one, within limits."""

    def __init__(
        self, max_file_size: int, cache_folder: str | None, cache: LayerFileCache, kinds: tuple[str, ...] = ()
    ) -> None:
        """`cache` holds which files had no secret in earlier runs; these are not read."""
        configuration = msgspec.structs.replace(GATE, kinds=kinds)
        self._options = FileOptions(configuration=configuration, max_file_size=max_file_size, cache_folder=cache_folder)
        self._cache = cache
        self._asked = ("no secret", engine_of(self._options).hex())
        self._files = 0
        self._bytes = 0
        self._readings: Counter[FileReading] = Counter()
        self._unread: list[str] = []
        self.found: list[SecretInFile] = []
        self.errors: list[StageError] = []

    def look_at(self, candidate: UnexplainedFile, read: Callable[[], bytes]) -> None:
        """Search one file. Raises LimitError if there are more files, bytes or secrets than any image should have."""
        entry = candidate.entry
        if entry.size > MAX_FILE_SIZE:
            self._unread.append(f"{entry.path}: {entry.size:,} bytes")
            return
        if is_passed_over(entry.path, self._options):
            self._readings[FileReading.PASSED_OVER] += 1
            return
        self._take(entry)
        known = self._cache.get(entry, self._asked, _Clean)
        if known is None or known.record != _digest(candidate.record):
            known = self._examine(candidate, read())
            if known is None:
                return
            self._cache.put(entry, self._asked, known)
        self._count(candidate, known)

    def _examine(self, candidate: UnexplainedFile, content: bytes) -> "_Clean | None":
        """Search a file's content; return what may be cached about it, None if something was found."""
        record = candidate.record
        if record is not None and vouches(record) and has_digest(content, record):
            return _Clean(_digest(record))  # unchanged since the package was installed
        try:
            examined = examine_content(content, candidate.entry.path, self._options)
        except LimitError as error:
            self.errors.append(_of_image(as_stage_error(error), candidate))
            return None
        clean = _Clean(_digest(record), examined.reading, examined.unread)
        if is_clean(examined):
            return clean
        self._count(candidate, clean)
        self._report(candidate, examined, content)
        return None

    def _take(self, entry: Entry) -> None:
        self._files += 1
        self._bytes += entry.size
        if self._files > MAX_FILES or self._bytes > MAX_BYTES:
            raise LimitError(
                f"has more than {MAX_FILES:,} files or {MAX_BYTES:,} bytes that no package explains",
                hint="List folders without secrets under stages.image.ignore in gate.yaml",
            )

    def _count(self, candidate: UnexplainedFile, clean: "_Clean") -> None:
        if clean.reading is not None:
            self._readings[clean.reading] += 1
            self._unread.extend(f"{candidate.entry.path}!/{place}" for place in clean.unread)

    def _report(self, candidate: UnexplainedFile, examined: Examined, content: bytes) -> None:
        self.errors.extend(_of_image(error, candidate) for error in examined.errors)
        self.found.extend(_secrets(candidate, examined, content))
        if len(self.found) > MAX_FOUND:
            raise LimitError(f"has more than {MAX_FOUND:,} secrets in its files", hint="Do not use this image")

    def facts(self) -> dict[str, Fact]:
        """Return how many files were looked at, and what was not read."""
        facts: dict[str, Fact] = {
            "secrets_files": self._files,
            "secrets_bytes": self._bytes,
            "secrets_text_files": self._readings[FileReading.SCANNED],
            "secrets_binary_files": self._readings[FileReading.BINARY],
        }
        if self._unread:
            more = len(self._unread) - _NAMED
            names = sorted(self._unread)[:_NAMED]
            facts["secrets_not_read"] = [*names, f"and {more:,} more"] if more > 0 else names
        return facts


def may_hold_secrets(path: str) -> bool:
    """True for files that are no package database and not known to only look as if they held credentials."""
    if path in _WITHOUT_SECRETS or path.startswith(_DATABASES):
        return False
    return not is_known_data(path) or is_like_own_configuration(path)


def _digest(record: Record | None) -> str:
    return record.digest if record is not None else ""


def _of_image(error: StageError, candidate: UnexplainedFile) -> StageError:
    """Place an error of the engine, whose hint names the setting of the secrets stage, in the image."""
    message = error.message.replace("stages.secrets.ignore", "stages.image.ignore")
    return msgspec.structs.replace(error, path=candidate.entry.path, message=message)


def _secrets(candidate: UnexplainedFile, examined: Examined, content: bytes) -> Iterator[SecretInFile]:
    has_keys_alone = is_list_of_certificates(candidate.entry.path)
    by_inner = {secret.inner: _published(candidate, content, secret.inner) for secret in examined.secrets}
    for secret in examined.secrets:
        if has_keys_alone and not kind_of(secret.type).is_private_key:
            continue
        yield SecretInFile(
            path=candidate.entry.path,
            secret=secret,
            layer=candidate.entry.origin or "",
            hidden_by=candidate.hidden_by,
            published=by_inner[secret.inner],
        )


def _published(candidate: UnexplainedFile, content: bytes, inner: str) -> str:
    """Return name and version of the published package that brought a file as it is; empty if none did."""
    part = candidate.part_of
    if part is not None and part.sha256 == hashlib.sha256(content).hexdigest():
        return part.package
    return published_part(content, inner) if inner else ""
