"""Which files of a tree are manifests, and the objects in them."""

import json
import re
from collections.abc import Iterator

import msgspec

from gate.core.errors import ConfigError, GateError, LimitError, as_stage_error
from gate.core.source_text import decode
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.kubernetes.first_look import may_hold_objects
from gate.kubernetes.objects import KubernetesObject
from gate.model import StageError
from gate.trees import FileTree

MAX_SIZE = 16 << 20
"""Bytes of a manifest; a larger one is an error."""
MAX_PARTS = 2_000
"""Documents that are read one by one where a file cannot be read as a whole."""
ENDINGS = (".yaml", ".yml", ".json")
_ACTION = re.compile(rb"\{\{|\{%|<%|\$\{|^[ \t]*@\w+|@[A-Za-z_][\w.-]*@|\$\(", re.MULTILINE)
"""What templates of Helm, Jinja, ERB, Terraform, Autoconf (`@NAME@`) and shells hold."""
_SOMETHING = re.compile(r"\S")
_BOUNDARY = re.compile(r"^---(?:[ \t].*)?$", re.MULTILINE)


class Manifest(msgspec.Struct, frozen=True):
    """The objects of one file."""

    path: str
    text: str
    objects: tuple[KubernetesObject, ...] = ()
    errors: tuple[StageError, ...] = ()
    is_template: bool = False
    """True for a file with actions of a template, which is not read."""


def read_manifest(tree: FileTree, path: str) -> Manifest | None:
    """Return the objects of a file; None if it is no manifest. Raises GateError if it cannot be read."""
    content = tree.read(path)
    if not may_hold_objects(content, path):
        return None
    if len(content) > MAX_SIZE:
        raise LimitError(
            f"a manifest of more than {MAX_SIZE:,} bytes", path=path, hint="Split it, or list it in `ignore`"
        )
    text = decode(content).text
    try:
        documents = read_values(text, path, keys_once=True)
    except ConfigError as error:
        if _ACTION.search(content):
            return Manifest(path, text, is_template=True)
        return _read_apart(text, path, error)
    objects = tuple(found for document in documents for found in objects_of(document))
    return Manifest(path, text, objects) if objects else None


def _read_apart(text: str, path: str, error: ConfigError) -> Manifest:
    """Read the documents of a file one by one, as one of them cannot be read."""
    objects: list[KubernetesObject] = []
    errors: list[StageError] = []
    parts = list(_parts(text))
    if len(parts) == 1 or len(parts) > MAX_PARTS:
        return Manifest(path, text, errors=(as_stage_error(error, path),))
    for line, part in parts:
        try:
            documents = read_values("\n" * line + part, path, keys_once=True)
        except GateError as broken:
            errors.append(as_stage_error(broken, path))
            continue
        objects += [found for document in documents for found in objects_of(document)]
    return Manifest(path, text, tuple(objects), tuple(errors))


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


def objects_of(document: Value) -> Iterator[KubernetesObject]:
    """Yield the object of a document, and those of a list of objects."""
    if isinstance(document.data, list):
        for element in document.data:
            yield from objects_of(element)
        return
    kind, api_version = document.text("kind"), document.text("apiVersion")
    if not kind or not api_version:
        return
    items = document.get("items")
    if kind.endswith("List") and items is not None and isinstance(items.data, list):
        for element in items.data:
            yield from objects_of(element)
        return
    name = document.text("metadata", "name") or document.text("metadata", "generateName")
    group = api_version.rpartition("/")[0]
    yield KubernetesObject(kind, group, name, document.text("metadata", "namespace"), document)
