"""The files of a repository that a search in JavaScript reads: its own, and those of installed packages."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

import msgspec

from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.inventory.discovery import INSTALLED_FOLDERS, VENDORED_FOLDERS
from gate.reachability.functions.bounded_files import BoundedFiles
from gate.trees import FileTree

MAX_SOURCE = 16 << 20
"""Bytes of one file."""
MAX_BYTES = 384 << 20
"""Bytes of all files that are read."""
INSTALLED = "node_modules"
_OTHERS = (INSTALLED_FOLDERS | VENDORED_FOLDERS) - {INSTALLED}
_SOURCES = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".tsx", ".mts", ".cts")
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_LOCKED = re.compile(r"(?:package-lock|npm-shrinkwrap|\.package-lock)\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?")
_OF_DEPENDENCIES = re.compile(
    r".*[dD]ependencies(?:Meta)?|overrides|resolutions|pnpm|name|version|description|keywords"
)
_DATA = (
    *(".css", ".scss", ".less", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".woff", ".woff2", ".ttf"),
    *(".map", ".pdf", ".mp4", ".zip", ".gz", ".csv", ".sql", ".py", ".go", ".java", ".rb", ".rs", ".php"),
)
"""Endings of files that name no package to load."""
_SHEBANG = re.compile(rb"#![^\n]*\b(?:node|bun|deno|tsx|ts-node)\b")


class PackageManifest(msgspec.Struct, frozen=True):
    """What counts of an installed package's `package.json`."""

    name: str = ""
    version: str = ""
    bin: object = ""


class NodeFiles(BoundedFiles):
    """Paths by what they are, and their bytes within bounds."""

    def __init__(
        self,
        tree: FileTree,
        paths: Iterable[str],
        *,
        is_own: Callable[[str], bool] | None = None,
        given: Mapping[str, bytes] | None = None,
    ) -> None:
        """Take the paths of all files; `is_own` is true for those of the application, if that is known otherwise.

        `given` are texts that are in no file, such as a container's configuration, by a name for each.
        """
        super().__init__(tree, MAX_SOURCE, MAX_BYTES, given)
        self._is_own = is_own or is_of_repository
        self.own: list[str] = []
        """Sources of the repository itself."""
        self.texts: list[str] = list(self._contents)
        """Its other files, which may name a package."""
        self.installed: defaultdict[str, list[str]] = defaultdict(list)
        """Sources of packages, by the folder of their package."""
        self.manifests: dict[str, PackageManifest] = {}
        """What each installed package says of itself, by its folder."""
        for path in paths:
            self._add(path)

    def text(self, path: str) -> bytes:
        """Return what counts of a file that is no source: of a manifest all but its lists of dependencies."""
        if path.rpartition("/")[2] != "package.json":
            return self.content(path)
        try:
            stated = msgspec.json.decode(self.content(path), type=dict[str, object])
        except msgspec.MsgspecError:
            return self.content(path)
        return msgspec.json.encode({key: stated[key] for key in stated if not _OF_DEPENDENCIES.fullmatch(key)})

    def sources(self) -> Iterator[str]:
        """Yield every source, the repository's own first."""
        yield from self.own
        for paths in self.installed.values():
            yield from paths

    def _add(self, path: str) -> None:
        folder = package_folder(path)
        if folder:
            self._add_installed(path, folder)
        elif self._is_own(path):
            is_source = path.endswith(_SOURCES) or self._is_script(path)
            (self.own if is_source else self.texts).append(path)

    def _add_installed(self, path: str, folder: str) -> None:
        if path == f"{folder}/package.json":
            with suppress(msgspec.MsgspecError):
                self.manifests[folder] = msgspec.json.decode(self.content(path), type=PackageManifest)
        elif (path.endswith(_SOURCES) and not path.endswith(_DECLARATIONS)) or self._is_script(path):
            self.installed[folder].append(path)

    def _is_script(self, path: str) -> bool:
        return "." not in path.rpartition("/")[2] and _SHEBANG.match(self.content(path)) is not None


def package_folder(path: str) -> str:
    """Return the folder of the installed package that a file belongs to; empty if it belongs to none."""
    parts = path.split("/")[:-1]
    places = [number for number, part in enumerate(parts) if part == INSTALLED]
    if not places or places[-1] + 1 >= len(parts):
        return ""
    end = places[-1] + (3 if parts[places[-1] + 1].startswith("@") else 2)
    return "/".join(parts[:end])


def is_of_repository(path: str) -> bool:
    """True for a file of the repository itself that may load a package or name one."""
    if path.endswith((*_DATA, *_DECLARATIONS)) or not _OTHERS.isdisjoint(path.split("/")[:-1]):
        return False
    return _ships(path) and not _LOCKED.fullmatch(path.rpartition("/")[2])


def _ships(path: str) -> bool:
    return not is_test_path(path) and (path.endswith((".html", ".htm")) or not is_documentation_path(path))
