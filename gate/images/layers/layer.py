"""A layer's changes as a tree, and merging it with the layers below: OCI image specification, "Image Layer".

The rules are those of overlayfs, with which engines mount images: links in a path are followed within the layer while
it is unpacked; a folder of an upper layer is merged with a folder below and replaces anything else.
"""

from collections.abc import Iterable, Iterator

import msgspec

from gate.core.errors import UnreadableError
from gate.images.layers.span import Span
from gate.images.layers.tar import TarMember
from gate.images.limits import Budget
from gate.trees import EntryKind, shown
from gate.trees.base import MAX_LINKS

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_NOT_NAMES = frozenset({"", ".", ".."})
_AUFS = ".wh..wh."
"""Prefix of AUFS's own metadata, which engines ignore."""


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """A file, link or other thing that is no folder."""

    kind: EntryKind
    size: int
    mode: int
    layer: int
    """Index of the layer that brought it."""
    offset: int
    """Where its content starts in that layer."""
    link: str | None = None


class LayerFolder:
    """A folder: what is in it and, in a layer that is not laid over others yet, what it removes below."""

    __slots__ = ("children", "is_opaque", "layer", "mode", "removed")

    def __init__(self, layer: int, mode: int | None = None) -> None:
        self.children: dict[str, Leaf | LayerFolder] = {}
        self.layer = layer
        self.mode = mode
        """Permission bits; None if the layer only mentions the folder as part of a path."""
        self.is_opaque = False
        self.removed: set[str] = set()


Node = Leaf | LayerFolder


class Hidden(msgspec.Struct, frozen=True, gc=False):
    """A leaf that a later layer removes or replaces: containers do not see it, but it can be read from the image."""

    path: str
    leaf: Leaf
    hidden_by: int
    """Index of that layer; the leaf's own if it holds the path twice."""


def lay_over(below: LayerFolder, above: LayerFolder) -> Iterator[Hidden]:
    """Merge the layer `above` into `below`, and yield the leaves that this hides. It is done when all are consumed."""
    todo = [(below, above, "")]
    while todo:
        lower, upper, prefix = todo.pop()
        for name in list(lower.children) if upper.is_opaque else upper.removed:
            yield from _hidden(lower.children.pop(name, None), prefix + name, above.layer)
        if upper.mode is not None:
            lower.mode, lower.layer = upper.mode, upper.layer
        for name, node in upper.children.items():
            old = lower.children.get(name)
            if isinstance(node, LayerFolder) and isinstance(old, LayerFolder):
                todo.append((old, node, f"{prefix}{name}/"))
            else:
                yield from _hidden(old, prefix + name, above.layer)
                lower.children[name] = node


def _hidden(node: Node | None, path: str, hidden_by: int) -> Iterator[Hidden]:
    todo = [(path, node)]
    while todo:
        place, found = todo.pop()
        if isinstance(found, LayerFolder):
            todo.extend((f"{place}/{name}", child) for name, child in found.children.items())
        elif found is not None:
            yield Hidden(place, found, hidden_by)


