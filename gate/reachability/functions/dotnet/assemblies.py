"""The assemblies of a tree: the application's own, those of packages, and the names of .NET's own.

What a `NAME.deps.json` says that a package brought is a package's; what lies in a folder of .NET itself, or was brought
by its runtime pack, is .NET's and is not searched. Anything else is the application's own.
"""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable

from gate.core.errors import LimitError
from gate.reachability.assemblies.assembly import Assembly, DotnetType
from gate.reachability.assemblies.deps_json import DEPS, read_deps
from gate.reachability.assemblies.metadata import ENDINGS, NoAssemblyError
from gate.trees import FileTree

MAX_ASSEMBLY = 256 << 20
"""Bytes of one assembly."""
MAX_ASSEMBLIES = 512 << 20
"""Bytes that are held of all assemblies."""
MAX_METHODS = 1_000_000
MAX_TEXTS = 96 << 20
"""Bytes of files that may name types."""
MODULE_TYPE = "<Module>"
"""What an assembly runs when it is loaded, in a type of this name."""
_OF_DOTNET = re.compile(r"(?:^|/)(?:shared/Microsoft\.[\w.]+/\d[^/]*|lib/mono)/")
_OF_THE_SDK = re.compile(r"(?:^|/)(?:packs/[\w.]+/\d[^/]*|sdk/\d[^/]*|host/fxr|sdk-manifests|templates)/")
_WITHOUT_CODE = ".resources.dll"
_NOT_SEARCHED = "runtimepack"
_PACKAGES = ".nuget/packages/"
_TEXT = re.compile(
    r"\.(?:xml|json|ya?ml|config|ini|conf|cfg|toml|env|properties|cs|vb|fsx?|csx|cshtml|vbhtml|razor|as[cphm]x|asax|ashx"
    r"|svc|master|a?xaml|resx|sh)\Z|(?:^|/)[^./]+\Z",
    re.IGNORECASE,
)
_DOCUMENTATION = re.compile(rb"\s*(?:<\?xml[^>]*>)?\s*<doc>")
_ELF = b"\x7fELF"
_MAX_SCRIPT = 4 << 20
"""Bytes of a file without an ending; a larger one is a program."""


class Assemblies:
    """All types of a program by name, and what else may name one."""

    def __init__(self, tree: FileTree, paths: Iterable[str]) -> None:
        """Take the paths of assemblies, lists and texts. Raises LimitError for too much, UnreadableError for damage."""
        self._tree = tree
        self._held = 0
        self._held_texts = 0
        self._methods = 0
        self._brought: dict[str, str] = {}
        """The kind of package that brought an assembly, by its path; none is there for what a project built."""
        self._missing: dict[str, str] = {}
        """A library by what it is said to have brought and is not here."""
        self._listed: set[str] = set()
        self.own: list[Assembly] = []
        self.libraries: list[Assembly] = []
        self.types: defaultdict[str, list[tuple[Assembly, DotnetType]]] = defaultdict(list)
        self.texts: dict[str, bytes] = {}
        """What is no assembly and may name a type, by its path."""
        self.sources: dict[str, bytes] = {}
        """The application's own sources, by their paths."""
        self.of_dotnet: set[str] = set()
        """Names of .NET's own assemblies."""
        known = frozenset(paths)
        for path in sorted(path for path in known if path.endswith(DEPS)):
            self._add_list(path, known)
        for path in sorted(known):
            self._add(path)

    def doubt_of(self, package: str, version: str) -> str:
        """Return why the code of a package, or of others, is not all here; empty if nothing is in the way."""
        if f"{package}/{version}".lower() not in self._listed:
            return f"no program lists {package} {version}"
        if self._missing:
            path, library = next(iter(self._missing.items()))
            return f"{path}, which {library} brought, is not here"
        return ""

    def _add_list(self, path: str, known: frozenset[str]) -> None:
        folder = posixpath.dirname(path)
        for name, kind, assets in read_deps(self._tree.read(path, MAX_TEXTS), path).listed():
            self._listed.add(name.lower())
            if kind != "project":
                self._brought.update(dict.fromkeys(assets.paths(folder), kind))
                missing = (place for place in assets.assemblies(folder) if place not in known)
                self._missing.update(dict.fromkeys((each for each in missing if each.endswith(ENDINGS)), name))

    def _add(self, path: str) -> None:
        if not path.lower().endswith(ENDINGS):
            self._add_text(path)
        elif _OF_DOTNET.search(path) or self._brought.get(path) == _NOT_SEARCHED:
            self.of_dotnet.add(posixpath.basename(path).rpartition(".")[0])
        elif not path.endswith(_WITHOUT_CODE) and not _OF_THE_SDK.search(path):
            self._add_assembly(path, is_own=path not in self._brought and _PACKAGES not in path)

    def _add_assembly(self, path: str, *, is_own: bool) -> None:
        content = self._tree.read(path, MAX_ASSEMBLY)
        self._held += len(content)
        if self._held > MAX_ASSEMBLIES:
            raise LimitError(f"more than {MAX_ASSEMBLIES:,} bytes of assemblies")
        try:
            assembly = Assembly(content, path)
        except NoAssemblyError:
            return
        self._methods += assembly.method_count
        if self._methods > MAX_METHODS:
            raise LimitError(f"more than {MAX_METHODS:,} methods")
        of = self.own if is_own else self.libraries
        of.append(assembly)
        for name, known in assembly.types.items():
            if name != MODULE_TYPE:
                self.types[name].append((assembly, known))

    def _add_text(self, path: str) -> None:
        if path.endswith(DEPS):
            return
        entry = self._tree.look_up(path)
        if entry is None or ("." not in posixpath.basename(path) and entry.size > _MAX_SCRIPT):
            return
        content = self._tree.read(path, MAX_TEXTS)
        if content.startswith(_ELF) or _DOCUMENTATION.match(content.removeprefix(b"\xef\xbb\xbf")):
            return
        self._held_texts += len(content)
        if self._held_texts > MAX_TEXTS:
            raise LimitError(f"more than {MAX_TEXTS:,} bytes that may name types")
        self.texts[path] = content


def is_text(path: str) -> bool:
    """True for a file that may name a type: a setting, a page, a source or a script."""
    return _TEXT.search(path) is not None
