"""Image references as Dockerfiles and manifests write them: `registry/name:tag@digest`."""

from collections.abc import Iterable

import msgspec

DEFAULT_REGISTRY = "docker.io"


class ImageReference(msgspec.Struct, frozen=True):
    """An image's name, taken apart; `registry` is `docker.io` where none is written."""

    registry: str
    repository: str
    """Without registry, as written: `debian`, `library/debian`."""
    tag: str | None
    digest: str | None


def parse_reference(text: str) -> ImageReference:
    """Take a reference apart by the rules of distribution's reference grammar; wrong ones are not refused."""
    name, _, digest = text.partition("@")
    folder, slash, last = name.rpartition("/")
    base, colon, tag = last.partition(":")
    first, _, rest = f"{folder}{slash}{base}".partition("/")
    if rest and (first == "localhost" or "." in first or ":" in first or first != first.lower()):
        registry, repository = first, rest
    else:
        registry, repository = DEFAULT_REGISTRY, f"{folder}{slash}{base}"
    return ImageReference(registry, repository, tag if colon and tag else None, digest or None)


def is_trusted(registry: str, trusted: Iterable[str]) -> bool:
    """True if a registry is one of those trusted; `*.example.com` trusts each host below example.com."""
    return any(_is_from(registry.lower(), name.lower().rstrip("/")) for name in trusted)


def _is_from(registry: str, trusted: str) -> bool:
    if trusted in ("docker.io", "index.docker.io", "hub.docker.com"):
        return registry in (DEFAULT_REGISTRY, "index.docker.io")
    if trusted == "*":
        return True
    return registry.endswith(trusted[1:]) if trusted.startswith("*.") else registry == trusted
