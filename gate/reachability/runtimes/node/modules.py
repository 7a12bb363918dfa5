"""Module resolution of Node.js (Node.js documentation, "Modules: CommonJS", "Modules: Packages").

CommonJS and ES modules are resolved alike, trying file name endings. Node.js would not load an ES module that is named
without its ending, so that finds no module too many, and code that is compiled when it is loaded needs it.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from gate.core.errors import UnreadableError
from gate.core.word_lists import word_lists
from gate.inventory.installed.packages import decode_json
from gate.reachability.imports.javascript_loads import Form
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.per_image import cached_per_image

KIND = "npm"
_WRITTEN_AS = {".js": (".ts", ".tsx"), ".jsx": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",)}
"""In TypeScript an import names the file that the compiler makes."""
ENDINGS = (".js", ".json", ".node", ".cjs", ".mjs", ".ts", ".tsx", ".cts", ".mts", ".jsx")
_LISTS = word_lists(__file__)
BUILT_IN = frozenset(_LISTS["built_in"])
"""Modules of the runtime, which come before packages of the same name."""
_MACHINES = ("x86_64", "aarch64", "i386", "powerpc64le", "s390x", "riscv64")
_GLOBAL = (
    *("usr/share/nodejs", "usr/lib/nodejs", "usr/local/lib/node_modules", "usr/lib/node_modules"),
    *(f"usr/lib/{machine}-linux-gnu/nodejs" for machine in _MACHINES),
)
"""Where distributions keep modules that every program finds."""
_CONDITIONS = ("node", "node-addons", "module-sync", "default")
_MAX_MANIFEST = 4 << 20
_MAX_DEPTH = 20
"""Levels of nested conditions."""


class NodeManifest(msgspec.Struct, frozen=True):
    """The parts of a `package.json` that decide which files are run."""

    name: Any = None
    main: Any = None
    exports: Any = None
    imports: Any = None
    scripts: Any = None
    bin: Any = None
    dependencies: Any = None
    optional: Any = msgspec.field(name="optionalDependencies", default=None)
    peers: Any = msgspec.field(name="peerDependencies", default=None)
    development: Any = msgspec.field(name="devDependencies", default=None)
    bundled: Any = msgspec.field(name="bundledDependencies", default=None)
    also_bundled: Any = msgspec.field(name="bundleDependencies", default=None)
    about_peers: Any = msgspec.field(name="peerDependenciesMeta", default=None)
    os: Any = None
    cpu: Any = None
    oclif: Any = None

    @property
    def is_for_a_platform(self) -> bool:
        """True for a part of another package that is installed for one system and processor alone."""
        return isinstance(self.os, list) and isinstance(self.cpu, list) and "linux" in self.os

    def asks_for(self, package: str) -> bool:
        """True for a dependency, an optional one, or a peer that is not optional: these are installed with it."""
        about = self.about_peers.get(package) if isinstance(self.about_peers, dict) else None
        is_optional = isinstance(about, dict) and about.get("optional") is True
        is_peer = isinstance(self.peers, dict) and package in self.peers and not is_optional
        stated = (one for one in (self.dependencies, self.optional) if isinstance(one, dict))
        return is_peer or any(package in one for one in stated)

    def declared(self, *, is_developed: bool) -> Iterator[str]:
        """Yield every package that it names among its dependencies; what it is developed with, only if that counts."""
        development = self.development if is_developed else None
        for stated in (self.dependencies, self.optional, self.peers, development):
            yield from stated if isinstance(stated, dict) else ()
        for names in (self.bundled, self.also_bundled):
            yield from (name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


class ResolvedModule(msgspec.Struct, frozen=True):
    """The file of a module, and the manifests that are read to find it."""

    file: str | None
    manifests: tuple[str, ...] = ()


_NOTHING = ResolvedModule(None)


class Modules:
    """Resolves module names in an image."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._manifests: dict[str, NodeManifest | None] = {}
        self._extra: tuple[str, ...] = ()
        self._variables: dict[str, str] = {}
        self._inferences: dict[str, NodeManifest] = {}
        """By a folder of modules without an application's manifest: what that must have said."""

    def look_in(self, folders: Iterable[str]) -> None:
        """From now on, also look for packages in the folders of a NODE_PATH."""
        self._extra = tuple(dict.fromkeys((*self._extra, *folders)))

    def set_variables(self, variables: Iterable[tuple[str, str]]) -> None:
        """From now on, take variables of the environment as set: those with which Node.js is started."""
        self._variables.update(variables)

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables with which Node.js was started so far."""
        return self._variables

    @property
    def searched(self) -> Iterable[str]:
        """The folders of each NODE_PATH."""
        return self._extra

    def copies(self, package: str, folder: str) -> set[str]:
        """Return the folders that a package's name may mean in a file of `folder`: the nearest, or global ones."""
        for each in _upwards(folder):
            real = self._files.folder(f"{each}/node_modules/{package}")
            if real is not None:
                return {real}
        found = (self._files.folder(f"{place}/{package}") for place in (*self._extra, *_GLOBAL))
        return {real for real in found if real is not None}

    def beginning_with(self, beginning: str, folder: str) -> Iterator[str]:
        """Yield the names of the packages that a file of `folder` finds by a name that begins so."""
        scope, slash, _ = beginning.rpartition("/")
        for place in (*(f"{each}/node_modules" for each in _upwards(folder)), *self._extra, *_GLOBAL):
            names = (f"{scope}{slash}{one}" for one in self._files.names(f"{place}/{scope}".rstrip("/")))
            yield from (name for name in names if name.startswith(beginning))

    def resolve(self, name: str, folder: str, form: Form) -> ResolvedModule:
        """Return the module that `name` means in a file of `folder`."""
        name = name.removeprefix("file://").partition("?")[0]
        if name.startswith("node:") or (name.partition("/")[0] in BUILT_IN and not name.endswith("/")):
            return _NOTHING
        if name.startswith("#"):
            return self._by_imports(name, folder, form)
        if name in (".", "..") or name.startswith(("./", "../", "/")):
            return self._file_or_folder(posixpath.join("/", folder, name))
        return self._package(name.rstrip("/"), folder, form)

    def manifest(self, folder: str) -> NodeManifest | None:
        """Return the manifest in a folder; None if there is none, or a broken one (Node.js refuses it too)."""
        if folder not in self._manifests:
            self._manifests[folder] = self._read_manifest(f"{folder}/package.json")
        return self._manifests[folder]

    def _read_manifest(self, path: str) -> NodeManifest | None:
        if self._files.find(path) is None:
            return None
        try:
            return decode_json(self._files.read(path.strip("/"), _MAX_MANIFEST), path, NodeManifest)
        except UnreadableError:
            return None

    def entries(self, folder: str) -> set[str]:
        """Return the files, links followed, that a package's bare name loads: one for each form, mostly the same."""
        forms: tuple[Form, ...] = ("require", "import")
        found = (self._in_package(folder, "", form).file for form in forms)
        entries = (self._files.find(path) for path in found if path is not None)
        return {entry.path for entry in entries if entry is not None}

    def scope(self, folder: str) -> str | None:
        """Return the nearest folder upwards that has a manifest."""
        return next((each for each in _upwards(folder) if self._files.find(f"{each}/package.json")), None)

    def application(self, folder: str) -> NodeManifest | None:
        """Return the manifest of the application in whose `node_modules` a folder is; None if it is in none.

        An image may hold what is installed without the manifest that asked for it. Then what no other package asks for
        was asked for by the application.
        """
        if "/node_modules" not in folder:
            return None
        outside = folder.partition("/node_modules")[0]
        scope = self.scope(outside)
        return self.manifest(scope) if scope is not None else self._inferred(f"{outside}/node_modules")

    def _inferred(self, place: str) -> NodeManifest:
        if place not in self._inferences:
            names = [each for name in self._files.names(place) for each in with_scoped(name, place, self._files)]
            manifests = [one for name in names if (one := self.manifest(f"{place}/{name}")) is not None]
            asked = {name for one in manifests for name in one.declared(is_developed=False) if one.asks_for(name)}
            self._inferences[place] = NodeManifest(dependencies=dict.fromkeys(set(names) - asked, "*"))
        return self._inferences[place]

    def bin(self, command: str, folder: str) -> str | None:
        """Return the path of a command that a package brings, as npm links it."""
        paths = (f"{each}/node_modules/.bin/{command}" for each in _upwards(folder))
        return next((path for path in paths if self._files.find(path)), None)

    def _package(self, name: str, folder: str, form: Form) -> ResolvedModule:
        package, rest = package_of(name)
        scope = self.scope(folder)
        own = self.manifest(scope) if scope is not None else None
        if scope is not None and own is not None and own.name == package and own.exports is not None:
            return self._in_package(scope, rest, form)
        for place in (*(f"{each}/node_modules" for each in _upwards(folder)), *self._extra, *_GLOBAL):
            if self._files.folder(f"{place}/{package}") is not None:
                found = self._in_package(f"{place}/{package}", rest, form)
                if found.file:
                    return found
            elif (found := self._file_or_folder(f"{place}/{name}")).file:
                return found
        return _NOTHING

    def _in_package(self, root: str, rest: str, form: Form) -> ResolvedModule:
        real = self._files.folder(root)
        root = root if real is None else f"/{real}"
        manifest = self.manifest(root)
        manifests = (f"{root}/package.json",) if manifest else ()
        if manifest is not None and manifest.exports is not None:
            target = _target(manifest.exports, f"./{rest}" if rest else ".", form)
            # If that file is missing: a bundler or an old Node.js ignores `exports`.
            found = self._file(posixpath.join(root, target)) if target else None
            if found:
                return ResolvedModule(found, manifests)
        found_there = self._file_or_folder(f"{root}/{rest}" if rest else root)
        return ResolvedModule(found_there.file, tuple(dict.fromkeys((*manifests, *found_there.manifests))))

    def _by_imports(self, name: str, folder: str, form: Form) -> ResolvedModule:
        scope = self.scope(folder)
        manifest = self.manifest(scope) if scope is not None else None
        if scope is None or manifest is None or manifest.imports is None:
            return _NOTHING
        target = _target(manifest.imports, name, form)
        if target is None or target.startswith("#"):
            return _NOTHING
        return self.resolve(target, scope, form)

    def _file_or_folder(self, path: str) -> ResolvedModule:
        path = posixpath.normpath(path)
        found = self._file(path)
        return ResolvedModule(found) if found else self._folder(path)

    def _file(self, path: str) -> str | None:
        stem, ending = posixpath.splitext(path)
        written = [stem + other for other in _WRITTEN_AS.get(ending, ())]
        candidates = (path, *(path + each for each in ENDINGS), *written)
        return next((each for each in candidates if self._files.find(each)), None)

    def _folder(self, path: str) -> ResolvedModule:
        if self._files.folder(path) is None:
            return _NOTHING
        manifest = self.manifest(path)
        manifests = (f"{path}/package.json",) if manifest else ()
        mains = [manifest.main] if manifest is not None and isinstance(manifest.main, str) else []
        for main in mains:
            target = posixpath.normpath(f"{path}/{main}")
            found = self._file(target) or self._file(f"{target}/index")
            if found:
                return ResolvedModule(found, manifests)
        return ResolvedModule(self._file(f"{path}/index"), manifests)


