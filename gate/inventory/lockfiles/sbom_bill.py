"""What an SBOM says, whichever format it is written in."""

from collections.abc import Iterable, Mapping

import msgspec

from gate.model import Scope


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """What an SBOM says of one package."""

    id: str
    """The name by which the SBOM's own graph calls it."""
    name: str
    version: str = ""
    url: str = ""
    """Its package URL."""
    line: int | None = None
    scope: Scope = Scope.RUNTIME
    license: str | None = None
    is_group: bool = False
    """True for an application, container or the like that only holds packages: what it needs counts as its holder's."""


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """What an SBOM of any format says."""

    components: list[Component]
    needs: Mapping[str, Iterable[str]] = {}
    """Id to the ids of what it needs."""
    direct: frozenset[str] | None = None
    """Ids of what the described software itself needs; None if the SBOM does not say."""
