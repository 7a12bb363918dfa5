"""Builds a reader's answer: packages with a version, and notes on those without one."""

from collections.abc import Iterable, Iterator

from gate.ecosystems import COMMITS
from gate.ecosystems.ecosystem import Fetched
from gate.inventory.commits import Commit, commit_in
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.fetched_address import fetched_from, is_same
from gate.inventory.lockfile import Locked, LockfilePlace
from gate.model import Package

_UNKNOWN = DependencyRole()
MAX_SHOWN = 100
"""Characters of a name that are shown in the note on an imprecise package."""


class Listing:
    """Collects the packages of one file of one ecosystem, in its order."""

    def __init__(self, ecosystem: str, path: str) -> None:
        self._place = LockfilePlace(ecosystem, path)
        self._packages: list[Package] = []
        self._imprecise: list[str] = []

    def add(
        self,
        name: str,
        version: str | None,
        line: int | None,
        role: DependencyRole = _UNKNOWN,
        *,
        license: str | None = None,
        registry: str | None = None,
        commit: Commit | None = None,
        files: Iterable[str] = (),
        fetched: Fetched | None = None,
    ) -> None:
        """Add a package; without a version it is imprecise. Raises UnreadableError as `LockfilePlace.package` does.

        If it is built from a `commit`, or `registry` names one, the commit is added as well. `files` are further URLs
        that it may be fetched from. A different package that one of them, or `registry`, fetches is added as well, and
        so is the package that the file itself states as `fetched`.
        """
        commit = commit or (commit_in(registry) if registry else None)
        if commit is not None:
            self.add_commit(commit, line, role)
        addresses = (*((registry,) if registry else ()), *files)
        found = dict.fromkeys([*([fetched] if fetched else []), *self._fetched(addresses)])
        own, others = self._parted(found, name, version)
        version = version or own
        for other in others:
            self._add_fetched(other, f"{name} {version}" if version else name, line, role, registry)
        if version is None:
            shown = "".join(sign if sign.isprintable() else "?" for sign in name[:MAX_SHOWN])
            self._imprecise.append(f"{self._place.path}:{line or 1}: {shown}")
            return
        self._append(self._place, name, version, line, role, license=license, registry=registry)

    def _parted(self, found: Iterable[Fetched], name: str, version: str | None) -> tuple[str | None, list[Fetched]]:
        """Return the version in which the package itself is fetched, and the packages that are fetched in its place."""
        own, others = version, list[Fetched]()
        for one in found:
            if is_same(self._place.ecosystem, one, name, own):
                own = own or one.version
            else:
                others.append(one)
        return own, others

    def _fetched(self, addresses: Iterable[str]) -> Iterator[Fetched]:
        for address in addresses:
            fetched = fetched_from(self._place.ecosystem, address)
            if fetched is not None:
                yield fetched

    def _add_fetched(
        self, fetched: Fetched, stated_as: str, line: int | None, role: DependencyRole, registry: str | None
    ) -> None:
        """Add a package that a URL fetches in the place of the one that the file names."""
        self._append(self._place, fetched.name, fetched.version, line, role, registry=registry, stated_as=stated_as)

    def add_commit(
        self, commit: Commit, line: int | None, role: DependencyRole = _UNKNOWN, stated_as: str | None = None
    ) -> None:
        """Add the repository of `commit` as a package that has it as its version."""
        place = LockfilePlace(COMMITS, self._place.path)
        self._append(place, commit.repository, commit.id, line, role, stated_as=stated_as)

    def _append(
        self, place: LockfilePlace, name: str, version: str, line: int | None, role: DependencyRole, **more: str | None
    ) -> None:
        """Add a package with this role; `more` are further fields of it. Raises as `LockfilePlace.package` does."""
        self._packages.append(
            place.package(name, version, line, scope=role.scope, direct=role.direct, via=role.via, **more)
        )

    @property
    def locked(self) -> Locked:
        """The packages that were added so far, and the notes without duplicates."""
        return Locked(packages=tuple(self._packages), imprecise=tuple(dict.fromkeys(self._imprecise)))
