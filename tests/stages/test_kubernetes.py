"""The kubernetes stage as a whole, and how `gate/kubernetes/manifests.py` reads."""

from collections.abc import Callable

import pytest

from gate.core.errors import ConfigError
from gate.declarations.kubernetes import KubernetesSettings
from gate.model import Severity, StageResult, StageStatus, Tree, Worth
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import kubernetes

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: app
      image: app:1@sha256:DIGEST
      securityContext:
        privileged: true
      resources: {requests: {cpu: 1, memory: 1Mi}, limits: {memory: 1Mi}}
  automountServiceAccountToken: false
""".replace("DIGEST", "0" * 64)
OTHER = POD.replace("name: web", "name: other")
Run = Callable[..., StageResult]


@pytest.fixture
def run(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Run:
    def judged(files: dict[str, str], **section: object) -> StageResult:
        settings = Stages(kubernetes=KubernetesSettings(**section))  # type: ignore[arg-type]
        return kubernetes.run(make_tree(files), make_context(stages=settings))

    return judged


def test_a_finding_has_the_object_the_field_and_the_line(run: Run) -> None:
    (finding,) = run({"deploy/pod.yaml": POD}).findings
    assert (finding.rule, finding.severity) == ("PSS-privileged", Severity.HIGH)
    assert (finding.location.path, finding.location.line) == ("deploy/pod.yaml", 11)
    assert finding.message == ("Pod/shop/web, container app: spec.containers[0].securityContext.privileged is true")
    assert (finding.object, finding.field) == ("Pod/shop/web", "spec.containers[0].securityContext.privileged")


def test_a_fingerprint_survives_lines_and_containers_above(run: Run) -> None:
    moved = "# a\n" + POD.replace("  containers:\n", "  containers:\n    - {name: first}\n")
    assert [one.fingerprint for one in run({"a.yaml": POD}).findings] == [
        one.fingerprint for one in run({"a.yaml": moved}).findings
    ]


def test_agents_of_the_node_and_parts_of_the_cluster_are_not_worth_stopping_a_change(run: Run) -> None:
    agent = POD.replace("kind: Pod", "kind: DaemonSet").replace("apiVersion: v1", "apiVersion: apps/v1")
    agent = agent.replace("spec:\n", "spec: {template: {spec: {hostPID: true}}}\n").partition("  containers")[0]
    system = POD.replace("namespace: shop", "namespace: kube-system")
    for text in (agent, system):
        assert {one.worth for one in run({"a.yaml": text}).findings} == {Worth.LOW}
    assert {one.worth for one in run({"a.yaml": POD}).findings} == {Worth.MEDIUM}


def test_of_a_file_with_a_broken_document_the_others_are_judged(run: Run) -> None:
    result = run({"a.yaml": f"{POD}---\nkind: [\napiVersion: v1\n---\n{OTHER}"})
    assert [one.message.partition(",")[0] for one in result.findings] == ["Pod/shop/web", "Pod/shop/other"]
    assert [one.location.line for one in result.findings] == [11, 28]
    (error,) = result.errors
    assert "cannot be parsed" in error.title
    assert (error.path or "").startswith("a.yaml:1")


def test_a_template_is_a_fact_and_no_error(run: Run) -> None:
    text = POD.replace("name: web", "{{- if .Values.x }}\n  name: {{ .Release.Name }}")
    result = run({"chart/templates/a.yaml": text, "a.yaml": POD})
    assert not result.errors
    assert result.facts["templates_not_read"] == ["chart/templates/a.yaml"]


@pytest.mark.parametrize(
    "files",
    [
        {"a.yaml": "kind: [broken\n"},
        {"a.yml": "version: 2\njobs: {}\n"},
        {"package.json": '{"name": "apiVersion"}'},
        {"big.json": '{"a": [{"apiVersion": "v1", "kind": "Pod"}], "b": "\\u0000"}'},
        {"a.md": POD},
    ],
)
def test_what_is_no_manifest_is_passed_over(files: dict[str, str], run: Run) -> None:
    result = run(files)
    assert result.status is StageStatus.SKIPPED
    assert not result.errors


def test_json_is_read_as_yaml_is(run: Run) -> None:
    text = '{"apiVersion": "v1",\n "kind": "Pod",\n "spec": {\n  "hostPID": true,\n  "containers": []}}\n'
    (finding,) = run({"a.json": text}).findings
    assert (finding.rule, finding.location.line) == ("PSS-host-namespaces", 4)


def test_a_comment_silences_its_line_and_is_kept(run: Run) -> None:
    text = POD.replace("privileged: true", "privileged: true  # gate: ignore[PSS-privileged] loads a module")
    result = run({"a.yaml": text})
    assert not result.findings
    assert [one.rule for one in result.silenced] == ["PSS-privileged"]
    assert run({"a.yaml": text}, no_pragmas=True).findings


def test_restricted_asks_for_more(run: Run) -> None:
    text = POD.replace("privileged: true", "privileged: false")
    assert not run({"a.yaml": text}).findings
    rules = {one.rule for one in run({"a.yaml": text}, pod_security="restricted").findings}
    assert rules == {
        "PSS-non-root",
        "PSS-seccomp-restricted",
        "PSS-privilege-escalation",
        "PSS-capabilities-restricted",
    }


@pytest.mark.parametrize("version", ["1.99", "2.0", "newest", "1.37.1"])
def test_a_version_that_is_not_known_is_wrong_configuration(version: str, run: Run) -> None:
    with pytest.raises(ConfigError, match="no known version"):
        run({"a.yaml": POD}, version=version)


def test_settings_leave_files_and_rules_out(run: Run) -> None:
    assert run({"a.yaml": POD}, ignore=("a.yaml",)).status is StageStatus.SKIPPED
    assert not run({"a.yaml": POD}, rules={"PSS-privileged": "off"}).findings


def test_a_manifest_beyond_the_bound_is_an_error_that_names_it(run: Run) -> None:
    result = run({"a.yaml": POD + "# x\n" * (5 << 20)})
    assert [error.path for error in result.errors] == ["a.yaml"]


def test_json_documents_one_behind_the_other_are_read_as_kubectl_does(run: Run) -> None:
    text = '{"apiVersion": "v1", "kind": "Pod",\n "spec": {"hostPID": true}}\n\n'
    result = run({"a.json": text + text})
    assert [one.location.line for one in result.findings] == [2, 5]
    assert not result.errors
    assert run({"a.json": text + "{"}).errors


@pytest.mark.parametrize(("path", "worth"), [("deploy/a.yaml", Worth.HIGH), ("tests/data/a.yaml", Worth.LOW)])
def test_a_test_s_manifest_is_not_worth_stopping_a_change(path: str, worth: Worth, run: Run) -> None:
    text = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\n"
        "roleRef: {kind: ClusterRole, name: cluster-admin}\n"
        "subjects: [{kind: Group, name: 'system:authenticated'}]\n"
    )
    assert {one.worth for one in run({path: text}).findings} == {worth}
