"""A reader's answer while it is being made: packages with a version, and what is asked for without one."""

from collections.abc import Iterable, Iterator

from gate.ecosystems import COMMITS
from gate.ecosystems.ecosystem import Fetched
from gate.inventory.commits import Commit, commit_in
from gate.inventory.dependency_role import Standing
from gate.inventory.fetched_address import fetched_from, is_same
from gate.inventory.lockfile import Locked, LockfilePlace
from gate.model import Package

_UNKNOWN = Standing()
MAX_SHOWN = 100
"""Characters of a name that the note on what is imprecise repeats."""


class Listing:
    """Gathers what one file of one ecosystem lists, in its order."""

    def __init__(self, ecosystem: str, path: str) -> None:
        self._place = LockfilePlace(ecosystem, path)
        self._packages: list[Package] = []
        self._imprecise: list[str] = []

    def add(
        self,
        name: str,
        version: str | None,
        line: int | None,
        standing: Standing = _UNKNOWN,
        *,
        license: str | None = None,
        registry: str | None = None,
        commit: Commit | None = None,
        files: Iterable[str] = (),
        fetched: Fetched | None = None,
    ) -> None:
        """Add a package; without a version it is imprecise. Raises UnreadableError as `Place.package` does.

        If it is built from a `commit`, or `registry` names one, that is looked up too. `files` are further addresses
        that it may be fetched from: what one of them, or `registry`, fetches instead is a package as well, and so is
        what the file itself says is `fetched`.
        """
        commit = commit or (commit_in(registry) if registry else None)
        if commit is not None:
            self.add_commit(commit, line, standing)
        addresses = (*((registry,) if registry else ()), *files)
        found = dict.fromkeys([*([fetched] if fetched else []), *self._fetched(addresses)])
        own, others = self._parted(found, name, version)
        version = version or own
        for other in others:
            self._add_fetched(other, f"{name} {version}" if version else name, line, standing, registry)
        if version is None:
            shown = "".join(sign if sign.isprintable() else "?" for sign in name[:MAX_SHOWN])
            self._imprecise.append(f"{self._place.path}:{line or 1}: {shown}")
            return
        self._append(self._place, name, version, line, standing, license=license, registry=registry)

    def _parted(self, found: Iterable[Fetched], name: str, version: str | None) -> tuple[str | None, list[Fetched]]:
        """Return the version in which the package itself is fetched, and what is fetched in its place."""
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
        self, fetched: Fetched, stated_as: str, line: int | None, standing: Standing, registry: str | None
    ) -> None:
        """Add what an address fetches in the place of the package that the file names."""
        self._append(self._place, fetched.name, fetched.version, line, standing, registry=registry, stated_as=stated_as)

    def add_commit(
        self, commit: Commit, line: int | None, standing: Standing = _UNKNOWN, stated_as: str | None = None
    ) -> None:
        """Add the repository of `commit` as a package that has it as its version."""
        place = LockfilePlace(COMMITS, self._place.path)
        self._append(place, commit.repository, commit.id, line, standing, stated_as=stated_as)

    def _append(
        self, place: LockfilePlace, name: str, version: str, line: int | None, standing: Standing, **more: str | None
    ) -> None:
        """Add a package of this standing; `more` are further fields of it. Raises as `Place.package` does."""
        self._packages.append(
            place.package(name, version, line, scope=standing.scope, direct=standing.direct, via=standing.via, **more)
        )

    @property
    def locked(self) -> Locked:
        """What was added so far; a note that stands twice is told once."""
        return Locked(packages=tuple(self._packages), imprecise=tuple(dict.fromkeys(self._imprecise)))
