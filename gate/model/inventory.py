"""The packages that a target is made of, for bills of materials."""

import msgspec

from gate.model.package import Package
from gate.model.third_party import PipelineParty
from gate.model.use import PackageUse


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """The packages of one target, as a stage read them."""

    target: str
    """As the user named it."""
    kind: str
    """`tree`, `commits` or `image`."""
    packages: tuple[Package, ...]
    is_complete: bool
    """False if something could not be read, so that packages may be missing."""
    read_at: str
    """RFC 3339 time in UTC, or the time that `SOURCE_DATE_EPOCH` sets (reproducible-builds.org)."""
    uses: tuple[PackageUse, ...] = ()
    """Whether each of `packages` is in use, in their order; empty if that was not asked."""
    layers: tuple[str | None, ...] = ()
    """Diff ids of the layers that brought `packages`, in their order, None if unknown; empty if it is no image."""
    third_parties: tuple[PipelineParty, ...] = ()
    """What of others takes part in its pipelines."""
