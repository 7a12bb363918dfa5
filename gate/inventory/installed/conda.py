"""Conda packages: a `conda-meta/NAME-VERSION-BUILD.json` for each in every environment."""

from collections.abc import Iterator

import msgspec

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, decode_json, language_package
from gate.model import Package
from gate.trees import FileTree


class _Record(msgspec.Struct):
    name: str
    version: str
    license: str | None = None


def finder(_: FileTree) -> Finder:
    """Return the test for the records, by their folder."""
    return lambda path, _: path.endswith(".json") and f"/{path}".rpartition("/")[0].endswith("/conda-meta")


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the one package of the record."""
    record = decode_json(content, path, _Record)
    yield language_package("Conda", record.name, record.version, path, record.license)
