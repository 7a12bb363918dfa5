"""A reader's answer while it is being made: packages with a version, and what is asked for without one."""

from gate.inventory.commits import Commit, commit_in
from gate.inventory.lockfile import COMMITS, Locked, Place
from gate.inventory.standing import Standing
from gate.model import Package

_UNKNOWN = Standing()
MAX_SHOWN = 100
"""Characters of a name that the note on what is imprecise repeats."""


class Listing:
    """Gathers what one file of one ecosystem lists, in its order."""

    def __init__(self, ecosystem: str, path: str) -> None:
        self._place = Place(ecosystem, path)
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
    ) -> None:
        """Add a package; without a version it is imprecise. Raises UnreadableError as `Place.package` does.

        If it is built from a `commit`, or `registry` names one, that is looked up too.
        """
        commit = commit or (commit_in(registry) if registry else None)
        if commit is not None:
            self.add_commit(commit, line, standing)
        if version is None:
            shown = "".join(sign if sign.isprintable() else "?" for sign in name[:MAX_SHOWN])
            self._imprecise.append(f"{self._place.path}:{line or 1}: {shown}")
            return
        self._packages.append(
            self._place.package(
                name,
                version,
                line,
                scope=standing.scope,
                direct=standing.direct,
                via=standing.via,
                license=license,
                registry=registry,
            )
        )

    def add_commit(self, commit: Commit, line: int | None, standing: Standing = _UNKNOWN) -> None:
        """Add the repository of `commit` as a package that has it as its version."""
        place = Place(COMMITS, self._place.path)
        self._packages.append(
            place.package(
                commit.repository,
                commit.id,
                line,
                scope=standing.scope,
                direct=standing.direct,
                via=standing.via,
            )
        )

    @property
    def locked(self) -> Locked:
        """What was added so far; a note that stands twice is told once."""
        return Locked(packages=tuple(self._packages), imprecise=tuple(dict.fromkeys(self._imprecise)))