class LayerTree:
    """Builds the tree of one layer from its tar entries."""

    def __init__(self, layer: int, archive: Span, below: LayerFolder, budget: Budget) -> None:
        self.root = LayerFolder(layer)
        self.overwritten: list[Hidden] = []
        """Leaves that a later entry with the same path replaces."""
        self.capabilities: dict[int, bytes] = {}
        """The attribute `security.capability` of files that have it, by the offset of their content."""
        self._layer = layer
        self._archive = archive
        self._below = below
        self._budget = budget
        self._known: dict[str, LayerFolder] = {}
        """Folders by their paths as entries write them; cleared when an entry replaces another, perhaps a link."""

    def add_all(self, entries: Iterable[TarMember]) -> None:
        """Add every entry. Raises UnreadableError for one that has no place in a file system."""
        for member in entries:
            self._add(member)

    def _add(self, member: TarMember) -> None:
        where, _, name = shown(member.name).rstrip("/").rpartition("/")
        folder = self._known.get(where)
        if folder is None or name in _NOT_NAMES or name.startswith(_WHITEOUT):
            folder, name = self._place(member)
            if folder is None or self._is_mark(folder, name):
                return
            self._known[where] = folder
        old = folder.children.get(name)
        if member.kind is EntryKind.FOLDER:
            if not isinstance(old, LayerFolder):
                self._overwrite(old, member)
                folder.children[name] = old = LayerFolder(self._layer)
                self._known.clear()
            old.mode = member.mode
            return
        folder.children[name] = self._hard_link(member) if member.is_hard_link else self._leaf(member)
        if old is not None:
            self._overwrite(old, member)
            self._known.clear()

    def _overwrite(self, old: Node | None, member: TarMember) -> None:
        self.overwritten.extend(_hidden(old, "/".join(self._steps(member.name)), self._layer))

    def _place(self, member: TarMember) -> tuple[LayerFolder | None, str]:
        """Return the folder that an entry belongs in and its name there; no folder if it belongs nowhere."""
        steps = self._steps(member.name)
        if not steps:
            self.root.mode = member.mode
            return None, ""
        name = steps.pop()
        if any(step.startswith(_AUFS) for step in steps) or (name.startswith(_AUFS) and name != _OPAQUE):
            return None, name
        return self._open_folder(steps, member), name

    def _is_mark(self, folder: LayerFolder, name: str) -> bool:
        """True for an entry that only says what is removed below, which is noted in `folder`."""
        if name == _OPAQUE:
            folder.is_opaque = True
        elif name.startswith(_WHITEOUT):
            folder.removed.add(self._whiteout(name))
        return name.startswith(_WHITEOUT)

    def _steps(self, raw: bytes) -> list[str]:
        steps = [step for step in shown(raw).split("/") if step not in ("", ".")]
        if ".." in steps:
            raise self._error(f"has an entry whose path holds '..': {shown(raw)[:200]!r}")
        return steps

    def _whiteout(self, name: str) -> str:
        removed = name.removeprefix(_WHITEOUT)
        if removed in _NOT_NAMES:
            raise self._error(f"has a whiteout that names no file: {name!r}")
        return removed

    def _leaf(self, member: TarMember) -> Leaf:
        link = shown(member.link) if member.kind is EntryKind.LINK else None
        if member.capability and member.kind is EntryKind.FILE:
            self.capabilities[member.offset] = member.capability
        return Leaf(member.kind, member.size, member.mode, self._layer, member.offset, link)

    def _hard_link(self, member: TarMember) -> Leaf:
        steps = self._steps(member.link)
        target = steps and (self._find(steps) or find(self._below, steps))
        if not isinstance(target, Leaf):
            place = f"{shown(member.name)[:200]!r} to {shown(member.link)[:200]!r}"
            raise self._error(f"has a hard link from {place}, which is no file that comes before it")
        return target

    def _find(self, steps: list[str]) -> Node | None:
        folder = self._walk_to(steps[:-1], create=False)
        return folder.children.get(steps[-1]) if folder else None

    def _open_folder(self, steps: list[str], member: TarMember) -> LayerFolder:
        folder = self._walk_to(steps, create=True)
        if folder is None:
            raise self._error(f"has an entry below something that is no folder: {shown(member.name)[:200]!r}")
        return folder

    def _walk_to(self, steps: list[str], *, create: bool) -> LayerFolder | None:
        """Follow `steps` through folders and links of this layer; None where that is impossible."""
        todo = steps[::-1]
        way = [self.root]
        links = 0
        while todo:
            step = todo.pop()
            if step == "..":
                del way[max(1, len(way) - 1) :]
                continue
            child = way[-1].children.get(step)
            if child is None and create:
                self._budget.take_entry()
                child = way[-1].children[step] = LayerFolder(self._layer)
            if isinstance(child, LayerFolder):
                way.append(child)
                continue
            if child is None or child.link is None or links == MAX_LINKS:
                return None
            links += 1
            if child.link.startswith("/"):
                del way[1:]
            todo.extend(part for part in reversed(child.link.split("/")) if part not in ("", "."))
        return way[-1]

    def _error(self, what: str) -> UnreadableError:
        return UnreadableError(what, path=self._archive.name, hint="Do not use this image")


def find(root: LayerFolder, steps: Iterable[str]) -> Node | None:
    """Return what lies exactly at `steps` below `root`, links not followed."""
    node: Node | None = root
    for step in steps:
        node = node.children.get(step) if isinstance(node, LayerFolder) else None
    return node
