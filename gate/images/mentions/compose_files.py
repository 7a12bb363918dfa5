"""Compose files: the images of services that are not built, which the dockerfile stage looks at."""

from gate.dockerfile.compose import NAME, read_service_images
from gate.images.mentions.mention import Mention
from gate.source import decode


def has_name(name: str) -> bool:
    """True for the names that Compose looks for, and `compose.NAME.yaml`."""
    return NAME.fullmatch(name) is not None


def read(content: bytes, path: str) -> tuple[Mention, ...]:
    """Return the images of a Compose file's services. Raises ConfigError, LimitError."""
    services = read_service_images(decode(content).text, path)
    return tuple(Mention(one.image, f"service {one.service}", one.line) for one in services if not one.is_built)
