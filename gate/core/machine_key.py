"""The machine's key, and the marks (keyed hashes) by which the gate recognises what this machine wrote.

A cache folder can come from elsewhere: a CI system restores it, a repository holds one, another user writes to it.
None of these has the key, so none can make a mark, and content without a right mark is not used. The key is made once
and stored in `$XDG_STATE_HOME/gate` (default: `~/.local/state/gate`), readable by its owner only. The variable
`GATE_CACHE_KEY` replaces it where several machines share a cache. See
`docs/decisions/0009-whose-cache-is-believed.md`.
"""

import hashlib
import hmac
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gate.core.errors import ConfigError

VARIABLE = "GATE_CACHE_KEY"
MARK_SIZE = 32
"""Bytes of a mark."""
SHORTEST = 32
"""Characters of `GATE_CACHE_KEY` at least: a shorter one could be guessed."""
_KEY_SIZE = 32
_FILE = "cache-key"
_FOR_OTHERS = 0o077
_WRITABLE_BY_OTHERS = 0o022

Marker = Callable[[bytes], bytes]
"""Makes the mark of a message."""


def state_folder() -> Path:
    """Return `$XDG_STATE_HOME/gate` (default: `~/.local/state/gate`); it need not exist yet."""
    given = os.environ.get("XDG_STATE_HOME", "")
    return Path(given if os.path.isabs(given) else Path.home() / ".local" / "state") / "gate"


def marker(kind: str) -> Marker | None:
    """Return a function that makes marks of messages of this kind (16 letters at most); None without a key.

    The key is read again each time, so that it stays in the memory of a process no longer than it is needed.
    """
    key = _key()
    if key is None:
        return None
    return lambda message: hashlib.blake2b(message, digest_size=MARK_SIZE, key=key, person=kind.encode()).digest()


def is_same(mark: object, other: bytes) -> bool:
    """True if `mark`, which may be any value from a cache, equals `other`; compared in constant time."""
    return isinstance(mark, bytes) and hmac.compare_digest(mark, other)


def check_key(cache: Path) -> None:
    """Raise ConfigError for a key that is not secret: inside the cache, readable by others, or too short."""
    given = os.environ.get(VARIABLE)
    if given:
        if len(given) < SHORTEST:
            raise ConfigError(
                f"{VARIABLE} has fewer than {SHORTEST} characters", hint="Leave it out, or give it a random value"
            )
        return
    folder = state_folder()
    if folder.resolve().is_relative_to(cache.resolve()):
        raise ConfigError(
            "the key of the cache would lie in the cache itself, and come back with it from wherever it is kept",
            path=str(folder),
            hint="Set XDG_STATE_HOME to another folder",
        )
    if (objection := _objection(folder / _FILE)) is not None:
        raise ConfigError(
            f"the key of the cache {objection}", path=str(folder / _FILE), hint="Remove it; the next run makes another"
        )


def _objection(file: Path) -> str | None:
    """Return why the key in `file` is not secret; None if it is, or if there is none yet."""
    for place, forbidden in ((file, _FOR_OTHERS), (file.parent, _WRITABLE_BY_OTHERS)):
        try:
            status = place.lstat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return None  # it cannot be reached, so it is not used
        if (reason := _reason(status, forbidden, is_file=place is file)) is not None:
            return reason
    return None


def _reason(status: os.stat_result, forbidden: int, *, is_file: bool) -> str | None:
    """Return what is wrong with a key file or its folder; `forbidden` are mode bits that it must not have."""
    if is_file and not stat.S_ISREG(status.st_mode):
        return "is no file"
    if os.name != "posix":
        return None
    if status.st_uid != os.getuid():
        return "belongs to another user"
    if status.st_mode & forbidden and not stat.S_ISLNK(status.st_mode):
        return "can be read by others" if is_file else "lies where others can write"
    return None


def _key() -> bytes | None:
    """Return the key, made now if there is none yet; None if there can be none."""
    given = os.environ.get(VARIABLE)
    if given:
        raw = given.encode("utf-8", "surrogateescape")
        return hashlib.blake2b(raw, digest_size=_KEY_SIZE).digest() if len(given) >= SHORTEST else None
    file = state_folder() / _FILE
    try:
        return _read(file)
    except FileNotFoundError:
        return _made(file)
    except OSError:
        return None


def _read(file: Path) -> bytes | None:
    """Return the key in `file`; None if other users can read it. Raises OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(file, flags)
    try:
        if _reason(os.fstat(descriptor), _FOR_OTHERS, is_file=True) is not None:
            return None
        if _reason(file.parent.stat(), _WRITABLE_BY_OTHERS, is_file=False) is not None:
            return None
        key = os.read(descriptor, _KEY_SIZE + 1)  # one more, to see that the file is no longer than a key
    finally:
        os.close(descriptor)
    return key if len(key) == _KEY_SIZE else None


def _made(file: Path) -> bytes | None:
    """Make a key and return it, or the key of a parallel run that was faster; None if no file can be written."""
    temporary = file.with_name(f".new-{os.urandom(8).hex()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(os.urandom(_KEY_SIZE))
        _publish(temporary, file)
        return _read(file)
    except OSError:
        return None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _publish(temporary: Path, file: Path) -> None:
    """Give a new key its name, unless a parallel run was faster."""
    try:
        os.link(temporary, file)  # unlike a rename, this never replaces a file
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        os.replace(temporary, file)
