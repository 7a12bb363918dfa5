"""Rules on workloads beyond the Pod Security Standards, each with what is near to it and harmless.

The modules: `gate/kubernetes/workloads.py`, `gate/kubernetes/hits.py`, and in `gate/kubernetes/rules/` `images.py` and
`workloads.py`.
"""

from collections.abc import Callable

import pytest

from gate.declarations.kubernetes import KubernetesSettings
from gate.model import Finding, Severity, Tree, Worth
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import kubernetes

Judge = Callable[..., list[Finding]]
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop%s}\n%s"
BINDING = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: shop}\n"
    "roleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: web}]\n"
)
LIMITS = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: %s}\nspec: {limits: [{%s: {memory: 1Gi}}]}\n"


def pod(spec: str) -> str:
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: shop}}\nspec: {{{spec}}}\n"


def container(more: str, image: str = "shop/web:1.4") -> str:
    return pod(f"containers: [{{name: c, image: '{image}', {more}}}]")


@pytest.fixture
def judge(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Judge:
    def judged(rule: str, *documents: str, trusted: tuple[str, ...] = ()) -> list[Finding]:
        settings = Stages(kubernetes=KubernetesSettings(trusted_registries=trusted))
        files = {f"{number}.yaml": document for number, document in enumerate(documents)}
        result = kubernetes.run(make_tree(files), make_context(stages=settings))
        return [one for one in result.findings if one.rule == rule]

    return judged


@pytest.mark.parametrize(
    ("image", "rules"),
    [
        ("web", {"GK003"}),
        ("web:latest", {"GK003"}),
        ("registry.example:5000/web", {"GK003"}),
        ("web:1.4", {"GK004"}),
        (f"web@sha256:{'0' * 64}", set()),
        (f"web:latest@sha256:{'0' * 64}", set()),
        ("$(IMAGE)", set()),
        ("${REGISTRY}/web", set()),
        ("<your image>", set()),
    ],
)
def test_an_image_is_named_by_version_and_digest(image: str, rules: set[str], judge: Judge) -> None:
    assert {rule for rule in ("GK003", "GK004") if judge(rule, container("", image))} == rules


def test_another_version_is_the_same_problem(judge: Judge) -> None:
    before, after = (judge("GK004", container("", f"web:{version}")) for version in ("1", "2"))
    assert before[0].fingerprint == after[0].fingerprint


@pytest.mark.parametrize(
    ("image", "is_trusted"),
    [
        ("registry.example.com/web:1", True),
        ("eu.hub.example.com/web:1", True),
        ("web:1", False),
        ("evil-registry.example.com/web:1", False),
        ("registry.example.com.evil.example/web:1", False),
    ],
)
def test_the_registry_of_an_image_is_a_trusted_one(image: str, is_trusted: bool, judge: Judge) -> None:
    trusted = ("registry.example.com", "*.hub.example.com")
    assert bool(judge("GK005", container("", image), trusted=trusted)) is not is_trusted
    assert not judge("GK005", container("", image))


@pytest.mark.parametrize(
    ("image", "policy", "is_found"),
    [
        ("web", "IfNotPresent", True),
        ("web:latest", "Never", True),
        ("web:latest", "Always", False),
        ("web:1.4", "IfNotPresent", False),
    ],
)
def test_a_node_asks_for_an_image_without_a_version(image: str, policy: str, is_found: bool, judge: Judge) -> None:
    assert bool(judge("GK006", container(f"imagePullPolicy: {policy}", image))) is is_found


def test_a_limit_may_be_that_of_the_pod_or_the_namespace(judge: Judge) -> None:
    assert judge("GK007", container(""))
    assert not judge("GK007", pod("resources: {limits: {memory: 1Gi}}, containers: [{image: 'a:1'}]"))
    assert not judge("GK007", container(""), LIMITS % ("shop", "default"))
    assert judge("GK007", container(""), LIMITS % ("other", "default"))
    assert judge("GK007", container(""), LIMITS % ("shop", "max"))


def test_a_container_that_only_starts_the_pod_needs_no_limit(judge: Judge) -> None:
    assert not judge("GK007", pod("initContainers: [{name: a, image: 'a:1'}]"))


def test_a_patch_leaves_out_what_another_file_says(judge: Judge) -> None:
    patch = pod("containers: [{name: c, env: []}]")
    assert not [rule for rule in ("GK007", "GK008", "GK011") if judge(rule, patch)]


def test_a_limit_is_a_request_too(judge: Judge) -> None:
    (finding,) = judge("GK008", container("resources: {limits: {cpu: '1'}}"))
    assert finding.message.endswith("resources.requests does not name memory")
    assert not judge("GK008", container("resources: {limits: {cpu: '1', memory: 1Gi}}"))


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ("readinessProbe: {exec: {command: [/bin/bash, -c, x]}}", True),
        ("lifecycle: {preStop: {exec: {command: [sh, -c, sleep 5]}}}", True),
        ("readinessProbe: {exec: {command: [redis-cli, ping]}}", False),
        ("readinessProbe: {httpGet: {port: 80}}", False),
        ("command: [sh, -c, x]", False),
    ],
)
def test_a_probe_that_starts_a_shell(more: str, is_found: bool, judge: Judge) -> None:
    assert bool(judge("GK009", container(more))) is is_found


@pytest.mark.parametrize(("port", "is_found"), [(1, True), (1023, True), (1024, False), (0, False), ("'80'", False)])
def test_a_port_below_1024(port: object, is_found: bool, judge: Judge) -> None:
    assert bool(judge("GK010", container(f"ports: [{{containerPort: {port}}}]"))) is is_found


