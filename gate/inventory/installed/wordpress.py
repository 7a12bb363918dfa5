"""WordPress plug-ins and themes: the header of `wp-content/plugins/NAME/*.php` and `wp-content/themes/NAME/style.css`.

WordPress itself reads the first 8 KiB of these files (WordPress Plugin Handbook, "Header Requirements"). Their name is
that of the folder, under which the directory of plug-ins has them.
"""

import re
from collections.abc import Iterator

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, language_package
from gate.model import Package
from gate.trees import FileTree

_READ = 8 << 10
_PLACE = re.compile(
    r"(?:.+/)?wp-content/(?:(?:mu-)?plugins/(?P<plugin>[^/]+)/[^/]+\.php|themes/(?P<theme>[^/]+)/style\.css)"
)
_FIELD = re.compile(r"^[ \t/*#@]*(Plugin Name|Theme Name|Version|License):[ \t]*(.*?)[ \t]*(?:\*/)?\r?$", re.MULTILINE)


def finder(_: FileTree) -> Finder:
    """Return the test for files that may have a header, by their path."""
    return lambda path, _: "wp-content/" in path and _PLACE.fullmatch(path) is not None


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the plug-in or theme; nothing if the file has no header, as most of a plug-in's have none."""
    place = _PLACE.fullmatch(path)
    stated: dict[str, str] = {}
    for key, value in _FIELD.findall(content[:_READ].decode("utf-8", "replace")):
        stated.setdefault(key, value)
    if place is None or not stated.get("Version") or not ("Plugin Name" in stated or "Theme Name" in stated):
        return
    name = f"plugins/{place['plugin']}" if place["plugin"] else f"themes/{place['theme']}"
    yield language_package("WordPress", name, stated["Version"].replace(" ", "-"), path, stated.get("License"))
