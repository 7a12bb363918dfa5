"""A resource on its way through kustomizations, which rename it and change it."""

import re
from collections.abc import Iterable

import msgspec

from gate.core.values import Value
from gate.kubernetes.objects import KubernetesObject

Name = tuple[str, str]
"""Namespace and name."""


class KustomizeResource(msgspec.Struct, frozen=True):
    """An object, and the names that it had before."""

    value: Value
    former: tuple[Name, ...]
    """The name as written first, then the one that each kustomization gave it: patches may use any of them."""

    @property
    def kind(self) -> str:
        return self.value.text("kind")

    @property
    def group(self) -> str:
        return self.value.text("apiVersion").rpartition("/")[0]

    @property
    def name(self) -> Name:
        return self.value.text("metadata", "namespace"), self.value.text("metadata", "name")

    def has_name(self, name: str) -> bool:
        """True if it is called so in any namespace, or was."""
        return any(name == own for _, own in (*self.former, self.name))

    def with_value(self, value: Value) -> "KustomizeResource":
        """Return the resource with another content."""
        return self if value is self.value else msgspec.structs.replace(self, value=value)

    def settled(self) -> "KustomizeResource":
        """Return the resource at the end of a kustomization: its name is one of those that overlays may use."""
        known = self.name in self.former
        return self if known else msgspec.structs.replace(self, former=(*self.former, self.name))

    def rendered(self) -> KubernetesObject:
        """Return the object for the rules. It is called as it is written, so that all overlays call it the same."""
        namespace, name = self.name
        written = "/".join(filter(None, (self.kind, *self.former[0])))
        return KubernetesObject(self.kind, self.group, name, namespace, self.value, written)


def resource_of(written: KubernetesObject) -> KustomizeResource:
    """Return the resource of an object as a file has it."""
    return KustomizeResource(written.value, ((written.value.text("metadata", "namespace"), written.name),))


class Selector(msgspec.Struct, frozen=True):
    """What a patch or a replacement is for; names are patterns, empty ones fit all."""

    group: str = ""
    version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    labels: str = ""
    annotations: str = ""

    def selects(self, resource: KustomizeResource) -> bool:
        """True if the resource has the kind, the labels, and one of its names fits."""
        version = resource.value.text("apiVersion").rpartition("/")[2]
        wanted = ((self.group, resource.group), (self.version, version), (self.kind, resource.kind))
        return (
            all(not pattern or _fits(pattern, text) for pattern, text in wanted)
            and self._names(resource)
            and _has_labels(resource.value.get("metadata", "labels"), self.labels)
            and _has_labels(resource.value.get("metadata", "annotations"), self.annotations)
        )

    def _names(self, resource: KustomizeResource) -> bool:
        return any(
            (not self.name or _fits(self.name, name)) and (not self.namespace or _fits(self.namespace, namespace))
            for namespace, name in (*resource.former, resource.name)
        )


def selector_of(written: Value | None) -> Selector:
    """Return a selector as a kustomization writes it."""
    if written is None:
        return Selector()
    texts = {key: written.text(key) for key in ("group", "version", "kind", "name", "namespace")}
    return Selector(**texts, labels=written.text("labelSelector"), annotations=written.text("annotationSelector"))


def of_identity(patch: Value, resources: Iterable[KustomizeResource]) -> list[KustomizeResource]:
    """Return the resources that a strategic merge patch names by its own kind and name."""
    group, kind = patch.text("apiVersion").rpartition("/")[0], patch.text("kind")
    namespace, name = patch.text("metadata", "namespace"), patch.text("metadata", "name")
    of_kind = [one for one in resources if one.kind == kind and one.group == group]
    return [one for one in of_kind if _is_called(one, namespace, name)]


def _is_called(resource: KustomizeResource, namespace: str, name: str) -> bool:
    names = (*resource.former, resource.name)
    return any(own == name and (not namespace or within in (namespace, "")) for within, own in names)


def _fits(pattern: str, text: str) -> bool:
    """True if a pattern fits the whole text; one that is no pattern has to be the text itself."""
    if pattern == text:
        return True
    try:
        return len(pattern) < 200 and re.fullmatch(pattern, text[:300]) is not None
    except (re.error, RecursionError):
        return False


def _has_labels(labels: Value | None, selector: str) -> bool:
    return all(_has_label(labels, one.strip()) for one in selector.split(",") if one.strip())


def _has_label(labels: Value | None, wanted: str) -> bool:
    key, is_equation, text = wanted.replace("==", "=").partition("=")
    found = labels.get(key.rstrip("! ")) if labels else None
    if key.endswith("!"):
        return found is None or found.text() != text.strip()
    return found is not None and (not is_equation or found.text() == text.strip())
