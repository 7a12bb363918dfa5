"""Which files of a tree are manifests, and the objects in them."""

import json
import re
from collections.abc import Iterator

import msgspec

from gate.core.errors import ConfigError, GateError, LimitError, as_stage_error
from gate.core.source_text import text_of
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.kubernetes.first_look import may_hold_objects
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.paths import MAX_OTHER, is_structured
from gate.model import StageError
from gate.trees import FileTree, resolve

MAX_SIZE = 16 << 20
"""Bytes of a manifest; a larger one is an error."""
MAX_PARTS = 2_000
"""Documents that are read one by one where a file cannot be read as a whole."""
_ACTION = re.compile(r"\{\{|\{%|<%|\$\{|^[ \t]*@\w+|@[A-Za-z_][\w.-]*@|\$\(", re.MULTILINE)
"""What templates of Helm, Jinja, ERB, Terraform, Autoconf (`@NAME@`) and shells hold."""
_SOMETHING = re.compile(r"\S")
_BOUNDARY = re.compile(r"^---.*$", re.MULTILINE)
"""Where kubectl parts a file: at each line that begins so (apimachinery, `util/yaml`)."""


class Manifest(msgspec.Struct, frozen=True):
    """The objects of one file."""

    path: str
    text: str
    objects: tuple[KubernetesObject, ...] = ()
    errors: tuple[StageError, ...] = ()
    is_template: bool = False
    """True for a file with actions of a template, of which only documents without any are read."""


def read_manifest(tree: FileTree, path: str) -> Manifest | None:
    """Return the objects of a file; None if it is no manifest. Raises GateError if it cannot be read."""
    is_plain = is_structured(path)
    content = tree.read(path) if is_plain else _small(tree, path)
    if not may_hold_objects(content):
        return None
    if len(content) > MAX_SIZE:
        raise LimitError(
            f"a manifest of more than {MAX_SIZE:,} bytes", path=path, hint="Split it, or list it in `ignore`"
        )
    try:
        text = text_of(content, path)
    except GateError:
        if is_plain:
            raise
        return None
    read = _read(text, path)
    if is_plain:
        return read if read.objects or read.errors or read.is_template else None
    return msgspec.structs.replace(read, errors=(), is_template=False) if read.objects else None


def _small(tree: FileTree, path: str) -> bytes:
    """Return what a file holds whose name says nothing; nothing if it is too large for an object."""
    entry = resolve(tree, path)
    return b"" if entry is None or entry.size > MAX_OTHER else tree.read(path, MAX_OTHER)


def _read(text: str, path: str) -> Manifest:
    try:
        return Manifest(path, text, tuple(_objects(text, path)))
    except ConfigError as error:
        return _read_apart(text, path, error)


def _objects(text: str, path: str) -> list[KubernetesObject]:
    return [found for document in read_values(text, path, is_yaml_1_1=True) for found in objects_of(document)]


def _read_apart(text: str, path: str, error: ConfigError) -> Manifest:
    """Read the documents of a file one by one, as one of them cannot be read: kubectl applies those before it."""
    objects: list[KubernetesObject] = []
    errors: list[StageError] = []
    is_template = False
    parts = list(_parts(text))
    if len(parts) == 1 or len(parts) > MAX_PARTS:
        is_template = _ACTION.search(text) is not None
        return Manifest(
            path, text, errors=() if is_template else (as_stage_error(error, path),), is_template=is_template
        )
    for line, part in parts:
        try:
            objects += _objects("\n" * line + part, path)
        except GateError as broken:
            if _ACTION.search(part):
                is_template = True
            else:
                errors.append(as_stage_error(broken, path))
    return Manifest(path, text, tuple(objects), tuple(errors), is_template)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield the documents of a text, each with the number of lines before it."""
    if text.lstrip().startswith("{"):
        yield from _parts_of_json(text)
        return
    start = 0
    for boundary in (*_BOUNDARY.finditer(text), None):
        end = boundary.start() if boundary else len(text)
        if text[start:end].strip():
            yield text.count("\n", 0, start), text[start:end]
        start = boundary.end() if boundary else end


def _parts_of_json(text: str) -> Iterator[tuple[int, str]]:
    """Yield JSON documents that stand one behind the other, as kubectl reads them; a broken one goes to the end."""
    decoder = json.JSONDecoder()
    start, lines = 0, 0
    while found := _SOMETHING.search(text, start):
        lines, start = lines + text.count("\n", start, found.start()), found.start()
        try:
            end = decoder.raw_decode(text, start)[1]
        except (ValueError, RecursionError):
            end = len(text)
        yield lines, text[start:end]
        lines, start = lines + text.count("\n", start, end), end


def objects_of(document: Value, kind: str = "", api_version: str = "") -> Iterator[KubernetesObject]:
    """Yield the object of a document, and those of a list of objects.

    `kind` and `api_version` are those of the list that it stands in: the elements of a `PodList` need not state theirs.
    """
    if isinstance(document.data, list):
        for element in document.data:
            yield from objects_of(element)
        return
    kind, api_version = document.text("kind") or kind, document.text("apiVersion") or api_version
    if not kind or not api_version:
        return
    items = document.get("items")
    if kind.endswith("List") and items is not None and isinstance(items.data, list):
        of_elements = (kind.removesuffix("List"), api_version) if kind != "List" else ("", "")
        for element in items.data:
            yield from objects_of(element, *of_elements)
        return
    name = document.text("metadata", "name") or document.text("metadata", "generateName")
    group = api_version.rpartition("/")[0]
    yield KubernetesObject(kind, group, name, document.text("metadata", "namespace"), document)
