"""Pods as `kubectl get pods -o json` writes them (Kubernetes API v1): what they are called, and what they run.

A container's status states what its node pulled (`imageID`): the digest of a manifest, or of the index of several
platforms, by the runtime.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import msgspec

_ENDED = ("Succeeded", "Failed")


class OwnerReference(msgspec.Struct, frozen=True):
    """What made an object."""

    kind: str
    name: str


class ObjectMetadata(msgspec.Struct, frozen=True, rename="camel"):
    """What every object of a cluster states of itself."""

    name: str
    namespace: str = ""
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: tuple[OwnerReference, ...] | None = None


class PodContainer(msgspec.Struct, frozen=True):
    """A container as the pod asks for it."""

    name: str
    image: str = ""
    ports: list[dict[str, Any]] | None = None


class PodSpec(msgspec.Struct, frozen=True, rename="camel"):
    """What a pod asks for."""

    containers: tuple[PodContainer, ...] = ()
    init_containers: tuple[PodContainer, ...] | None = None
    ephemeral_containers: tuple[PodContainer, ...] | None = None
    host_network: bool = False


class _ContainerStatus(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    image_id: str = msgspec.field(name="imageID", default="")


class PodStatus(msgspec.Struct, frozen=True, rename="camel"):
    """What became of a pod."""

    phase: str = ""
    start_time: str | None = None
    container_statuses: tuple[_ContainerStatus, ...] | None = None
    init_container_statuses: tuple[_ContainerStatus, ...] | None = None
    ephemeral_container_statuses: tuple[_ContainerStatus, ...] | None = None


class ListedPod(msgspec.Struct, frozen=True):
    """A pod of a listing."""

    metadata: ObjectMetadata
    spec: PodSpec
    status: PodStatus = PodStatus()

    @property
    def has_ended(self) -> bool:
        """True if none of its containers runs any more."""
        return self.status.phase in _ENDED

    def images(self) -> Iterator[tuple[str, str]]:
        """Yield for each container the image's name, and what its node pulled (`imageID`); empty if unknown."""
        status, spec = self.status, self.spec
        statuses = (status.container_statuses, status.init_container_statuses, status.ephemeral_container_statuses)
        pulled = {one.name: one.image_id for one in chain.from_iterable(filter(None, statuses))}
        listed = (spec.containers, spec.init_containers, spec.ephemeral_containers)
        for container in chain.from_iterable(filter(None, listed)):
            yield container.image, pulled.get(container.name, "")
