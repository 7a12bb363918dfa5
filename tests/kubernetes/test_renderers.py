"""What several overlays share is one finding, which names them; a base that they fix is none."""

from collections.abc import Callable

import pytest

from gate.model import Finding, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.stages import kubernetes
from tests.kubernetes.kustomize.cases import WEB

FIXED = """\
resources: [../../base]
patches:
  - target: {kind: Deployment}
    patch: |
      - {op: replace, path: /spec/template/spec/containers/0/securityContext/privileged, value: false}
      - {op: remove, path: /spec/template/spec/volumes/1}
"""
AS_IT_IS = "resources: [../../base]\n"
BASE = {"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": WEB}
Judge = Callable[[dict[str, str]], StageResult]


@pytest.fixture
def judge(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Judge:
    return lambda files: kubernetes.run(make_tree(files), make_context())


def privileged(result: StageResult) -> list[Finding]:
    return [one for one in result.findings if one.rule == "PSS-privileged"]


def overlays(**texts: str) -> dict[str, str]:
    return BASE | {f"overlays/{name}/kustomization.yaml": text for name, text in texts.items()}


def test_a_base_that_every_overlay_fixes_is_no_finding(judge: Judge) -> None:
    assert privileged(judge(BASE))
    assert not privileged(judge(overlays(one=FIXED, two=FIXED)))


def test_one_finding_names_the_overlays_in_which_it_is(judge: Judge) -> None:
    (found,) = privileged(judge(overlays(one=AS_IT_IS, two=FIXED, three=f"{AS_IT_IS}namespace: shop\n")))
    assert (found.location.path, found.location.line) == ("base/web.yaml", 19)
    assert found.message.endswith("privileged is true (overlays overlays/one and overlays/three)")


def test_the_fingerprint_is_that_of_the_base_whatever_overlays_there_are(judge: Judge) -> None:
    (alone,) = privileged(judge(BASE))
    (renamed,) = privileged(judge(overlays(one=f"{AS_IT_IS}namePrefix: a-\n", two=f"{AS_IT_IS}namespace: b\n")))
    assert alone.fingerprint == renamed.fingerprint


def test_what_an_overlay_adds_is_found_where_the_patch_is_written(judge: Judge) -> None:
    patch = "- {op: add, path: /spec/template/spec/hostPID, value: true}\n"
    text = f"{AS_IT_IS}patches: [{{target: {{kind: Deployment}}, path: p.yaml}}]\n"
    result = judge(overlays(one=text, two=AS_IT_IS) | {"overlays/one/p.yaml": patch})
    (found,) = [one for one in result.findings if one.rule == "PSS-host-namespaces"]
    assert (found.location.path, found.location.line) == ("overlays/one/p.yaml", 1)


def test_a_comment_in_a_patch_silences_what_it_adds(judge: Judge) -> None:
    comment = "# gate: ignore[PSS-host-namespaces] watches the node\n"
    patch = f"{comment}- {{op: add, path: /spec/template/spec/hostPID, value: true}}\n"
    text = f"{AS_IT_IS}patches: [{{target: {{kind: Deployment}}, path: p.yaml}}]\n"
    result = judge(overlays(one=text) | {"overlays/one/p.yaml": patch})
    assert "PSS-host-namespaces" in [one.rule for one in result.silenced]


def test_roles_are_joined_with_the_names_that_overlays_give(judge: Judge) -> None:
    binding = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\n"
        "subjects: [{kind: ServiceAccount, name: web}]\n---\n"
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n"
        "rules: [{apiGroups: [''], resources: [secrets], verbs: [list]}]\n---\n"
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n"
    )
    text = "resources: [web.yaml, b.yaml]\nnamePrefix: a-\nnamespace: shop\n"
    result = judge({"kustomization.yaml": text, "web.yaml": WEB, "b.yaml": binding})
    (found,) = [one for one in result.findings if one.rule == "GK102"]
    assert "ServiceAccount/shop/a-web may list secrets" in found.message
    assert "Deployment/web" in found.message


def test_what_is_not_rendered_is_a_fact(judge: Judge) -> None:
    result = judge({"kustomization.yaml": "resources: ['https://host.example/a?ref=1']\n"})
    assert result.facts["not_rendered"] == ["kustomization.yaml:1: https://host.example/a?ref=1 is remote"]


def test_a_binding_is_joined_with_the_role_of_its_own_overlay(judge: Judge) -> None:
    rbac = "apiVersion: rbac.authorization.k8s.io/v1\n"
    rules = "[{apiGroups: [''], resources: [secrets], verbs: [list]}]"
    role = f"{rbac}kind: ClusterRole\nmetadata: {{name: r}}\nrules: {rules}\n"
    binding = (
        f"{rbac}kind: ClusterRoleBinding\nmetadata: {{name: b}}\nsubjects: [{{kind: ServiceAccount, name: web}}]\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\n"
    )
    harmless = "- {op: replace, path: /rules/0/resources/0, value: configmaps}\n"
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n"
    files = {
        "base/kustomization.yaml": "resources: [r.yaml]\n",
        "base/r.yaml": "---\n".join((role, binding, account)),
        "test/kustomization.yaml": "resources: [../base]\nnamespace: test\n",
        "prod/kustomization.yaml": "resources: [../base]\nnamespace: prod\n"
        "patches: [{target: {kind: ClusterRole}, path: p.yaml}]\n",
        "prod/p.yaml": harmless,
    }
    found = [one.message for one in judge(files).findings if one.rule == "GK102"]
    assert [message.partition(" may")[0] for message in found] == ["ServiceAccount/test/web"]


def test_a_pod_that_overlays_render_differently_is_one_pod_of_its_namespace(judge: Judge) -> None:
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    patch = "patches: [{target: {kind: Deployment}, patch: '[{op: add, path: /spec/replicas, value: 3}]'}]\n"
    text = f"{AS_IT_IS}namespace: shop\n"
    result = judge(overlays(one=text, two=text + patch) | {"shop.yaml": namespace})
    (found,) = [one for one in result.findings if one.rule == "GK002"]
    assert found.message.endswith("for 1 pod of this repository")
