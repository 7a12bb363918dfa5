"""`conda-lock.yml` (version 1) and, where nothing locks it, `environment.yml`; what pip installs counts as PyPI's."""

import re
from typing import Any

import msgspec

from gate.ecosystems import described
from gate.inventory.entries import LockEntry, locked, merged
from gate.inventory.lockfile import Locked, LockfilePlace, unparsable
from gate.inventory.lockfiles.requirements import name_and_pin
from gate.inventory.yaml_document import places, read_yaml
from gate.model import Scope
from gate.trees import FileTree

LOCKED_BY = ("./conda-lock.yml", "./pixi.lock")
_ECOSYSTEMS = {"conda": "Conda", "pip": "PyPI"}
_MATCH = re.compile(r"(?:[^\s:]+::)?(?P<name>[A-Za-z0-9_.-]+)\s*(?P<asked>.*)")
_EXACT = re.compile(
    r"==\s*(?P<version>[^\s,|*=]+)|=\s*(?P<built>[^\s,|*=]+)=[^\s*]+|\s+(?P<spaced>[^\s,|*=<>]+)\s+[^\s*]+"
)
"""conda's match specification: `==1.0`, `=1.0=build`, ` 1.0 build`; `=1.0` alone is a prefix."""


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str
    manager: str
    category: str = "main"
    url: str = ""
    dependencies: dict[str, Any] = {}

    @property
    def files(self) -> tuple[str, ...]:
        return (self.url,) if self.url else ()

    @property
    def scope(self) -> Scope:
        if self.category == "main":
            return Scope.RUNTIME
        return Scope.DEVELOPMENT if self.category in ("dev", "test") else Scope.OPTIONAL


class _Lock(msgspec.Struct, frozen=True):
    version: int
    package: list[_Package]


class _Environment(msgspec.Struct, frozen=True):
    dependencies: list[str | dict[str, list[str] | None]] | None = None


def read(tree: FileTree, path: str) -> Locked:
    """Read what conda-lock wrote, or an environment without it."""
    return _read_lock(tree, path) if path.rpartition("/")[2].startswith("conda-lock") else _read_environment(tree, path)


def _read_lock(tree: FileTree, path: str) -> Locked:
    lock, root = read_yaml(tree, path, _Lock)
    if lock.version != 1:
        raise unparsable(path, f"its version {lock.version} is not known")
    first: dict[tuple[str, str, str], tuple[_Package, int]] = {}  # the same package stands there for each platform
    for package, (_, line) in zip(lock.package, places(root, "package"), strict=True):
        if package.manager not in _ECOSYSTEMS:
            raise unparsable(path, f"the manager {package.manager[:20]!r} is not known", line)
        first.setdefault((package.manager, package.name, package.version), (package, line))
    entries: dict[str, list[LockEntry]] = {ecosystem: [] for ecosystem in _ECOSYSTEMS.values()}
    for one, line in first.values():
        ecosystem = _ECOSYSTEMS[one.manager]
        name = described(ecosystem).written_name(one.name)
        entries[ecosystem].append(
            LockEntry(name=name, version=one.version, line=line, scope=one.scope, files=one.files)
        )
    return _joined(path, entries)


def _joined(path: str, entries: dict[str, list[LockEntry]], *, is_direct: bool = False) -> Locked:
    parts = []
    for ecosystem, some in entries.items():
        direct = {entry.name for entry in some} if is_direct else None
        parts.append(locked(LockfilePlace(ecosystem, path), some, direct))
    return merged(parts)


def _read_environment(tree: FileTree, path: str) -> Locked:
    environment, root = read_yaml(tree, path, _Environment)
    conda, pip = [], []
    for asked, (_, line) in zip(environment.dependencies or [], places(root, "dependencies"), strict=True):
        if isinstance(asked, str):
            conda.append(_conda_entry(asked, path, line))
        else:
            pip += [_pip_entry(text, path, line) for text in asked.get("pip") or []]
    return _joined(path, {_ECOSYSTEMS["conda"]: conda, _ECOSYSTEMS["pip"]: pip}, is_direct=True)


def _conda_entry(asked: str, path: str, line: int) -> LockEntry:
    found = _MATCH.fullmatch(asked.strip())
    if found is None:
        raise unparsable(path, "not a package as conda names it", line)
    exact = _EXACT.fullmatch(found["asked"])
    version = exact and (exact["version"] or exact["built"] or exact["spaced"])
    return LockEntry(name=found["name"].lower(), version=version, line=line)


def _pip_entry(text: str, path: str, line: int) -> LockEntry:
    if text.startswith(("-", ".", "/")) or "://" in text:
        return LockEntry(name="an option, file or address of pip", version=None, line=line)
    name, version = name_and_pin(text.partition(" #")[0].strip(), path, line)
    return LockEntry(name=name, version=version, line=line)
