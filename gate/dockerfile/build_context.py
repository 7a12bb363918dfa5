"""The build context: the files that a Dockerfile's COPY and ADD take from."""

import posixpath
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from gate.dockerfile.dockerignore import IGNORE_FILE, MAX_SIZE, DockerIgnore, parse_dockerignore
from gate.dockerfile.sensitive import SENSITIVE, is_key_file, is_sensitive
from gate.trees import EntryKind, FileTree, join, resolve, walk_named

_MAX_CONTEXTS = 32
"""Folders above a Dockerfile that may be its context."""
MAX_SCRIPT = 64 << 10
"""Bytes of a script in the context that is looked at."""
_OFTEN_UNTRACKED = (".git", ".env", ".npmrc", ".netrc", ".pypirc", "id_rsa", "id_ed25519", "terraform.tfstate")
"""Files that git often does not list; the builder gets them all the same if they are in the folder."""


class BuildContext:
    """The context of one Dockerfile in a tree.

    Nothing in a Dockerfile names its context. Where no Compose or bake file does either, it is taken to be the nearest
    folder, from the Dockerfile's own upwards, that has what the Dockerfile copies by name.
    """

    def __init__(
        self, tree: FileTree | None, path: str = "", sources: tuple[str, ...] = (), folder: str | None = None
    ) -> None:
        """`path` is the Dockerfile's, empty for one without a file; `folder` is the context if something names it."""
        self._tree = tree
        self._path = path
        self._sources = sources
        self._named_folder = folder
        self._found_below: dict[str, tuple[str, ...]] = {}

    @property
    def is_known(self) -> bool:
        """False if there is no tree to look at."""
        return self._tree is not None

    def having(self, sources: tuple[str, ...]) -> "BuildContext":
        """Return the context that has these files, which the Dockerfile copies by name."""
        return BuildContext(self._tree, self._path, sources, self._named_folder)

    def elsewhere(self, folder: str) -> "BuildContext":
        """Return a further context: a folder of the same tree."""
        return BuildContext(self._tree, folder=folder)

    @cached_property
    def _candidates(self) -> tuple[str, ...]:
        """The folder that is named, else those that have all sources, the nearest first, or the Dockerfile's own."""
        if self._named_folder is not None:
            return (self._named_folder,)
        own = self._path.rpartition("/")[0]
        folders = list(_upwards(own))[:_MAX_CONTEXTS]
        return tuple(folder for folder in folders if self._has_all_sources(folder)) or (own,)

    def _has_all_sources(self, folder: str) -> bool:
        return all(self._entry_exists(folder, source) for source in self._sources)

    def _entry_exists(self, folder: str, path: str) -> bool:
        place = join(folder, path.lstrip("/"))
        return place is not None and self._tree is not None and (not place or self._tree.look_up(place) is not None)

    @cached_property
    def folder(self) -> str:
        """The context's folder in the tree; empty for the tree's root."""
        return self._candidates[0]

    @cached_property
    def ignore_path(self) -> str | None:
        """The `.dockerignore` that counts: the Dockerfile's own, else the context's; None if there is neither."""
        places: list[str] = [f"{self._path}{IGNORE_FILE}"] if self._path else []
        for path in (*places, posixpath.join(self.folder, IGNORE_FILE)):
            if self._tree is not None and self._tree.look_up(path) is not None:
                return path
        return None

    @cached_property
    def may_have_ignore_file(self) -> bool:
        """True if there is a `.dockerignore`, here or in another folder that may be the context."""
        return self.ignore_path is not None or any(
            self._entry_exists(folder, IGNORE_FILE) for folder in self._candidates
        )

    @cached_property
    def ignore(self) -> DockerIgnore | None:
        """What the `.dockerignore` says. Raises UnreadableError or LimitError, with its name."""
        if self.ignore_path is None or self._tree is None:
            return None
        return _parsed(self._tree.read(self.ignore_path, MAX_SIZE), self.ignore_path)

    def ignores(self, path: str) -> bool:
        """True if the builder does not get `path`, relative to the context, nor anything below it."""
        return self.ignore is not None and self.ignore.keeps_away(path)

    def has(self, path: str) -> bool:
        """True if `path`, relative to the context, is there."""
        return self._entry_exists(self.folder, path)

    def script(self, path: str) -> str | None:
        """Return the text of a file of the context, if it is small enough to be a script."""
        place = join(self.folder, path.lstrip("/"))
        entry = resolve(self._tree, place) if self._tree is not None and place else None
        if self._tree is None or entry is None or entry.kind is not EntryKind.FILE or entry.size > MAX_SCRIPT:
            return None
        return self._tree.read(entry.path, MAX_SCRIPT).decode("utf-8", "replace")

    def is_public_key(self, path: str) -> bool:
        """True if `path`, relative to the context, is there and holds PEM of which nothing is private."""
        place = join(self.folder, path.lstrip("/"))
        return self._tree is not None and bool(place) and _is_public(self._tree, place or "")

    def sensitive_below(self, source: str) -> tuple[str, ...]:
        """Return the credentials, keys and `.git` that copying the folder `source` takes in."""
        if source not in self._found_below:
            self._found_below[source] = self._look_below(source)
        return self._found_below[source]

    def _look_below(self, source: str) -> tuple[str, ...]:
        inside = join("", source.lstrip("/"))
        place = join(self.folder, inside) if inside is not None else None
        if self._tree is None or inside is None or place is None or not _is_folder(self._tree, place):
            return ()
        return _sensitive_below(_ById(self._tree), self.folder, inside, self.ignore)


