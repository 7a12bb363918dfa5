"""Charts of a tree: their values, templates, and the charts in them."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from gate.core.source_text import decode
from gate.core.values import read_values
from gate.kubernetes.helm.functions import merged_values, plain_value
from gate.trees import FileTree

CHART = "Chart.yaml"
_VALUES, _TEMPLATES, _CHARTS = "values.yaml", "templates/", "charts/"
_NOTES = "NOTES.txt"
_ENDINGS = (".yaml", ".yml", ".tpl", ".json", ".txt")
_ARCHIVES = (".tgz", ".tar.gz")
MAX_SIZE = 4 << 20
"""Bytes of a template or a file of values."""


class Chart(msgspec.Struct, frozen=True):
    """A chart as its folder states it."""

    folder: str
    description: Mapping[str, Any]
    """What `Chart.yaml` says."""
    values: Mapping[str, Any]
    templates: Mapping[str, str]
    """By path, the texts."""
    charts: tuple["Chart", ...] = ()
    """Those in its folder `charts`."""
    not_here: tuple[str, ...] = ()
    """Charts that it needs and that are not in the repository, or are archives."""

    @property
    def name(self) -> str:
        return str(self.description.get("name") or posixpath.basename(self.folder) or "chart")

    @property
    def is_library(self) -> bool:
        return self.description.get("type") == "library"

    def rendered_as(self, values: Mapping[str, Any]) -> Iterator[tuple["Chart", dict[str, Any]]]:
        """Yield the chart and those in it that its values switch on, each with its own values.

        `values` are stronger than the chart's own, as those that a chart has for one of its charts are.
        """
        own = merged_values(dict(values), dict(self.values))
        yield self, own
        for inner in self.charts:
            for entry in self._entries(inner.name):
                if _is_on(entry, own):
                    given = own.get(str(entry.get("alias") or inner.name))
                    handed = dict(given) if isinstance(given, dict) else {}
                    if isinstance(own.get("global"), dict):
                        handed["global"] = merged_values(own["global"], handed.get("global") or {})
                    yield from inner.rendered_as(handed)

    def _entries(self, name: str) -> list[Mapping[str, Any]]:
        """Return what the chart says of a chart that it needs; a chart in its folder needs no entry."""
        entries = self.description.get("dependencies")
        listed = entries if isinstance(entries, list) else []
        return [one for one in listed if isinstance(one, dict) and one.get("name") == name] or [{}]


def _is_on(entry: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """True unless the first condition of an entry that the values answer is false."""
    for condition in str(entry.get("condition") or "").split(","):
        found: Any = values
        for key in condition.strip().split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, bool):
            return found
    return True


def chart_folders(paths: Iterable[str]) -> list[str]:
    """Return the folders of charts among the paths of a tree, without those that are in another chart."""
    folders = sorted(posixpath.dirname(path) for path in paths if posixpath.basename(path) == CHART)
    known = set(folders)
    return [folder for folder in folders if not _is_inside(folder, known)]


def _is_inside(folder: str, charts: set[str]) -> bool:
    parent = posixpath.dirname(folder)
    return posixpath.basename(parent) == _CHARTS[:-1] and posixpath.dirname(parent) in charts


def read_chart(tree: FileTree, folder: str, paths: Iterable[str]) -> Chart:
    """Return the chart in a folder; `paths` are those of the tree. Raises GateError if it cannot be read."""
    start = f"{folder}/" if folder else ""
    within = [path for path in paths if path.startswith(start)]
    names = [path[len(start) :] for path in within]
    inner = sorted({name.split("/")[1] for name in names if name.startswith(_CHARTS) and name.endswith(f"/{CHART}")})
    charts = tuple(
        read_chart(tree, f"{start}{_CHARTS}{name}", within) for name in inner if f"{_CHARTS}{name}/{CHART}" in names
    )
    description = _mapping(tree, f"{start}{CHART}")
    templates = {
        f"{start}{name}": decode(tree.read(f"{start}{name}", MAX_SIZE)).text
        for name in names
        if name.startswith(_TEMPLATES) and name.endswith(_ENDINGS) and posixpath.basename(name) != _NOTES
    }
    values = _mapping(tree, f"{start}{_VALUES}") if _VALUES in names else {}
    archives = [name for name in names if name.startswith(_CHARTS) and name.endswith(_ARCHIVES)]
    chart = Chart(folder, description, values, templates, charts)
    return msgspec.structs.replace(chart, not_here=tuple(_not_here(chart, archives)))


def _not_here(chart: Chart, archives: Iterable[str]) -> Iterator[str]:
    entries = chart.description.get("dependencies")
    here = {inner.name for inner in chart.charts}
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get("name") if isinstance(entry, dict) else None
        if name and name not in here:
            yield f"{chart.folder or 'the root'}: the chart {name} is not in the repository"
    for archive in archives:
        yield f"{chart.folder or 'the root'}: {archive} is not opened"


def _mapping(tree: FileTree, path: str) -> dict[str, Any]:
    """Return the mapping of a file; what aliases share is shared. Raises GateError."""
    documents = read_values(decode(tree.read(path, MAX_SIZE)).text, path)
    found = plain_value(documents[0], {}) if documents else {}
    return found if isinstance(found, dict) else {}
