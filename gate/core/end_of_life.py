"""End of life: the last day with security fixes of each release of a base image, by the image's name.

The table is `end_of_life.txt`, which names its sources. Nothing is said about a release that is not listed.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

AS_OF = "2025-10-01"
"""The table holds what was announced by this day."""
_TABLE = Path(__file__).with_name("end_of_life.txt")

Releases = Mapping[str, str]
"""Release to the last day with fixes, both as text; days compare as text."""


@cache
def end_of_life() -> Mapping[str, Releases]:
    """Return the releases of each image by its repository: official ones of Docker Hub without `library/`."""
    table: dict[str, dict[str, str]] = {}
    for row in _TABLE.read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            images, release, day = row.split()
            for image in images.split(","):
                table.setdefault(image, {})[release] = day
    return table


def ended(name: str, version: str, today: str) -> tuple[str, str] | None:
    """Return the release that `version` of `name` belongs to and its last day, if that is before `today` (YYYY-MM-DD).

    `name` is a key of `end_of_life()`. A version is of the longest listed release that it starts with.
    """
    releases = end_of_life().get(name, {})
    release = next((part for part in prefixes(version) if part in releases), None)
    return (release, releases[release]) if release is not None and releases[release] < today else None


def prefixes(version: str) -> Iterator[str]:
    """Yield `3.8.1`, `3.8` and `3` of `3.8.1`."""
    parts = version.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])
