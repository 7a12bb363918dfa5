"""Compose files: the images of services, and how these are started."""

from collections.abc import Iterator

from gate.core.compose_names import COMPOSE
from gate.core.source_text import text_of
from gate.dockerfile.compose import NamedFile, ServiceImage, read_named_files, read_service_images
from gate.images.mentions.mention import Mention
from gate.model import ContainerStart


def has_name(name: str) -> bool:
    """True for the names that Compose looks for, and `compose.NAME.yaml`."""
    return COMPOSE.fullmatch(name) is not None


def read(content: bytes, path: str) -> tuple[Mention, ...]:
    """Return the images of a Compose file's services. Raises ConfigError, LimitError."""
    services = read_service_images(text_of(content, path), path)
    return tuple(
        Mention(one.image, f"service {one.service}", one.line, tuple(_starts(one, f"{path}:{one.line}")), one.is_built)
        for one in services
    )


def named(content: bytes, path: str) -> Iterator[NamedFile]:
    """Yield the files that a Compose file takes services from. Raises as `read` does."""
    yield from read_named_files(text_of(content, path), path)


def _starts(service: ServiceImage, place: str) -> Iterator[ContainerStart]:
    own = ContainerStart(
        place=place,
        entrypoint=service.entrypoint,
        command=service.command,
        environment=service.environment,
        folder=service.folder,
    )
    if own != ContainerStart(place=place):
        yield own
    if service.health:
        yield ContainerStart(
            place=place, entrypoint=service.health, environment=service.environment, folder=service.folder
        )
