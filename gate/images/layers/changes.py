"""What each layer of an image changes: files that it adds and hides, packages that it installs, changes and removes.

A layer that installs one package replaces the distribution's whole database, so the database's layer is not the layer
of the other packages in it. The replaced databases are still in the lower layers: each is read once, and the versions
of one path are compared.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

import msgspec

from gate.core.errors import GateError
from gate.images.image import ImageContent
from gate.images.layers.merged import HiddenFile, LayeredTree
from gate.images.layers.replaced import ReplacedTree
from gate.images.provenance.base import PackageName
from gate.images.provenance.base.stated import names_stated
from gate.inventory.installed import PROGRAMS, READERS, SYSTEM
from gate.inventory.installed.inventory import Installed, reader_of
from gate.inventory.installed.ownership import owned_files
from gate.model import Changes, ImageLayer, Package, PackageChanges

MAX_READ = 128 << 20
"""Bytes of replaced and removed files that are read for their packages; the packages of others are unknown."""
MOST_NAMED = 20
"""Packages of each kind of change that are named for a layer."""


class LayerHistory(msgspec.Struct, frozen=True):
    """The layers of an image, and where its packages come from."""

    layers: tuple[ImageLayer, ...] = ()
    origins: tuple[str | None, ...] = ()
    """Diff ids of the layers that installed the packages, in the packages' order; None if unknown."""


class _Statement(msgspec.Struct, frozen=True):
    """A file that lists packages, as it is in one layer."""

    layer: int
    hidden_by: int | None
    """Layer that replaces or removes it; None if containers see it."""
    names: frozenset[PackageName] | None
    """None if it cannot be read."""


def history_of(
    image: ImageContent, installed: Installed, steps: Sequence[str | None], is_wanted: Callable[[str], bool]
) -> LayerHistory:
    """Return what each layer changes; `installed` are the packages of all layers together, at wanted paths.

    Packages in replaced or removed programs are not searched. `steps` are the layers' build steps.
    """
    statements = _visible(image.tree, installed)
    for path, found in _hidden(image.tree, installed, is_wanted):
        statements[path].append(found)
    every = [one for stated in statements.values() for one in stated]
    files = image.tree.count_files()
    return LayerHistory(
        tuple(
            ImageLayer(
                diff_id=layer.diff_id,
                created_by=steps[index],
                size=layer.archive.size,
                files=files.brought[index],
                hidden=files.hid[index],
                packages=_changes(index, every),
            )
            for index, layer in enumerate(image.layers)
        ),
        tuple(_origin(package, statements[package.path], image) for package in installed.packages),
    )


def _visible(tree: LayeredTree, installed: Installed) -> defaultdict[str, list[_Statement]]:
    """Return the files that state what is installed, by their paths."""
    names = defaultdict(set)
    for package in installed.packages:
        names[package.path].add(PackageName.of(package))
    statements = {path: [_Statement(tree.layer_of(path), None, frozenset(stated))] for path, stated in names.items()}
    return defaultdict(list, statements)


def _hidden(
    tree: LayeredTree, installed: Installed, is_wanted: Callable[[str], bool]
) -> Iterator[tuple[str, _Statement]]:
    """Yield what files stated that later layers replaced or removed; what a distribution's package owns is its own."""
    found = [one for one in _stating(tree) if is_wanted(one[0].entry.path)]
    others = frozenset(file.entry.path for file, format in found if format not in SYSTEM)
    owned = _owned(tree, others)
    left = MAX_READ
    for file, format in found:
        path = file.entry.path
        left -= file.entry.size
        if owned is None or left < 0:
            yield path, _Statement(file.layer, file.hidden_in, None)
        elif path not in owned:
            yield path, _Statement(file.layer, file.hidden_in, _names(tree, file, format, installed))


def _owned(tree: LayeredTree, hidden: frozenset[str]) -> frozenset[str] | None:
    """Return which of the paths were a distribution's; None if its lists cannot be read."""
    try:
        return owned_files(ReplacedTree(tree, tree.hidden_files()), None, hidden) if hidden else hidden
    except GateError:
        return None


def _stating(tree: LayeredTree) -> Iterator[tuple[HiddenFile, str]]:
    """Yield the files that were hidden by another layer than their own and state packages, with their formats."""
    wants = {name: reader_of(name).finder(tree) for name in READERS if name not in PROGRAMS}
    for file in tree.hidden_files():
        if file.hidden_in != file.layer:
            path = file.entry.path
            yield from ((file, name) for name, states_packages in wants.items() if states_packages(path, file.entry))


def _names(tree: LayeredTree, file: HiddenFile, format: str, installed: Installed) -> frozenset[PackageName] | None:
    distribution = installed.distribution
    if format in SYSTEM and distribution is None:
        return frozenset()  # as in the inventory: the ecosystem of its packages is unknown
    try:
        return frozenset(names_stated(tree, file, format, distribution))
    except GateError:
        return None


def _changes(layer: int, statements: Sequence[_Statement]) -> PackageChanges | None:
    """Return what a layer does to the packages; None if a file that it brings or hides cannot be read."""
    brought = [one.names for one in statements if one.layer == layer]
    hid = [one.names for one in statements if one.hidden_by == layer]
    if None in brought or None in hid:
        return None
    there = Counter(name for names in brought for name in names or ())
    gone = Counter(name for names in hid for name in names or ())
    return _compared(sorted((gone - there).elements(), key=_order), sorted((there - gone).elements(), key=_order))


def _order(package: PackageName) -> tuple[str, str, str]:
    return (package.name, package.ecosystem, package.version)


def _compared(gone: Sequence[PackageName], new: Sequence[PackageName]) -> PackageChanges:
    """Return the changes; a package that goes in one version and comes in another is changed."""
    before = defaultdict(list)
    for package in gone:
        before[package.ecosystem, package.name].append(package.version)
    added, changed = [], []
    for package in new:
        versions = before[package.ecosystem, package.name]
        if versions:
            changed.append(f"{package.name} {versions.pop(0)} → {package.version}")
        else:
            added.append(f"{package.name} {package.version}")
    removed = [f"{name} {version}" for (_, name), versions in before.items() for version in versions]
    return PackageChanges(added=_named(added), changed=_named(changed), removed=_named(removed))


def _named(packages: Sequence[str]) -> Changes:
    return Changes(len(packages), tuple(packages[:MOST_NAMED]))


def _origin(package: Package, statements: Sequence[_Statement], image: ImageContent) -> str | None:
    """Return the layer from which on, up to the last one, every file at the package's path states it."""
    name, layer = PackageName.of(package), None
    for statement in sorted(statements, key=lambda one: one.layer, reverse=True):
        if statement.names is None:
            return None
        if name not in statement.names:
            break
        layer = statement.layer
    return None if layer is None else image.config.rootfs.diff_ids[layer]