@cached_per_image
def modules_of(files: Files) -> Modules:
    """Return the modules of an image."""
    return Modules(files)


def is_installed(path: str) -> bool:
    """True for a file of a package that was installed, not of the project's own."""
    return "node_modules" in path or path.startswith(_GLOBAL)


def module_path(path: str) -> tuple[str, str] | None:
    """Return the folder or file of the module that an installed file belongs to, and the name by which it is found."""
    place = next((place for place in _GLOBAL if path.startswith(place + "/")), "")
    if "node_modules/" in path:
        place = path.rpartition("node_modules/")[0] + "node_modules"
    parts = path.removeprefix(place + "/").split("/")
    name = "/".join(parts[: 2 if parts[0].startswith("@") else 1])
    return (f"{place}/{name}", name) if place and name else None


def with_scoped(name: str, folder: str, files: Files) -> list[str]:
    """Return the name of a file or folder, or, of a scope (`@shop`), those of the modules in it."""
    return [f"{name}/{inside}" for inside in files.names(f"{folder}/{name}")] if name.startswith("@") else [name]


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and all above it, the root last, as paths with `/` in front (the root is empty)."""
    at = "/" + folder.strip("/")
    while at != "/":
        yield at
        at = posixpath.dirname(at)
    yield ""


def package_of(name: str) -> tuple[str, str]:
    """Return the package, and the path in it."""
    parts = name.split("/", 2 if name.startswith("@") else 1)
    count = 2 if name.startswith("@") else 1
    return "/".join(parts[:count]), "/".join(parts[count:])


def _target(table: Any, key: str, form: Form) -> str | None:
    """Return what `exports` or `imports` map a subpath to: by the exact key, else by the longest pattern."""
    if not isinstance(table, dict) or not any(name.startswith((".", "#")) for name in table):
        return _chosen(table, form, _MAX_DEPTH) if key == "." else None
    if key in table:
        return _chosen(table[key], form, _MAX_DEPTH)
    for pattern in sorted(
        (name for name in table if name.count("*") == 1 or name.endswith("/")), key=len, reverse=True
    ):
        head, _, tail = pattern.partition("*")
        if key.startswith(head) and key.endswith(tail) and len(key) >= len(head) + len(tail):
            chosen = _chosen(table[pattern], form, _MAX_DEPTH)
            middle = key[len(head) : len(key) - len(tail)]
            if chosen is None:
                return None
            return chosen.replace("*", middle) if "*" in pattern else chosen + middle
    return None


def _chosen(target: Any, form: Form, depth: int) -> str | None:
    """Return the file for the first condition that holds, in the order in which they are written, as Node.js does."""
    if isinstance(target, str) or depth == 0:
        return target if isinstance(target, str) else None
    if isinstance(target, list):
        return next(filter(None, (_chosen(each, form, depth - 1) for each in target)), None)
    if isinstance(target, dict):
        held = (_chosen(each, form, depth - 1) for name, each in target.items() if name in (*_CONDITIONS, form))
        return next(filter(None, held), None)
    return None
