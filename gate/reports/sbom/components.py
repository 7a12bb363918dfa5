"""Components of a bill of materials: the packages of a target, each once, and dependencies between them."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.model import InUse, Inventory, Package, PackageUse
from gate.model.package import STRONGEST_FIRST

_MOST_CERTAIN_FIRST = (InUse.YES, InUse.UNKNOWN, InUse.NO)
"""The order in which answers count for a component that stands in several places: one that is used is enough."""


class TargetComponent(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a package in one target, which several files may list."""

    ref: str
    """Its id in the document."""
    package: Package
    """The common fields of its entries, with the strongest of their scopes and the first licence that one states."""
    judged_as: tuple[str, str, str]
    """Ecosystem, name and version that findings have: a distribution's advisories are mostly on source packages."""
    places: tuple[tuple[str, int | None], ...]
    """The files that list it, each with the line."""
    use: PackageUse | None = None
    """Whether the target uses it; None if that was not asked."""

    @property
    def source(self) -> str | None:
        """Name and version of the source package that it was built of; None for what has none."""
        _, name, version = self.judged_as
        return None if (name, version) == (self.package.name, self.package.version) else f"{name} {version}"


class TargetComponents(msgspec.Struct, frozen=True, kw_only=True):
    """A target with its components."""

    ref: str
    inventory: Inventory
    components: tuple[TargetComponent, ...]
    edges: tuple[tuple[str, str], ...]
    """(dependent, dependency) as refs, sorted; the target's own ref depends on the direct dependencies."""


class _Listed(msgspec.Struct, frozen=True):
    package: Package
    judged_as: tuple[str, str, str]
    use: PackageUse | None


def parts_of(inventories: Iterable[Inventory]) -> tuple[TargetComponents, ...]:
    """Return the targets with their components; refs are unique over all of them."""
    return tuple(_part(number, inventory) for number, inventory in enumerate(inventories, 1))


def _part(number: int, inventory: Inventory) -> TargetComponents:
    ref = f"target-{number}"
    refs: dict[tuple[str, str, str, str], str] = {}
    entries: dict[str, list[_Listed]] = {}
    uses = inventory.uses or (None,) * len(inventory.packages)
    pairs = zip(inventory.packages, uses, strict=True)
    packages = [one for package, use in pairs for one in _installed(package, use)]
    for one in sorted(packages, key=lambda one: _order(one.package)):
        key = _identity(one.package)
        refs.setdefault(key, f"{ref}/{len(refs) + 1}/{one.package.purl}")
        entries.setdefault(refs[key], []).append(one)
    components = tuple(_component(ref, listed) for ref, listed in entries.items())
    needs = _needs([one.package for one in packages])
    edges = {(ref if parent is None else refs[_identity(parent)], refs[_identity(child)]) for parent, child in needs}
    return TargetComponents(ref=ref, inventory=inventory, components=components, edges=tuple(sorted(edges)))


def _installed(package: Package, use: PackageUse | None) -> Iterator[_Listed]:
    """Yield the binary packages that were built of a source package, each as a package; any other as it is."""
    judged_as = (package.ecosystem, package.name, package.version)
    for binary in package.binaries:
        one = msgspec.structs.replace(
            package, name=binary.name, version=binary.version, purl=binary.purl, license=binary.license
        )
        yield _Listed(one, judged_as, use)
    if not package.binaries:
        yield _Listed(package, judged_as, use)


def _identity(package: Package) -> tuple[str, str, str, str]:
    return (package.ecosystem, package.name, package.version, package.purl)


def _order(package: Package) -> tuple[str, str, str, str, str, int]:
    return (*_identity(package), package.path, package.line or 0)


def _component(ref: str, listed: list[_Listed]) -> TargetComponent:
    packages = [one.package for one in listed]
    places = dict.fromkeys((package.path, package.line) for package in packages if package.path)
    joined = msgspec.structs.replace(
        packages[0],
        scope=min((package.scope for package in packages), key=STRONGEST_FIRST.index),
        license=next((package.license for package in packages if package.license), None),
    )
    uses = [one.use for one in listed if one.use]
    use = min(uses, key=lambda one: _MOST_CERTAIN_FIRST.index(one.in_use), default=None)
    return TargetComponent(ref=ref, package=joined, judged_as=listed[0].judged_as, places=tuple(places), use=use)


def _needs(packages: Sequence[Package]) -> Iterator[tuple[Package | None, Package]]:
    """Yield (dependent, dependency); the dependent is None for the target itself.

    A package states one chain of names through which it is needed. An edge is left out if a name has no package, or
    packages of several versions.
    """
    named: dict[tuple[str, str, str], list[Package]] = {}
    for package in packages:
        named.setdefault((package.path, package.ecosystem, package.name), []).append(package)
    for package in packages:
        if not package.via:
            if package.direct is not False:
                yield None, package
            continue
        parent = _meant(named.get((package.path, package.ecosystem, package.via[-1]), []), package.via[:-1])
        if parent is not None and _identity(parent) != _identity(package):
            yield parent, package


def _meant(candidates: list[Package], via: tuple[str, ...]) -> Package | None:
    exact = [one for one in candidates if one.via == via]
    versions = {one.version for one in exact or candidates}
    return (exact or candidates)[0] if len(versions) == 1 else None
