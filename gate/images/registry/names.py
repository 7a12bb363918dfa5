"""Which registry and repository a name means, as Docker reads it: `python:3.13` is in Docker Hub's `library`."""

import re

import msgspec

from gate.images.reference import split_tag

DOCKER_HUB = "docker.io"
_HUB_NAMES = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})
_HUB_SERVER = "registry-1.docker.io"
_LOCAL = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?")


class ImageName(msgspec.Struct, frozen=True, kw_only=True):
    """An image in a registry."""

    host: str
    """As credentials and mirrors know it; Docker Hub is `docker.io`."""
    repository: str
    reference: str
    """Tag or digest; the digest if both are given."""

    @property
    def server(self) -> str:
        """The host that is spoken to."""
        return _HUB_SERVER if self.host == DOCKER_HUB else self.host

    @property
    def is_local(self) -> bool:
        """True for a registry on this machine, which is spoken to without TLS, as Docker does."""
        return _LOCAL.fullmatch(self.host) is not None

    def __str__(self) -> str:
        separator = "@" if ":" in self.reference else ":"
        return f"{self.host}/{self.repository}{separator}{self.reference}"


def image_name(text: str) -> ImageName:
    """Split a name that `gate.images.reference` has accepted; without tag and digest it means `latest`."""
    rest, _, digest = text.partition("@")
    path, tag = split_tag(rest)
    first, slash, others = path.partition("/")
    is_host = bool(slash) and ("." in first or ":" in first or first == "localhost" or first.lower() != first)
    host, repository = (first, others) if is_host else (DOCKER_HUB, path)
    if host in _HUB_NAMES:
        host, repository = DOCKER_HUB, repository if "/" in repository else f"library/{repository}"
    return ImageName(host=host, repository=repository, reference=digest or tag or "latest")
