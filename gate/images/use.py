"""Whether the packages of an image are in use: from the cache, or by following what a container starts."""

from pathlib import Path

import msgspec

from gate.core.errors import as_stage_error
from gate.images.access import Access
from gate.images.image import ImageContent
from gate.images.image_cache import ImageCache
from gate.images.limits import Budget
from gate.images.package_list import ImagePackages, ListOptions, packages_in
from gate.images.sources import open_image
from gate.model import Image, ImageUses, Package
from gate.reachability.runtimes.observed.profiles import Observed, ObservedProfiles, observed


def list_packages_in_use(
    target: Image, options: ListOptions, access: Access, memory_folder: str | None, evidence: ObservedProfiles
) -> ImagePackages:
    """Do what `gate.images.package_list.list_packages` does, and state of each package whether it is in use."""
    cache = ImageCache(Path(memory_folder) if memory_folder else None)
    with open_image(target, Budget(options.limits), access, cache) as image:
        installed = packages_in(image, options)
        uses = uses_of(target, image, installed.packages, options, seen_of(target, image, evidence))
    return ImagePackages(installed.packages, tuple(map(as_stage_error, installed.errors)), uses)


def uses_of(
    target: Image, image: ImageContent, packages: tuple[Package, ...], options: ListOptions, seen: Observed
) -> ImageUses:
    """Return for each package whether it is in use, with what was `seen` of containers under test."""

    def look() -> ImageUses:
        from gate.reachability.functions.image_start import SEARCHED_IN_IMAGES, reach_of
        from gate.reachability.runtimes.analyse import analyse

        answer = analyse(image.tree, image.config.runtime, packages, starts=target.starts, seen=seen)
        for ecosystem in {package.ecosystem for package in packages}.intersection(SEARCHED_IN_IMAGES):
            key = key_of_reach(target, image, options, seen, ecosystem)
            image.cache.put(key, reach_of(answer.explored, ecosystem))
        image.store_results()
        return ImageUses(answer.in_order(packages), answer.missed)

    key = ("in use", *_identity(target, image, options, seen))
    uses = image.cache.get_or_compute(key, ImageUses, look)
    return msgspec.structs.replace(uses, recordings=seen.counted)


def key_of_reach(
    target: Image, image: ImageContent, options: ListOptions, seen: Observed, ecosystem: str
) -> tuple[str, ...]:
    """Return the cache key of what the start of an image reaches of an ecosystem."""
    return ("reached", ecosystem, *_identity(target, image, options, seen))


def _identity(target: Image, image: ImageContent, options: ListOptions, seen: Observed) -> tuple[str, ...]:
    asked = msgspec.json.encode(options).decode()
    return (asked, *image.config.rootfs.diff_ids, image.found.id, repr(target.starts), *seen.key)


def seen_of(target: Image, image: ImageContent, evidence: ObservedProfiles | None) -> Observed:
    """Return what containers of this image opened under test, as far as the profiles say."""
    names = (image.found.id, image.found.digest, target.name, target.reference, *image.found.tags)
    return observed(evidence, names) if evidence else Observed()
