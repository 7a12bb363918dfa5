"""Rules on what an object opens to the network, and on webhooks that judge what enters the cluster."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from gate.core.values import Value
from gate.kubernetes.hits import object_hit
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.rule import OBJECTS, rule
from gate.model import Severity
from gate.rules import Hit

_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer"
_NODE_PORT = _SERVICE.replace("LoadBalancer", "NodePort")
_INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{host: shop.example}]"
_GATEWAY = (
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a}\n"
    "spec: {listeners: [{name: web, port: 80, protocol: "
)
_POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, "
_WEBHOOK = (
    "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: a}\n"
    "webhooks: [{name: policy.shop.example, clientConfig: {service: {name: policy, namespace: shop}}, "
    "sideEffects: None, admissionReviewVersions: [v1], failurePolicy: "
)
_INTERNAL = "internal"
"""A word in the annotation by which every cloud's load balancer becomes one of the private network."""
_RANGES = "load-balancer-source-ranges"
"""The older form of loadBalancerSourceRanges, as the end of an annotation's key."""
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_METADATA = (ip_network("169.254.169.254/32"), ip_network("fd00:ec2::254/128"))
"""Where a cloud's machine asks for its own credentials."""
_ENCRYPTED = ("HTTPS", "TLS")


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
        for number, entry in enumerate(listed.elements() if listed else ()):
            if isinstance(entry.data, dict) and not any(_has_members(one) for _, one in entry.items()):
                what = f"{direction} has an empty rule, which allows everything"
                yield object_hit(found, f"spec.{direction}[{number}]", entry, what, direction)


def _has_members(value: Value) -> bool:
    """True for a list with members; an empty one of peers or ports stands for all of them."""
    return isinstance(value.data, list) and bool(value.data)


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
    ranges = found.value.texts("spec", "loadBalancerSourceRanges")
    if set(ranges) & set(_EVERYWHERE):
        at = found.value.get("spec", "loadBalancerSourceRanges") or kind
        what = f"type LoadBalancer, and loadBalancerSourceRanges has {', '.join(ranges)}"
        yield object_hit(found, "spec.loadBalancerSourceRanges", at, what)
    elif not ranges and not _is_kept_private(found):
        yield object_hit(found, "spec.type", kind, "type LoadBalancer without loadBalancerSourceRanges")


def _is_kept_private(service: KubernetesObject) -> bool:
    """True if an annotation keeps the load balancer in the private network, or names who may reach it."""
    annotations = service.value.get("metadata", "annotations")
    written = [(key, value.text().lower()) for key, value in annotations.items()] if annotations else []
    return any(_INTERNAL in key or _INTERNAL in text or key.endswith(_RANGES) for key, text in written)


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
        yield object_hit(found, "spec.tls", spec, "no TLS")


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
    why="While the webhook does not answer, everything that it would refuse or correct is let in as it is.",
    mend="Write failurePolicy: Fail, with a namespaceSelector that leaves the webhook's own namespace out.",
    references=("CWE-636",),
    bad=f"{_WEBHOOK}Ignore}}]",
    good=f"{_WEBHOOK}Fail}}]",
)
def webhook_fails_open(found: KubernetesObject) -> Iterator[Hit]:
    if found.kind not in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        return
    listed = found.value.get("webhooks")
    for number, webhook in enumerate(listed.elements() if listed else ()):
        policy, name = webhook.get("failurePolicy"), webhook.text("name")
        if policy is not None and policy.text() == "Ignore":
            field = f"webhooks[{number}].failurePolicy"
            yield object_hit(found, field, policy, f"{name} has failurePolicy: Ignore", name)


