"""Files as values, of the formats that many readers share."""

from gate.core.json_values import read_json_values
from gate.core.source_text import text_of
from gate.core.toml_values import read_toml_values
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.trees import FileTree
from gate.workspace.readers.reading import MAX_SIZE, NOTHING


def json_of(tree: FileTree, path: str) -> Value:
    """Return the value of a file in JSON, with comments and trailing commas or without; an empty one holds nothing."""
    return read_json_values(text_of(tree.read(path, MAX_SIZE), path), path) or NOTHING


def yaml_of(tree: FileTree, path: str) -> Value:
    """Return the first document of a file in YAML."""
    return next(iter(read_values(text_of(tree.read(path, MAX_SIZE), path), path)), NOTHING)


def toml_of(tree: FileTree, path: str) -> Value:
    """Return the tables of a file in TOML."""
    return read_toml_values(text_of(tree.read(path, MAX_SIZE), path), path)
