"""`deno.lock`, versions 2 to 5: packages of npm and of JSR (Deno documentation, "Integrity checking and lock files").

`specifiers` lead from what is asked for to a version. The edges of version 4 and later leave out what goes without
saying: a bare name is the only copy of that package.
"""

from collections.abc import Iterable, Mapping

import msgspec

from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.json_lines import member_lines
from gate.inventory.lockfile import MAX_JSON, Locked, LockfilePlace, parse_json, read_text, unparsable
from gate.inventory.lockfiles.package_json import project_of, split_alias
from gate.model import Scope
from gate.trees import FileTree

_ECOSYSTEMS = {"npm": "npm", "jsr": "JSR"}


class _Package(msgspec.Struct, frozen=True, rename="camel"):
    dependencies: list[str] | dict[str, str] = []
    """Since version 4 a list; before, for npm, name to `name@version`."""
    optional_dependencies: list[str] = []

    @property
    def needs(self) -> Iterable[str]:
        stated = self.dependencies.values() if isinstance(self.dependencies, dict) else self.dependencies
        return (*stated, *self.optional_dependencies)


class _Packages(msgspec.Struct, frozen=True):
    """`packages` of version 3; since version 4 its members stand at the top."""

    specifiers: dict[str, str] = {}
    npm: dict[str, _Package] = {}
    jsr: dict[str, _Package] = {}


class _Npm(msgspec.Struct, frozen=True):
    """`npm` of version 2."""

    specifiers: dict[str, str] = {}
    packages: dict[str, _Package] = {}


class _Asking(msgspec.Struct, frozen=True):
    dependencies: list[str] = []


class _Member(_Asking, frozen=True, rename="camel"):
    package_json: _Asking = _Asking()

    @property
    def asked(self) -> list[str]:
        return [*self.dependencies, *self.package_json.dependencies]


class _Workspace(_Member, frozen=True, rename="camel"):
    members: dict[str, _Member] = {}


class _Common(msgspec.Struct, frozen=True):
    version: str
    remote: dict[str, str] = {}
    workspace: _Workspace | None = None


class _Version2(_Common, frozen=True):
    npm: _Npm = _Npm()

    @property
    def content(self) -> _Packages:
        specifiers = {f"npm:{asked}": f"npm:{found}" for asked, found in self.npm.specifiers.items()}
        return _Packages(specifiers, self.npm.packages)


class _Version3(_Common, frozen=True):
    packages: _Packages = _Packages()

    @property
    def content(self) -> _Packages:
        return self.packages


class _Version4(_Common, frozen=True):
    specifiers: dict[str, str] = {}
    npm: dict[str, _Package] = {}
    jsr: dict[str, _Package] = {}

    @property
    def content(self) -> _Packages:
        return _Packages(self.specifiers, self.npm, self.jsr)


_SHAPES: dict[str, tuple[type[_Version2 | _Version3 | _Version4], dict[str, tuple[str, ...]]]] = {
    "2": (_Version2, {"npm": ("npm", "packages"), "jsr": ("jsr",)}),
    "3": (_Version3, {"npm": ("packages", "npm"), "jsr": ("packages", "jsr")}),
    "4": (_Version4, {"npm": ("npm",), "jsr": ("jsr",)}),
    "5": (_Version4, {"npm": ("npm",), "jsr": ("jsr",)}),
}
"""Version to its shape, and where the packages stand in it."""


def read(tree: FileTree, path: str) -> Locked:
    """Read a deno.lock. Modules from the network have no version; their number is reported as imprecise."""
    text = read_text(tree, path, MAX_JSON)
    version = parse_json(text, path, _Common).version
    if version not in _SHAPES:
        raise unparsable(path, f"its version {version[:20]!r} is not known")
    shape, ways = _SHAPES[version]
    lock = parse_json(text, path, shape)
    content = lock.content
    roles = _roles(lock, content, _development(tree, path))
    packages = []
    for registry, ecosystem in _ECOSYSTEMS.items():
        place = LockfilePlace(ecosystem, path)
        lines = dict(member_lines(text, *ways[registry]))
        firsts = {_plain(registry, key): key for key in reversed(getattr(content, registry))}
        for plain, key in reversed(firsts.items()):
            name, version = _name_and_version(plain, path, lines.get(key))
            packages.append(place.package(name, version, lines.get(key), **msgspec.structs.asdict(roles.of(plain))))
    return Locked(packages=tuple(packages), imprecise=_remote(lock.remote, text, path))