@rule(
    "GK306",
    Severity.LOW,
    "Network policy lets pods ask for the node's credentials",
    looks_at=OBJECTS,
    why="At 169.254.169.254 a cloud gives its machine credentials: a pod that reaches it acts as the node.",
    mend="Leave the address out: except: [169.254.169.254/32]; give pods identities of their own.",
    references=("CWE-918",),
    bad=f"{_POLICY}egress: [{{to: [{{ipBlock: {{cidr: 0.0.0.0/0}}}}]}}]}}",
    good=f"{_POLICY}egress: [{{to: [{{ipBlock: {{cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}}}]}}]}}",
)
def egress_to_metadata(found: KubernetesObject) -> Iterator[Hit]:
    if found.kind != "NetworkPolicy":
        return
    for field, block in _blocks(found):
        reached = [one for one in _METADATA if _reaches(block, one)]
        if reached:
            what = f"egress to {block.text('cidr')} holds {reached[0].network_address}"
            is_meant = _network(block.text("cidr")) in _METADATA
            yield object_hit(found, field, block, what, severity=Severity.MEDIUM if is_meant else None)


def _reaches(block: Value, address: IPv4Network | IPv6Network) -> bool:
    """True if a block of addresses holds one, and does not leave it out."""
    left_out = any(_holds(_network(text), address) for text in block.texts("except"))
    return not left_out and _holds(_network(block.text("cidr")), address)


def _blocks(policy: KubernetesObject) -> Iterator[tuple[str, Value]]:
    """Yield the field and value of each block of addresses that pods may call."""
    egress = policy.value.get("spec", "egress")
    for number, entry in enumerate(egress.elements() if egress else ()):
        peers = entry.get("to")
        for place, peer in enumerate(peers.elements() if peers else ()):
            if block := peer.get("ipBlock"):
                yield f"spec.egress[{number}].to[{place}].ipBlock", block


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _holds(outer: IPv4Network | IPv6Network | None, inner: IPv4Network | IPv6Network) -> bool:
    return outer is not None and inner.network_address in outer


@rule(
    "GK307",
    Severity.LOW,
    "Service on a port of every node",
    looks_at=OBJECTS,
    why="The port is open on every address of every node, and a Service of this type has no list of who may call it.",
    mend="Use ClusterIP with an Ingress or Gateway, or a LoadBalancer with loadBalancerSourceRanges.",
    references=("CWE-668",),
    bad=f"{_NODE_PORT}}}",
    good="apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ClusterIP}",
)
def node_port(found: KubernetesObject) -> Iterator[Hit]:
    kind = found.value.get("spec", "type")
    if found.kind == "Service" and not found.group and kind is not None and kind.text() == "NodePort":
        yield object_hit(found, "spec.type", kind, "type NodePort")


@rule(
    "GK308",
    Severity.LOW,
    "Gateway without TLS",
    looks_at=OBJECTS,
    why="Passwords and cookies travel in the clear to the cluster.",
    mend="Add a listener with protocol HTTPS and a certificate; let the one for HTTP redirect to it.",
    references=("CWE-319",),
    bad=f"{_GATEWAY}HTTP}}]}}",
    good=f"{_GATEWAY}HTTP}}, {{name: safe, port: 443, protocol: HTTPS, tls: {{}}}}]}}",
)
def gateway_without_tls(found: KubernetesObject) -> Iterator[Hit]:
    if found.kind != "Gateway":
        return
    for field, listener, protocol in _listeners(found):
        if protocol == "HTTP" and listener.get("tls") is None and not _is_encrypted(found):
            yield object_hit(found, field, listener, "no listener with TLS")
            return


def _listeners(gateway: KubernetesObject) -> Iterator[tuple[str, Value, str]]:
    """Yield field, value and protocol of the listeners of a Gateway, of the Gateway API or of Istio."""
    for key, way in (("listeners", ("protocol",)), ("servers", ("port", "protocol"))):
        listed = gateway.value.get("spec", key)
        for number, listener in enumerate(listed.elements() if listed else ()):
            yield f"spec.{key}[{number}]", listener, listener.text(*way).upper()


def _is_encrypted(gateway: KubernetesObject) -> bool:
    return any(protocol in _ENCRYPTED for _, _, protocol in _listeners(gateway))
