"""Hits on pods: each names the object, the container and the field."""

from typing import Any

from gate.core.values import Value
from gate.kubernetes.objects import Container, KubernetesObject, PodTemplate
from gate.model import Worth
from gate.rules import Hit
from gate.rules.hits import Weighed

SYSTEM_NAMESPACES = frozenset({"kube-system", "kube-public", "kube-node-lease"})


def pod_hit(
    pod: PodTemplate, field: str, at: Value, what: str, name: str = "", evidence: str = "", **further: Any
) -> Hit:
    """Return a hit at a field that is written. `at` gives the line, `what` says what is wrong with it.

    `name` is that of the container, where the field is a container's. `evidence` stands for `what` in the fingerprint,
    where that can change while the problem stays.
    """
    within = f", container {name}" if name else ""
    worth, known_by = _worth(pod)
    return Hit(
        message=f"{pod.owner.id}{within}: {field} {what}",
        path=at.path,
        line=at.line,
        evidence=(pod.owner.id, name, field.rpartition("]")[2] or field, evidence or what),
        worth=worth,
        worth_evidence=known_by,
        object=pod.owner.id,
        field=field,
        **further,
    )


def _worth(pod: PodTemplate) -> Weighed:
    """Return whether it stops a change that a pod may do what others must not: agents of the node have to."""
    if pod.owner.kind == "DaemonSet":
        return Worth.LOW, ("a DaemonSet runs an agent on each node",)
    if pod.owner.namespace in SYSTEM_NAMESPACES:
        return Worth.LOW, (f"it is a part of the cluster, in {pod.owner.namespace}",)
    return Worth.MEDIUM, ()


def object_hit(found: KubernetesObject, field: str, at: Value, what: str, *evidence: str, **further: Any) -> Hit:
    """Return a hit on a field of an object; `at` gives the line, which is that of what holds a field not written.

    `evidence` tells several hits of a rule on one object from one another.
    """
    return Hit(
        message=f"{found.id}: {what}",
        path=at.path,
        line=at.line,
        evidence=(found.id, *evidence),
        object=found.id,
        field=field,
        **further,
    )


def container_hit(pod: PodTemplate, container: Container, field: str, what: str, **further: Any) -> Hit:
    """Return a hit on a field of a container, which need not be written: the line is that of the nearest that is."""
    at = container.value
    for key in field.split("."):
        below = at.get(key)
        if below is None:
            break
        at = below
    return pod_hit(pod, f"{container.field}.{field}", at, what, container.name, **further)
