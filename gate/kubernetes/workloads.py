"""A pod with what the settings and the other objects of the repository say of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.core.values import Value
from gate.kubernetes.objects import Container, KubernetesObject, PodTemplate
from gate.kubernetes.pods import pods_of
from gate.kubernetes.roles import RBAC, RoleSubject, account_of, subjects_of

_MOUNTS = "automountServiceAccountToken"


class Workload(msgspec.Struct, frozen=True):
    """A pod, and what is known of its surroundings."""

    pod: PodTemplate
    trusted_registries: tuple[str, ...] = ()
    """Those of the settings; empty: any is trusted."""
    has_default_limits: bool = False
    """True if a LimitRange of its namespace gives containers a limit of memory."""
    digests: Mapping[str, str] = {}
    """By image (`shop/web:1.4`), the digest that another manifest of the repository gives it."""
    account_is_used: bool = False
    """True if a binding of the repository gives its service account a role, or another file has to say."""

    def containers(self) -> Iterator[Container]:
        """Yield the containers that run as long as the pod does; in a patch, without an image, there are none."""
        running = f"{self.pod.field}.containers["
        for container in self.pod.containers():
            if container.field.startswith(running) and container.value.text("image"):
                yield container


def workloads_of(
    objects: Sequence[KubernetesObject], version: tuple[int, int], trusted_registries: tuple[str, ...]
) -> Iterator[Workload]:
    """Yield the pods of all objects; `version` is that of Kubernetes."""
    limited = {one.namespace for one in objects if one.kind == "LimitRange" and _limits_memory(one.value)}
    used = _used_accounts(objects)
    pods = [pod for one in objects for pod in pods_of(one, version)]
    digests = _digests(pods)
    for pod in pods:
        yield Workload(
            pod,
            trusted_registries,
            has_default_limits=pod.owner.namespace in limited,
            digests=digests,
            account_is_used=account_of(pod) in used or pod.spec.get(_MOUNTS) is not None,
        )


def _digests(pods: Iterable[PodTemplate]) -> dict[str, str]:
    """Return by image the digest that it has in some pod; of one with several nothing is known."""
    found: dict[str, set[str]] = defaultdict(set)
    for pod in pods:
        for container in pod.containers():
            image, _, digest = container.value.text("image").partition("@")
            if digest:
                found[image].add(digest)
    return {image: min(digests) for image, digests in found.items() if len(digests) == 1}


def _limits_memory(limit_range: Value) -> bool:
    limits = limit_range.get("spec", "limits")
    return any(one.text("default", "memory") for one in (limits.elements() if limits else ()))


def _used_accounts(objects: Sequence[KubernetesObject]) -> set[RoleSubject]:
    """Return the service accounts that have a role, or whose own object says what becomes of their token."""
    used: set[RoleSubject] = set()
    for one in objects:
        if one.group == RBAC and one.kind in ("RoleBinding", "ClusterRoleBinding"):
            used |= set(subjects_of(one))
        elif one.kind == "ServiceAccount" and _says_of_its_token(one.value):
            used.add(RoleSubject("ServiceAccount", one.name, one.namespace))
    return used


def _says_of_its_token(account: Value) -> bool:
    """True if the account states whether pods get its token, or a cloud gives it rights by an annotation."""
    return account.get(_MOUNTS) is not None or account.get("metadata", "annotations") is not None
