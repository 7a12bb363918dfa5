"""Rules on namespaces: what their labels enforce, and the network between their pods.

Facts: https://kubernetes.io/docs/concepts/security/pod-security-admission/.
"""

from collections.abc import Iterator
from functools import lru_cache

from gate.core.text import counted
from gate.kubernetes.hits import object_hit
from gate.kubernetes.namespaces import ENFORCE, LEVELS, Namespace
from gate.kubernetes.rule import NAMESPACES, ON_KUBERNETES, PODS, rule
from gate.kubernetes.rules import pod_security_baseline, pod_security_restricted
from gate.model import Severity
from gate.rules import Hit, StageRule, ask

_NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {LABELS}}\n---\n"
_POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {hostPID: HOST, containers: []}\n"
_ENFORCED = _NAMESPACE.replace("LABELS", "pod-security.kubernetes.io/enforce: baseline")
_UNLABELLED = _NAMESPACE.replace("LABELS", "")
_PLAIN_POD = _POD.replace("HOST", "false")
_POLICY = (
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: shop}\n"
    "spec: {podSelector: {}, policyTypes: [Ingress]}\n"
)


@rule(
    "GK001",
    Severity.MEDIUM,
    "Namespace will refuse a pod",
    looks_at=NAMESPACES,
    why="The labels of its namespace demand a level of Pod Security that the pod does not meet: it will not start.",
    mend="Change the pod as the message says, or put it into a namespace for privileged workloads.",
    bad=_ENFORCED + _POD.replace("HOST", "true"),
    good=_ENFORCED + _PLAIN_POD,
)
def refused_pods(namespace: Namespace) -> Iterator[Hit]:
    if namespace.level not in LEVELS[1:]:
        return
    for pod in namespace.pods:
        broken = [hit for _, hit in ask(_standards(namespace.level), pod)]
        if broken:
            first = broken[0]
            more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
            yield Hit(
                message=f"Namespace {namespace.written.name} enforces {namespace.level}: {first.message}{more}",
                path=first.path,
                line=first.line,
                evidence=(namespace.written.name, pod.owner.id),
                object=pod.owner.id,
                field=first.field,
            )


@lru_cache(maxsize=len(LEVELS))
def _standards(level: str) -> tuple[StageRule, ...]:
    modules = {pod_security_baseline.__name__}
    if level == "restricted":
        modules.add(pod_security_restricted.__name__)
    return tuple(one for one in ON_KUBERNETES.own() if one.module in modules and one.looks_at is PODS)


@rule(
    "GK002",
    Severity.LOW,
    "Namespace enforces no Pod Security",
    looks_at=NAMESPACES,
    why="Without the label the cluster accepts any pod there, privileged ones too.",
    mend="Add the label pod-security.kubernetes.io/enforce: baseline, or restricted.",
    references=("CWE-276",),
    bad=_UNLABELLED + _PLAIN_POD,
    good=_ENFORCED + _PLAIN_POD,
)
def unlabelled(namespace: Namespace) -> Iterator[Hit]:
    if not namespace.level or (namespace.pods and namespace.level == LEVELS[0]):
        what = "enforces nothing" if not namespace.level else "lets privileged pods in"
        written = namespace.written
        of_pods = f", for {counted(namespace.pod_count, 'pod')} of this repository" if namespace.pods else ""
        yield object_hit(written, f"metadata.labels.{ENFORCE}", written.value, f"{what}{of_pods}")


@rule(
    "GK301",
    Severity.LOW,
    "Namespace without a network policy",
    looks_at=NAMESPACES,
    why="Every pod of the cluster reaches every port of its pods, and they reach everything.",
    mend="Add a NetworkPolicy that selects all pods and allows what is needed.",
    references=("CWE-923",),
    bad=_UNLABELLED + _PLAIN_POD,
    good=_UNLABELLED + _PLAIN_POD + _POLICY,
)
def no_network_policy(namespace: Namespace) -> Iterator[Hit]:
    if namespace.pods and not namespace.has_network_policy:
        written = namespace.written
        what = f"has {counted(namespace.pod_count, 'pod')} of this repository and no NetworkPolicy"
        yield object_hit(written, "metadata.name", written.value, what)
