"""From the packages of a target to components, each once, and to who needs whom, as far as the files tell."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.model import Inventory, Package
from gate.model.package import STRONGEST_FIRST


class TargetComponent(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a package in one target, in however many files it stands."""

    ref: str
    """Names it in the document."""
    package: Package
    """What its entries have in common, with the strongest of their scopes and the first licence that one states."""
    places: tuple[tuple[str, int | None], ...]
    """The files that state it, each with the line."""


class TargetComponents(msgspec.Struct, frozen=True, kw_only=True):
    """A target with its components."""

    ref: str
    inventory: Inventory
    components: tuple[TargetComponent, ...]
    edges: tuple[tuple[str, str], ...]
    """Who needs whom, by their refs, in order; the target's own ref is who asks for direct dependencies."""


def parts_of(inventories: Iterable[Inventory]) -> tuple[TargetComponents, ...]:
    """Return the targets with their components; refs are unique over all of them."""
    return tuple(_part(number, inventory) for number, inventory in enumerate(inventories, 1))


def _part(number: int, inventory: Inventory) -> TargetComponents:
    ref = f"target-{number}"
    refs: dict[tuple[str, str, str, str], str] = {}
    entries: dict[str, list[Package]] = {}
    for package in sorted(inventory.packages, key=_order):
        key = _identity(package)
        refs.setdefault(key, f"{ref}/{len(refs) + 1}/{package.purl}")
        entries.setdefault(refs[key], []).append(package)
    components = tuple(_component(ref, packages) for ref, packages in entries.items())
    edges = {
        (ref if parent is None else refs[_identity(parent)], refs[_identity(child)])
        for parent, child in _needs(inventory.packages)
    }
    return TargetComponents(ref=ref, inventory=inventory, components=components, edges=tuple(sorted(edges)))


def _identity(package: Package) -> tuple[str, str, str, str]:
    return (package.ecosystem, package.name, package.version, package.purl)


def _order(package: Package) -> tuple[str, str, str, str, str, int]:
    return (*_identity(package), package.path, package.line or 0)


def _component(ref: str, packages: list[Package]) -> TargetComponent:
    places = dict.fromkeys((package.path, package.line) for package in packages if package.path)
    joined = msgspec.structs.replace(
        packages[0],
        scope=min((package.scope for package in packages), key=STRONGEST_FIRST.index),
        license=next((package.license for package in packages if package.license), None),
    )
    return TargetComponent(ref=ref, package=joined, places=tuple(places))


def _needs(packages: Iterable[Package]) -> Iterator[tuple[Package | None, Package]]:
    """Yield (who, needs what); who is None for the target itself.

    A package tells one way that brings it in, by names: a step is left out where no name, or several versions of one,
    could be meant.
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
