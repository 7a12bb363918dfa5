"""The layout of `docker save`: `manifest.json` names configuration and layers (Docker image specification v1.2)."""

import re

import msgspec

from gate.core.errors import UnreadableError
from gate.images.config import ImageConfig, decode_config, decode_json
from gate.images.digests import read_checked, sha256
from gate.images.image import FoundImage, pair_with_diff_ids
from gate.images.layers.span import Span
from gate.images.limits import MAX_JSON
from gate.images.sources.files import LayoutFiles, required

DOCKER_MANIFEST = "manifest.json"

_NAMED_BY_DIGEST = re.compile(r"(?:blobs/sha256/|sha256:)?([0-9a-f]{64})(?:\.json)?")
_LAYER_BLOB = re.compile(r"blobs/sha256/([0-9a-f]{64})")


class DockerImage(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """An image in `manifest.json`."""

    config: str
    repo_tags: list[str] | None = None
    layers: list[str] | None = None


def read_docker_image(files: LayoutFiles) -> DockerImage:
    """Return the one image of `manifest.json`. Raises UnreadableError if there are several or none."""
    span = required(files, DOCKER_MANIFEST)
    if span.size > MAX_JSON:
        raise UnreadableError(f"has {span.size:,} bytes; at most {MAX_JSON:,} are read", path=span.name)
    images = decode_json(span.read(0, span.size), list[DockerImage], span.name)
    if not images:
        raise UnreadableError("lists no image", path=span.name)
    first, *others = images
    if any((other.config, other.layers) != (first.config, first.layers) for other in others):
        raise UnreadableError(
            f"lists {len(images)} images", path=span.name, hint="Save one image an archive, or scan it in the daemon"
        )
    return first


def find_docker_image(files: LayoutFiles) -> FoundImage:
    """Find the image of an archive that has no OCI index."""
    image = read_docker_image(files)
    id, config = _config(required(files, image.config))
    spans = [required(files, name) for name in image.layers or []]
    return FoundImage(
        id=id,
        config=config,
        layers=pair_with_diff_ids([(span, _digest_in(span.name)) for span in spans], config, DOCKER_MANIFEST),
        tags=tuple(image.repo_tags or ()),
    )


def _config(span: Span) -> tuple[str, ImageConfig]:
    """Read the configuration; every tool names the file by its digest, and the name is checked if it does."""
    named = _NAMED_BY_DIGEST.fullmatch(span.name)
    if named:
        digest = "sha256:" + named[1]
        return digest, decode_config(read_checked(span, digest, MAX_JSON), span.name)
    if span.size > MAX_JSON:
        raise UnreadableError(f"has {span.size:,} bytes; at most {MAX_JSON:,} are read", path=span.name)
    content = span.read(0, span.size)
    return sha256(content), decode_config(content, span.name)


def _digest_in(name: str) -> str | None:
    named = _LAYER_BLOB.fullmatch(name)
    return "sha256:" + named[1] if named else None
