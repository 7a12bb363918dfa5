"""The work on one file, as the workers do it: read it within bounds, look at it, forget it."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, lru_cache

import msgspec

from gate.core.cache_folder import user_cache_folder
from gate.core.errors import GateError, LimitError
from gate.git import Repository
from gate.model import Tree
from gate.secrets.engine.configuration import DEFAULT, Configuration
from gate.secrets.results.detected import DetectedSecret, Examined, FileReading
from gate.trees import MAX_FILE_SIZE, open_tree

MAX_SECONDS = 60
"""Computing time for one file: some of detect-secrets' patterns take it without bound on lines made for that."""
_at_work = ""
"""The path that time is limited for."""


class FileOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for every file of a target."""

    configuration: Configuration = DEFAULT
    max_file_size: int
    cache_folder: str | None = None
    revealing: Configuration | None = None
    """The configuration without pragmas, to tell what they silence; None: that is not asked."""


class AddedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A blob that a commit adds under a path."""

    path: str
    blob_id: str
    commit: str


def prepare(_target: Tree | str, options: FileOptions) -> None:
    """Load the engine: workers that are forked from a process that has it need not load it each."""
    from gate.secrets.engine.scan import scanner

    # In the pool, by the word of a worker that may have been taken over: nothing of a baseline is loaded there.
    chosen = options.configuration
    if chosen.plugins is not None or chosen.filters is not None or options.cache_folder != str(user_cache_folder()):
        return
    with suppress(GateError):  # each file says by itself what is wrong
        scanner(options.configuration, options.cache_folder).load()


def scan_file(path: str, target: Tree, options: FileOptions) -> Examined:
    """Look at a file of a tree. Raises UnreadableError, or LimitError for a text that is too large."""
    if is_passed_over(path, options):
        return Examined(reading=FileReading.PASSED_OVER)
    return examine_content(open_tree(target).read(path), path, options)


def scan_blob(file: AddedFile, root: str, options: FileOptions) -> Examined:
    """Look at a file as a commit added it. Raises as `scan_file` does."""
    if is_passed_over(file.path, options):
        return Examined(reading=FileReading.PASSED_OVER)
    repository = repository_in(root)
    size = repository.blob_size(file.blob_id)
    if size > MAX_FILE_SIZE:
        raise LimitError(f"has {size:,} bytes; at most {MAX_FILE_SIZE:,} are read", path=file.path)
    return examine_content(repository.read_blob(file.blob_id), file.path, options)


def is_passed_over(path: str, options: FileOptions) -> bool:
    """True if a filter leaves the file out by its name."""
    from gate.secrets.engine.scan import scanner

    return scanner(options.configuration, options.cache_folder).passes_over(path)


def examine_content(content: bytes, path: str, options: FileOptions) -> Examined:
    """Look at the bytes of a file that is not passed over, within the bounds of size and time. Raises LimitError."""
    from gate.secrets.engine.scan import examine_wanted, scanner

    chosen = scanner(options.configuration, options.cache_folder)
    if len(content) > options.max_file_size and not chosen.looks_into(content, path):
        if _is_binary(content):
            if chosen.is_own:
                with limited_time(path):
                    return examine_wanted(content, path, chosen)
            return Examined(reading=FileReading.BINARY, size=len(content))
        raise LimitError(
            f"is a text of {len(content):,} bytes; at most {options.max_file_size:,} are scanned",
            path=path,
            hint="Raise stages.secrets.max_file_size in gate.yaml, or list the file under stages.secrets.ignore",
        )
    with limited_time(path):
        chosen.detectors.met_pragma = False
        examined = examine_wanted(content, path, chosen)
        if options.revealing is None or not chosen.detectors.met_pragma:
            return examined
        revealed = examine_wanted(content, path, scanner(options.revealing, options.cache_folder))
        return msgspec.structs.replace(examined, silenced=_beyond(examined, revealed))


def _beyond(examined: Examined, revealed: Examined) -> tuple[DetectedSecret, ...]:
    """Return the secrets that only a look without pragmas shows."""
    found = {(secret.inner, secret.hash) for secret in examined.secrets}
    return tuple(secret for secret in revealed.secrets if (secret.inner, secret.hash) not in found)


def _is_binary(content: bytes) -> bool:
    """True for a large file of which little is text."""
    from gate.secrets.engine.text import is_mostly_text, looks_binary

    # `replace` takes six times as long where every other byte is a NUL.
    return looks_binary(content) and not is_mostly_text(content.translate(None, b"\0"))


def is_read_whole(lines: bytes, path: str, options: FileOptions) -> bool:
    """True if any of these lines makes its file one of which a part, looked at by itself, may not tell all."""
    from gate.secrets.decoders import reads_whole
    from gate.secrets.engine.scan import scanner

    return (
        not options.configuration.own  # compat mode: the transformers of detect-secrets
        or options.configuration.has_code
        or b"\0" in lines  # near the start of a file it decides what that is taken for
        or scanner(options.configuration, options.cache_folder).looks_into(b"", path)
        or reads_whole(lines, path)
    )


def is_time_limited() -> bool:
    """True inside `limited_time`, until the time is up."""
    return hasattr(signal, "getitimer") and signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 0


@contextmanager
def limited_time(path: str) -> Iterator[None]:
    """Raise LimitError after MAX_SECONDS of computing, in the middle of a pattern if need be.

    Inside another limit that one holds alone. Only a process's main thread can be interrupted, and not on Windows;
    elsewhere the worker's own limit holds.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not (hasattr(signal, "setitimer") and is_main) or is_time_limited():
        yield
        return
    global _at_work
    _at_work = path
    _listen()
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@cache
def _listen() -> None:
    """Have the timer's end raise LimitError, once for all files: changing that takes as long as a small file."""
    signal.signal(signal.SIGVTALRM, lambda *_: _raise_too_slow(_at_work))


def _raise_too_slow(path: str) -> None:
    raise LimitError(
        f"took longer than {MAX_SECONDS:g} s to scan",
        path=path,
        hint="Look at its longest lines; list the file under stages.secrets.ignore if it is generated",
    )


def repository_in(root: str) -> Repository:
    """Open the repository of a folder, once a process."""
    return _repository(root, os.getpid())


@lru_cache(maxsize=4)
def _repository(root: str, _process: int) -> Repository:
    # its `cat-file` must not be shared with a fork
    return Repository(root)
