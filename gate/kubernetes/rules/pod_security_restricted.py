"""The Pod Security Standards, restricted: what a hardened pod states beyond the baseline.

Facts: https://kubernetes.io/docs/concepts/security/pod-security-standards/, for each version of Kubernetes.
"""

from collections.abc import Iterator

from gate.kubernetes.fixes import set_in_container, set_in_pod
from gate.kubernetes.hits import container_hit, pod_hit
from gate.kubernetes.objects import Container, PodTemplate
from gate.kubernetes.rule import PODS, rule
from gate.kubernetes.rules.pod_security_baseline import OWN_USERS, PROFILES, SECCOMP_FIELDS, unmasked
from gate.model import Severity
from gate.rules import Hit

VOLUMES = frozenset(
    {
        *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected"),
        "secret",
    }
)
"""Kinds of volumes that a pod may have."""
ESCALATION_JUDGED = (1, 8)
DROPS_JUDGED = (1, 22)
USERS_JUDGED = (1, 23)
WINDOWS_EXEMPT = (1, 25)
"""The version from which on what Windows does not know is not asked of its pods."""


@rule(
    "PSS-volume-types",
    Severity.LOW,
    "Volume of a kind that restricted pods do not have",
    looks_at=PODS,
    why="Such volumes reach the node or a storage system with its own credentials, past the cluster's storage classes.",
    mend="Use a PersistentVolumeClaim, configMap, secret, emptyDir, projected, csi, downwardAPI or ephemeral volume.",
    references=("CWE-668",),
    bad="containers: [{name: a}]\nvolumes: [{name: v, nfs: {server: a.example, path: /}}]",
    good="containers: [{name: a}]\nvolumes: [{name: v, emptyDir: {}}]",
)
def volume_types(pod: PodTemplate) -> Iterator[Hit]:
    listed = pod.spec.get("volumes")
    for number, volume in enumerate(listed.elements() if listed else ()):
        kinds = [key for key, value in volume.items() if key != "name" and value.data is not None]
        if wrong := [kind for kind in kinds if kind not in VOLUMES]:
            yield pod_hit(pod, f"{pod.field}.volumes[{number}]", volume, f"is {', '.join(wrong)}")


@rule(
    "PSS-privilege-escalation",
    Severity.LOW,
    "Programs may gain privileges",
    looks_at=PODS,
    why="A set-user-id program in the image makes root of the attacker who has the container.",
    mend="Write allowPrivilegeEscalation: false.",
    references=("CWE-250",),
    bad="containers: [{name: a}]",
    good="containers: [{name: a, securityContext: {allowPrivilegeEscalation: false}}]",
)
def privilege_escalation(pod: PodTemplate) -> Iterator[Hit]:
    if pod.version < ESCALATION_JUDGED or _is_exempt(pod):
        return
    for container in pod.containers():
        found = container.security.get("allowPrivilegeEscalation") if container.security else None
        if found is None or found.data is not False:
            field = "securityContext.allowPrivilegeEscalation"
            changes = () if _needs_escalation(container) else set_in_container(container, field, False)
            yield container_hit(pod, container, field, "is not false", changes=changes)


def _needs_escalation(container: Container) -> bool:
    """True if the API refuses to forbid it: for privileged containers, and with SYS_ADMIN."""
    security = container.security
    added = security.texts("capabilities", "add") if security else []
    return security is not None and (security.text("privileged") == "true" or "SYS_ADMIN" in added)


@rule(
    "PSS-proc-mount-restricted",
    Severity.MEDIUM,
    "Unmasked /proc in a restricted pod",
    looks_at=PODS,
    why="The masked files of /proc show the node's kernel, also to a pod with users of its own.",
    mend="Remove procMount.",
    references=("CWE-668",),
    bad="hostUsers: false\ncontainers: [{name: a, securityContext: {procMount: Unmasked}}]",
    good="hostUsers: false\ncontainers: [{name: a, securityContext: {procMount: Default}}]",
)
def proc_mount_restricted(pod: PodTemplate) -> Iterator[Hit]:
    if pod.has_own_users and pod.version >= OWN_USERS:  # else the baseline's rule says so
        yield from unmasked(pod)


