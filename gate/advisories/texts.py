"""The descriptions of advisories, for people: read from the local indexes, without network access."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from gate.advisories.ingest import MAX_TEXT, AdvisoryText
from gate.advisories.osv import MAX_LINK, MAX_LINKS
from gate.advisories.packing import unpack
from gate.advisories.sources import open_origin
from gate.advisories.store import open_store
from gate.model import Trust
from gate.settings import Settings

_MAX_PACKED = 4 * (MAX_TEXT + MAX_LINKS * MAX_LINK) + 1024
"""Bytes of a text with its links."""


def text_of(id: str, settings: Settings, trust: Trust, cache: Path, now: datetime) -> str | None:
    """Return the beginning of the text of the advisory `id` and its links, or None if no index here has it.

    `cache` is the advisories' part of the cache folder. A folder as source has no index before a run made one, so
    nothing is said of its advisories.
    """
    if not settings.advisories.source.startswith(("https://", "http://", "wheel:")):
        return None
    indexes = [holding.path for holding in open_origin(settings, trust, cache, now).holdings() if holding.base]
    texts = (_read(path, id) for path in indexes)
    return next((text for text in texts if text is not None), None)


def _read(path: Path, id: str) -> str | None:
    with closing(open_store(path)) as connection:
        row = connection.execute("SELECT value FROM texts WHERE id = ?", (id,)).fetchone()
    if row is None:
        return None
    text = msgspec.msgpack.decode(unpack(row[0], _MAX_PACKED), type=AdvisoryText)
    return "\n".join([text.details.rstrip(), "", *text.links]) if text.links else text.details
