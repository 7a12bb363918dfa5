"""The base image: which image an image was built on, and which packages come from there."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from gate.images.config import ImageConfig
from gate.images.provenance.base.chains import chain_ids
from gate.images.provenance.base.history import layers_of_base
from gate.model import Package

NAME_LABEL = "org.opencontainers.image.base.name"
DIGEST_LABEL = "org.opencontainers.image.base.digest"
_LABELS = (NAME_LABEL, DIGEST_LABEL)
_MAX_NAME = 512


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """The image that another one was built on."""

    known_by: str
    """`layers`: its layers are those of an image in `stages.image.bases`; `label`; `history`."""
    name: str | None = None
    digest: str | None = None
    """The digest in the label: the base was pinned, or recorded when the image was built."""
    layers: tuple[str, ...] = ()
    """Diff ids of its layers; empty if it is unknown how many there are."""

    def __str__(self) -> str:
        return self.name or "the base image"


class PackageName(msgspec.Struct, frozen=True):
    """A package in one version, wherever it is installed."""

    ecosystem: str
    name: str
    version: str

    @classmethod
    def of(cls, package: Package) -> "PackageName":
        return cls(package.ecosystem, package.name, package.version)


class Ancestry(msgspec.Struct, frozen=True, kw_only=True):
    """Where an image and what is in it come from."""

    base: Base | None
    created: str | None
    """When it was built (RFC 3339), as it says itself."""
    chain_id: str
    """Names its layers and their order; what `stages.image.bases` knows images by."""
    base_packages: tuple[PackageName, ...] | None = ()
    """Packages of the distribution that the base had installed when own layers came over its package database; None
    if that database cannot be read any more."""


def recognise(
    config: ImageConfig, known: Mapping[str, str], annotations: Mapping[str, str] = MappingProxyType({})
) -> Base | None:
    """Return the image that one with this configuration was built on; None if nothing tells.

    `known` are names and chain ids of images, `annotations` those of the manifest, which count if no label says it.
    Equal layers are believed before labels, which anybody can write, and labels before the history, which only hints
    at where the base ends.
    """
    diff_ids = config.rootfs.diff_ids
    labels = config.runtime.labels or {}
    place = labels if any(label in labels for label in _LABELS) else annotations
    name, digest = (_label(place, label) for label in _LABELS)
    by_layers = _by_layers(diff_ids, known)
    if by_layers is not None:
        return by_layers
    layers = tuple(diff_ids[: layers_of_base(config.history or [], len(diff_ids))])
    if name or digest:
        return Base(known_by="label", name=name, digest=digest, layers=layers)
    return Base(known_by="history", layers=layers) if layers else None


def _by_layers(diff_ids: Sequence[str], known: Mapping[str, str]) -> Base | None:
    """Return the known image with the most layers of which the first ones are made."""
    names = {chain: name for name, chain in sorted(known.items(), reverse=True)}
    own = chain_ids(diff_ids)[:-1]
    length = next((count for count in range(len(own), 0, -1) if own[count - 1] in names), 0)
    return Base(known_by="layers", name=names[own[length - 1]], layers=tuple(diff_ids[:length])) if length else None


def _label(place: Mapping[str, str], label: str) -> str | None:
    value = place.get(label, "").strip()
    return value if 0 < len(value) <= _MAX_NAME and value.isprintable() else None
