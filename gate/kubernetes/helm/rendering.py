"""What the charts of a tree render with their own values, at the lines of their templates."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.errors import ConfigError, GateError
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.kubernetes.helm.charts import Chart, read_chart
from gate.kubernetes.helm.evaluation import Evaluation, WrittenPart
from gate.kubernetes.helm.functions import MARK, UNKNOWN
from gate.kubernetes.helm.template_syntax import GoTemplate, parse_template
from gate.kubernetes.manifests import objects_of
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.unknown import UnknownValue
from gate.trees import FileTree

_PARTIAL = "_"
"""What the names of files begin with that only define templates."""
_GLUED = f":{MARK}"
"""A mark behind a key whose white space an action took away."""
_MARKED_LINE = re.compile(rf"[ ]*{MARK}+[ \t]*")
_GLUED_BOUNDARY = re.compile(r"^---(?=[A-Za-z])", re.MULTILINE)
_ELEMENT = "- "


class RenderedCharts(msgspec.Struct, frozen=True):
    """What charts render."""

    objects: tuple[KubernetesObject, ...] = ()
    used: frozenset[str] = frozenset()
    """The templates that were rendered."""
    texts: Mapping[str, str] = {}
    """By path, the templates."""
    not_read: tuple[str, ...] = ()
    """Templates that could not be rendered, and why; charts that are not in the repository."""
    unknown: tuple[str, ...] = ()
    """By chart, what its templates use whose result is unknown."""
    by_helm: tuple[str, ...] = ()
    """The charts that Helm itself rendered."""


def rendered_charts(tree: FileTree, folders: Iterable[str], paths: Sequence[str], version: str) -> RenderedCharts:
    """Return what the charts in `folders` render; `paths` are all of the tree, `version` is that of Kubernetes."""
    made = [_rendered_chart(tree, folder, paths, version) for folder in folders]
    return RenderedCharts(
        tuple(found for one in made for found in one.objects),
        frozenset().union(*(one.used for one in made)),
        {path: text for one in made for path, text in one.texts.items()},
        tuple(said for one in made for said in one.not_read),
        tuple(said for one in made for said in one.unknown),
    )


def _rendered_chart(tree: FileTree, folder: str, paths: Sequence[str], version: str) -> RenderedCharts:
    try:
        chart = read_chart(tree, folder, paths)
    except GateError as error:
        return RenderedCharts(not_read=(f"{folder or 'the root'}: {error}",))
    return _OneChart(chart, version).rendered()


class _OneChart:
    """Renders one chart with the charts in it."""

    def __init__(self, chart: Chart, version: str) -> None:
        self._chart = chart
        self._version = version
        self._not_read = dict.fromkeys(_not_here(chart))
        self._parts = list(chart.rendered_as({}))
        self._templates: dict[str, tuple[str, GoTemplate]] = {}
        for one, _ in self._parts:
            for path, text in one.templates.items():
                self._parse(one, path, text)

    def _parse(self, chart: Chart, path: str, text: str) -> None:
        try:
            self._templates[path] = (_name(chart, path), parse_template(text, path))
        except GateError as error:
            self._not_read[str(error)] = None

    def rendered(self) -> RenderedCharts:
        evaluation = Evaluation(dict(self._templates.values()))
        objects: list[KubernetesObject] = []
        used: set[str] = set()
        for chart, values in self._parts:
            for path in sorted(chart.templates):
                if path not in self._templates or chart.is_library or not _is_rendered(path):
                    continue
                try:
                    root = self._root(chart, values, path)
                    objects += _objects(evaluation.written(self._templates[path][1], root), path, chart.stated_in)
                    used.add(path)
                except GateError as error:
                    self._not_read[f"{path}: {error.message}"] = None
        unknown = ", ".join(evaluation.unknown)
        return RenderedCharts(
            tuple(objects),
            frozenset(used),
            {path: text for chart, _ in self._parts if not chart.stated_in for path, text in chart.templates.items()},
            tuple(self._not_read),
            (f"{self._chart.folder or 'the root'}: {unknown}",) if unknown else (),
        )

    def _root(self, chart: Chart, values: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Return what templates know: the objects of Helm, for a release that is called like the chart."""
        described = {key[:1].upper() + key[1:]: value for key, value in chart.description.items()}
        release = {"Name": self._chart.name, "Namespace": UNKNOWN, "Service": "Helm", "IsInstall": True, "Revision": 1}
        major, _, minor = self._version.partition(".")
        kubernetes = {
            "Version": f"v{self._version}.0",
            "Major": major,
            "Minor": minor,
            "GitVersion": f"v{self._version}.0",
        }
        return {
            "Values": dict(values),
            "Chart": {"Name": chart.name, **described, "IsRoot": chart is self._chart},
            "Release": {**release, "IsUpgrade": False},
            "Capabilities": {"KubeVersion": kubernetes, "APIVersions": {}, "HelmVersion": {"Version": "v3.18.0"}},
            "Template": {"Name": _name(chart, path), "BasePath": f"{chart.name}/templates"},
            "Files": chart.files,
            "Subcharts": {},
        }