def _remote(remote: Mapping[str, str], text: str, path: str) -> tuple[str, ...]:
    line = next((line for key, line in member_lines(text) if key == "remote"), 1)
    return (f"{path}:{line}: {len(remote):,} modules from the network",) if remote else ()


def _development(tree: FileTree, path: str) -> set[str]:
    """Return the npm packages that the package.json in the same folder requires only in development."""
    project = project_of(tree, path.rpartition("/")[0])
    return {split_alias(*one)[0] for one in project.dev_dependencies.items()} if project else set()


def _plain(registry: str, key: str) -> str:
    """Return `registry:name@version` without the peers behind it; a name may hold an underscore too."""
    at = key.find("@", 1)
    return f"{registry}:{key}" if at < 0 else f"{registry}:{key[:at]}@{key[at + 1 :].partition('_')[0]}"


def _name_and_version(plain: str, path: str, line: int | None) -> tuple[str, str]:
    said = plain.partition(":")[2]
    at = said.find("@", 1)
    if at < 0:
        raise unparsable(path, "a package is called name@version", line)
    return said[:at], said[at + 1 :]


def _roles(lock: _Common, content: _Packages, development: set[str]) -> DependencyRoles:
    index = _Index(content)
    needs = {
        _plain(registry, key): index.keys(registry, package.needs)
        for registry in _ECOSYSTEMS
        for key, package in getattr(content, registry).items()
    }
    roots: dict[Scope, list[str]] = {scope: [] for scope in Scope}
    for key in index.keys("npm", _asked(lock, content)):
        roots[Scope.DEVELOPMENT if index.names[key] in development else Scope.RUNTIME].append(key)
    return DependencyRoles(roots, needs, index.names)


def _asked(lock: _Common, content: _Packages) -> Iterable[str]:
    """Return the project's own specifiers: its workspace's, else all that no package of JSR asks for."""
    if lock.workspace is not None:
        return [one for member in (lock.workspace, *lock.workspace.members.values()) for one in member.asked]
    others = {needed for package in content.jsr.values() for needed in package.needs}
    return [specifier for specifier in content.specifiers if specifier not in others]


class _Index:
    """Finds the package that a specifier or an edge leads to."""

    def __init__(self, content: _Packages) -> None:
        self.names: dict[str, str] = {}
        """Name of each package, by registry, name and version."""
        self._copies: dict[str, list[str]] = {}
        for registry in _ECOSYSTEMS:
            for plain in dict.fromkeys(_plain(registry, key) for key in getattr(content, registry)):
                unversioned = _unversioned(plain)
                self.names[plain] = unversioned.partition(":")[2]
                self._copies.setdefault(unversioned, []).append(plain)
        self._specifiers = {asked: _target(asked, found) for asked, found in content.specifiers.items()}

    def keys(self, registry: str, asked: Iterable[str]) -> list[str]:
        """Return the keys of those that are found; what is optional for another platform may be absent."""
        return [key for one in asked if (key := self._key(registry, one)) is not None]

    def _key(self, registry: str, asked: str) -> str | None:
        if asked in self._specifiers:
            asked = self._specifiers[asked]
        for prefix in _ECOSYSTEMS:
            if asked.startswith(f"{prefix}:"):
                registry, asked = prefix, asked.removeprefix(f"{prefix}:")
        plain = _plain(registry, asked.partition("@npm:")[2] or asked)
        if plain in self.names:
            return plain
        copies = self._copies.get(_unversioned(plain), [])
        return copies[0] if len(copies) == 1 else None


def _unversioned(plain: str) -> str:
    start = plain.find(":") + 2
    at = plain.find("@", start)
    return plain if at < 0 else plain[:at]


def _target(asked: str, found: str) -> str:
    """Return `registry:name@version`; since version 4 a specifier leads to a version alone."""
    return found if found.startswith(("npm:", "jsr:")) else f"{_unversioned(asked)}@{found}"
