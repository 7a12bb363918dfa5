"""What objects open to the network: `gate/kubernetes/rules/network.py`, each rule with what is near and harmless."""

from collections.abc import Callable

import pytest

from gate.model import Severity, Tree
from gate.pipeline.context import LocalContext
from gate.stages import kubernetes

Judge = Callable[[str], dict[str, Severity]]


@pytest.fixture
def judge(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Judge:
    def judged(text: str) -> dict[str, Severity]:
        result = kubernetes.run(make_tree({"a.yaml": text}), make_context())
        return {one.rule: one.severity for one in result.findings}

    return judged


def policy(spec: str) -> str:
    return f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: n}}\nspec: {spec}\n"


@pytest.mark.parametrize(
    ("spec", "is_found"),
    [
        ("{egress: [{}]}", True),
        ("{ingress: [{from: [], ports: []}]}", True),
        ("{ingress: [{from: null}]}", True),
        ("{ingress: [{ports: [{port: 80}]}]}", False),
        ("{ingress: []}", False),
        ("{policyTypes: [Ingress]}", False),
    ],
)
def test_a_policy_that_allows_everything(spec: str, is_found: bool, judge: Judge) -> None:
    assert ("GK302" in judge(policy(spec))) is is_found


@pytest.mark.parametrize(
    ("block", "severity"),
    [
        ("{cidr: 0.0.0.0/0}", Severity.LOW),
        ("{cidr: 169.254.0.0/16}", Severity.LOW),
        ("{cidr: 169.254.169.254/32}", Severity.MEDIUM),
        ("{cidr: '::/0'}", Severity.LOW),
        ("{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}", Severity.LOW),
        ("{cidr: 0.0.0.0/0, except: [169.254.169.254/32]}", None),
        ("{cidr: 10.0.0.0/8}", None),
        ("{cidr: anything}", None),
    ],
)
def test_the_address_of_the_metadata_is_left_out(block: str, severity: Severity | None, judge: Judge) -> None:
    assert judge(policy(f"{{egress: [{{to: [{{ipBlock: {block}}}]}}]}}")).get("GK306") is severity
    assert "GK306" not in judge(policy(f"{{ingress: [{{from: [{{ipBlock: {block}}}]}}]}}"))


@pytest.mark.parametrize(
    ("parts", "is_found"),
    [
        ("spec: {type: LoadBalancer}", True),
        ("spec: {type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/0]}", True),
        ("spec: {type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24]}", False),
        ("spec: {type: ClusterIP}", False),
    ],
)
def test_a_load_balancer_names_who_may_call(parts: str, is_found: bool, judge: Judge) -> None:
    assert ("GK303" in judge(f"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\n{parts}\n")) is is_found


def test_a_list_of_callers_may_be_an_annotation(judge: Judge) -> None:
    key = "service.beta.kubernetes.io/load-balancer-source-ranges"
    text = f"metadata: {{name: a, annotations: {{{key}: 192.0.2.0/24}}}}\nspec: {{type: LoadBalancer}}\n"
    assert "GK303" not in judge(f"apiVersion: v1\nkind: Service\n{text}")


@pytest.mark.parametrize(
    ("version", "spec", "is_found"),
    [
        ("gateway.networking.k8s.io/v1", "{listeners: [{protocol: HTTP}]}", True),
        ("gateway.networking.k8s.io/v1", "{listeners: [{protocol: HTTP}, {protocol: HTTPS}]}", False),
        ("gateway.networking.k8s.io/v1", "{listeners: [{protocol: TCP}]}", False),
        ("networking.istio.io/v1", "{servers: [{port: {protocol: HTTP}}]}", True),
        ("networking.istio.io/v1", "{servers: [{port: {protocol: HTTP}, tls: {httpsRedirect: true}}]}", False),
        ("networking.istio.io/v1", "{servers: [{port: {protocol: HTTP}}, {port: {protocol: HTTPS}}]}", False),
    ],
)
def test_a_gateway_has_a_listener_with_tls(version: str, spec: str, is_found: bool, judge: Judge) -> None:
    assert (
        "GK308" in judge(f"apiVersion: {version}\nkind: Gateway\nmetadata: {{name: a}}\nspec: {spec}\n")
    ) is is_found


def test_a_port_of_every_node(judge: Judge) -> None:
    assert "GK307" in judge("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: NodePort}\n")
    serving = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\nspec: {type: NodePort}\n"
    assert "GK307" not in judge(serving)


@pytest.mark.parametrize(
    ("kind", "failure", "is_found"),
    [
        ("Validating", "failurePolicy: Ignore", True),
        ("Mutating", "failurePolicy: Ignore", True),
        ("Mutating", "failurePolicy: Fail", False),
        ("Validating", "sideEffects: None", False),
    ],
)
def test_a_webhook_that_fails_open(kind: str, failure: str, is_found: bool, judge: Judge) -> None:
    text = f"apiVersion: admissionregistration.k8s.io/v1\nkind: {kind}WebhookConfiguration\nmetadata: {{name: a}}\n"
    assert ("GK305" in judge(f"{text}webhooks: [{{name: b.example, {failure}}}]\n")) is is_found
