"""Which releases a base image is made of, by its name and tag, and whether they still get security fixes."""

import re
from collections.abc import Iterator, Mapping

from gate.core.end_of_life import EndOfLifeTable, built_in, prefixes
from gate.core.image_references import DEFAULT_REGISTRY, ImageReference

_SYSTEMS: Mapping[str, tuple[str, str]] = {
    "wheezy": ("debian", "7"),
    "jessie": ("debian", "8"),
    "stretch": ("debian", "9"),
    "buster": ("debian", "10"),
    "bullseye": ("debian", "11"),
    "bookworm": ("debian", "12"),
    "trusty": ("ubuntu", "14.04"),
    "xenial": ("ubuntu", "16.04"),
    "bionic": ("ubuntu", "18.04"),
    "focal": ("ubuntu", "20.04"),
    "jammy": ("ubuntu", "22.04"),
    "noble": ("ubuntu", "24.04"),
}
"""Names of systems' releases, which stand in tags of the image itself and of what is built on it: `python:3-buster`."""
_ALPINE_PART = re.compile(r"alpine(3\.\d{1,2})")
_VERSION = re.compile(r"v?(\d{1,4}(?:\.\d{1,4}){0,3})")
_MAX_TAG = 128
"""Characters of a tag, by the OCI distribution specification."""


def ended_releases(image: ImageReference, today: str, table: EndOfLifeTable | None = None) -> Iterator[tuple[str, str]]:
    """Yield each release that the image is made of and that gets no fixes on `today` (YYYY-MM-DD), and its last day.

    `table` is the built-in one if none is given.
    """
    table = table or built_in()
    name = _table_name(image, table)
    if name is None or not image.tag or len(image.tag) > _MAX_TAG:
        return
    for system, release in dict.fromkeys(_releases_in(name, image.tag, table)):
        last_day = table.of(system).get(release)
        if last_day is not None and last_day < today:
            yield f"{system} {release}", last_day


def _table_name(image: ImageReference, table: EndOfLifeTable) -> str | None:
    """Return the name that the table may have an image under; None for images that only share an official one's name.

    An official image keeps its name in a mirror that keeps `library/`.
    """
    repository = image.repository
    if "library/" in repository:
        return repository.rpartition("library/")[2]
    is_official = image.registry == DEFAULT_REGISTRY and "/" not in repository
    is_listed_elsewhere = repository in table.images and ("/" in repository or repository.startswith("ubi"))
    return repository if is_official or is_listed_elsewhere else None


def _releases_in(name: str, tag: str, table: EndOfLifeTable) -> Iterator[tuple[str, str]]:
    first, *others = tag.lower().split("-")
    releases = table.of(name)
    version = _VERSION.match(first)
    written = prefixes(version[1]) if version else (first,)
    listed = next((release for release in written if release in releases), None)
    if listed is not None:
        yield name, listed
    for part in (first, *others):
        if part in _SYSTEMS:
            yield _SYSTEMS[part]
        elif alpine := _ALPINE_PART.fullmatch(part):
            yield "alpine", alpine[1]