@rule(
    "PSS-non-root",
    Severity.LOW,
    "Container may run as root",
    looks_at=PODS,
    why="Root in the container is root on the node for every hole of the kernel and of the runtime.",
    mend="Write runAsNonRoot: true, with an image that has a user.",
    references=("CWE-250",),
    fix_on_request=True,
    bad="containers: [{name: a}]",
    good="securityContext: {runAsNonRoot: true}\ncontainers: [{name: a}]",
)
def non_root(pod: PodTemplate) -> Iterator[Hit]:
    if _root_is_harmless(pod):
        return
    whole = pod.security.get("runAsNonRoot") if pod.security else None
    if whole is not None and whole.data is False:
        changes = set_in_pod(pod, whole, "securityContext.runAsNonRoot", True)
        yield pod_hit(pod, f"{pod.field}.securityContext.runAsNonRoot", whole, "is false", changes=changes)
    for container in pod.containers():
        own = container.security.get("runAsNonRoot") if container.security else None
        if own is not None and own.data is not None:
            if own.data is False:
                changes = set_in_container(container, "securityContext.runAsNonRoot", True)
                yield container_hit(pod, container, "securityContext.runAsNonRoot", "is false", changes=changes)
        elif whole is None or whole.data is not True:
            changes = () if whole else set_in_pod(pod, container.value, "securityContext.runAsNonRoot", True)
            what = "is not set, nor for the pod"
            yield container_hit(pod, container, "securityContext.runAsNonRoot", what, changes=changes)


@rule(
    "PSS-root-user",
    Severity.MEDIUM,
    "Runs as user 0",
    looks_at=PODS,
    why="Root in the container is root on the node for every hole of the kernel and of the runtime.",
    mend="Give runAsUser another number, or remove it.",
    references=("CWE-250",),
    bad="securityContext: {runAsUser: 0}\ncontainers: [{name: a}]",
    good="securityContext: {runAsUser: 1000}\ncontainers: [{name: a}]",
)
def root_user(pod: PodTemplate) -> Iterator[Hit]:
    if pod.version < USERS_JUDGED or _root_is_harmless(pod):
        return
    for name, field, context in pod.contexts():
        found = context.get("runAsUser")
        if found is not None and found.data == 0 and found.data is not False:
            yield pod_hit(pod, f"{field}.runAsUser", found, "is 0", name)


@rule(
    "PSS-seccomp-restricted",
    Severity.LOW,
    "No seccomp profile",
    looks_at=PODS,
    why="Without the filter a program that was taken over reaches every system call of the node's kernel.",
    mend="Write seccompProfile: {type: RuntimeDefault} for the pod.",
    references=("CWE-693",),
    bad="containers: [{name: a}]",
    good="securityContext: {seccompProfile: {type: RuntimeDefault}}\ncontainers: [{name: a}]",
)
def seccomp_restricted(pod: PodTemplate) -> Iterator[Hit]:
    if pod.version < SECCOMP_FIELDS or _is_exempt(pod):
        return
    whole = pod.security.text("seccompProfile", "type") if pod.security else ""
    for container in pod.containers():
        if not _has_profile(container) and whole not in PROFILES:
            changes = set_in_pod(pod, container.value, "securityContext.seccompProfile.type", "RuntimeDefault")
            what = "is not set, nor for the pod"
            yield container_hit(pod, container, "securityContext.seccompProfile", what, changes=changes)


def _has_profile(container: Container) -> bool:
    """True if the container has a profile of its own; a wrong one is found by the baseline's rule."""
    own = container.security.get("seccompProfile") if container.security else None
    return own is not None and own.data is not None


@rule(
    "PSS-capabilities-restricted",
    Severity.LOW,
    "Capabilities are not dropped",
    looks_at=PODS,
    why="The default capabilities let root of the container change owners, bind low ports and make device files.",
    mend="Write capabilities: {drop: [ALL]}; NET_BIND_SERVICE may be added.",
    references=("CWE-250",),
    fix_on_request=True,
    bad="containers: [{name: a}]",
    good="containers: [{name: a, securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]",
)
def capabilities_restricted(pod: PodTemplate) -> Iterator[Hit]:
    if pod.version < DROPS_JUDGED or _is_exempt(pod):
        return
    for container in pod.containers():
        security = container.security
        if "ALL" not in (security.texts("capabilities", "drop") if security else ()):
            changes = set_in_container(container, "securityContext.capabilities.drop", ["ALL"])
            field = "securityContext.capabilities.drop"
            yield container_hit(pod, container, field, "does not have ALL", changes=changes)
        added = security.texts("capabilities", "add") if security else []
        beyond = [name for name in added if name != "NET_BIND_SERVICE"]
        if beyond:
            yield container_hit(pod, container, "securityContext.capabilities.add", f"has {', '.join(beyond)}")


def _is_exempt(pod: PodTemplate) -> bool:
    return pod.is_windows and pod.version >= WINDOWS_EXEMPT


def _root_is_harmless(pod: PodTemplate) -> bool:
    return pod.has_own_users and pod.version >= OWN_USERS
