"""The packages of a base image, if the image's own layers replaced its package database.

A layer that installs one package replaces the whole database, so the layer of that file says nothing about the other
packages in it. The replaced database is still in the base's layers.
"""

from collections.abc import Mapping

from gate.core.errors import GateError
from gate.images.image import ImageContent
from gate.images.layers.merged import HiddenFile, LayeredTree
from gate.images.provenance.base import Ancestry, PackageName, recognise
from gate.images.provenance.base.chains import chain_ids
from gate.images.provenance.base.stated import names_stated
from gate.inventory.installed import SYSTEM
from gate.inventory.installed.inventory import Installed, reader_of
from gate.trees import resolve


def ancestry_of(image: ImageContent, installed: Installed, known: Mapping[str, str]) -> Ancestry:
    """Return where an image and its packages come from; `known` are names and chain ids of base images."""
    base = recognise(image.config, known, image.found.annotations)
    layers = base.layers if base else ()
    return Ancestry(
        base=base,
        created=image.config.created,
        chain_id=chain_ids(image.config.rootfs.diff_ids)[-1],
        base_packages=packages_of_base(image.tree, layers, installed) if layers else (),
    )


def packages_of_base(tree: LayeredTree, base: tuple[str, ...], installed: Installed) -> tuple[PackageName, ...] | None:
    """Return the packages in those databases of the distribution that a layer after `base` (diff ids) replaced.

    None if such a database cannot be read.
    """
    replaced = _replaced(tree, frozenset(base), installed) if base else {}
    if not replaced:
        return ()
    found: set[PackageName] = set()
    try:
        for file in _last_of_base(tree, base, replaced):
            found.update(names_stated(tree, file, replaced[file.entry.path], installed.distribution))
    except GateError:
        return None
    return tuple(sorted(found, key=lambda one: (one.ecosystem, one.name, one.version)))


def _replaced(tree: LayeredTree, base: frozenset[str], installed: Installed) -> dict[str, str]:
    """Return the databases that are not the base's as they are now, with their formats."""
    ecosystem = installed.distribution.listed_as if installed.distribution else None
    paths = sorted({package.path for package in installed.packages if package.ecosystem == ecosystem})
    found: dict[str, str] = {}
    for path in paths:
        entry = resolve(tree, path)
        if entry is not None and entry.origin not in base:
            found.update((entry.path, one) for one in sorted(SYSTEM) if reader_of(one).finder(tree)(path, entry))
    return found


def _last_of_base(tree: LayeredTree, base: tuple[str, ...], replaced: dict[str, str]) -> list[HiddenFile]:
    """Return each database as the base's last layer that wrote it left it."""
    last: dict[str, HiddenFile] = {}
    for file in tree.hidden_files():
        path = file.entry.path
        if path in replaced and file.layer < len(base) and (path not in last or file.layer > last[path].layer):
            last[path] = file
    return list(last.values())
