"""`yarn.lock` of Yarn 1 and of Yarn 2 and later (Berry): two syntaxes, one meaning.

An entry stands for one or more descriptors (`name@range`). The lockfile states neither which packages are
direct nor which are for development; the package.json files in its folder and in its workspaces do.
"""

from collections.abc import Iterator

from gate.ecosystems.ecosystem import Fetched
from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_text
from gate.inventory.lockfiles import yarn_berry, yarn_classic
from gate.inventory.lockfiles.package_json import NpmProject, is_local, projects_of
from gate.inventory.lockfiles.yarn_entry import Needs, YarnEntry
from gate.model import Scope
from gate.trees import FileTree


def read(tree: FileTree, path: str) -> Locked:
    """Read a yarn.lock. Packages from a folder or file of the repository have no advisories and are left out."""
    text = read_text(tree, path)
    entries = yarn_berry.entries(tree, path) if yarn_berry.is_berry(text) else yarn_classic.entries(text, path)
    projects = projects_of(tree, path.rpartition("/")[0])
    index = _Index(entries)
    roles = _roles(entries, projects, index)
    listing = Listing("npm", path)
    for entry in entries:
        if not entry.is_local:
            role, commit = roles.of(entry.key), entry.commit
            fetched = Fetched(entry.name, entry.locator_version) if entry.locator_version else None
            listing.add(
                entry.name,
                entry.version,
                entry.line,
                role,
                registry=entry.registry,
                commit=commit,
                fetched=fetched,
            )
    for name in _missing(projects, index) if entries else ():
        listing.add(name, None, 1)
    return listing.locked


def _missing(projects: list[NpmProject], index: "_Index") -> Iterator[str]:
    """Yield what a project asks for and the lockfile lacks: it is older than the manifest."""
    own = {project.name for project in projects}
    for project in projects:
        for name, said in {**project.dependencies, **project.dev_dependencies}.items():
            if not (name in own or name in project.optional_dependencies or is_local(said) or index.has(name)):
                yield name


def _roles(entries: list[YarnEntry], projects: list[NpmProject], index: "_Index") -> DependencyRoles:
    roots: dict[Scope, list[str]] = {}
    for scope in Scope:
        roots[scope] = [key for project in projects for key in index.keys(project.asked[scope].items())]
    needs = {entry.key: index.keys(entry.needs) for entry in entries}
    return DependencyRoles(roots, needs, {entry.key: entry.name for entry in entries})


class _Index:
    """Finds the entry that a dependency leads to."""

    def __init__(self, entries: list[YarnEntry]) -> None:
        self._by_descriptor = {descriptor: entry.key for entry in entries for descriptor in entry.descriptors}
        self._by_name: dict[str, set[str]] = {}
        for entry in entries:
            for descriptor in entry.descriptors:
                self._by_name.setdefault(_name_of(descriptor), set()).add(entry.key)

    def has(self, name: str) -> bool:
        """True if any range of `name` is locked."""
        return name in self._by_name

    def keys(self, dependencies: Needs) -> list[str]:
        """Return the keys of those that are found; what is optional for another platform may be absent."""
        return [key for name, said in dependencies if (key := self._key(name, said)) is not None]

    def _key(self, name: str, said: str) -> str | None:
        """A range that `resolutions`, a catalog or a patch replaced is not in the file: then a lone copy is meant."""
        for descriptor in (f"{name}@{said}", f"{name}@npm:{said}"):
            if descriptor in self._by_descriptor:
                return self._by_descriptor[descriptor]
        copies = self._by_name.get(name, set())
        return next(iter(copies)) if len(copies) == 1 else None


def _name_of(descriptor: str) -> str:
    return descriptor[: descriptor.find("@", 1)]
