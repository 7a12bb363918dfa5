"""Python distributions: `*.dist-info/METADATA`, `*.egg-info` (file or folder), eggs; core metadata specification."""

import re
from collections.abc import Callable, Iterator

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import language_package, unparsable
from gate.model import Package
from gate.trees import FileTree

_ENDINGS = (".dist-info/METADATA", ".egg-info/PKG-INFO", "/EGG-INFO/PKG-INFO", ".egg-info")
_SEPARATORS = re.compile(r"[-_.]+")
_FIELDS = frozenset({"name", "version"})


def finder(_: FileTree) -> Callable[[str], bool]:
    """Tell files with the metadata of a distribution by their names."""
    return lambda path: path.endswith(_ENDINGS)


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the one distribution that the file describes, its name normalised by PEP 503."""
    fields = _head(content.decode("utf-8", "replace"))
    if not fields.get("name") or not fields.get("version"):
        raise unparsable(path, "it states no Name or no Version")
    name = _SEPARATORS.sub("-", fields["name"]).lower()
    yield language_package("PyPI", name, fields["version"], path)


def _head(text: str) -> dict[str, str]:
    """Return the first Name and Version before the first empty line, where the description starts."""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            break
        key, colon, value = line.partition(":")
        if colon and key.lower() in _FIELDS:
            fields.setdefault(key.lower(), value.strip())
    return fields
