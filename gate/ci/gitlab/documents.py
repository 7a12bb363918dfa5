"""One file of GitLab CI: an optional header (`spec`) and the content, each value with its place."""

import msgspec

from gate.ci.gitlab.inputs import SpecifiedInput, specified
from gate.core.errors import ConfigError, GateError, LimitError
from gate.core.lazy_regex import lazy_regex
from gate.core.source_text import text_of
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.trees import FileTree

MAX_SIZE = 4 << 20
"""Bytes of a definition; a larger one is an error."""
_TEMPLATE_MARKS = ("{{", "{%", "<%", "@@", "__CI_")
"""What programs that write a file from a template look for."""


MAX_VALUES = 300_000
"""Values of one file, those behind an alias counted each time."""


_HEADER = lazy_regex(
    r"\A(?:[ \t]*(?:#[^\n]*)?\n|---[^\n]*\n){0,200}spec:[ \t]*(?:#[^\n]*)?\n(?:.*\n){0,400}?---[ \t]*\n"
)


class CiFile(msgspec.Struct, frozen=True):
    """What one file says."""

    path: str
    body: Value
    inputs: dict[str, SpecifiedInput]


class NotADefinition(Exception):  # noqa: N818  (it is no error: the file merely has the name)
    """A file that has the name of a definition, and is the template of one or something else."""


def read_file(tree: FileTree, path: str) -> CiFile:
    """Read one file; of an empty one the content is an empty mapping.

    Raises NotADefinition for a template of another program, GateError for what cannot be read.
    """
    text = text_of(tree.read(path, MAX_SIZE), path)
    try:
        documents = read_values(text, path, is_yaml_1_1=True)
    except ConfigError:
        if any(mark in text for mark in _TEMPLATE_MARKS):
            raise NotADefinition("it is the template of another program, no YAML") from None
        raise
    if sum(map(_size, documents)) > MAX_VALUES:
        raise LimitError(f"has more than {MAX_VALUES:,} values", path=path)
    has_spec = len(documents) > 0 and documents[0].get("spec") is not None
    header = documents[0] if has_spec else None
    contents = documents[1:] if has_spec else documents
    body = contents[0] if contents else Value({}, path, 1)
    if not isinstance(body.data, dict):
        raise NotADefinition("its content is no mapping")
    return CiFile(path, body, specified(header))


def _size(value: Value) -> int:
    """Return how many values a value is, each alias counted as what it stands for."""
    known: dict[int, int] = {}

    def count(one: Value) -> int:
        if id(one) not in known:
            below = [value for _, value in one.items()] or (one.data if isinstance(one.data, list) else [])
            known[id(one)] = 1 + sum(map(count, below))
        return known[id(one)]

    return count(value)


def has_header(tree: FileTree, path: str) -> bool:
    """True for a file that begins with `spec`, as a component does; one that cannot be read has none."""
    try:
        return _HEADER.match(text_of(tree.read(path, MAX_SIZE), path)) is not None
    except GateError:
        return False
