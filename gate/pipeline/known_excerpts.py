"""Excerpts that are kept from run to run, encrypted: lines of files whose content git vouches for."""

from collections.abc import Mapping, Sequence

import msgspec

from gate.core.cache import Cache, key_of
from gate.core.sealed import seal, unseal
from gate.model import Tree
from gate.pipeline.excerpts import ExcerptLines, Lines, Show
from gate.pipeline.known_answers import KnownAnswers

_LINES = msgspec.msgpack.Decoder(Lines)


def show_known(kept: KnownAnswers, cache: Cache, show: Show) -> Show:
    """Return a function that shows what `show` does, and calls it only for lines that are not kept."""

    def show_lines(parts: tuple[ExcerptLines, ...]) -> Sequence[Lines]:
        keys = [_key(kept, part) for part in parts]
        stored = cache.get([key for key in keys if key is not None])
        lines = [_opened(key, stored) for key in keys]
        left = [place for place, known in enumerate(lines) if known is None]
        fresh = dict(zip(left, show(tuple(parts[place] for place in left)) if left else (), strict=True))
        cache.put(_closed({keys[place]: shown for place, shown in fresh.items()}))
        return [fresh[place] if known is None else known for place, known in enumerate(lines)]

    return show_lines


def _key(kept: KnownAnswers, part: ExcerptLines) -> bytes | None:
    """Return the key of a file's lines; None if nothing says what the file holds."""
    content_id = kept.content_id(part.target, part.path) if isinstance(part.target, Tree) else None
    if content_id is None or part.commit is not None:
        return None
    numbers = (sorted(part.wanted), sorted(part.secret))
    return key_of("excerpt", kept.common, part.path, content_id, msgspec.msgpack.encode(numbers))


def _opened(key: bytes | None, stored: Mapping[bytes, bytes]) -> Lines | None:
    content = unseal(stored[key], key) if key is not None and key in stored else None
    try:
        return None if content is None else _LINES.decode(content)
    except msgspec.MsgspecError:
        return None


def _closed(fresh: Mapping[bytes | None, Lines]) -> dict[bytes, bytes]:
    """Return what is stored; not of files without lines, which may have been read for too long."""
    sealed = {
        key: seal(msgspec.msgpack.encode(lines), key) for key, lines in fresh.items() if key is not None and lines
    }
    return {key: content for key, content in sealed.items() if content is not None}