NO_CONTEXT = BuildContext(None)
"""For a Dockerfile of which nothing but its text is at hand."""


class _ById:
    """A tree as a cache's key: the same one is listed once, whatever it holds."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.tree is self.tree

    def __hash__(self) -> int:
        return id(self.tree)


@lru_cache(maxsize=8)
def _sensitive_in(key: _ById) -> list[str]:
    """List a tree's sensitive files in the order of their texts, once for all of its Dockerfiles."""
    return sorted(entry.path for entry in walk_named(key.tree, is_sensitive, SENSITIVE))


@lru_cache(maxsize=8)
def _parsed(content: bytes, path: str) -> DockerIgnore:
    """Read a `.dockerignore` once for all Dockerfiles that it counts for: it remembers its answers."""
    return parse_dockerignore(content, path)


@lru_cache(maxsize=64)
def _sensitive_below(key: _ById, folder: str, inside: str, ignore: DockerIgnore | None) -> tuple[str, ...]:
    """Return the sensitive files in a folder of the context `folder`, once for all Dockerfiles with this context."""
    tree, start = key.tree, f"{folder}/" if folder else ""
    place = posixpath.join(folder, inside).rstrip("/")
    sensitive = (path for path in _beginning_with(_sensitive_in(key), place) if not _is_public(tree, path))
    found = {path.removeprefix(start) for path in sensitive}
    own = _in_folder(inside, _OFTEN_UNTRACKED)
    found.update(path for path in own if tree.look_up(posixpath.join(folder, path)) is not None)
    return tuple(sorted(path for path in found if ignore is None or not ignore.ignores(path)))


_BEGINS = b"-----BEGIN "
_PRIVATE = b"PRIVATE KEY"
"""Part of every label of PEM and OpenPGP for what is secret (RFC 7468; RFC 9580, section 6.2.1)."""


def _is_public(tree: FileTree, path: str) -> bool:
    """True for certificates, public keys, parameters of Diffie-Hellman and requests, whatever the file is called."""
    entry = resolve(tree, path)
    if not is_key_file(path) or entry is None or entry.kind is not EntryKind.FILE or entry.size > MAX_SCRIPT:
        return False
    content = tree.read(entry.path, MAX_SCRIPT)
    return _BEGINS in content and _PRIVATE not in content


def _beginning_with(paths: list[str], folder: str) -> Iterator[str]:
    """Yield of sorted paths the folder itself and those below it, without a look at the others."""
    if not folder:
        yield from paths
        return
    for begin, is_in in ((folder, folder.__eq__), (f"{folder}/", lambda path: path.startswith(f"{folder}/"))):
        place = bisect_left(paths, begin)
        while place < len(paths) and is_in(paths[place]):
            yield paths[place]
            place += 1


def _is_folder(tree: FileTree, path: str) -> bool:
    entry = resolve(tree, path) if path else None
    return not path or (entry is not None and entry.kind is EntryKind.FOLDER)


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _in_folder(folder: str, names: Iterable[str]) -> Iterator[str]:
    return (posixpath.join(folder, name) for name in names)
