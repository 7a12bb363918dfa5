"""The Pod Security Standards, exactly: Kubernetes' own cases where they are at hand, and cases of ours for versions.

It asks `gate/kubernetes/pods.py` for the pods, and the rules of `gate/kubernetes/rules/pod_security_baseline.py` and
`pod_security_restricted.py`, whose hits `gate/kubernetes/hits.py` makes.
"""

import json
import os
from pathlib import Path

import pytest

from gate.core.yaml_values import read_values
from gate.kubernetes.manifests import objects_of
from gate.kubernetes.pods import pods_of
from gate.kubernetes.rule import PODS
from gate.kubernetes.rules import rules_for
from gate.rules import ask

CORPUS = os.environ.get("GATE_CORPUS")
NEWEST = (1, 37)
OF_CONTROLS = {
    "allowprivilegeescalation": {"PSS-privilege-escalation"},
    "capabilities_restricted": {"PSS-capabilities-restricted", "PSS-capabilities"},
    "hostpathvolumes": {"PSS-host-path"},
    "hostprobesandhostlifecycle": {"PSS-host-probes"},
    "procmount": {"PSS-proc-mount", "PSS-proc-mount-restricted"},
    "restrictedvolumes": {"PSS-volume-types"},
    "runasuser": {"PSS-root-user"},
    "seccompprofile_restricted": {"PSS-seccomp-restricted", "PSS-seccomp"},
    "sysctls": {"PSS-sysctls"},
}
"""Rules of ours by the name of Kubernetes' control."""


def found(manifest: str, level: str = "restricted", version: tuple[int, int] = NEWEST) -> set[str]:
    """Return the rules that a manifest breaks."""
    rules = [rule for rule in rules_for(level) if rule.looks_at is PODS and rule.id.startswith("PSS-")]
    pods = [
        pod
        for document in read_values(manifest, "a.yaml")
        for one in objects_of(document)
        for pod in pods_of(one, version)
    ]
    return {rule.id for pod in pods for rule, _ in ask(rules, pod)}


def pod(spec: str) -> str:
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {spec}\n"


def numbers(version: str) -> tuple[int, int]:
    major, minor = version.removeprefix("v").split(".")
    return int(major), int(minor)


@pytest.mark.skipif(CORPUS is None, reason="GATE_CORPUS names the folder of Kubernetes' own cases")
def test_kubernetes_own_cases_are_judged_as_kubernetes_does() -> None:
    cases = [json.loads(line) for line in (Path(CORPUS or "") / "pss/cases.jsonl").read_text().splitlines()]
    assert len(cases) > 100
    for case in cases:
        for version in (case["min_version"], case["max_version"]):
            rules = found(case["manifest"], case["level"], numbers(version))
            assert bool(rules) == case["expect"], (case["src"], version, rules)
            assert not rules or rules & OF_CONTROLS[case["control"]], (case["src"], version, rules)


HARD = (
    "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a,"
    " securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]"
)


def test_a_hardened_pod_breaks_nothing_in_any_version() -> None:
    assert [found(pod(f"{{{HARD}}}"), version=(1, minor)) for minor in range(38)] == [set()] * 38


@pytest.mark.parametrize(
    ("more", "rule", "first", "last"),
    [
        ("hostPID: true, containers: [{name: a}]", "PSS-host-namespaces", 0, 37),
        ("hostIPC: true, containers: [{name: a}]", "PSS-host-namespaces", 0, 37),
        ("hostNetwork: true, containers: [{name: a}]", "PSS-host-namespaces", 0, 37),
        ("containers: [{securityContext: {privileged: true}}]", "PSS-privileged", 0, 37),
        ("containers: [{securityContext: {capabilities: {add: [NET_RAW]}}}]", "PSS-capabilities", 0, 37),
        ("containers: [], volumes: [{name: v, hostPath: {path: /a}}]", "PSS-host-path", 0, 37),
        ("containers: [{ports: [{hostPort: 80}]}]", "PSS-host-ports", 0, 37),
        ("securityContext: {windowsOptions: {hostProcess: true}}, containers: []", "PSS-windows-host-process", 0, 37),
        ("securityContext: {appArmorProfile: {type: Unconfined}}, containers: []", "PSS-apparmor", 0, 37),
        ("securityContext: {seLinuxOptions: {type: spc_t}}, containers: []", "PSS-selinux", 0, 37),
        ("securityContext: {seLinuxOptions: {user: a}}, containers: []", "PSS-selinux", 0, 37),
        ("securityContext: {seLinuxOptions: {role: a}}, containers: []", "PSS-selinux", 0, 37),
        ("containers: [{securityContext: {procMount: Unmasked}}]", "PSS-proc-mount", 0, 37),
        ("securityContext: {sysctls: [{name: kernel.msgmax}]}, containers: []", "PSS-sysctls", 0, 37),
        (
            "securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}, containers: []",
            "PSS-sysctls",
            0,
            26,
        ),
        ("securityContext: {sysctls: [{name: net.ipv4.tcp_notsent_lowat}]}, containers: []", "PSS-sysctls", 0, 36),
        ("containers: [], volumes: [{name: v, nfs: {server: a}}]", "PSS-volume-types", 0, 37),
        ("containers: [{name: a}]", "PSS-privilege-escalation", 8, 37),
        ("containers: [{name: a}]", "PSS-non-root", 0, 37),
        ("containers: [{securityContext: {runAsUser: 0}}]", "PSS-root-user", 23, 37),
        ("containers: [{name: a}]", "PSS-seccomp-restricted", 19, 37),
        ("containers: [{name: a}]", "PSS-capabilities-restricted", 22, 37),
        ("securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}, containers: [{name: a}]", "PSS-sysctls", 0, 31),
        ("securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}]}, containers: []", "PSS-sysctls", 0, 28),
        ("securityContext: {seLinuxOptions: {type: container_engine_t}}, containers: []", "PSS-selinux", 0, 30),
        ("containers: [{name: a, startupProbe: {tcpSocket: {host: b}}}]", "PSS-host-probes", 34, 37),
        ("containers: [{name: a, lifecycle: {preStop: {httpGet: {host: b}}}}]", "PSS-host-probes", 34, 37),
        ("hostUsers: false, containers: [{name: a}]", "PSS-non-root", 0, 34),
        ("hostUsers: false, securityContext: {runAsUser: 0}, containers: [{name: a}]", "PSS-root-user", 23, 34),
        ("hostUsers: false, containers: [{securityContext: {procMount: Unmasked}}]", "PSS-proc-mount", 0, 34),
        (
            "hostUsers: false, containers: [{securityContext: {procMount: Unmasked}}]",
            "PSS-proc-mount-restricted",
            35,
            37,
        ),
        ("securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: a}]", "PSS-seccomp", 19, 37),
        ("os: {name: windows}, containers: [{name: a}]", "PSS-privilege-escalation", 8, 24),
        ("os: {name: windows}, containers: [{name: a}]", "PSS-capabilities-restricted", 22, 24),
        ("os: {name: windows}, containers: [{name: a}]", "PSS-seccomp-restricted", 19, 24),
        ("os: {name: windows}, containers: [{name: a}]", "PSS-non-root", 0, 37),
    ],
)
def test_a_rule_counts_from_one_version_to_another(more: str, rule: str, first: int, last: int) -> None:
    counts = [minor for minor in range(38) if rule in found(pod(f"{{{more}}}"), version=(1, minor))]
    assert (counts[0], counts[-1], len(counts)) == (first, last, last - first + 1)


