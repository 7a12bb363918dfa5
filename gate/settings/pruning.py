"""A document without the parts that are wrong, so that what else is wrong in it can be found."""

from copy import deepcopy
from typing import Any


class Pruned:
    """A document's copy, from which keys and items are left out; knows what index an item had before."""

    def __init__(self, document: Any) -> None:
        self.value = deepcopy(document)  # of an alias of YAML, which may hold itself, there is one copy
        self._indexes: dict[int, list[int]] = {}
        """By the id of a list of the copy: the indexes that its items have in the document."""

    def original(self, keys: list[str | int]) -> list[str | int]:
        """Return a path in the copy as one in the document."""
        found: list[str | int] = []
        node = self.value
        for key in keys:
            found.append(self._indexes_of(node)[key] if isinstance(node, list) and isinstance(key, int) else key)
            node = _step(node, key)
        return found

    def leave_out(self, keys: list[str | int]) -> bool:
        """Leave out what a path of the document leads to; False if there is nothing to leave out."""
        if not keys:
            return False
        node = self.value
        for key in keys[:-1]:
            node = _step(node, self._here(node, key))
        last = self._here(node, keys[-1])
        if isinstance(node, list) and isinstance(last, int):
            del self._indexes_of(node)[last]
            del node[last]
            return True
        if isinstance(node, dict) and last in node:
            del node[last]
            return True
        return False

    def _here(self, node: Any, key: str | int) -> str | int:
        """Return the place in the copy of an item of a list, by its index in the document."""
        if not isinstance(node, list) or not isinstance(key, int):
            return key
        indexes = self._indexes_of(node)
        return indexes.index(key) if key in indexes else len(node)

    def _indexes_of(self, node: list[Any]) -> list[int]:
        return self._indexes.setdefault(id(node), list(range(len(node))))


def _step(node: Any, key: str | int) -> Any:
    """Return what a key or index leads to; None if it leads nowhere."""
    try:
        return node[key]
    except (IndexError, KeyError, TypeError):
        return None
