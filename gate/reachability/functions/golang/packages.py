"""The packages of Go that a module's build may compile, by import path: its own, vendored ones, and local modules.

Which files a build takes depends on system and tags; here all count. Imports name packages by constant texts, so that
what is not imported from the own code, through any number of packages, is in no program.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.reachability.functions.golang.source import GoSource, imports_of, is_never_built, parse_go, words_of_assembly
from gate.reachability.functions.golang.standard import is_standard
from gate.trees import FileTree, join

MAX_GO_SOURCE = 8 << 20
"""Bytes of one file."""
MAX_GO_BYTES = 384 << 20
"""Bytes of all files that are read."""
MAX_GO_PARSED = 64 << 20
"""Bytes of sources that are parsed."""
_MODULE = re.compile(r"^module[ \t]+\"?([^\s\"]+)", re.MULTILINE)
_REPLACED = re.compile(
    r"^(?:replace[ \t]+|[ \t]*)(\S+)(?:[ \t]+v\S+)?[ \t]+=>[ \t]+(\.{1,2}/\S*|\.{1,2})[ \t]*(?://.*)?$", re.MULTILINE
)
_USED = re.compile(r"^(?:use[ \t]+\(?|[ \t]+)[ \t]*(\.{1,2}/?\S*)", re.MULTILINE)
_FIELD = re.compile(rb"\.([A-Z]\w*)")
_NO_TEMPLATE = re.compile(
    r"\.(?:png|jpe?g|gif|ico|svg|webp|pdf|gz|zip|woff2?|ttf|map|sum|mod|proto|lock)\Z|(?:^|/)(?:LICENSE|NOTICE)[^/]*\Z"
)
MAX_TEMPLATE = 1 << 20
"""Bytes of a file that may be a template."""
_NOT_PACKAGES = ("testdata", "vendor", "node_modules")
_LIST = "vendor/modules.txt"


class GoFiles:
    """The Go sources of a repository by folder, and their contents within bounds; shared by its modules."""

    def __init__(self, tree: FileTree, paths: Iterable[str]) -> None:
        self._tree = tree
        self._read = 0
        self._contents: dict[str, bytes] = {}
        self._parsed: dict[str, GoSource] = {}
        self._bytes_parsed = 0
        self.folders: defaultdict[str, list[str]] = defaultdict(list)
        """Paths of Go sources that are no tests, by their folder."""
        self.assembly: defaultdict[str, list[str]] = defaultdict(list)
        self.modules: dict[str, str] = {}
        """Text of each go.mod by its folder."""
        self.lists: dict[str, str] = {}
        """Text of each vendor/modules.txt by the folder of `vendor`."""
        self.workspaces: dict[str, str] = {}
        """Text of each go.work by its folder."""
        self.others: list[str] = []
        """Files that are no Go."""
        for path in paths:
            self._add(path)

    def content(self, path: str) -> bytes:
        """Return a file's bytes. Raises LimitError if too much is read then, other GateErrors if it cannot be read."""
        if path not in self._contents:
            content = self._tree.read(path, MAX_GO_SOURCE)
            self._read += len(content)
            if self._read > MAX_GO_BYTES:
                raise LimitError(f"more than {MAX_GO_BYTES:,} bytes of sources")
            self._contents[path] = content
        return self._contents[path]

    def parsed(self, path: str) -> GoSource:
        """Return a parsed source. Raises LimitError if too much is parsed then."""
        if path not in self._parsed:
            content = self.content(path)
            self._bytes_parsed += len(content)
            if self._bytes_parsed > MAX_GO_PARSED:
                raise LimitError(f"more than {MAX_GO_PARSED:,} bytes of sources to parse")
            self._parsed[path] = parse_go(content)
        return self._parsed[path]

    def text(self, path: str, most: int) -> bytes:
        """Return the first bytes of a file that is no source, empty if it cannot be read. Raises LimitError."""
        with suppress(UnreadableError):
            return self.content(path)[:most]
        return b""

    def _add(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        if name.endswith(".go"):
            if not name.endswith("_test.go") and name[0] not in "._":
                self.folders[folder].append(path)
        elif name.endswith(".s"):
            self.assembly[folder].append(path)
        elif name in ("go.mod", "go.work") or path.endswith(_LIST):
            text = ""
            with suppress(GateError):
                text = self.content(path).decode("utf-8", "replace")
            known = {"go.mod": self.modules, "go.work": self.workspaces}.get(name, self.lists)
            known[folder if known is not self.lists else folder.removesuffix("vendor").rstrip("/")] = text
        else:
            self.others.append(path)


class GoModule:
    """A module of the repository with the packages that its own code imports, as far as their sources are there."""

    def __init__(self, files: GoFiles, root: str) -> None:
        """Take the folder of its go.mod. Raises LimitError if there is too much to read."""
        self._files = files
        self._root = root
        self._own_path = _module_path(files.modules.get(root, "")) or "main"
        self._local = dict(self._local_modules())
        self._vendor = next((f"{above}vendor" for above in _above(root) if above.rstrip("/") in files.lists), None)
        self.own = dict(self._own_packages())
        """Folder of each of its packages, by import path."""
        self.loaded: dict[str, str] = {}
        """Folder of each package that is imported, its own first, by import path; none of the standard library."""
        self.imported: set[str] = set()
        """Import paths of all packages that are imported, those of the standard library too."""
        self.missing: dict[str, str] = {}
        """Packages whose sources are not there, with a source that imports each."""
        self._follow()

    def sources(self, package: str) -> list[str]:
        """Return the paths of a loaded package's sources; what `go run` alone compiles counts only in the module."""
        paths = self._files.folders[self.loaded[package]]
        if package in self.own:
            return paths
        return [path for path in paths if not is_never_built(self._files.content(path))]

    def content(self, path: str) -> bytes:
        """Return the bytes of a source."""
        return self._files.content(path)

    def parsed(self, package: str) -> Iterator[tuple[str, GoSource]]:
        """Yield path and content of each source of a loaded package."""
        for path in self.sources(package):
            yield path, self._files.parsed(path)

    def names_in_assembly(self, package: str) -> Iterator[bytes]:
        """Yield what assembler code of a loaded package names."""
        for path in self._files.assembly.get(self.loaded[package], ()):
            yield from words_of_assembly(self._files.content(path))

    def replaces_by(self, module: str) -> bool:
        """True if a module is put in the place of another one, whose import paths it then has."""
        text = self._files.modules.get(self._root, "")
        return re.search(rf"=>[ \t]+{re.escape(module)}(?:[ \t]|$)", text, re.MULTILINE) is not None

    def names_in_templates(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and name of what stands behind a dot in files that are no Go."""
        for path in self._files.others:
            if not _NO_TEMPLATE.search(path):
                for name in set(_FIELD.findall(self._files.text(path, MAX_TEMPLATE))):
                    yield path, name

    def vendored_version(self, module: str) -> str | None:
        """Return the version of a module whose packages are vendored; None if the list has no such module."""
        if self._vendor is None:
            return None
        text = self._files.lists[self._vendor.removesuffix("vendor").rstrip("/")]
        name = re.escape(module)
        found = re.search(rf"^# (?:{name}|\S+(?: v\S+)? => {name}) (v\S+)", text, re.MULTILINE)
        return found[1] if found else None

    def _own_packages(self) -> Iterator[tuple[str, str]]:
        below = f"{self._root}/" if self._root else ""
        path = self._own_path
        others = [f"{folder}/" for folder in self._files.modules if folder != self._root and folder.startswith(below)]
        for folder in self._files.folders:
            inside = f"{folder}/"[len(below) :].rstrip("/")
            is_below = f"{folder}/".startswith(below) or folder == self._root
            if is_below and not f"{folder}/".startswith(tuple(others)) and _is_package(inside):
                yield (f"{path}/{inside}" if inside else path), folder

    def _local_modules(self) -> Iterator[tuple[str, str]]:
        """Yield path and folder of the modules that this one takes from a folder of the repository."""
        spaces = [folder for above in _above(self._root) if (folder := above.rstrip("/")) in self._files.workspaces]
        for folder in spaces:
            for used in _USED.findall(self._files.workspaces[folder]):
                member = join(folder, used.rstrip(")")) or ""
                if path := _module_path(self._files.modules.get(member, "")):
                    yield path, member
        texts = [(folder, self._files.workspaces[folder]) for folder in spaces]
        for folder, text in ((self._root, self._files.modules.get(self._root, "")), *texts):
            for old, new in _REPLACED.findall(text):
                place = join(folder, new)
                if place is not None and place in self._files.modules:
                    yield old.strip('"'), place

    def _follow(self) -> None:
        waiting = list(self.own)
        self.loaded.update(self.own)
        while waiting:
            package = waiting.pop()
            for path in self.sources(package):
                for imported in imports_of(self._files.content(path)):
                    if imported in self.imported or imported == "C":
                        continue
                    self.imported.add(imported)
                    if imported not in self.loaded:
                        self._load(imported, path, waiting)

    def _load(self, imported: str, path: str, waiting: list[str]) -> None:
        folder = self._folder_of(imported)
        if folder is not None:
            self.loaded[imported] = folder
            waiting.append(imported)
        elif not is_standard(imported) or _is_within(imported, self._own_path):
            self.missing[imported] = path

    def _folder_of(self, package: str) -> str | None:
        """Return the folder of an imported package; None if its sources are not in the repository."""
        if self._vendor is not None:
            vendored = f"{self._vendor}/{package}"
            if vendored in self._files.folders:
                return vendored
        for module, place in self._local.items():
            if _is_within(package, module):
                folder = f"{place}/{package[len(module) + 1 :]}".strip("/")
                return folder if folder in self._files.folders else None
        return None


def _above(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, each with a slash behind it if it is not the root."""
    while folder:
        yield f"{folder}/"
        folder = folder.rpartition("/")[0]
    yield ""


def _is_within(package: str, module: str) -> bool:
    return package == module or package.startswith(f"{module}/")


def _module_path(text: str) -> str:
    found = _MODULE.search(text)
    return found[1] if found else ""


def _is_package(inside: str) -> bool:
    return not any(part in _NOT_PACKAGES or part.startswith(("_", ".")) for part in inside.split("/") if part)
