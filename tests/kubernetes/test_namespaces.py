"""What namespaces enforce: `gate/kubernetes/namespaces.py` and the rules of `gate/kubernetes/rules/namespaces.py`.

The rules of `gate/kubernetes/rules/network.py` are asked of every object.
"""

from collections.abc import Callable

import pytest

from gate.model import Finding, Tree
from gate.pipeline.context import LocalContext
from gate.stages import kubernetes

LABEL = "pod-security.kubernetes.io/enforce"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [{name: a}]}\n"
Judge = Callable[..., dict[str, Finding]]


def namespace(labels: str = "", name: str = "shop") -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


@pytest.fixture
def judge(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Judge:
    def judged(*documents: str) -> dict[str, Finding]:
        files = {f"{number}.yaml": document for number, document in enumerate(documents)}
        return {one.rule: one for one in kubernetes.run(make_tree(files), make_context()).findings}

    return judged


def test_a_pod_that_its_namespace_would_refuse_is_found_where_it_stands(judge: Judge) -> None:
    found = judge(namespace(f"{LABEL}: restricted"), POD)["GK001"]
    assert found.location.path == "1.yaml"
    assert found.message.startswith("Namespace shop enforces restricted: Pod/shop/a, container a: ")
    assert found.message.endswith("and 3 more")


def test_the_version_that_a_namespace_names_counts(judge: Judge) -> None:
    assert "GK001" in judge(namespace(f"{LABEL}: restricted, {LABEL}-version: v1.8"), POD)
    probe = POD.replace("{name: a}]", "{name: a, livenessProbe: {tcpSocket: {host: b}}}]")
    assert "GK001" in judge(namespace(f"{LABEL}: baseline"), probe)
    assert "GK001" not in judge(namespace(f"{LABEL}: baseline, {LABEL}-version: v1.33"), probe)


def test_pods_of_other_namespaces_are_not_judged_by_it(judge: Judge) -> None:
    assert not judge(namespace(f"{LABEL}: restricted", "other"), POD)


@pytest.mark.parametrize("labels", ["", f"{LABEL}: privileged", "pod-security.kubernetes.io/warn: restricted"])
def test_a_namespace_that_enforces_nothing_is_found(labels: str, judge: Judge) -> None:
    assert "for 1 pod of this repository" in judge(namespace(labels), POD)["GK002"].message
    assert ("GK002" in judge(namespace(labels, "empty"), POD)) is (labels != f"{LABEL}: privileged")


@pytest.mark.parametrize("key", ["alb.example/certificate-arn", "cloud.example/ssl-cert"])
def test_a_certificate_may_be_named_by_an_annotation(key: str, judge: Judge) -> None:
    kind = "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
    text = f"{kind}metadata: {{name: a, annotations: {{ANY: x}}}}\nspec: {{rules: [{{}}]}}\n"
    assert "GK304" in judge(text)
    assert "GK304" not in judge(text.replace("ANY", key))


def test_an_internal_load_balancer_is_not_open_to_the_world(judge: Judge) -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: a, annotations: {ANY: x}}\nspec: {type: LoadBalancer}\n"
    assert "GK303" in judge(text)
    assert "GK303" not in judge(text.replace("ANY", "cloud.example/load-balancer-internal"))
    assert "GK303" not in judge(text.replace("ANY: x", "cloud.example/scheme: internal"))


@pytest.mark.parametrize(
    ("kind", "namespace_of", "is_found"),
    [
        ("NetworkPolicy", "shop", False),
        ("CiliumNetworkPolicy", "shop", False),
        ("NetworkPolicy", "other", True),
        ("CiliumClusterwideNetworkPolicy", "", False),
        ("ConfigMap", "shop", True),
    ],
)
def test_a_policy_may_be_of_another_kind_or_for_all_namespaces(
    kind: str, namespace_of: str, is_found: bool, judge: Judge
) -> None:
    policy = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: p, namespace: '{namespace_of}'}}\nspec: {{}}\n"
    assert ("GK301" in judge(namespace(), POD, policy)) is is_found
