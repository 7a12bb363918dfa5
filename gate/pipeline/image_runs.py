"""Which workloads of a folder run images, read in a worker, as manifests, charts and Compose files are the target's."""

from collections.abc import Sequence
from datetime import datetime

from gate.core.errors import UnreadableError
from gate.declarations.kubernetes import KUBERNETES
from gate.images.reference import BY_NAME
from gate.model import Image, StageError, Tree
from gate.pipeline.resources import cache_folder, limits_of, permit_of
from gate.pipeline.workers import Pool
from gate.settings import Settings
from gate.trees import open_tree


def images_with_runs(images: Sequence[Image], folder: Tree, settings: Settings, now: datetime) -> tuple[Image, ...]:
    """Return images with what in `folder` runs them, by name. Raises UnreadableError if the worker gives no answer."""
    if not any(one.source in BY_NAME for one in images):
        return tuple(images)
    with (
        cache_folder(settings) as place,
        Pool(limits_of(settings), permit=permit_of(settings, place, now)) as pool,
    ):
        version = settings.of(KUBERNETES).version
        ((_, answer),) = pool.run(find_runs, [folder], tuple(images), version)
    if isinstance(answer, StageError):
        raise UnreadableError(
            f"what runs the images cannot be read: {answer.title}", path=answer.path, hint=answer.message
        )
    found: tuple[Image, ...] = answer
    return found


def find_runs(folder: Tree, images: tuple[Image, ...], version: str) -> tuple[Image, ...]:
    """Read one folder; made for `Pool.run`."""
    from gate.images.mentions.workloads import with_runs

    return tuple(with_runs(images, open_tree(folder), version))
