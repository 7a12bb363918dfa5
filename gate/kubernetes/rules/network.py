"""Rules on what an object opens to the network, and on webhooks that judge what enters the cluster."""

from collections.abc import Iterator

from gate.core.values import Value
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.rule import OBJECTS, rule
from gate.model import Severity
from gate.rules import Hit

_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer"
_INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{host: shop.example}]"
_POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, "
_WEBHOOK = (
    "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: a}\n"
    "webhooks: [{name: policy.example, failurePolicy: "
)
_INTERNAL = "internal"
"""A word in the annotation by which every cloud's load balancer becomes one of the private network."""


def _hit(found: KubernetesObject, at: Value, what: str, *evidence: str) -> Hit:
    return Hit(message=f"{found.id}: {what}", path=at.path, line=at.line, evidence=(found.id, *evidence))


@rule(
    "GK302",
    Severity.LOW,
    "Network policy that allows everything",
    looks_at=OBJECTS,
    why="One empty rule lets all traffic through, whatever other policies say.",
    mend="Name the pods, namespaces or addresses that are allowed; to forbid all, give no rule.",
    references=("CWE-923",),
    bad=f"{_POLICY}ingress: [{{}}]}}",
    good=f"{_POLICY}ingress: [{{from: [{{podSelector: {{}}}}]}}]}}",
)
def policy_allows_everything(found: KubernetesObject) -> Iterator[Hit]:
    if found.kind != "NetworkPolicy":
        return
    for direction in ("ingress", "egress"):
        listed = found.value.get("spec", direction)
        for entry in listed.elements() if listed else ():
            if entry.data == {}:
                yield _hit(found, entry, f"{direction} has an empty rule, which allows everything", direction)


@rule(
    "GK303",
    Severity.LOW,
    "Load balancer open to the world",
    looks_at=OBJECTS,
    why="It gets a public address, and no address is kept out.",
    mend="Name the networks in loadBalancerSourceRanges, or make it internal with your cloud's annotation.",
    references=("CWE-668",),
    bad=f"{_SERVICE}}}",
    good=f"{_SERVICE}, loadBalancerSourceRanges: [192.0.2.0/24]}}",
)
def open_load_balancer(found: KubernetesObject) -> Iterator[Hit]:
    kind = found.value.get("spec", "type")
    if found.kind != "Service" or found.group or kind is None or kind.text() != "LoadBalancer":
        return
    annotations = found.value.get("metadata", "annotations")
    is_internal = annotations is not None and any(
        _INTERNAL in key or _INTERNAL in value.text().lower() for key, value in annotations.items()
    )
    if not is_internal and not found.value.texts("spec", "loadBalancerSourceRanges"):
        yield _hit(found, kind, "type LoadBalancer without loadBalancerSourceRanges")


@rule(
    "GK304",
    Severity.LOW,
    "Ingress without TLS",
    looks_at=OBJECTS,
    why="Passwords and cookies travel in the clear to the cluster.",
    mend="Add spec.tls with the hosts and the secret of the certificate.",
    references=("CWE-319",),
    bad=f"{_INGRESS}}}",
    good=f"{_INGRESS}, tls: [{{hosts: [shop.example], secretName: tls}}]}}",
)
def ingress_without_tls(found: KubernetesObject) -> Iterator[Hit]:
    spec = found.value.get("spec")
    if found.kind == "Ingress" and spec is not None and spec.get("rules") and not _has_tls(found):
        yield _hit(found, spec, "no TLS")


def _has_tls(found: KubernetesObject) -> bool:
    """True if the object, or an annotation for the cloud's load balancer, names a certificate."""
    annotations = found.value.get("metadata", "annotations")
    named = [key for key, _ in annotations.items() if "cert" in key or "ssl" in key] if annotations else []
    tls = found.value.get("spec", "tls")
    return bool(named) or (tls is not None and bool(list(tls.elements())))


@rule(
    "GK305",
    Severity.LOW,
    "Admission webhook that fails open",
    looks_at=OBJECTS,
    why="While the webhook does not answer, everything that it would refuse is let in.",
    mend="Write failurePolicy: Fail, with a namespaceSelector that leaves the webhook's own namespace out.",
    references=("CWE-636",),
    bad=f"{_WEBHOOK}Ignore}}]",
    good=f"{_WEBHOOK}Fail}}]",
)
def webhook_fails_open(found: KubernetesObject) -> Iterator[Hit]:
    if found.kind != "ValidatingWebhookConfiguration":
        return
    listed = found.value.get("webhooks")
    for webhook in listed.elements() if listed else ():
        policy = webhook.get("failurePolicy")
        if policy is not None and policy.text() == "Ignore":
            yield _hit(found, policy, f"{webhook.text('name')} has failurePolicy: Ignore", webhook.text("name"))
