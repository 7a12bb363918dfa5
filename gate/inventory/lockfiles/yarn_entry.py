"""One entry of a yarn.lock, of either syntax."""

from collections.abc import Iterable

import msgspec

from gate.inventory.commits import Commit

Needs = Iterable[tuple[str, str]]
"""(name, range) of each dependency."""


class YarnEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What one or more descriptors are resolved to."""

    descriptors: tuple[str, ...]
    """Each `name@range`; the first is the entry's key in the graph."""
    name: str
    """That of the package itself, where the descriptors bear an alias."""
    version: str | None
    line: int
    needs: tuple[tuple[str, str], ...] = ()
    """(name, range) of each dependency, optional ones among them."""
    registry: str | None = None
    """Address that it comes from, which Yarn 1 states."""
    commit: Commit | None = None
    """What Yarn 2 and later says that it is built from."""
    locator_version: str | None = None
    """The version that Yarn 2 and later fetches from a registry, which its locator names."""
    is_local: bool = False
    """True for what lies in the repository: a workspace, a folder, a file."""

    @property
    def key(self) -> str:
        return self.descriptors[0]