def test_annotations_of_old_versions_count_as_they_did() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n"
        "    seccomp.security.alpha.kubernetes.io/pod: unconfined\n"
        "    container.apparmor.security.beta.kubernetes.io/a: unconfined\nspec: {containers: [{name: a}]}\n"
    )
    assert "PSS-seccomp" in found(text, "baseline", (1, 18))
    assert "PSS-seccomp" not in found(text, "baseline", (1, 19))
    assert "PSS-apparmor" in found(text, "baseline", NEWEST)
    assert not found(text.replace("unconfined", "localhost/own"), "baseline", (1, 18))


KINDS = """\
Deployment apps/v1 spec: {template: {spec: POD}}
StatefulSet apps/v1 spec: {template: {spec: POD}}
DaemonSet apps/v1 spec: {template: {spec: POD}}
ReplicaSet apps/v1 spec: {template: {spec: POD}}
ReplicationController v1 spec: {template: {spec: POD}}
PodTemplate v1 template: {spec: POD}
Job batch/v1 spec: {template: {spec: POD}}
CronJob batch/v1 spec: {jobTemplate: {spec: {template: {spec: POD}}}}
Rollout argoproj.io/v1alpha1 spec: {template: {spec: POD}}
Service serving.knative.dev/v1 spec: {template: {spec: POD}}
JobSet jobset.x-k8s.io/v1alpha2 spec: {replicatedJobs: [{template: {spec: {template: {spec: POD}}}}]}
"""


@pytest.mark.parametrize("line", KINDS.splitlines(), ids=lambda line: line.split()[0])
def test_the_pods_of_every_kind_are_judged(line: str) -> None:
    kind, version, rest = line.split(" ", 2)
    spec = rest.replace("POD", "{hostPID: true, containers: [{name: a}]}")
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n{spec}\n"
    assert found(text, "baseline") == {"PSS-host-namespaces"}
    inside = f"apiVersion: v1\nkind: List\nitems: [{{apiVersion: {version}, kind: {kind}, {spec}}}]\n"
    assert found(inside, "baseline") == {"PSS-host-namespaces"}


def test_a_service_of_the_core_group_makes_no_pod() -> None:
    text = "apiVersion: v1\nkind: Service\nspec: {template: {spec: {hostPID: true}}}\n"
    assert not found(text)


@pytest.mark.parametrize("key", ["initContainers", "containers", "ephemeralContainers"])
def test_every_list_of_containers_is_judged(key: str) -> None:
    assert "PSS-privileged" in found(pod(f"{{{key}: [{{name: a, securityContext: {{privileged: true}}}}]}}"))


def test_nothing_and_null_are_not_set() -> None:
    text = pod(
        "{hostNetwork: false, hostPID: null, containers: [{name: a, ports: [{hostPort: 0}], securityContext:"
        " {privileged: null, procMount: Default, capabilities: {add: null}}}], volumes: [{name: v, hostPath: null}]}"
    )
    assert not found(text, "baseline")


@pytest.mark.parametrize(
    "allowed",
    [
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"),
        *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    ],
)
def test_default_capabilities_may_be_added_by_the_baseline(allowed: str) -> None:
    assert not found(pod(f"{{containers: [{{securityContext: {{capabilities: {{add: [{allowed}]}}}}}}]}}"), "baseline")


@pytest.mark.parametrize(
    "volume",
    [
        *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected"),
        "secret",
    ],
)
def test_volumes_that_restricted_pods_may_have(volume: str) -> None:
    assert not found(pod(f"{{{HARD}, volumes: [{{name: v, {volume}: {{}}}}]}}"))


def test_every_control_has_its_versions_tested() -> None:
    (mark,) = (one for one in test_a_rule_counts_from_one_version_to_another.pytestmark if one.name == "parametrize")
    tested = {row[1] for row in mark.args[1]}
    assert tested == {rule.id for rule in rules_for("restricted") if rule.id.startswith("PSS-")}
