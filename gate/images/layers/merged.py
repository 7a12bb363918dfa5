"""`LayeredTree`: the merged layers of an image as one `FileTree`, read in place, never extracted."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from gate.core.errors import LimitError
from gate.images.file_cache import LayerFileCache
from gate.images.image_cache import ImageCache
from gate.images.layers.blob import Layer
from gate.images.layers.header_cache import headers
from gate.images.layers.layer import Hidden, LayerFolder, LayerTree, Leaf, Node, find, lay_over
from gate.images.limits import Budget
from gate.trees.base import MAX_FILE_SIZE, Entry, EntryKind, resolve_file
from gate.trees.memo import Analysis

Result = TypeVar("Result")

MAX_KEPT = 100_000
"""Entries that are kept from one walk to the next, for the several walks of a scan; bounds the memory."""


class HiddenFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a layer that a later layer removes or replaces."""

    entry: Entry
    hidden_by: str
    """Diff id of the layer that removes or replaces it."""
    hidden_in: int
    """Index of that layer."""
    layer: int
    """Index of the layer that holds it."""
    offset: int
    """Where its content starts in that layer."""


class FileCounts(msgspec.Struct, frozen=True):
    """Numbers of files and links by layer, the base's first."""

    brought: tuple[int, ...]
    """Files in the layer."""
    hid: tuple[int, ...]
    """Files of lower layers that it replaces or removes."""


