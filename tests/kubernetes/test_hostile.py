"""Whatever a manifest says is judged or is a clear error: values of any kind, texts that are cut and mixed."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import GateError
from gate.core.yaml_values import read_values
from gate.kubernetes.manifests import objects_of
from gate.kubernetes.namespaces import namespaces_of
from gate.kubernetes.pods import pods_of
from gate.kubernetes.roles import powers_of
from gate.kubernetes.rule import NAMESPACES, OBJECTS, PODS, POWERS, SECRET_KEEPING, WORKLOADS
from gate.kubernetes.rules import all_rules
from gate.kubernetes.secret_keeping import secret_keeping_of
from gate.kubernetes.workloads import workloads_of
from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.rules import ask
from gate.stages import kubernetes

KEYS = (
    *("metadata", "spec", "template", "jobTemplate", "containers", "initContainers", "securityContext", "volumes"),
    *("hostPath", "ports", "hostPort", "capabilities", "add", "drop", "seccompProfile", "type", "labels", "name"),
    *("namespace", "rules", "verbs", "resources", "apiGroups", "roleRef", "subjects", "kind", "items", "annotations"),
    *(
        "aggregationRule",
        "clusterRoleSelectors",
        "matchLabels",
        "webhooks",
        "ingress",
        "lifecycle",
        "preStop",
        "sysctls",
        *(
            "image",
            "egress",
            "to",
            "ipBlock",
            "cidr",
            "except",
            "listeners",
            "stringData",
            "data",
            "sops",
            "env",
            "envFrom",
            "secretRef",
            "providers",
            "exec",
            "command",
            "resources",
            "limits",
        ),
    ),
)
SCALARS = st.sampled_from(["a", "''", "null", "true", "0", "-1", "1.5", "'*'", "[]", "{}", "privileged", "restricted"])
KINDS = st.sampled_from(
    [
        *(
            "v1 Pod",
            "apps/v1 Deployment",
            "batch/v1 CronJob",
            "v1 Namespace",
            "v1 LimitRange",
            "v1 Secret",
            "a/v1 EncryptionConfiguration",
            "v1 List",
            "v1 Service",
        ),
        *("rbac.authorization.k8s.io/v1 ClusterRole", "rbac.authorization.k8s.io/v1 ClusterRoleBinding"),
        *("networking.k8s.io/v1 NetworkPolicy", "networking.k8s.io/v1 Ingress"),
        "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration",
    ]
)


def mappings(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    entries = st.dictionaries(st.sampled_from(KEYS), values, max_size=5)
    return entries.map(lambda found: "{" + ", ".join(f"{key}: {value}" for key, value in found.items()) + "}")


def lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=3).map(lambda found: "[" + ", ".join(found) + "]")


BODIES = mappings(st.recursive(SCALARS, lambda below: lists(below) | mappings(below), max_leaves=20))


@given(st.lists(st.tuples(KINDS, BODIES), min_size=1, max_size=4))
def test_values_of_any_kind_at_any_place_are_judged(documents: list[tuple[str, str]]) -> None:
    objects = []
    for named, body in documents:
        version, kind = named.split()
        inside = body.removeprefix("{").removesuffix("}")
        text = f"{{apiVersion: {version}, {inside}{', ' if inside else ''}kind: {kind}}}"
        objects += [one for document in read_values(text, "a.yaml") for one in objects_of(document)]
    subjects = {
        OBJECTS: objects,
        PODS: [pod for one in objects for pod in pods_of(one, (1, 37))],
        POWERS: list(powers_of(objects)),
        WORKLOADS: list(workloads_of(objects, (1, 37), ("a.example",))),
        SECRET_KEEPING: [secret_keeping_of(objects)],
        NAMESPACES: list(namespaces_of(objects, (1, 37))),
    }
    for rule in (one for one in all_rules() if one.looks_at in subjects):
        for subject in subjects[rule.looks_at]:
            assert all(hit.path == "a.yaml" and hit.line for _, hit in ask([rule], subject))


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec: &pod
      hostPID: true
      containers:
        - {name: a, securityContext: {privileged: true}}
---
{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}
"""


@given(st.lists(st.tuples(st.integers(0, len(MANIFEST)), st.sampled_from(list("\t\n {}[]:&*-#'\"|>\0")))))
def test_a_text_that_is_cut_and_mixed_is_read_or_is_an_error_with_its_place(changes: list[tuple[int, str]]) -> None:
    text = MANIFEST
    for place, sign in changes:
        text = text[:place] + sign + text[place + 1 :]
    for said in places(text):
        assert said.startswith("a.yaml")


def places(text: str) -> list[str]:
    """Return where the pods of a text stand, or where the error is."""
    try:
        objects = [one for document in read_values(text, "a.yaml") for one in objects_of(document)]
    except GateError as error:
        return [error.path or ""]
    return [pod.spec.path for one in objects for pod in pods_of(one, (1, 37))]


@pytest.mark.parametrize(
    "text",
    [
        "kind: Pod\napiVersion: v1\nspec: &a {containers: *a}\n",
        "kind: Pod\napiVersion: v1\nspec: " + "{a: " * 500 + "b" + "}" * 500,
        "kind: Pod\n\tapiVersion: v1\napiVersion: v1\n",
    ],
)
def test_what_no_cluster_accepts_is_an_error_that_names_the_file(
    text: str, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    (error,) = kubernetes.run(make_tree({"a.yaml": text}), make_context()).errors
    assert (error.path or "").startswith("a.yaml")


def test_an_alias_bomb_costs_little(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> None:
    lines = ["x0: &x0 {name: a}"] + [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 30)]
    text = "apiVersion: v1\nkind: Pod\n" + "\n".join(lines) + "\nspec: {containers: *x29}\n"
    result = kubernetes.run(make_tree({"a.yaml": text}), make_context())
    assert result.facts["objects"] == 1


def test_a_template_with_names_between_at_signs_is_no_broken_manifest(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: @IMAGE@}]}\n"
    result = kubernetes.run(make_tree({"pod.yaml": text}), make_context())
    assert (result.errors, result.facts["templates_not_read"]) == ((), ["pod.yaml"])


HOST = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec:\n  hostPID: true\n  containers: []\n"
_ORDERS = (("false", "true"), ("true", "false"))


def test_of_a_key_that_stands_twice_the_last_counts(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    """As kubectl and the API server take it (sigs.k8s.io/yaml, JSON)."""
    on, off = (HOST.replace("hostPID: true", f"hostPID: {one}\n  hostPID: {other}") for one, other in _ORDERS)
    result = kubernetes.run(make_tree({"on.yaml": on, "off.yaml": off}), make_context())
    assert not result.errors
    places = [(one.location.path, one.location.line) for one in result.findings if one.rule == "PSS-host-namespaces"]
    assert places == [("on.yaml", 6)]


def test_json_that_is_nested_too_deeply_is_an_error_of_its_file(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    deep = f'{{"apiVersion": "v1", "kind": "Pod", "metadata": {"[" * 100_000}{"]" * 100_000}}}'
    result = kubernetes.run(make_tree({"deep.json": deep, "a.yaml": HOST}), make_context())
    assert [(one.path or "").partition(":")[0] for one in result.errors] == ["deep.json"]
    assert "PSS-host-namespaces" in {one.rule for one in result.findings}
