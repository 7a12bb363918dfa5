"""Charts of a tree: their values, templates, and the charts in them."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from gate.core.errors import GateError, LimitError
from gate.core.source_text import text_of
from gate.core.yaml_values import read_values
from gate.kubernetes.helm import packed
from gate.kubernetes.helm.functions import merged_values, plain_value
from gate.kubernetes.helm.other_files import OtherFiles
from gate.kubernetes.helm.packed import ArchiveBounds, PackedFiles
from gate.trees import FileTree

CHART = "Chart.yaml"
_VALUES, _TEMPLATES, _CHARTS = "values.yaml", "templates/", "charts/"
_NOTES = "NOTES.txt"
_OWN_FILES = frozenset({CHART, _VALUES, "Chart.lock", "values.schema.json", "requirements.yaml", "requirements.lock"})
"""Files that Helm itself reads, and templates do not see."""
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
    files: OtherFiles = OtherFiles({})
    """Its other files."""
    charts: tuple["Chart", ...] = ()
    """Those in its folder `charts`, and in archives there."""
    not_here: tuple[str, ...] = ()
    """Charts that it needs and that are not in the repository, or in archives that cannot be opened."""
    stated_in: str = ""
    """For a chart in an archive: the file that stands for it, the `Chart.yaml` of the one that needs it."""

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
    return _Reader(tree, ArchiveBounds()).chart(folder, paths)


class _Reader:
    """Reads charts of one tree, and those in archives."""

    def __init__(self, tree: FileTree, bounds: ArchiveBounds, depth: int = 0) -> None:
        self._tree, self._bounds, self._depth = tree, bounds, depth

    def chart(self, folder: str, paths: Iterable[str]) -> Chart:
        start = f"{folder}/" if folder else ""
        within = [path for path in paths if path.startswith(start)]
        names = [path[len(start) :] for path in within]
        known = set(names)
        folders = sorted({name.split("/")[1] for name in names if name.startswith(_CHARTS) and name.count("/") > 1})
        charts = [
            self.chart(f"{start}{_CHARTS}{name}", within) for name in folders if f"{_CHARTS}{name}/{CHART}" in known
        ]
        archives = [name for name in names if name.startswith(_CHARTS) and name.endswith(packed.ENDINGS)]
        not_opened: list[str] = []
        for archive in (name for name in archives if name.count("/") == 1):
            try:
                charts += self._packed(start, archive)
            except GateError as error:
                not_opened.append(f"{folder or 'the root'}: {archive} is not opened: {error.message}")
        chart = Chart(
            folder,
            self._mapping(f"{start}{CHART}"),
            self._mapping(f"{start}{_VALUES}") if _VALUES in known else {},
            {f"{start}{name}": self._text(f"{start}{name}") for name in names if _is_template(name)},
            OtherFiles({name: partial(self._read, f"{start}{name}") for name in names if _is_other(name)}),
            tuple(charts),
        )
        return msgspec.structs.replace(chart, not_here=(*_not_here(chart), *not_opened))

    def _packed(self, start: str, archive: str) -> list[Chart]:
        """Return the chart in an archive. Raises GateError."""
        if self._depth >= packed.MAX_DEPTH:
            raise LimitError(f"archives are in one another more than {packed.MAX_DEPTH} deep")
        path = f"{start}{archive}"
        files = self._bounds.files_in(self._tree.read(path, packed.MAX_PACKED), path)
        folders = chart_folders(files)
        reader = _Reader(PackedFiles(files), self._bounds, self._depth + 1)
        return [_as_packed(reader.chart(folder, files), f"{path}!/", f"{start}{CHART}") for folder in folders[:1]]

    def _read(self, path: str) -> bytes:
        return self._tree.read(path, MAX_SIZE)

    def _text(self, path: str) -> str:
        return text_of(self._read(path), path)

    def _mapping(self, path: str) -> dict[str, Any]:
        """Return the mapping of a file; what aliases share is shared. Raises GateError."""
        documents = read_values(self._text(path), path, is_yaml_1_1=True)
        found = plain_value(documents[0], {}) if documents else {}
        return found if isinstance(found, dict) else {}


def _is_template(name: str) -> bool:
    return name.startswith(_TEMPLATES) and not name.endswith(_NOTES)


def _is_other(name: str) -> bool:
    return name not in _OWN_FILES and not name.startswith((_TEMPLATES, _CHARTS))


def _as_packed(chart: Chart, place: str, stated_in: str) -> Chart:
    """Return a chart of an archive with paths that say so."""
    return msgspec.structs.replace(
        chart,
        folder=f"{place}{chart.folder}",
        templates={f"{place}{path}": text for path, text in chart.templates.items()},
        charts=tuple(_as_packed(inner, place, stated_in) for inner in chart.charts),
        stated_in=stated_in,
    )


def _not_here(chart: Chart) -> Iterator[str]:
    """Yield what a chart needs and does not have; it may have it in an archive that cannot be opened."""
    entries = chart.description.get("dependencies")
    here = {inner.name for inner in chart.charts}
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get("name") if isinstance(entry, dict) else None
        if name and name not in here:
            yield f"{chart.folder or 'the root'}: the chart {name} is not in the repository"
