"""Which files of a tree are read, and by which reader: by their names first, as there may be 50,000."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_test_path, is_vendored_path
from gate.workspace.formats import KNOWN_FOLDERS, places_of_formats

_DEPENDENCIES = lazy_regex(r"(?:^|/)(?:node_modules|\.venv|\.git|bower_components|site-packages)/")
"""Folders of packages that a tool has installed: what stands there has its own life, and starts with them."""
_DOTTED = lazy_regex(r"(?:^|/)(\.[\w-]+)/([^/]+)\Z")
"""A file right in a folder whose name begins with a dot."""
_SILENT_ENDINGS = (
    ".md",
    ".png",
    ".svg",
    ".jpg",
    ".gif",
    ".txt",
    ".code-snippets",
    ".gitignore",
    ".gitkeep",
    ".example",
)
"""What programs of known folders do not start: pages, pictures and snippets of text."""


class KnownPlace(msgspec.Struct, frozen=True):
    """A file, and the format that it is read by; an empty format: its folder is known, and it is not."""

    path: str
    format: str


class _Index(msgspec.Struct, frozen=True):
    """The places of all formats, by what is looked at first."""

    names: dict[str, tuple[tuple[str, str], ...]]
    """By the file's name, (place, format)."""
    endings: dict[str, str]
    folders: tuple[tuple[str, str], ...]
    """Folders, below which all is of a format, the longest first."""
    at_root: tuple[str, ...]
    """Those of them that count at the root alone."""


def places_in(paths: Iterable[str]) -> Iterator[KnownPlace]:
    """Yield the files that a format reads, and those of known folders that none does."""
    index = _index()
    for path in paths:
        name = path[path.rfind("/") + 1 :]
        dot = name.rfind(".")
        is_plain = "/." not in path and path[:1] != "." and not path.startswith(index.at_root)
        if name in index.names or name[dot:] in index.endings or not is_plain:
            found = _place_of(path, name, name[dot:] if dot >= 0 else "", index)
            if found is not None and not _is_of_dependency(path):
                yield found


def _place_of(path: str, name: str, ending: str, index: _Index) -> KnownPlace | None:
    anchored = f"/{path}"
    for place, format in index.names.get(name, ()):
        if anchored.endswith(place) or (place.startswith("^") and anchored == place[1:]):
            return KnownPlace(path, format)
    if ending in index.endings:
        return KnownPlace(path, index.endings[ending])
    for folder, format in index.folders:
        if folder in anchored and (folder[1:] not in index.at_root or path.startswith(folder[1:])):
            return KnownPlace(path, format)
    found = _DOTTED.search(path)
    if found and found[1] in KNOWN_FOLDERS and not name.endswith(_SILENT_ENDINGS) and not is_test_path(path):
        return KnownPlace(path, "")
    return None


def _is_of_dependency(path: str) -> bool:
    return _DEPENDENCIES.search(path) is not None or is_vendored_path(path)


@lru_cache(maxsize=1)
def _index() -> _Index:
    names: dict[str, tuple[tuple[str, str], ...]] = {}
    endings: dict[str, str] = {}
    folders: dict[str, str] = {}
    at_root: list[str] = []
    for format, places in places_of_formats().items():
        for place in places:
            if place.startswith("*"):
                endings[place[1:]] = format
            elif place.endswith("/"):
                folders[f"/{place.removeprefix('/')}"] = format
                at_root += [place[1:]] if place.startswith("/") else []
            else:
                anchored = f"^{place}" if place.startswith("/") else f"/{place}"
                name = place[place.rfind("/") + 1 :]
                names[name] = (*names.get(name, ()), (anchored, format))
    longest_first = tuple(sorted(folders.items(), key=lambda one: -len(one[0])))
    return _Index(names, endings, longest_first, tuple(at_root))
