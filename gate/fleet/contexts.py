"""What runs where, as the store keeps it: the last listing of each source.

    contexts/0123456789abcdef/20261128T100000Z-abcd…     a listing of the source, by its time and digest

A newer listing of a source takes the place of the older ones, in whatever order they were written.
"""

import hashlib
from collections.abc import Iterator

import msgspec
import zstandard

from gate.core.errors import UnreadableError, UsageError
from gate.fleet.running import FleetContext
from gate.fleet.store import FleetStore, checked_content

_FOLDER = "contexts"
_HINT = "Give the listings of the source again: gate fleet context"
_LONGEST = 100


def put_context(store: FleetStore, context: FleetContext) -> None:
    """Keep what a source runs, and delete older listings of it. Raises GateError."""
    content = msgspec.msgpack.encode(context)
    stamp = context.listed_at.replace("-", "").replace(":", "").replace("+0000", "Z")
    name = f"{_folder(context.source)}/{stamp}-{hashlib.sha256(content).hexdigest()}"
    store.files.write(name, zstandard.compress(content, 9))
    for old in sorted(store.files.names(_folder(context.source)))[:-1]:
        store.files.delete(old)


def remove_context(store: FleetStore, source: str) -> bool:
    """Forget what a source runs; False if nothing is known of it."""
    names = list(store.files.names(_folder(source)))
    for name in names:
        store.files.delete(name)
    return bool(names)


def contexts(store: FleetStore) -> tuple[FleetContext, ...]:
    """Return the last listing of each source, by their names. Raises UnreadableError for a damaged one."""
    last: dict[str, str] = {}
    for name in sorted(store.files.names(_FOLDER)):
        last[name.rpartition("/")[0]] = name
    found = (_context(store, name) for name in last.values())
    return tuple(sorted((one for one in found if one), key=lambda one: one.source))


def context_digest(found: tuple[FleetContext, ...]) -> str:
    """Return what changes when anything runs elsewhere, stops, or is exposed; empty if nothing is known."""
    if not found:
        return ""
    stated = [(one.source, one.running) for one in found]
    return hashlib.sha256(msgspec.msgpack.encode(stated)).hexdigest()


def damaged_contexts(store: FleetStore) -> Iterator[str]:
    """Yield a sentence for each listing that is damaged."""
    for name in sorted(store.files.names(_FOLDER)):
        try:
            _context(store, name)
        except UnreadableError as error:
            yield str(error)


def check_source(name: str) -> None:
    """Raise UsageError unless a name is fit for a source."""
    if not name.strip() or len(name) > _LONGEST or not name.isprintable():
        raise UsageError(f"--source: a name has 1 to {_LONGEST} printable characters")


def _folder(source: str) -> str:
    return f"{_FOLDER}/{hashlib.sha256(source.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def _context(store: FleetStore, name: str) -> FleetContext | None:
    """Return a listing; None if a newer one took its place meanwhile."""
    stored = store.files.read(name)
    if stored is None:
        return None
    try:
        return msgspec.msgpack.decode(
            checked_content(store.shown, name.rpartition("-")[2], stored, _HINT), type=FleetContext
        )
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableError("a listing of what runs is of another kind", path=store.shown, hint=_HINT) from error
