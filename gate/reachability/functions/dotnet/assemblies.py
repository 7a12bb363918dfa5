"""The assemblies of a tree: the application's own, those of packages, and the names of the framework's.

What a `NAME.deps.json` says that a package brought is a package's; what lies in a folder of .NET itself, or was brought
by its runtime pack, is the framework's and is not searched. Anything else is the application's own.
"""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from gate.core.errors import LimitError
from gate.inventory.installed.packages import decode_json
from gate.reachability.functions.dotnet.assembly import Assembly, DotnetType
from gate.reachability.functions.dotnet.metadata import NoAssemblyError
from gate.trees import FileTree

ENDINGS = (".dll", ".exe")
MAX_ASSEMBLY = 256 << 20
"""Bytes of one assembly."""
MAX_ASSEMBLIES = 512 << 20
"""Bytes that are held of all assemblies."""
MAX_TEXTS = 96 << 20
"""Bytes of files that may name types."""
MODULE_TYPE = "<Module>"
"""What an assembly runs when it is loaded, in a type of this name."""
_OF_THE_FRAMEWORK = re.compile(
    r"(?:^|/)(?:shared/Microsoft\.[\w.]+/\d[^/]*|packs/[\w.]+/\d[^/]*|sdk/\d[^/]*|host/fxr|lib/mono|usr/lib/cli)/"
)
_WITHOUT_CODE = ".resources.dll"
_DEPS = ".deps.json"
_FRAMEWORKS_PACK = "runtimepack"
_PACKAGES = ".nuget/packages/"
_DOCUMENTATION = re.compile(rb"\s*(?:<\?xml[^>]*>)?\s*<doc>")


class _Library(msgspec.Struct, frozen=True):
    type: str = ""


class _Assets(msgspec.Struct, frozen=True, rename="camel"):
    runtime: dict[str, Any] = {}
    runtime_targets: dict[str, Any] = {}


class _Deps(msgspec.Struct, frozen=True):
    libraries: dict[str, _Library] = {}
    targets: dict[str, dict[str, _Assets]] = {}


class Assemblies:
    """All types of a program by name, and what else may name one."""

    def __init__(self, tree: FileTree, paths: Iterable[str]) -> None:
        """Take the paths of assemblies and texts. Raises LimitError for too much, UnreadableError for damage."""
        self._tree = tree
        self._held = 0
        self._held_texts = 0
        self.own: list[Assembly] = []
        self.libraries: list[Assembly] = []
        self.types: defaultdict[str, list[tuple[Assembly, DotnetType]]] = defaultdict(list)
        self.texts: dict[str, bytes] = {}
        """What is no assembly and may name a type, by its path."""
        self.sources: dict[str, bytes] = {}
        """The application's own sources, by their paths."""
        self.framework: set[str] = set()
        """Names of the framework's assemblies."""
        paths = sorted(paths)
        brought = self._brought(path for path in paths if path.endswith(_DEPS))
        for path in paths:
            if not path.lower().endswith(ENDINGS):
                self._add_text(path)
            elif _OF_THE_FRAMEWORK.search(path) or brought.get(path) == _FRAMEWORKS_PACK:
                self.framework.add(posixpath.basename(path).rpartition(".")[0])
            elif not path.endswith(_WITHOUT_CODE):
                self._add(path, is_own=path not in brought and _PACKAGES not in path)

    def _brought(self, paths: Iterable[str]) -> dict[str, str]:
        """Return what kind of package brought each assembly, by its path; none is there for a project's."""
        found: dict[str, str] = {}
        for path in paths:
            deps = decode_json(self._tree.read(path, MAX_ASSEMBLY), path, _Deps)
            for name, assets in ((name, assets) for each in deps.targets.values() for name, assets in each.items()):
                kind = deps.libraries.get(name, _Library()).type
                if kind == "project":
                    continue
                folder = posixpath.dirname(path)
                for asset in (*map(posixpath.basename, assets.runtime), *assets.runtime_targets):
                    found[posixpath.join(folder, asset)] = kind
        return found

    def _add(self, path: str, *, is_own: bool) -> None:
        content = self._tree.read(path, MAX_ASSEMBLY)
        self._held += len(content)
        if self._held > MAX_ASSEMBLIES:
            raise LimitError(f"more than {MAX_ASSEMBLIES:,} bytes of assemblies")
        try:
            assembly = Assembly(content, path)
        except NoAssemblyError:
            return
        (self.own if is_own else self.libraries).append(assembly)
        for name, known in assembly.types.items():
            if name != MODULE_TYPE:
                self.types[name].append((assembly, known))

    def _add_text(self, path: str) -> None:
        if path.endswith(_DEPS):
            return
        content = self._tree.read(path, MAX_TEXTS)
        if path.endswith(".xml") and _DOCUMENTATION.match(content.removeprefix(b"\xef\xbb\xbf")):
            return
        self._held_texts += len(content)
        if self._held_texts > MAX_TEXTS:
            raise LimitError(f"more than {MAX_TEXTS:,} bytes that may name types")
        self.texts[path] = content
