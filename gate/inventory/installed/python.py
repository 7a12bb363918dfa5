"""Python distributions: `*.dist-info/METADATA`, `*.egg-info` (file or folder), eggs; core metadata specification."""

import re
from collections.abc import Iterator

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, language_package, unparsable
from gate.model import Package
from gate.trees import FileTree

_ENDINGS = (".dist-info/METADATA", ".egg-info/PKG-INFO", "/EGG-INFO/PKG-INFO", ".egg-info")
_SEPARATORS = re.compile(r"[-_.]+")
_FIELDS = frozenset({"name", "version", "license-expression", "license"})
_CLASSIFIER = "License :: "


def finder(_: FileTree) -> Finder:
    """Return the test for files with the metadata of a distribution, by their names."""
    return lambda path, _: path.endswith(_ENDINGS)


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the one distribution that the file describes, its name normalised by PEP 503."""
    fields = _head(content.decode("utf-8", "replace"))
    if not fields.get("name") or not fields.get("version"):
        raise unparsable(path, "it states no Name or no Version")
    name = _SEPARATORS.sub("-", fields["name"]).lower()
    yield language_package("PyPI", name, fields["version"], path, _license(fields))


def _license(fields: dict[str, str]) -> str | None:
    """Return the expression (PEP 639), else what the classifiers say, else the free text."""
    return fields.get("license-expression") or fields.get("classifiers") or fields.get("license")


def _head(text: str) -> dict[str, str]:
    """Return the first value of each field before the first empty line, where the description starts.

    `classifiers` are the licences that classifiers name.
    """
    licenses: list[str] = []
    fields: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            break
        key, colon, value = line.partition(":")
        if colon and key.lower() in _FIELDS:
            fields.setdefault(key.lower(), value.strip())
        elif key.lower() == "classifier" and value.strip().startswith(_CLASSIFIER):
            licenses.append(value.rpartition(" :: ")[2].strip())
    return fields | {"classifiers": " AND ".join(licenses)}
