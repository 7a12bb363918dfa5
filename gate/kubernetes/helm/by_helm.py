"""What Helm itself renders charts to, at the lines that our own reading knows: it knows values that ours does not.

Helm's answer has the template of each object, and no lines: a value gets the line of the same field in what our reading
makes of the same object, or of what is around it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

import msgspec

from gate.core.errors import GateError
from gate.core.source_text import decode
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.kubernetes.helm.charts import CHART, MAX_SIZE, read_chart
from gate.kubernetes.helm.functions import MARK
from gate.kubernetes.helm.helm_program import ChartFiles, find_helm, render
from gate.kubernetes.helm.rendering import RenderedCharts, without_marks
from gate.kubernetes.manifests import objects_of
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.unknown import UnknownValue
from gate.trees import FileTree

NAMESPACE = "gate-release-namespace"
"""The namespace of the release, which is unknown before it is installed."""
_SOURCE = re.compile(r"^---\n# Source: (?P<path>.+)\n", re.MULTILINE)
_Own = Mapping[tuple[str, str], KubernetesObject]
"""What our own reading makes of a chart, by kind and name."""
_AT_TOP = 1
"""The line of what our own reading does not make."""


def rendered_by_helm(
    tree: FileTree, folders: Sequence[str], paths: Sequence[str], version: str, own: RenderedCharts
) -> RenderedCharts:
    """Return `own`, with what Helm makes of each chart in its place; one that Helm refuses stays as it is."""
    program = find_helm()
    if program is None:
        return msgspec.structs.replace(own, not_read=(*own.not_read, "helm is not on the PATH: rendered without it"))
    result = own
    for folder in folders:
        try:
            result = _with_chart(result, folder, _made_of_chart(tree, folder, paths, version, program, own))
        except GateError as error:
            refused = f"{folder or 'the root'}: {error.message}"
            result = msgspec.structs.replace(result, not_read=(*result.not_read, refused))
    return result


def _with_chart(known: RenderedCharts, folder: str, made: Sequence[KubernetesObject]) -> RenderedCharts:
    """Return what charts are rendered to, one of them by Helm, so that nothing of it is unknown or not read."""
    name = folder or "the root"
    return msgspec.structs.replace(
        known,
        objects=(*(one for one in known.objects if not _is_within(one.path, folder)), *made),
        used=known.used | {one.path for one in made},
        not_read=tuple(one for one in known.not_read if not (_is_within(one, folder) or one.startswith(f"{name}:"))),
        unknown=tuple(one for one in known.unknown if not one.startswith(f"{name}:")),
        by_helm=(*known.by_helm, name),
    )


def _is_within(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _made_of_chart(
    tree: FileTree, folder: str, paths: Sequence[str], version: str, program: str, known: RenderedCharts
) -> list[KubernetesObject]:
    start = f"{folder}/" if folder else ""
    within = [path for path in paths if path.startswith(start)]
    files = {path.removeprefix(start): tree.read(path, MAX_SIZE) for path in within}
    chart = ChartFiles(files, read_chart(tree, folder, within).name, NAMESPACE, version)
    text = decode(render(chart, program)).text.replace(NAMESPACE, MARK)
    placed = _PlacedAsOwn({(one.kind, one.name): one for one in known.objects if _is_within(one.path, folder)})
    return [
        placed.object(found, path if path in files else CHART, start)
        for path, part in _parts(text)
        for document in read_values(part, f"{start}{path}", is_yaml_1_1=True)
        for found in objects_of(document)
    ]


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield what each template made: its path below the chart's folder, and the text."""
    found = list(_SOURCE.finditer(text))
    ends = [*(one.start() for one in found[1:]), len(text)]
    for source, end in zip(found, ends, strict=True):
        yield source["path"].partition("/")[2], text[source.end() : end]


class _PlacedAsOwn:
    """Gives values the places that they have in our own reading."""

    def __init__(self, own: _Own) -> None:
        self._own = own
        self._known: dict[tuple[int, int], Value] = {}

    def object(self, made: KubernetesObject, path: str, start: str) -> KubernetesObject:
        """Return an object with the lines of ours that has its kind and name, if there is one."""
        named = without_marks(made)
        ours = self._own.get((named.kind, named.name))
        value = self._value(made.value, ours.value if ours else None, f"{start}{path}", _AT_TOP)
        return msgspec.structs.replace(named, value=value)

    def _value(self, made: Value, ours: Value | None, path: str, line: int) -> Value:
        key = (id(made), id(ours))
        if key not in self._known:
            self._known[key] = self._placed(made, ours, path, line)
        return self._known[key]

    def _placed(self, made: Value, ours: Value | None, path: str, line: int) -> Value:
        if ours is not None:
            path, line = ours.path, ours.line
        data, is_unknown = made.data, False
        if isinstance(data, dict):
            is_unknown = any(MARK in key for key in data)
            data = {
                key: self._value(one, ours.get(key) if ours else None, path, line)
                for key, one in data.items()
                if MARK not in key
            }
        elif isinstance(data, list):
            elements = ours.data if ours is not None and isinstance(ours.data, list) else []
            pairs = zip_longest(data, elements[: len(data)])
            data = [self._value(one, element, path, line) for one, element in pairs]
        elif isinstance(data, str) and MARK in data:
            data, is_unknown = data.replace(MARK, ""), True
        kind = UnknownValue if is_unknown else Value
        return kind(data, path, line, (line, 1), (line, 1), made.tag, made.style)
