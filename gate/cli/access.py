"""How commands without a project access images: by the environment's settings (`GATE_IMAGE_…`, `GATE_OFFLINE`)."""

import os

from gate.app.project import target_of
from gate.core.errors import UsageError
from gate.declarations.image import IMAGE
from gate.images.access import Access
from gate.model import Image
from gate.settings import Settings
from gate.settings.options import from_environment
from gate.settings.sources import convert


def image_access() -> Access:
    """Return how images may be accessed. Raises UsageError for a variable with a wrong value."""
    settings = convert(from_environment(os.environ), Settings, "environment")
    image = settings.of(IMAGE)
    return Access(
        platform=image.platform,
        insecure_registries=image.insecure_registries,
        mirrors=image.mirrors,
        is_offline=settings.offline,
        trusted_hosts=settings.trusted_hosts,
    )


def registry_image(word: str) -> Image:
    """Return the image in a registry that a word of the command line names. Raises UsageError for any other."""
    image = target_of(word)
    if not isinstance(image, Image) or image.source != "registry":
        raise UsageError("is not an image in a registry", path=word, hint="Write registry:NAME")
    return image