@pytest.mark.parametrize(
    ("spec", "others", "is_found"),
    [
        ("", (), True),
        ("serviceAccountName: web, ", (), True),
        ("serviceAccountName: web, ", (BINDING,), False),
        ("serviceAccountName: other, ", (BINDING,), True),
        ("serviceAccountName: web, ", (ACCOUNT % ("", ""),), True),
        ("serviceAccountName: web, ", (ACCOUNT % ("", "automountServiceAccountToken: false\n"),), False),
        ("serviceAccountName: web, ", (ACCOUNT % (", annotations: {cloud.example/role: a}", ""),), False),
        ("automountServiceAccountToken: true, ", (), False),
        ("automountServiceAccountToken: false, ", (), False),
    ],
)
def test_a_token_is_needed_where_its_account_has_a_role(
    spec: str, others: tuple[str, ...], is_found: bool, judge: Judge
) -> None:
    assert bool(judge("GK011", pod(f"{spec}containers: [{{name: c, image: 'a:1'}}]"), *others)) is is_found


def test_the_default_namespace_is_one_where_it_is_written(judge: Judge) -> None:
    (finding,) = judge("GK012", container("").replace("namespace: shop", "namespace: default"))
    assert (finding.object, finding.field) == ("Pod/default/a", "metadata.namespace")
    assert not judge("GK012", container("").replace(", namespace: shop", ""))
    assert not judge("GK012", LIMITS % ("default", "max"))


@pytest.mark.parametrize(
    ("parts", "worth"),
    [
        ("containers: [{image: 'web:1', PRIVILEGED}]", Worth.MEDIUM),
        ("containers: [{image: 'docker:27-dind', PRIVILEGED}]", Worth.LOW),
        ("containers: [{image: 'index.docker.io/shop/dind:6@sha256:0', PRIVILEGED}]", Worth.LOW),
        ("initContainers: [{image: busybox, command: [sysctl, -w, vm.max_map_count=1], PRIVILEGED}]", Worth.LOW),
        ("initContainers: [{image: a, command: [sh, -c, 'sysctl -w a.b=1; sysctl -w c=2'], PRIVILEGED}]", Worth.LOW),
        (
            "initContainers: [{image: a, command: [sh, -c, 'sysctl -w a.b=1; curl a.example'], PRIVILEGED}]",
            Worth.MEDIUM,
        ),
        ("containers: [{image: busybox, command: [sysctl, -w, vm.max_map_count=1], PRIVILEGED}]", Worth.MEDIUM),
    ],
)
def test_what_could_do_nothing_with_less_stops_no_change(parts: str, worth: Worth, judge: Judge) -> None:
    (finding,) = judge("PSS-privileged", pod(parts.replace("PRIVILEGED", "securityContext: {privileged: true}")))
    assert finding.worth is worth


@pytest.mark.parametrize(
    ("path", "mount", "worth"),
    [
        ("/dev/ttyUSB0", "v", Worth.LOW),
        ("/dev/ttyUSB0", "other", Worth.MEDIUM),
        ("/dev/sda", "v", Worth.MEDIUM),
        ("/dev", "v", Worth.MEDIUM),
        ("/data", "v", Worth.MEDIUM),
    ],
)
def test_a_device_of_the_node_takes_a_privileged_container(path: str, mount: str, worth: Worth, judge: Judge) -> None:
    volumes = f"volumes: [{{name: v, hostPath: {{path: {path}}}}}]"
    mounts = f"volumeMounts: [{{name: {mount}, mountPath: /d}}]"
    spec = f"{volumes}, containers: [{{name: c, {mounts}, securityContext: {{privileged: true}}}}]"
    (finding,) = judge("PSS-privileged", pod(spec))
    assert finding.worth is worth


@pytest.mark.parametrize(("name", "worth"), [("web-test", Worth.LOW), ("e2e.db", Worth.LOW), ("latest", Worth.MEDIUM)])
def test_a_test_by_its_name_stops_no_change(name: str, worth: Worth, judge: Judge) -> None:
    (finding,) = judge("PSS-host-namespaces", pod("hostPID: true").replace("name: a", f"name: {name}"))
    assert finding.worth is worth


@pytest.mark.parametrize(
    ("path", "mount", "expected"),
    [
        ("/sys", "[{name: v, mountPath: /s}]", (Severity.HIGH, Worth.MEDIUM)),
        ("/sys", "[{name: v, mountPath: /s, readOnly: true}]", (Severity.MEDIUM, Worth.MEDIUM)),
        ("/etc", "[{name: v, mountPath: /s, readOnly: true}]", (Severity.HIGH, Worth.MEDIUM)),
        ("/var/run/docker.sock", "[{name: v, mountPath: /s, readOnly: true}]", (Severity.HIGH, Worth.MEDIUM)),
        ("/sys", "[]", (Severity.HIGH, Worth.LOW)),
    ],
)
def test_a_folder_of_the_node_is_as_bad_as_its_mounts(
    path: str, mount: str, expected: tuple[Severity, Worth], judge: Judge
) -> None:
    spec = f"containers: [{{name: c, volumeMounts: {mount}}}], volumes: [{{name: v, hostPath: {{path: {path}}}}}]"
    (finding,) = judge("PSS-host-path", pod(spec))
    assert (finding.severity, finding.worth) == expected
