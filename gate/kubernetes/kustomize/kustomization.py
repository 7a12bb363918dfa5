"""A kustomization as its file states it."""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.core.errors import ConfigError, UnreadableError
from gate.core.lazy_regex import lazy_regex
from gate.core.source_text import text_of
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.trees import EntryKind, FileTree, join, resolve

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
GROUP = "kustomize.config.k8s.io"
COMPONENT = "Component"
_RESOURCES = ("resources", "bases")
NOT_APPLIED = ("helmCharts", "helmChartInflationGenerator", "generators", "transformers", "validators")
"""What is listed in the facts and not applied: charts and plug-ins. References of `vars` stay as they are written."""
_SCHEME = r"[a-z0-9+]+::|[a-z+]+://|git@"
_HOST = r"[\w-]+(?:\.[\w-]+)+[/:](?!.*\.ya?ml$)"
_REMOTE = lazy_regex(rf"^(?:{_SCHEME}|{_HOST})|\?ref=", re.IGNORECASE)
"""An address instead of a path: with a scheme, or a host name first."""
_MOST_INLINE = 1_000_000


class Kustomization(msgspec.Struct, frozen=True):
    """What a kustomization file says."""

    path: str
    text: str
    value: Value

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def is_component(self) -> bool:
        return self.value.text("kind") == COMPONENT

    def entries(self, key: str) -> Iterator[Value]:
        """Yield the elements of one of its lists."""
        found = self.value.get(key)
        yield from found.elements() if found else ()

    def named(self, *keys: str) -> Iterator[Value]:
        """Yield the paths and addresses in some of its lists."""
        for key in keys:
            yield from (one for one in self.entries(key) if one.text())

    def resources(self) -> Iterator[Value]:
        """Yield the paths and addresses of its resources and bases."""
        yield from self.named(*_RESOURCES)

    def not_applied(self) -> list[str]:
        """Return the keys that it uses and that are not applied."""
        return [key for key in NOT_APPLIED if self.value.get(key) is not None]

    def inline(self, written: Value) -> list[Value]:
        """Return the documents of a patch that stands in the kustomization itself, with their places there."""
        if isinstance(written.data, dict | list):
            return [written]
        if written.style not in ("|", ">"):
            return read_values("\n" * (written.start[0] - 1) + written.text(), self.path, is_yaml_1_1=True)
        lines = self.text.splitlines()[written.start[0] : written.end[0] - (written.end[1] == 1)]
        return read_values("\n" * written.start[0] + "\n".join(lines), self.path, is_yaml_1_1=True)


def read_kustomization(tree: FileTree, path: str) -> Kustomization | None:
    """Return what a file says; None if it is a manifest of another program (Flux). Raises GateError."""
    text = text_of(tree.read(path, _MOST_INLINE), path)
    documents = read_values(text, path, is_yaml_1_1=True)
    if not documents:
        return None
    if len(documents) > 1 or not isinstance(documents[0].data, dict):
        if any(one.text("kind") and one.text("metadata", "name") for one in documents):
            return None
        raise ConfigError("cannot be parsed: a kustomization is one mapping", path=path)
    group = documents[0].text("apiVersion").rpartition("/")[0]
    return Kustomization(path, text, documents[0]) if group in ("", GROUP) else None


def is_kustomization(path: str) -> bool:
    """True if a path has the name of a kustomization."""
    return posixpath.basename(path) in NAMES


def is_remote(tree: FileTree, folder: str, named: Value) -> bool:
    """True for an address, and for a path that leads out of the tree and looks like one."""
    path = join(folder, named.text())
    is_here = path is not None and resolve(tree, path) is not None
    return not is_here and _REMOTE.search(named.text()) is not None


def local_path(tree: FileTree, folder: str, named: Value) -> str:
    """Return the file, or the kustomization of the folder, that a path means. Raises UnreadableError."""
    text = named.text()
    path = join(folder, text)
    place = f"{named.path}:{named.line}"
    if path is None:
        raise UnreadableError(f"{text} lies outside of what is scanned", path=place, hint="Scan the whole repository")
    entry = resolve(tree, path) if path else None
    if entry is not None and entry.kind is EntryKind.FILE:
        return path
    for name in NAMES:
        within = posixpath.join(path, name)
        if resolve(tree, within) is not None:
            return within
    what = "is missing" if entry is None and not _is_folder(tree, path) else "has no kustomization"
    hint = "Add it, or remove it from the kustomization"
    raise UnreadableError(f"{text}, which the kustomization names, {what}", path=place, hint=hint)


def _is_folder(tree: FileTree, path: str) -> bool:
    entry = tree.look_up(path)
    return entry is not None and entry.kind is EntryKind.FOLDER
