"""The packages of targets, read in workers by the same readers as in the stages, and matched with nothing.

Whether images use them is found out too, if that is asked.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gate.declarations.ci import CI
from gate.declarations.dependencies import DEPENDENCIES
from gate.declarations.image import IMAGE
from gate.images.limits import Limits
from gate.model import (
    Doubt,
    Image,
    ImageUses,
    InUse,
    Inventory,
    Package,
    PackageUse,
    PipelineParty,
    StageError,
    Target,
    Tree,
)
from gate.pipeline.jobs import World
from gate.pipeline.known_answers import AskedOfTarget, FreshAnswer, KnownAnswers, is_vouched, settings_allow
from gate.pipeline.resources import cache_folder, limits_of, permit_of
from gate.pipeline.results import build_time
from gate.pipeline.rpc import attempt
from gate.pipeline.workers import Pool
from gate.settings import Settings
from gate.trees.index import listings_of_a_run

_NOT_STARTED = PackageUse(
    InUse.UNKNOWN, ("a folder says what may be installed, not what is started: ask of the image",), Doubt.START
)


class Bills(msgspec.Struct, frozen=True, kw_only=True):
    """The packages of all targets."""

    inventories: tuple[Inventory, ...]
    errors: tuple[StageError, ...]
    """What could not be read, each with its target."""
    unread: tuple[str, ...]
    """Manifests, or lines of them, that are not in their format, each with its target."""
    uses: dict[str, ImageUses] = {}
    """By target, whether its packages are in use, if that was asked."""


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """The packages of one target, and what could not be read."""

    packages: tuple[Package, ...] = ()
    uses: ImageUses | None = None
    """Whether each of `packages` is in use; None if that was not asked."""
    errors: tuple[StageError, ...] = ()
    unread: tuple[str, ...] = ()
    """Manifests, or lines of them, and definitions of pipelines that are not in their format."""
    third_parties: tuple[PipelineParty, ...] = ()
    """What of others takes part in its pipelines."""


_COLLECTED = msgspec.msgpack.Decoder(Collected)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the targets."""

    settings: Settings
    now: datetime
    in_use: bool = False
    """True if it is to be found out of each package whether it is in use."""


def collect(targets: Sequence[Target], asked: Asked) -> Bills:
    """Read every target."""
    settings, now = asked.settings, asked.now
    with (
        cache_folder(settings) as folder,
        Pool(limits_of(settings), permit=permit_of(settings, folder, now)) as pool,
        listings_of_a_run(),
        KnownAnswers(World(settings=settings, now=now, cache_folder=str(folder))) as kept,
    ):
        outcomes = _collected(targets, asked, pool, kept)
    inventories: list[Inventory] = []
    errors: list[StageError] = []
    unread: list[str] = []
    uses: dict[str, ImageUses] = {}
    for index, target in enumerate(targets):
        found = outcomes[index]
        if isinstance(found, StageError):
            found = Collected(errors=(found,))
        inventories.append(
            Inventory(
                target=target.name,
                kind=target.kind,
                packages=found.packages,
                uses=found.uses.packages if found.uses else (),
                is_complete=not found.errors,
                read_at=build_time(now),
                third_parties=found.third_parties,
            )
        )
        errors += [msgspec.structs.replace(error, target=target.name) for error in found.errors]
        unread += [f"{note} (in {target.name})" for note in found.unread]
        if found.uses:
            uses[target.name] = found.uses
    return Bills(inventories=tuple(inventories), errors=tuple(errors), unread=tuple(unread), uses=uses)


def _collected(
    targets: Sequence[Target], asked: Asked, pool: Pool, kept: KnownAnswers
) -> dict[int, Collected | StageError]:
    """Return by place what each target holds: as it is kept, or read now."""
    questions = {place: question for place, one in enumerate(targets) if (question := _question(one, asked))}
    known = kept.found(questions.values())
    outcomes: dict[int, Collected | StageError] = {
        place: _COLLECTED.decode(known[question]) for place, question in questions.items() if question in known
    }
    left = [place for place in range(len(targets)) if place not in outcomes]
    for at, found in pool.run(packages_of, [targets[place] for place in left], asked, kept.world.cache_folder):
        outcomes[left[at]] = found
    consulted = {left[at]: seen for at in range(len(left)) if (seen := pool.consulted(at)) is not None}
    kept.keep(
        {
            questions[place]: FreshAnswer(
                content=msgspec.msgpack.encode(found), is_secret=False, consulted=consulted[place]
            )
            for place in questions.keys() & consulted.keys()
            if isinstance(found := outcomes[place], Collected) and not found.errors and kept.may_keep(questions[place])
        }
    )
    return outcomes


def _question(target: Target, asked: Asked) -> AskedOfTarget | None:
    """Return what is asked of a target whose packages may be kept."""
    root = target.root if isinstance(target, Tree) else ""
    if not isinstance(target, Tree | Image) or not settings_allow(asked.settings) or not is_vouched(target, root):
        return None
    return AskedOfTarget(target=target, text=b"packages " + msgspec.msgpack.encode((target, asked.in_use)))


def packages_of(target: Target, asked: Asked, cache_folder: str) -> Collected:
    """Read one target; made for `Pool.run`. Raises GateError for an image that cannot be opened."""
    match target:
        case Image():
            return _of_image(target, asked, cache_folder)
        case Tree():
            return _of_tree(target, asked)
        case _:
            return Collected()


def _of_image(target: Image, asked: Asked, cache_folder: str) -> Collected:
    from gate.images.package_list import ListOptions, list_packages
    from gate.stages.image import access_of

    settings = asked.settings
    section = settings.of(IMAGE)
    options = ListOptions(Limits(section.max_size, section.max_entries), section.paths, section.ignore)
    access, memory = access_of(settings, target), cache_folder if settings.cache else None
    if not asked.in_use:
        listing = list_packages(target, options, access, memory)
        return Collected(packages=listing.packages, errors=listing.errors)
    from gate.images.use import list_packages_in_use
    from gate.stages.image import evidence_of

    evidence, unread = evidence_of(settings, asked.now)
    listing = list_packages_in_use(target, options, access, memory, evidence)
    return Collected(packages=listing.packages, uses=listing.uses, errors=(*listing.errors, *unread))


def _of_tree(target: Tree, asked: Asked) -> Collected:
    from gate.inventory.discovery import find_lockfiles, read_lockfile
    from gate.inventory.reading import reading_of
    from gate.stages.ci import third_parties_of
    from gate.trees import open_tree

    section = asked.settings.of(DEPENDENCIES)
    discovery = find_lockfiles(open_tree(target), section.paths, section.ignore, section.plugins)
    read = ((path, attempt(read_lockfile, path, target, section.plugins)) for path in discovery.paths)
    reading = reading_of(discovery, read)
    uses = ImageUses((_NOT_STARTED,) * len(reading.packages)) if asked.in_use else None
    parties, unread = third_parties_of(target, asked.settings.of(CI))
    return Collected(
        packages=reading.packages,
        uses=uses,
        errors=reading.errors,
        unread=(*reading.unread, *unread),
        third_parties=parties,
    )
