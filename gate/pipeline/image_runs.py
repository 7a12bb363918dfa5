"""Images that a folder's files name, and what runs images: read in a worker, as these files are the target's."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gate.core.errors import UnreadableError, UsageError
from gate.declarations.kubernetes import KUBERNETES
from gate.images.reference import BY_NAME
from gate.model import Image, StageError, Tree
from gate.pipeline.resources import cache_folder, limits_of, permit_of
from gate.pipeline.workers import Pool
from gate.settings import Settings
from gate.trees import open_tree


class ImagesOfFolder(msgspec.Struct, frozen=True):
    """Images, with what a folder says of them."""

    images: tuple[Image, ...] = ()
    wrong: str = ""
    """What is wrong with the setting `images_from`, if anything."""
    hint: str = ""


def images_of_folder(images: Sequence[Image], folder: Tree, settings: Settings, now: datetime) -> tuple[Image, ...]:
    """Return images, and those that `images_from` asks for, with what in `folder` starts and runs them, by name.

    Raises UnreadableError if the worker gives no answer, UsageError for a pattern that is malformed or matches no file.
    """
    wanted = settings.images_from
    if not wanted and not any(one.source in BY_NAME for one in images):
        return tuple(images)
    with (
        cache_folder(settings) as place,
        Pool(limits_of(settings), permit=permit_of(settings, place, now)) as pool,
    ):
        version = settings.of(KUBERNETES).version
        ((_, answer),) = pool.run(find_images, [folder], tuple(images), wanted, version)
    if isinstance(answer, StageError):
        raise UnreadableError(
            f"what runs the images cannot be read: {answer.title}", path=answer.path, hint=answer.message
        )
    found: ImagesOfFolder = answer
    if found.wrong:
        raise UsageError(found.wrong, hint=found.hint)
    return found.images


def find_images(folder: Tree, images: tuple[Image, ...], wanted: tuple[str, ...], version: str) -> ImagesOfFolder:
    """Read one folder; made for `Pool.run`. Raises LimitError for too many images."""
    from gate.images.mentions import mentioned_images
    from gate.images.mentions.workloads import with_runs

    tree = open_tree(folder)
    try:
        found = mentioned_images(tree, wanted, images) if wanted else images
    except UsageError as error:
        return ImagesOfFolder(wrong=error.message, hint=error.hint)
    return ImagesOfFolder(tuple(with_runs(found, tree, version)))
