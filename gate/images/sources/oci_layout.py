"""The OCI image layout: `index.json`, indexes in it, a manifest, blobs named by their digests (image-spec v1.1)."""

import platform
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.images.access import fits
from gate.images.config import decode_config, decode_json
from gate.images.digests import read_checked
from gate.images.image import FoundImage, pair_with_diff_ids
from gate.images.layers.span import Span
from gate.images.limits import MAX_JSON
from gate.images.sources.docker_layout import DOCKER_MANIFEST, DockerImage, read_docker_image
from gate.images.sources.files import Expected, LayoutFiles, required

OCI_INDEX = "index.json"
MAX_DEPTH = 4
"""Indexes inside indexes; tools write two."""
MAX_MANIFESTS = 1000
"""Manifests of all indexes of one layout."""

_INDEXES = frozenset(
    {
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    }
)
_MANIFESTS = frozenset(
    {
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    }
)
_CONFIGS = frozenset({"application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"})
LAYERS = frozenset(
    {
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar+zstd",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
        "application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "application/vnd.docker.image.rootfs.diff.tar.zstd",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    }
)
_ATTESTATION = "vnd.docker.reference.type"
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_ARCHITECTURES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_COPY = "Copy the one that is meant to a layout of its own: skopeo copy oci:FOLDER:TAG oci:NEW:TAG"
_ALGORITHM_AND_HEX = re.compile(r"(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128})")


class Platform(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an image runs on."""

    os: str = "unknown"
    architecture: str = "unknown"
    variant: str | None = None
    os_version: str | None = msgspec.field(default=None, name="os.version")
    """Tells the images for different releases of Windows apart."""

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


class Descriptor(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Names a blob: what it is, its digest and its size."""

    media_type: str
    digest: str
    size: int
    artifact_type: str | None = None
    """Of a manifest that is no image: what it is."""
    platform: Platform | None = None
    annotations: dict[str, str] | None = None

    @property
    def is_attestation(self) -> bool:
        """True for BuildKit's statements about an image, which are manifests without a file system."""
        return _ATTESTATION in (self.annotations or {})

    @property
    def expected(self) -> Expected:
        return Expected(self.media_type, self.size)

    @property
    def names(self) -> list[str]:
        """The image's names and tags, as far as the layout knows them."""
        return [self.annotations[key] for key in _NAMES if self.annotations and key in self.annotations][:1]


class ImageIndex(msgspec.Struct, frozen=True, kw_only=True):
    """A list of manifests or further indexes."""

    manifests: list[Descriptor]
    layers: Any = None


class ImageManifest(msgspec.Struct, frozen=True, kw_only=True):
    """An image: its configuration and layers."""

    config: Descriptor
    layers: list[Descriptor]
    annotations: dict[str, str] | None = None
    manifests: Any = None


def find_oci_image(files: LayoutFiles, wanted: str | None = None) -> FoundImage:
    """Find the image of a layout, the one for the `wanted` platform (`linux/arm64`) if it has several.

    Raises UnreadableError for several images, for none of that platform, and for anything not as specified.
    """
    top = _index(required(files, OCI_INDEX), None)
    candidates = list(_flattened(files, top, 1))
    _refuse_several(top)
    docker = read_docker_image(files) if files.find(DOCKER_MANIFEST) else None
    fitting = _for_platform(candidates, wanted)
    chosen, manifest = _choose(files, fitting, docker)
    _refuse_twins(files, chosen, fitting)
    return _image(files, chosen, manifest, candidates, docker, top)


def _index(span: Span, descriptor: Descriptor | None) -> ImageIndex:
    content = _read(span, descriptor)
    index = decode_json(content, ImageIndex, span.name)
    if index.layers is not None:
        raise UnreadableError("is an index and a manifest at once", path=span.name, hint="Do not use this image")
    return index


def _read(span: Span, descriptor: Descriptor | None) -> bytes:
    if descriptor is not None:
        return read_checked(span, descriptor.digest, MAX_JSON)
    if span.size > MAX_JSON:
        raise LimitError(f"has {span.size:,} bytes; at most {MAX_JSON:,} are read", path=span.name)
    return span.read(0, span.size)


def _flattened(files: LayoutFiles, index: ImageIndex, depth: int) -> Iterator[Descriptor]:
    """Yield the manifests of all indexes, those of attestations left out."""
    if depth > MAX_DEPTH or len(index.manifests) > MAX_MANIFESTS:
        raise LimitError("has too many indexes inside indexes or manifests", path=OCI_INDEX)
    for descriptor in index.manifests:
        if descriptor.media_type in _INDEXES:
            yield from _flattened(files, _index(_blob(files, descriptor), descriptor), depth + 1)
        elif descriptor.media_type not in _MANIFESTS:
            raise UnreadableError(f"lists the unknown media type {descriptor.media_type[:100]!r}", path=OCI_INDEX)
        elif not descriptor.is_attestation:
            yield descriptor


def _indexes_over(files: LayoutFiles, index: ImageIndex, digest: str) -> Iterator[str]:
    """Yield the digests of the indexes below `index` that list a manifest, also through further indexes."""
    for descriptor in index.manifests:
        if descriptor.media_type in _INDEXES:
            below = _index(_blob(files, descriptor), descriptor)
            if any(one.digest == digest for one in _flattened(files, below, 2)):
                yield descriptor.digest
                yield from _indexes_over(files, below, digest)


def _blob_name(descriptor: Descriptor) -> str:
    match = _ALGORITHM_AND_HEX.fullmatch(descriptor.digest)
    if match is None:
        raise UnreadableError(f"names the digest {descriptor.digest[:80]!r}, which is none", path=OCI_INDEX)
    return "blobs/" + descriptor.digest.replace(":", "/")


def _blob(files: LayoutFiles, descriptor: Descriptor) -> Span:
    span = required(files, _blob_name(descriptor), descriptor.expected)
    if span.size != descriptor.size:
        raise UnreadableError(
            f"has {span.size:,} bytes instead of {descriptor.size:,}", path=span.name, hint="Fetch the image again"
        )
    return span


def _refuse_several(top: ImageIndex) -> None:
    named = {descriptor.digest: descriptor.names for descriptor in top.manifests if descriptor.names}
    if len(named) > 1:
        names = ", ".join(sorted(name for names in named.values() for name in names))
        raise UnreadableError(
            f"holds several images ({names[:300]})",
            path=OCI_INDEX,
            hint=_COPY,
        )
    unnamed = {one.digest for one in top.manifests if one.media_type in _MANIFESTS and _tells_nothing(one)}
    if len(unnamed) > 1:
        raise UnreadableError(f"holds {len(unnamed)} images that nothing distinguishes", path=OCI_INDEX, hint=_COPY)


def _refuse_twins(files: LayoutFiles, chosen: Descriptor, candidates: list[Descriptor]) -> None:
    """Raise UnreadableError if a second image is for the platform of the chosen one: some runtimes would start that."""
    for other in candidates:
        if other.digest == chosen.digest or other.platform != chosen.platform:
            continue
        if files.find(_blob_name(other), other.expected):
            raise UnreadableError(
                f"holds two images for {chosen.platform or 'a platform that it does not name'}",
                path=OCI_INDEX,
                hint="It is unknown which of them is started: do not use this image, build it again",
            )


def _tells_nothing(descriptor: Descriptor) -> bool:
    return descriptor.platform is None and not (descriptor.names or descriptor.is_attestation)


def _choose(
    files: LayoutFiles, candidates: list[Descriptor], docker: DockerImage | None
) -> tuple[Descriptor, ImageManifest]:
    """Return the manifest that `manifest.json` means too, else the one for the preferred platform.

    `docker save` writes the index of all platforms with the blobs of one, so manifests that are missing are passed
    over as long as one is there.
    """
    if not candidates:
        hint = "If it lists attestations, they are about an image: name that one"
        raise UnreadableError("lists no image", path=OCI_INDEX, hint=hint)
    ranked = sorted(candidates, key=_rank)
    manifests = (
        (descriptor, _manifest(files, descriptor))
        for descriptor in ranked
        if files.find(_blob_name(descriptor), descriptor.expected)
    )
    chosen = next((pair for pair in manifests if docker is None or _is_same(pair[1], docker)), None)
    if chosen is not None:
        return chosen
    if not any(files.find(_blob_name(descriptor), descriptor.expected) for descriptor in ranked):
        return ranked[0], _manifest(files, ranked[0])  # which says what is missing
    raise UnreadableError(
        f"names another image than {DOCKER_MANIFEST}", path=OCI_INDEX, hint="Do not use this image; save it again"
    )


def _for_platform(candidates: list[Descriptor], wanted: str | None) -> list[Descriptor]:
    """Return the candidates for a platform. One that does not say for which it is, is asked itself later."""
    fitting = [one for one in candidates if wanted is None or one.platform is None or fits(str(one.platform), wanted)]
    if candidates and not fitting:
        known = ", ".join(sorted({str(one.platform) for one in candidates}))
        raise UnreadableError(f"has no image for {wanted}, only for {known[:300]}", path=OCI_INDEX)
    return fitting


def _rank(descriptor: Descriptor) -> int:
    where = str(descriptor.platform) if descriptor.platform else ""
    here = "linux/" + _ARCHITECTURES.get(platform.machine(), "unknown")
    if where == "linux/amd64":
        return 0
    return 1 if where.startswith(here) else 2


def _is_same(manifest: ImageManifest, docker: DockerImage) -> bool:
    layers = [_blob_name(layer) for layer in manifest.layers]
    return docker.config == _blob_name(manifest.config) and (docker.layers or []) == layers


def _manifest(files: LayoutFiles, descriptor: Descriptor) -> ImageManifest:
    span = _blob(files, descriptor)
    manifest = decode_json(_read(span, descriptor), ImageManifest, span.name)
    if manifest.manifests is not None:
        raise UnreadableError("is an index and a manifest at once", path=span.name, hint="Do not use this image")
    if manifest.config.media_type not in _CONFIGS:
        raise UnreadableError(
            f"is no container image: its configuration is {manifest.config.media_type[:100]!r}", path=span.name
        )
    for layer in manifest.layers:
        if layer.media_type not in LAYERS:
            raise UnreadableError(f"has a layer of the unknown media type {layer.media_type[:100]!r}", path=span.name)
    return manifest


def _image(
    files: LayoutFiles,
    chosen: Descriptor,
    manifest: ImageManifest,
    candidates: list[Descriptor],
    docker: DockerImage | None,
    top: ImageIndex,
) -> FoundImage:
    span = _blob(files, manifest.config)
    config = decode_config(_read(span, manifest.config), span.name)
    blobs: list[tuple[Span, str | None]] = [(_blob(files, layer), layer.digest) for layer in manifest.layers]
    names = [name for descriptor in top.manifests for name in descriptor.names]
    others = {str(other.platform or "unknown") for other in candidates if other.digest != chosen.digest}
    return FoundImage(
        id=manifest.config.digest,
        config=config,
        layers=pair_with_diff_ids(blobs, config, chosen.digest),
        tags=tuple(sorted(set(docker.repo_tags or () if docker else names))),
        digest=chosen.digest,
        indexes=tuple(dict.fromkeys(_indexes_over(files, top, chosen.digest))),
        other_platforms=tuple(sorted(others)),
        annotations=manifest.annotations or {},
    )