class LayeredTree:
    """The file system that a container of these layers sees."""

    def __init__(self, layers: Sequence[Layer], budget: Budget, cache: ImageCache | None = None) -> None:
        """Read the headers of all layers, the base first; `cache` holds those that earlier runs have read.

        Raises UnreadableError for a layer that cannot be unpacked, LimitError if there are too many entries.
        """
        self._layers = layers
        self._root = LayerFolder(0)
        self._hidden: list[Hidden] = []
        self._capabilities: dict[tuple[int, int], bytes] = {}
        self._entries: list[Entry] | None = None
        cache = cache or ImageCache()
        self.file_cache = LayerFileCache(cache)
        """Cached results for single files."""
        allowed = budget.entries
        for index, layer in enumerate(layers):
            tree = LayerTree(index, layer.archive, self._root, budget)
            tree.add_all(headers(layer, budget, cache))
            self._hidden.extend(tree.overwritten)
            self._hidden.extend(lay_over(self._root, tree.root))
            self._capabilities.update({(index, offset): value for offset, value in tree.capabilities.items()})
        self.size = allowed - budget.entries
        """Entries of all layers, and folders that only paths name: memory grows with it."""

    def walk(self) -> Iterator[Entry]:
        if self._entries is not None:
            yield from self._entries
            return
        entries: list[Entry] = []
        for entry in self._walk():
            if len(entries) <= MAX_KEPT:
                entries.append(entry)
            yield entry
        if len(entries) <= MAX_KEPT:
            self._entries = entries

    def _walk(self) -> Iterator[Entry]:
        todo = _children(self._root, "")
        while todo:
            path, node = todo.pop()
            if isinstance(node, LayerFolder):
                todo.extend(_children(node, path))
            else:
                yield self._leaf_entry(path, node)

    def walk_folders(self) -> Iterator[Entry]:
        """Yield every folder but the root, in no order."""
        todo: list[tuple[str, Node]] = [("", self._root)]
        while todo:
            path, node = todo.pop()
            if isinstance(node, LayerFolder):
                if path:
                    yield self._folder_entry(path, node)
                todo.extend(_children(node, path))

    def files_with_capabilities(self) -> Iterator[tuple[Entry, bytes]]:
        """Yield files, and what their attribute `security.capability` holds, in the order of their paths."""
        todo = _children(self._root, "") if self._capabilities else []
        while todo:
            path, node = todo.pop()
            if isinstance(node, LayerFolder):
                todo.extend(_children(node, path))
            elif (node.layer, node.offset) in self._capabilities:
                yield self._leaf_entry(path, node), self._capabilities[node.layer, node.offset]

    def look_up(self, path: str) -> Entry | None:
        node = find(self._root, path.split("/")) if path else None
        if node is None:
            return None
        return self._folder_entry(path, node) if isinstance(node, LayerFolder) else self._leaf_entry(path, node)

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        return self._content(self._file(path, limit))

    def analysed(self, path: str, analysis: Analysis[Result], limit: int, content: bytes | None = None) -> Result:
        node = self._file(path, limit)
        read = partial(self._content, node) if content is None else lambda: content
        return self._analysed(self._leaf_entry(path, node), analysis, read)

    def analysed_hidden(self, file: HiddenFile, analysis: Analysis[Result], limit: int = MAX_FILE_SIZE) -> Result:
        """Return the result of an analysis for a hidden file, as `analysed` does for visible ones."""
        return self._analysed(file.entry, analysis, partial(self.read_hidden, file, limit))

    def _analysed(self, entry: Entry, analysis: Analysis[Result], read: Callable[[], bytes]) -> Result:
        key = analysis.key
        known = self.file_cache.get(entry, key, analysis.shape)
        if known is None and analysis.is_cheap:
            known = analysis.function(read())
            self.file_cache.put(entry, key, known)
        elif known is None:
            content = read()
            known = self.file_cache.get_of(content, entry, key, analysis.shape)
            if known is None:
                known = analysis.function(content)
            self.file_cache.put(entry, key, known, content)
        return known

    def _file(self, path: str, limit: int) -> Leaf:
        """Return the file that `path` resolves to. Raises as `FileTree.read` does."""
        node = find(self._root, path.split("/"))
        if not (isinstance(node, Leaf) and node.kind is EntryKind.FILE and node.size <= limit):
            entry = resolve_file(self, path, limit)
            node = find(self._root, entry.path.split("/"))
            assert isinstance(node, Leaf)
        return node

    def _content(self, leaf: Leaf) -> bytes:
        return self._layers[leaf.layer].archive.read(leaf.offset, leaf.size)

    def windows(self, path: str, buffer: memoryview) -> Iterator[memoryview]:
        """Yield the bytes of the file that lies exactly at `path`, as many at a time as fit into `buffer`.

        Raises UnreadableError if they are not there.
        """
        node = find(self._root, path.split("/"))
        assert isinstance(node, Leaf)
        return self._layers[node.layer].archive.part(node.offset, node.size, path).windows(buffer)

    def hidden_files(self) -> Iterator[HiddenFile]:
        """Yield the files that a later layer removes or replaces, as their own layer brought them."""
        for hidden in self._hidden:
            if hidden.leaf.kind is EntryKind.FILE:
                yield HiddenFile(
                    entry=self._leaf_entry(hidden.path, hidden.leaf),
                    hidden_by=self._layers[hidden.hidden_by].diff_id,
                    hidden_in=hidden.hidden_by,
                    layer=hidden.leaf.layer,
                    offset=hidden.leaf.offset,
                )

    def read_hidden(self, file: HiddenFile, limit: int = MAX_FILE_SIZE) -> bytes:
        """Return the bytes of a hidden file. Raises LimitError if it has more than `limit` bytes."""
        if file.entry.size > limit:
            raise LimitError(f"has {file.entry.size:,} bytes; at most {limit:,} are read", path=file.entry.path)
        return self._layers[file.layer].archive.read(file.offset, file.entry.size)

    def layer_of(self, path: str) -> int:
        """Return the index of the layer that brought what lies at `path`, a path of this tree without links."""
        node = find(self._root, path.split("/"))
        assert node is not None
        return node.layer

    def count_files(self) -> FileCounts:
        """Count what each layer brought and hid. A file that one layer holds twice counts once."""
        brought, hid = [0] * len(self._layers), [0] * len(self._layers)
        todo: list[Node] = [self._root]
        while todo:
            node = todo.pop()
            if isinstance(node, LayerFolder):
                todo.extend(node.children.values())
            else:
                brought[node.layer] += 1
        for hidden in self._hidden:
            if hidden.hidden_by != hidden.leaf.layer:
                brought[hidden.leaf.layer] += 1
                hid[hidden.hidden_by] += 1
        return FileCounts(tuple(brought), tuple(hid))

    def _leaf_entry(self, path: str, leaf: Leaf) -> Entry:
        return Entry(
            path=path,
            kind=leaf.kind,
            size=leaf.size,
            mode=leaf.mode,
            link=leaf.link,
            origin=self._layers[leaf.layer].diff_id,
            offset=leaf.offset if leaf.kind is EntryKind.FILE else None,
        )

    def _folder_entry(self, path: str, folder: LayerFolder) -> Entry:
        mode = 0o755 if folder.mode is None else folder.mode
        return Entry(path=path, kind=EntryKind.FOLDER, mode=mode, origin=self._layers[folder.layer].diff_id)


def _children(folder: LayerFolder, path: str) -> list[tuple[str, Node]]:
    """Return a folder's content, last path first; a folder sorts as its content does, with the `/`."""
    prefix = path + "/" if path else ""
    keyed = {f"{name}/" if isinstance(node, LayerFolder) else name: name for name, node in folder.children.items()}
    return [(prefix + keyed[key], folder.children[keyed[key]]) for key in sorted(keyed, reverse=True)]
