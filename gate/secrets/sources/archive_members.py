"""An archive's files, looked at one by one: their secrets under `outer.zip!/inner`, what could not be read said."""

from collections import Counter
from collections.abc import Callable

import msgspec

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.model import StageError
from gate.secrets.decoders.archive_names import begins_as_archive, is_archive_name
from gate.secrets.decoders.archives import MAX_DEPTH, ArchiveBudget, files_in
from gate.secrets.engine.text import looks_binary
from gate.secrets.results.detected import DetectedSecret, Examined, FileReading

MAX_TEXT = 32 << 20
"""Bytes of a text in an archive, as of a file by default."""
ExamineFile = Callable[[bytes, str], Examined]
"""Looks at a file that is no archive, by the path that it stands under."""
_HINT = "List it under stages.secrets.ignore in gate.yaml"


def examine_archive(content: bytes, path: str, examine_file: ExamineFile) -> Examined | None:
    """Look at the files of an archive and of archives in it; None for what only has an archive's name."""
    seen = _Seen(ArchiveBudget(len(content)), examine_file)
    seen.look_into(content, path, "", 1)
    return seen.outcome(len(content)) if seen.is_archive else None


class _Seen:
    """What the files of an archive came to, until one of them breaks a bound."""

    def __init__(self, budget: ArchiveBudget, examine_file: ExamineFile) -> None:
        self.is_archive = False
        self._budget = budget
        self._examine_file = examine_file
        self._secrets: list[DetectedSecret] = []
        self._dropped: Counter[str] = Counter()
        self._unread: list[str] = []
        self._sealed: dict[str, str] = {}
        self._errors: list[StageError] = []
        self._sieve: str | None = None

    def look_into(self, content: bytes, path: str, inner: str, depth: int) -> None:
        """Look at the files of the archive at `path`; `inner` is its place in the outermost one."""
        try:
            for name, held in files_in(content, path, self._budget):
                self.is_archive = True
                self._look_at(held, f"{path}!/{name}", f"{inner}!/{name}" if inner else name, depth)
        except UnreadableError:
            self.is_archive = True
            self._unread.append(inner)
        except LimitError as error:
            self.is_archive = True
            self._errors.append(_as_error(error, inner))

    def _look_at(self, content: bytes, path: str, inner: str, depth: int) -> None:
        if begins_as_archive(content) or is_archive_name(inner):
            if depth >= MAX_DEPTH:
                raise LimitError(f"holds archives more than {MAX_DEPTH} deep", hint=_HINT)
            before, self.is_archive = self.is_archive, False
            self.look_into(content, path, inner, depth + 1)
            was_archive, self.is_archive = self.is_archive, before
            if was_archive:
                return
        if len(content) > MAX_TEXT and not looks_binary(content):
            error = LimitError(f"holds a text of {len(content):,} bytes; at most {MAX_TEXT:,} are scanned", hint=_HINT)
            self._errors.append(_as_error(error, inner))
            return
        self._take(self._examine_file(content, path), inner)

    def _take(self, one: Examined, inner: str) -> None:
        self._secrets += [msgspec.structs.replace(secret, inner=inner) for secret in one.secrets]
        self._dropped.update(one.dropped)
        self._errors += [msgspec.structs.replace(error, title=f"{inner}: {error.title}") for error in one.errors]
        self._sieve = one.sieve or self._sieve
        self._unread += [inner for _ in one.unread]
        if one.sealed:
            self._sealed[inner] = next(iter(one.sealed.values()))

    def outcome(self, size: int) -> Examined:
        """Return what all files together came to."""
        return Examined(
            reading=FileReading.ARCHIVE,
            size=size,
            secrets=tuple(self._secrets),
            sieve=self._sieve,
            dropped=dict(self._dropped),
            unread=tuple(self._unread),
            sealed=self._sealed,
            errors=tuple(self._errors),
        )


def _as_error(error: GateError, inner: str) -> StageError:
    title = f"{inner}: {error.message}" if inner else error.message
    return StageError(title=title, message=error.hint or _HINT)
