"""Hits on pods: each names the object, the container and the field."""

from typing import Any

from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.kubernetes.objects import Container, KubernetesObject, PodTemplate
from gate.model import Worth
from gate.rules import Hit
from gate.rules.hits import Weighed

SYSTEM_NAMESPACES = frozenset({"kube-system", "kube-public", "kube-node-lease"})
_DISK = lazy_regex(r"/dev/(?:disk|dm-|mapper|md|mem|kmem|nvme|sd|vd|xvd|mmcblk)")
_TEST = lazy_regex(r"(?:\A|[-.])(?:e2e|tests?)(?:[-.]|\Z)")
_DOCKER_IN_DOCKER = lazy_regex(r"(?:\A|/)(?:docker(?::|@)[^/]*dind|[\w.-]*dind(?:[:@-]|\Z))")
_ONE_SYSCTL = r"(?:/\S*/)?sysctl(?: [-\w./=\"']+)+"
_SHELL = r"(?:/\S*/)?(?:ba)?sh -e?u?x?c "
_SCRIPT = r"(?:(?:/\S*/)?(?:ba)?sh (?:-[eux]+ )*)?/?[\w./-]*sysctl[\w-]*\.sh"
_SYSCTL = lazy_regex(rf"{_SCRIPT}|(?:{_SHELL})?\s*{_ONE_SYSCTL}(?:\s*(?:&&|;|\n)\s*{_ONE_SYSCTL})*\s*;?\s*")
"""A command that sets kernel parameters, and does nothing else, or a script that is named for it."""


def pod_hit(
    pod: PodTemplate,
    field: str,
    at: Value,
    what: str,
    name: str = "",
    *,
    evidence: str = "",
    weighed: Weighed | None = None,
    **further: Any,
) -> Hit:
    """Return a hit at a field that is written. `at` gives the line, `what` says what is wrong with it.

    `name` is that of the container, where the field is a container's. `evidence` stands for `what` in the fingerprint,
    where that can change while the problem stays. `weighed` is its worth, where the rule knows better.
    """
    within = f", container {name}" if name else ""
    worth, known_by = _worth(pod) or weighed or (Worth.MEDIUM, ())
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


def _worth(pod: PodTemplate) -> Weighed | None:
    """Return that it stops no change that a pod may do what others must not: agents of the node have to."""
    if pod.owner.kind == "DaemonSet":
        return Worth.LOW, ("a DaemonSet runs an agent on each node",)
    if pod.owner.namespace in SYSTEM_NAMESPACES:
        return Worth.LOW, (f"it is a part of the cluster, in {pod.owner.namespace}",)
    if _TEST.search(pod.owner.name):
        return Worth.LOW, (f"it is a test, by its name {pod.owner.name}",)
    return None


def _worth_of_container(pod: PodTemplate, container: Container) -> Weighed | None:
    """Return that it stops no change what a container may do that could do nothing with less."""
    if _DOCKER_IN_DOCKER.search(container.value.text("image")):
        return Worth.LOW, ("Docker in Docker needs it",)
    command = " ".join(container.value.texts("command") + container.value.texts("args"))
    if ".initContainers[" in container.field and _SYSCTL.fullmatch(command):
        return Worth.LOW, ("it sets a kernel parameter before the program starts, and ends",)
    device = _device_of(pod, container)
    return (Worth.LOW, (f"it uses a device of the node, {device}",)) if device else None


def _device_of(pod: PodTemplate, container: Container) -> str:
    """Return a device of the node that a container mounts, for which it has to be privileged; empty if none.

    Disks count for nothing: who writes them owns the node.
    """
    mounts, volumes = container.value.get("volumeMounts"), pod.spec.get("volumes")
    mounted = {one.text("name") for one in (mounts.elements() if mounts else ())}
    paths = [
        one.text("hostPath", "path") for one in (volumes.elements() if volumes else ()) if one.text("name") in mounted
    ]
    return next((path for path in paths if path.startswith("/dev/") and not _DISK.match(path)), "")


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
    weighed = _worth_of_container(pod, container)
    return pod_hit(pod, f"{container.field}.{field}", at, what, container.name, weighed=weighed, **further)
