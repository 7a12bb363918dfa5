"""YAML lockfiles: scalars stay as written, duplicate keys are errors, aliases are limited, and lines are known."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from gate.core.errors import ConfigError
from gate.inventory.lockfile import read_text, refused, unparsable
from gate.trees import FileTree

if TYPE_CHECKING:
    import yaml

MAX_ALIASES = 100
"""Aliases that are followed; those inside an aliased value count each time."""

Document = TypeVar("Document")


def read_yaml(tree: FileTree, path: str, shape: type[Document]) -> tuple[Document, "yaml.Node"]:
    """Read a YAML file as `shape`; return it with the root node, for `places`.

    A scalar is its text (`1.10` stays `1.10`) unless `shape` asks for another type; null is None. Raises
    UnreadableError unless the file is a single document of that shape.
    """
    return parse_yaml(read_text(tree, path), path, shape)


def parse_yaml(text: str, path: str, shape: type[Document]) -> tuple[Document, "yaml.Node"]:
    """Read the YAML text of the file `path` as `shape`; see `read_yaml`."""
    from gate.core.yaml import compose

    try:
        root = compose(text, path)
        if root is None:
            raise unparsable(path, "it is empty")
        return msgspec.convert(_Reading(path).value(root), shape, strict=False), root
    except ConfigError as error:
        raise _in_words_of_lockfiles(error, path) from error
    except RecursionError as error:
        raise refused(path, "it is nested too deeply") from error
    except msgspec.ValidationError as error:
        raise unparsable(path, str(error)) from error


def _in_words_of_lockfiles(error: ConfigError, path: str) -> Exception:
    _, _, line = (error.path or "").removeprefix(path).rpartition(":")
    why = error.message.removeprefix("cannot be parsed: ")
    return unparsable(path, f"it is not YAML: {why}", int(line) if line else None)


class _Reading:
    """Turns nodes into plain values."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._seen: set[int] = set()
        self._aliases = 0

    def value(self, node: Any) -> Any:
        if node.id == "scalar":
            return None if node.tag == "tag:yaml.org,2002:null" else node.value
        self._note(node)
        if node.id == "sequence":
            return [self.value(item) for item in node.value]
        members: dict[str, Any] = {}
        for key, value in node.value:
            if key.id != "scalar":
                raise unparsable(self._path, "a key is no text", key.start_mark.line + 1)
            if key.value in members:
                raise refused(self._path, f"the key {key.value[:60]!r} stands twice", key.start_mark.line + 1)
            members[key.value] = self.value(value)
        return members

    def _note(self, node: Any) -> None:
        if id(node) in self._seen:
            self._aliases += 1
            if self._aliases > MAX_ALIASES:
                raise refused(self._path, f"more than {MAX_ALIASES} aliases", node.start_mark.line + 1)
        self._seen.add(id(node))


def places(root: "yaml.Node", *keys: str) -> Iterator[tuple[str, int]]:
    """Yield (text, line from 1) of each key or item of the node at the path `keys`, in the file's order.

    The text of an item that is no scalar is empty. Nothing is yielded if there is no such node.
    """
    node: Any = root
    for name in keys:
        members = node.value if node.id == "mapping" else ()
        node = next((value for key, value in members if key.value == name), None)
        if node is None:
            return
    if node.id == "scalar":
        return
    for part in node.value:
        named = part[0] if node.id == "mapping" else part
        yield named.value if named.id == "scalar" else "", named.start_mark.line + 1
