"""The answers for an image's packages, grouped by what would have to be known to decide them."""

from collections.abc import Iterable, Sequence

from gate.model import Doubt, ImageUses, InUse, Package, UseGroup, UseOfPackages

_SHARED = frozenset({Doubt.START, Doubt.LIMIT, Doubt.GAP, Doubt.NOT_FOLLOWED, Doubt.UNREADABLE})
"""Doubts whose reason concerns many packages alike; of the others each package has its own."""
_ORDER = (InUse.YES, InUse.NO, InUse.UNKNOWN)
_Key = tuple[InUse, Doubt | None, str]


def grouped(packages: Sequence[Package], uses: ImageUses, not_judged: int = 0) -> UseOfPackages:
    """Return the groups; `uses` has the answers for `packages`, in their order; `not_judged` have no advisories."""
    names: dict[_Key, list[str]] = {}
    for package, use in zip(packages, uses.packages, strict=True):
        reason = use.evidence[0] if use.doubt in _SHARED and use.evidence else ""
        names.setdefault((use.in_use, use.doubt, reason), []).append(f"{package.name} {package.version}")
    return UseOfPackages(groups=tuple(_groups(names)), not_judged=not_judged, missed=uses.missed)


def _groups(names: dict[_Key, list[str]]) -> Iterable[UseGroup]:
    for key in sorted(names, key=lambda key: (_ORDER.index(key[0]), -len(names[key]), key[2])):
        in_use, doubt, reason = key
        yield UseGroup(in_use=in_use, doubt=doubt, reason=reason, packages=tuple(sorted(names[key])))
