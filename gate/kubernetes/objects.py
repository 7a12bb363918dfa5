"""An object of a manifest, and the pods that it makes."""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol, TypeVar

import msgspec

from gate.core.values import Value

CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


class OfOverlays(Protocol):
    """What overlays may render differently."""

    @property
    def overlays(self) -> Collection[str]: ...


Variant = TypeVar("Variant", bound=OfOverlays)


class KubernetesObject(msgspec.Struct, frozen=True):
    """One object of a manifest, as it is written."""

    kind: str
    group: str
    """Of `apiVersion`, without the version; empty for the core group."""
    name: str
    namespace: str
    """Empty if none is written: the one who applies it decides."""
    value: Value
    written: str = ""
    """Its id before overlays renamed it; empty: it is called as it is written."""
    overlays: tuple[str, ...] = ()
    """The folders of the overlays that render it so; empty: it is as its file or chart has it."""

    @property
    def id(self) -> str:
        """As findings call it: `Deployment/shop/web`, `Deployment/web` without a namespace."""
        return self.written or "/".join(filter(None, (self.kind, self.namespace, self.name)))

    @property
    def path(self) -> str:
        return self.value.path


def of_same_overlay(variants: Sequence[Variant], overlays: Collection[str]) -> Sequence[Variant]:
    """Return of one object's variants those that one of the overlays renders, too; all of them where none is."""
    return [one for one in variants if not set(overlays).isdisjoint(one.overlays)] or variants


class Container(msgspec.Struct, frozen=True):
    """A container of a pod."""

    name: str
    value: Value
    field: str
    """Where it stands in the object: `spec.template.spec.containers[0]`."""

    @property
    def security(self) -> Value | None:
        """Its security context."""
        return self.value.get("securityContext")


class PodTemplate(msgspec.Struct, frozen=True):
    """A pod that an object is or makes."""

    owner: KubernetesObject
    spec: Value
    field: str
    """Where the spec stands: `spec.template.spec`."""
    metadata: Value | None = None
    version: tuple[int, int] = (1, 37)
    """The version of Kubernetes that it is judged for."""

    @property
    def security(self) -> Value | None:
        """The security context of the pod."""
        return self.spec.get("securityContext")

    @property
    def is_windows(self) -> bool:
        return self.spec.text("os", "name") == "windows"

    @property
    def has_own_users(self) -> bool:
        """True if root of the pod is not root of the node (`hostUsers: false`)."""
        found = self.spec.get("hostUsers")
        return found is not None and found.data is False

    def containers(self) -> Iterator[Container]:
        """Yield its containers, those that only start or debug included."""
        for key in CONTAINERS:
            listed = self.spec.get(key)
            for number, value in enumerate(listed.elements() if listed else ()):
                yield Container(value.text("name"), value, f"{self.field}.{key}[{number}]")

    def contexts(self) -> Iterator[tuple[str, str, Value]]:
        """Yield every security context that is written: name of the container (empty: the pod), field, value."""
        if self.security is not None:
            yield "", f"{self.field}.securityContext", self.security
        for container in self.containers():
            if container.security is not None:
                yield container.name, f"{container.field}.securityContext", container.security

    def annotations(self) -> Iterator[tuple[str, Value]]:
        """Yield the annotations of the pod."""
        found = self.metadata.get("annotations") if self.metadata else None
        yield from found.items() if found else ()
