"""Namespaces of a repository, what their labels enforce, and the pods that are in them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from gate.core.values import Position
from gate.kubernetes.objects import KubernetesObject, PodTemplate, of_same_overlay
from gate.kubernetes.pods import pods_of

ENFORCE = "pod-security.kubernetes.io/enforce"
ENFORCE_VERSION = "pod-security.kubernetes.io/enforce-version"
POLICIES = frozenset({"NetworkPolicy", "CiliumNetworkPolicy"})
"""Kinds that say who may reach the pods of their namespace."""
CLUSTER_POLICIES = frozenset(
    {
        *("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "CiliumClusterwideNetworkPolicy", "ClusterNetworkPolicy"),
        *("GlobalNetworkPolicy",),
    }
)
"""Kinds that say so for all namespaces."""
LEVELS = ("privileged", "baseline", "restricted")
_VERSION = re.compile(r"v1\.([0-9]{1,3})")


class Namespace(msgspec.Struct, frozen=True):
    """A namespace that a file of the repository defines."""

    written: KubernetesObject
    level: str
    """What it enforces, one of `LEVELS`; empty: nothing is written."""
    pods: tuple[PodTemplate, ...]
    """The pods that the repository puts there, for the version that the namespace names."""
    has_network_policy: bool

    @property
    def pod_count(self) -> int:
        """How many pods these are; one that several overlays render counts once."""
        return len({(pod.owner.path, pod.spec.start) for pod in self.pods})


def namespaces_of(objects: Sequence[KubernetesObject], version: tuple[int, int]) -> Iterator[Namespace]:
    """Yield the namespaces; `version` is that of Kubernetes for those that name none."""
    is_covered = any(one.kind in CLUSTER_POLICIES for one in objects)
    inside: dict[str, list[KubernetesObject]] = defaultdict(list)
    for one in objects:
        inside[one.namespace].append(one)
    for one in objects:
        if one.kind == "Namespace" and not one.group and one.name:
            labels = one.value.get("metadata", "labels")
            level = labels.text(ENFORCE) if labels else ""
            named = _VERSION.fullmatch(labels.text(ENFORCE_VERSION) if labels else "")
            judged_for = min(version, (1, int(named[1]))) if named else version
            pods = tuple(_pods_in(one, inside[one.name], judged_for))
            has_policy = is_covered or any(other.kind in POLICIES for other in inside[one.name])
            yield Namespace(one, level, pods, has_policy)


def _pods_in(
    namespace: KubernetesObject, inside: Sequence[KubernetesObject], version: tuple[int, int]
) -> Iterator[PodTemplate]:
    """Yield the pods of what is in a namespace; of an object that overlays render differently, those of its overlay."""
    variants: dict[tuple[str, Position], list[KubernetesObject]] = defaultdict(list)
    for one in inside:
        variants[one.path, one.value.start].append(one)
    for of_one_object in variants.values():
        for one in of_same_overlay(of_one_object, namespace.overlays):
            yield from pods_of(one, version)
