"""PHP classes by lists: what phpab writes into `autoload.php` for packages without Composer, as Debian's are.

A list has the names of classes in small letters, as PHP compares them, each with its file below the list's folder.
"""

import posixpath
import re

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.per_image import cached_per_image
from gate.trees.memo import Analysis

_LIST = "autoload.php"
_OF_COMPOSER = "vendor/autoload.php"
"""Composer's own, which has its lists elsewhere."""
_ENTRY = re.compile(r"'(\w+(?:\\{1,2}\w+)+)'\s*=>\s*'(/[^'\n]{1,300})'")
_MAX_LISTS = 2_000
_MAX_SIZE = 1 << 20
_MAX_CLASSES = 100_000


@cached_per_image
def listed_classes(files: Files) -> dict[str, str]:
    """Return the file of each class in a list, by the class' name in small letters."""
    lists = [entry for entry in files.walk() if _is_list(entry.path) and entry.size <= _MAX_SIZE]
    found: dict[str, str] = {}
    for entry in lists[:_MAX_LISTS]:
        folder = posixpath.dirname(entry.path)
        for name, path in files.analysed(entry.path, Analysis("classes of a list", list[tuple[str, str]], _classes)):
            found.setdefault(name, f"/{folder}{path}")
        if len(found) >= _MAX_CLASSES:
            break
    return found


def _is_list(path: str) -> bool:
    return path.endswith(_LIST) and posixpath.basename(path) == _LIST and not path.endswith(_OF_COMPOSER)


def _classes(content: bytes) -> list[tuple[str, str]]:
    text = content.decode("utf-8", "replace")
    return [(found[1].replace("\\\\", "\\").lower(), found[2]) for found in _ENTRY.finditer(text)]
