"""Rules on how a pod runs, beyond the Pod Security Standards: bounds, accounts, probes, namespaces."""

from collections.abc import Iterator

from gate.core.values import Value
from gate.kubernetes.fixes import set_in_pod
from gate.kubernetes.hits import container_hit, object_hit, pod_hit
from gate.kubernetes.objects import KubernetesObject, PodTemplate
from gate.kubernetes.pods import pods_of
from gate.kubernetes.roles import account_of
from gate.kubernetes.rule import OBJECTS, PODS, WORKLOADS, rule
from gate.kubernetes.rules.pod_security_baseline import HOOKS, PROBES
from gate.kubernetes.workloads import Workload
from gate.model import Severity
from gate.rules import Hit

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "cmd", "cmd.exe", "powershell", "pwsh"})
_FIRST_FREE_PORT = 1024
_RESOURCES = "containers: [{name: a, image: 'a:1', resources: RESOURCES}]"
_IN_DEFAULT = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: NAMESPACE}\nspec: {containers: [{name: a}]}"


@rule(
    "GK007",
    Severity.LOW,
    "Container without a memory limit",
    looks_at=WORKLOADS,
    why="One pod that is attacked or leaks takes the memory of its node, and other pods there are killed.",
    mend="Write resources.limits.memory, or give the namespace a LimitRange with a default.",
    references=("CWE-770",),
    bad=_RESOURCES.replace("RESOURCES", "{limits: {cpu: '1'}}"),
    good=_RESOURCES.replace("RESOURCES", "{limits: {memory: 64Mi}}"),
)
def no_memory_limit(workload: Workload) -> Iterator[Hit]:
    if workload.has_default_limits or workload.pod.spec.text("resources", "limits", "memory"):
        return
    for container in workload.containers():
        if not container.value.text("resources", "limits", "memory"):
            yield container_hit(workload.pod, container, "resources.limits.memory", "is not set")


@rule(
    "GK008",
    Severity.INFO,
    "Container without requests",
    looks_at=WORKLOADS,
    why="The scheduler puts pods without requests where there is no room, and evicts them first.",
    mend="Write resources.requests with cpu and memory.",
    references=("CWE-770",),
    bad=_RESOURCES.replace("RESOURCES", "{requests: {cpu: 100m}}"),
    good=_RESOURCES.replace("RESOURCES", "{requests: {cpu: 100m, memory: 64Mi}}"),
)
def no_requests(workload: Workload) -> Iterator[Hit]:
    if workload.has_default_limits:
        return
    for container in workload.containers():
        asked = {"cpu", "memory"} - _stated(container.value, workload.pod.spec)
        if asked:
            yield container_hit(
                workload.pod, container, "resources.requests", f"does not name {' and '.join(sorted(asked))}"
            )


def _stated(*values: Value) -> set[str]:
    """Return the resources that are requested; a limit is a request as well where none is written."""
    found: set[str] = set()
    for value in values:
        for key in ("requests", "limits"):
            stated = value.get("resources", key)
            found |= {name for name, _ in stated.items()} if stated else set()
    return found


@rule(
    "GK009",
    Severity.LOW,
    "Probe or hook that runs a shell",
    looks_at=PODS,
    why="The image needs a shell for it, and who takes over the container has one as well.",
    mend="Probe by httpGet, tcpSocket or grpc, or run a program of the image directly.",
    references=("CWE-1188",),
    bad="containers: [{name: a, livenessProbe: {exec: {command: [sh, -c, 'wget -q localhost']}}}]",
    good="containers: [{name: a, livenessProbe: {exec: {command: [pg_isready]}}}]",
)
def shell_probe(pod: PodTemplate) -> Iterator[Hit]:
    ways = [(probe,) for probe in PROBES] + [("lifecycle", hook) for hook in HOOKS]
    for container in pod.containers():
        for way in ways:
            command = container.value.texts(*way, "exec", "command")
            if command and command[0].rpartition("/")[2].lower() in _SHELLS:
                yield container_hit(pod, container, ".".join((*way, "exec", "command")), f"starts {command[0]}")


@rule(
    "GK010",
    Severity.INFO,
    "Container listens on a privileged port",
    looks_at=PODS,
    why="Ports below 1024 need root or the capability NET_BIND_SERVICE on many nodes.",
    mend="Let the program listen on a port from 1024 on; the Service maps it.",
    references=("CWE-250",),
    bad="containers: [{name: a, ports: [{containerPort: 80}]}]",
    good="containers: [{name: a, ports: [{containerPort: 8080}]}]",
)
def privileged_port(pod: PodTemplate) -> Iterator[Hit]:
    for container in pod.containers():
        ports = container.value.get("ports")
        for number, port in enumerate(ports.elements() if ports else ()):
            found = port.get("containerPort")
            if found is not None and isinstance(found.data, int) and 0 < found.data < _FIRST_FREE_PORT:
                field = f"{container.field}.ports[{number}].containerPort"
                yield pod_hit(pod, field, found, f"is {found.data}", container.name)


@rule(
    "GK011",
    Severity.LOW,
    "Token of a service account in a pod that does not need it",
    looks_at=WORKLOADS,
    why="Who reads a file of the pod can speak to the API server as its service account; no role of this repository "
    "is given to that account, so the pod has no use for it.",
    mend="Write automountServiceAccountToken: false for the pod or the service account.",
    references=("CWE-272",),
    bad="containers: [{name: a, image: 'a:1'}]",
    good="automountServiceAccountToken: false\ncontainers: [{name: a, image: 'a:1'}]",
)
def needless_token(workload: Workload) -> Iterator[Hit]:
    pod = workload.pod
    if not workload.account_is_used and any(True for _ in workload.containers()):
        account = account_of(pod).name
        field = f"{pod.field}.automountServiceAccountToken"
        what = f"is not false, and the account {account} has no role here"
        yield pod_hit(
            pod, field, pod.spec, what, changes=set_in_pod(pod, pod.spec, "automountServiceAccountToken", False)
        )


@rule(
    "GK012",
    Severity.LOW,
    "Workload in the default namespace",
    looks_at=OBJECTS,
    why="Everything without a namespace ends up there: what is in it shares accounts, secrets and network policies.",
    mend="Give it a namespace of its own.",
    references=("CWE-653",),
    bad=_IN_DEFAULT.replace("NAMESPACE", "default"),
    good=_IN_DEFAULT.replace("NAMESPACE", "shop"),
)
def default_namespace(found: KubernetesObject) -> Iterator[Hit]:
    if found.namespace == "default" and any(True for _ in pods_of(found, (1, 0))):
        at = found.value.get("metadata", "namespace") or found.value
        yield object_hit(found, "metadata.namespace", at, "metadata.namespace is default")


@rule(
    "GK013",
    Severity.LOW,
    "Containers share their processes",
    looks_at=PODS,
    why="Each container sees the environment and files of the others through /proc, and can send them signals.",
    mend="Remove shareProcessNamespace; debug with an ephemeral container that targets one container.",
    references=("CWE-653",),
    bad="shareProcessNamespace: true\ncontainers: [{name: a}]",
    good="shareProcessNamespace: false\ncontainers: [{name: a}]",
)
def shared_processes(pod: PodTemplate) -> Iterator[Hit]:
    found = pod.spec.get("shareProcessNamespace")
    if found is not None and found.data is True:
        yield pod_hit(pod, f"{pod.field}.shareProcessNamespace", found, "is true")
