"""The packages of targets, read in workers by the same readers as in the stages, and matched with nothing."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gate.declarations.dependencies import DEPENDENCIES
from gate.declarations.image import IMAGE
from gate.images.limits import Limits
from gate.model import Image, Inventory, Package, StageError, Target, Tree
from gate.pipeline.resources import cache_folder, limits_of, permit_of
from gate.pipeline.results import build_time
from gate.pipeline.rpc import attempt
from gate.pipeline.workers import Pool
from gate.settings import Settings


class Bills(msgspec.Struct, frozen=True, kw_only=True):
    """The packages of all targets."""

    inventories: tuple[Inventory, ...]
    errors: tuple[StageError, ...]
    """What could not be read, each with its target."""
    unread: tuple[str, ...]
    """Manifests, or lines of them, that are not in their format, each with its target."""


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """The packages of one target, and what could not be read."""

    packages: tuple[Package, ...] = ()
    errors: tuple[StageError, ...] = ()
    unread: tuple[str, ...] = ()
    """Manifests, or lines of them, that are not in their format."""


def collect(targets: Sequence[Target], settings: Settings, now: datetime) -> Bills:
    """Read every target at the time `now`."""
    with (
        cache_folder(settings) as folder,
        Pool(limits_of(settings), permit=permit_of(settings, folder, now)) as pool,
    ):
        outcomes = dict(pool.run(packages_of, list(targets), settings, str(folder)))
    inventories: list[Inventory] = []
    errors: list[StageError] = []
    unread: list[str] = []
    for index, target in enumerate(targets):
        found = outcomes[index]
        if isinstance(found, StageError):
            found = Collected(errors=(found,))
        inventories.append(
            Inventory(
                target=target.name,
                kind=target.kind,
                packages=found.packages,
                is_complete=not found.errors,
                read_at=build_time(now),
            )
        )
        errors += [msgspec.structs.replace(error, target=target.name) for error in found.errors]
        unread += [f"{note} (in {target.name})" for note in found.unread]
    return Bills(inventories=tuple(inventories), errors=tuple(errors), unread=tuple(unread))


def packages_of(target: Target, settings: Settings, cache_folder: str) -> Collected:
    """Read one target; made for `Pool.run`. Raises GateError for an image that cannot be opened."""
    match target:
        case Image():
            return _of_image(target, settings, cache_folder)
        case Tree():
            return _of_tree(target, settings)
        case _:
            return Collected()


def _of_image(target: Image, settings: Settings, cache_folder: str) -> Collected:
    from gate.images.package_list import ListOptions, list_packages
    from gate.stages.image import access_of

    section = settings.of(IMAGE)
    options = ListOptions(Limits(section.max_size, section.max_entries), section.paths, section.ignore)
    memory = cache_folder if settings.cache else None
    listing = list_packages(target, options, access_of(settings, target), memory)
    return Collected(packages=listing.packages, errors=listing.errors)


def _of_tree(target: Tree, settings: Settings) -> Collected:
    from gate.inventory.discovery import find_lockfiles, read_lockfile
    from gate.inventory.reading import reading_of
    from gate.trees import open_tree

    section = settings.of(DEPENDENCIES)
    discovery = find_lockfiles(open_tree(target), section.paths, section.ignore, section.plugins)
    read = ((path, attempt(read_lockfile, path, target, section.plugins)) for path in discovery.paths)
    reading = reading_of(discovery, read)
    return Collected(packages=reading.packages, errors=reading.errors, unread=reading.unread)