def _not_here(chart: Chart) -> Iterator[str]:
    """Yield what a chart, and those in it, do not have."""
    yield from chart.not_here
    for inner in chart.charts:
        yield from _not_here(inner)


def _is_rendered(path: str) -> bool:
    return not posixpath.basename(path).startswith(_PARTIAL)


def _name(chart: Chart, path: str) -> str:
    """Return the name of a template as Helm has it: `shop/templates/web.yaml`."""
    return f"{chart.name}/{path[len(chart.folder) :].lstrip('/')}"


def _objects(written: Iterable[WrittenPart], path: str, stated_in: str = "") -> list[KubernetesObject]:
    """Return the objects in what a template made. Raises ConfigError if it is no YAML.

    With `stated_in` they are at the first line of that file, as no line of the repository made them.
    """
    text, lines = _text_and_lines(written)
    if stated_in:
        path, lines = stated_in, []
    if not text.strip():
        return []
    try:
        documents = read_values(text, path, is_yaml_1_1=True)
    except ConfigError:
        # an unknown part is among the keys of a mapping, where no value can be
        documents = read_values(_with_marked_keys(text), path, is_yaml_1_1=True)
    placed = _Placed(lines)
    return [without_marks(found) for document in documents for found in objects_of(placed.value(document))]


def _with_marked_keys(text: str) -> str:
    """Return a text in which marks with a line of their own are keys, or elements, of what is above them."""
    lines = text.split("\n")
    above = ""
    for number, line in enumerate(lines):
        if line.endswith(_GLUED):  # the mark is a part of the key for YAML
            is_followed = _MARKED_LINE.fullmatch("".join(lines[number + 1 : number + 2])) is not None
            line = lines[number] = line.removesuffix(MARK) + ("" if is_followed else f" {MARK}")
        if _MARKED_LINE.fullmatch(line):
            lines[number] = _marked(above, next((one for one in lines[number + 1 :] if _is_full(one)), ""))
        elif _is_full(line):
            above = line
    return "\n".join(lines)


def _is_full(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#") and not _MARKED_LINE.fullmatch(line)


def _marked(above: str, below: str) -> str:
    indent, words = len(above) - len(above.lstrip()), above.strip()
    if words.endswith(":"):
        further = len(below) - len(below.lstrip())
        is_element = below.lstrip().startswith(_ELEMENT) and further >= indent
        if is_element:
            return f'{" " * further}- "{MARK}":'
        indent = further if further > indent else indent + 2
    elif words.startswith(_ELEMENT):
        if ":" not in words:
            return f'{" " * indent}- "{MARK}":'
        indent += len(_ELEMENT)
    return f'{" " * indent}"{MARK}":'


def without_marks(found: KubernetesObject) -> KubernetesObject:
    """Return an object whose name and namespace are what is known of them."""
    name, namespace = (text.replace(MARK, "") for text in (found.name, found.namespace))
    return msgspec.structs.replace(found, name=name, namespace=namespace)


def _text_and_lines(written: Iterable[WrittenPart]) -> tuple[str, list[int]]:
    """Return what a template made as one text, and for each of its lines the line of the template."""
    parts: list[str] = []
    lines: list[int] = [0]
    for one in written:
        parts.append(one.text)
        for number, part in enumerate(one.text.split("\n")):
            if number:
                lines.append(0)
            if part.strip() and not lines[-1]:
                lines[-1] = one.line + (number if one.is_literal else 0)
    return _with_boundaries("".join(parts), lines)


def _with_boundaries(text: str, lines: list[int]) -> tuple[str, list[int]]:
    """Return a text in which a boundary has a line of its own: Helm parts documents at `---kind: Pod`, too."""
    if _GLUED_BOUNDARY.search(text) is None:
        return text, lines
    parted = [
        (_GLUED_BOUNDARY.sub("---\n", line), number) for line, number in zip(text.split("\n"), lines, strict=True)
    ]
    numbers = [number for line, number in parted for _ in line.split("\n")]
    return "\n".join(line for line, _ in parted), numbers


class _Placed:
    """Gives values the lines of the template that made them."""

    def __init__(self, lines: Sequence[int]) -> None:
        self._lines = lines
        self._known: dict[int, Value] = {}

    def value(self, made: Value) -> Value:
        known = self._known.get(id(made))
        if known is None:
            known = self._known[id(made)] = self._placed(made)
        return known

    def _placed(self, made: Value) -> Value:
        line = self._lines[made.line - 1] if made.line <= len(self._lines) else 0
        place = (line or 1, 1)
        data, is_unknown = made.data, False
        if isinstance(data, dict):
            is_unknown = any(MARK in key for key in data)
            data = {key: self.value(one) for key, one in data.items() if MARK not in key}
        elif isinstance(data, list):
            data = [self.value(one) for one in data]
        elif isinstance(data, str) and MARK in data:
            data, is_unknown = data.replace(MARK, ""), True
        kind = UnknownValue if is_unknown else Value
        return kind(data, made.path, line or 1, place, place, made.tag, made.style)
