"""End of life: the last day with security fixes of each release of a base image, by the image's name.

The built-in table is `end_of_life.txt`, which names its sources; a source of advisories may hold a newer one in the
same format. Nothing is said about a release that is not listed.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from gate.core.errors import LimitError, UnreadableError

MAX_SIZE = 1 << 20
"""Bytes of a table; the built-in one has 5 KiB."""
AS_OF = "as-of"
"""The row `as-of DAY` states the day up to which announcements are in the table."""
_BUILT_IN = Path(__file__).with_name("end_of_life.txt")
_IMAGE = r"[a-z0-9][a-z0-9._/-]{0,254}"
_IMAGES = re.compile(rf"{_IMAGE}(?:,{_IMAGE}){{0,99}}")
_RELEASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HINT = "Fetch the file again; its rows are `image release YYYY-MM-DD`, and one is `as-of YYYY-MM-DD`"

Releases = Mapping[str, str]
"""Release to the last day with fixes, both as text; days compare as text."""
_NONE: Releases = {}


class EndOfLifeTable(msgspec.Struct, frozen=True):
    """End-of-life dates, and the day up to which announcements are among them (YYYY-MM-DD)."""

    as_of: str
    images: dict[str, dict[str, str]]
    """Image to release to last day; official images of Docker Hub without `library/`."""

    def of(self, image: str) -> Releases:
        """Return the releases of an image; none of one that is not listed."""
        return self.images.get(image, _NONE)


def read_table(content: bytes, shown: str) -> EndOfLifeTable:
    """Read a table; `shown` names the file in errors.

    Raises LimitError for more than MAX_SIZE bytes, and UnreadableError for a row that is none, a release with two last
    days, and a table without its day or without releases.
    """
    if len(content) > MAX_SIZE:
        raise LimitError(f"has more than {MAX_SIZE:,} bytes", path=shown)
    days: list[str] = []
    images: dict[str, dict[str, str]] = {}
    # Not splitlines(), for which a control character ends a comment.
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == AS_OF and len(words) == 2 and _is_day(words[1]):
            days.append(words[1])
        elif not _add(words, images):
            raise UnreadableError(f"cannot be parsed (line {number})", path=shown, hint=_HINT)
    if len(days) != 1 or not images:
        what = "holds no release" if len(days) == 1 else "does not state its day once"
        raise UnreadableError(what, path=shown, hint=_HINT)
    return EndOfLifeTable(days[0], images)


def _add(words: list[str], images: dict[str, dict[str, str]]) -> bool:
    """Add a row to `images`; return False if it is none, or gives a release a second last day."""
    if len(words) != 3 or not _IMAGES.fullmatch(words[0]) or not _RELEASE.fullmatch(words[1]) or not _is_day(words[2]):
        return False
    named, release, day = words[0].split(","), words[1], words[2]
    return all(images.setdefault(image, {}).setdefault(release, day) == day for image in named)


def _is_day(word: str) -> bool:
    try:
        return bool(_DAY.fullmatch(word) and date.fromisoformat(word))
    except ValueError:
        return False


@cache
def built_in() -> EndOfLifeTable:
    """Return the table that comes with the gate."""
    return read_table(_BUILT_IN.read_bytes(), _BUILT_IN.name)


def ended(name: str, version: str, today: str, table: EndOfLifeTable | None = None) -> tuple[str, str] | None:
    """Return the release that `version` of `name` belongs to and its last day, if that is before `today` (YYYY-MM-DD).

    `table` is the built-in one if none is given. A version is of the longest listed release that it starts with.
    """
    releases = (table or built_in()).of(name)
    release = next((part for part in prefixes(version) if part in releases), None)
    return (release, releases[release]) if release is not None and releases[release] < today else None


def prefixes(version: str) -> Iterator[str]:
    """Yield `3.8.1`, `3.8` and `3` of `3.8.1`."""
    parts = version.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])
