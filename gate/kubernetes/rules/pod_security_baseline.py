"""The Pod Security Standards, baseline: what lets a pod out of its container.

Facts: https://kubernetes.io/docs/concepts/security/pod-security-standards/, for each version of Kubernetes.
"""

from collections.abc import Iterator

from gate.core.values import Value
from gate.kubernetes.hits import container_hit, pod_hit
from gate.kubernetes.objects import PodTemplate
from gate.kubernetes.rule import PODS, rule
from gate.model import Severity, Worth
from gate.rules import Hit

HOST_NAMESPACES = {"hostNetwork": Severity.MEDIUM, "hostPID": Severity.HIGH, "hostIPC": Severity.HIGH}
CAPABILITIES = frozenset(
    {
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"),
        *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    }
)
"""Capabilities that may be added."""
SELINUX_TYPES: dict[str, tuple[int, int]] = {
    "": (1, 0),
    "container_t": (1, 0),
    "container_init_t": (1, 0),
    "container_kvm_t": (1, 0),
    "container_engine_t": (1, 31),
}
"""Types of SELinux that may be set, and the version of Kubernetes from which on."""
SYSCTLS: dict[str, tuple[int, int]] = {
    "kernel.shm_rmid_forced": (1, 0),
    "net.ipv4.ip_local_port_range": (1, 0),
    "net.ipv4.ip_unprivileged_port_start": (1, 0),
    "net.ipv4.ping_group_range": (1, 0),
    "net.ipv4.tcp_syncookies": (1, 0),
    "net.ipv4.ip_local_reserved_ports": (1, 27),
    "net.ipv4.tcp_fin_timeout": (1, 29),
    "net.ipv4.tcp_keepalive_intvl": (1, 29),
    "net.ipv4.tcp_keepalive_probes": (1, 29),
    "net.ipv4.tcp_keepalive_time": (1, 29),
    "net.ipv4.tcp_rmem": (1, 32),
    "net.ipv4.tcp_wmem": (1, 32),
    "net.ipv4.tcp_notsent_lowat": (1, 37),
    "net.ipv4.tcp_slow_start_after_idle": (1, 37),
}
"""Kernel parameters that belong to the pod alone, and the version of Kubernetes from which on they may be set."""
SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "podman.sock", "cri-dockerd.sock")
"""Sockets of container runtimes: who may write there starts any container."""
THE_NODE = frozenset(
    {
        *("/", "/boot", "/dev", "/etc", "/etc/kubernetes", "/home", "/proc", "/root", "/run", "/sys", "/usr", "/var"),
        *("/var/lib", "/var/lib/docker", "/var/lib/etcd", "/var/lib/kubelet", "/var/run", "/run/containerd"),
    }
)
"""Folders by which a pod becomes root on the node, or reads every secret of it."""
ONLY_TO_WRITE = frozenset({"/boot", "/dev", "/proc", "/sys", "/usr"})
"""Those of them that hold no secret, so that it takes a write to become root."""
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS = ("postStart", "preStop")
CALLS = ("httpGet", "tcpSocket")
APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"
SECCOMP_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_OF_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
PROFILES = ("RuntimeDefault", "Localhost")
SECCOMP_FIELDS = (1, 19)
"""The version from which on profiles are fields, and no annotations."""
PROBES_JUDGED = (1, 34)
OWN_USERS = (1, 35)
"""The version from which on a pod with users of its own may do more."""


@rule(
    "PSS-windows-host-process",
    Severity.HIGH,
    "Windows container runs on the host itself",
    looks_at=PODS,
    why="A HostProcess container is a program on the node, with the node's accounts and files.",
    mend="Remove windowsOptions.hostProcess.",
    references=("CWE-250",),
    bad="securityContext: {windowsOptions: {hostProcess: true}}\nhostNetwork: true\ncontainers: [{name: a}]",
    good="securityContext: {windowsOptions: {hostProcess: false}}\ncontainers: [{name: a}]",
)
def windows_host_process(pod: PodTemplate) -> Iterator[Hit]:
    for name, field, context in pod.contexts():
        found = context.get("windowsOptions", "hostProcess")
        if found is not None and found.data is True:
            yield pod_hit(pod, f"{field}.windowsOptions.hostProcess", found, "is true", name)


@rule(
    "PSS-host-namespaces",
    Severity.HIGH,
    "Pod shares the node's namespaces",
    looks_at=PODS,
    why="It sees the node's network, processes or shared memory, and those of every other pod there.",
    mend="Remove hostNetwork, hostPID and hostIPC; publish ports with a Service.",
    references=("CWE-653",),
    bad="hostPID: true\ncontainers: [{name: a}]",
    good="hostPID: false\ncontainers: [{name: a}]",
)
def host_namespaces(pod: PodTemplate) -> Iterator[Hit]:
    for key, severity in HOST_NAMESPACES.items():
        found = pod.spec.get(key)
        if found is not None and found.data is True:
            yield pod_hit(pod, f"{pod.field}.{key}", found, "is true", severity=severity)


@rule(
    "PSS-privileged",
    Severity.HIGH,
    "Privileged container",
    looks_at=PODS,
    why="A privileged container can do on the node what root can: load modules, mount its disks, read every secret.",
    mend="Remove privileged: true; add the one capability or device that it needs.",
    references=("CWE-250",),
    bad="containers: [{name: a, securityContext: {privileged: true}}]",
    good="containers: [{name: a, securityContext: {privileged: false}}]",
)
def privileged(pod: PodTemplate) -> Iterator[Hit]:
    for container in pod.containers():
        if _flag(container.security, "privileged"):
            yield container_hit(pod, container, "securityContext.privileged", "is true")


@rule(
    "PSS-capabilities",
    Severity.MEDIUM,
    "Capability beyond the default ones",
    looks_at=PODS,
    why="Each further capability is a part of root on the node's kernel; several of them are enough to leave the pod.",
    mend="Remove it, or drop ALL and add the one that the program needs.",
    references=("CWE-250",),
    bad="containers: [{name: a, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]",
    good="containers: [{name: a, securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}}]",
)
def capabilities(pod: PodTemplate) -> Iterator[Hit]:
    for container in pod.containers():
        added = container.security.texts("capabilities", "add") if container.security else []
        beyond = [name for name in added if name not in CAPABILITIES]
        if beyond:
            yield container_hit(pod, container, "securityContext.capabilities.add", f"has {', '.join(beyond)}")


@rule(
    "PSS-host-path",
    Severity.MEDIUM,
    "Folder of the node in a pod",
    looks_at=PODS,
    why="A pod that reads or writes the node's files can read other pods' secrets, and often become root there.",
    mend="Use a PersistentVolumeClaim, an emptyDir or a projected volume.",
    references=("CWE-668",),
    bad="containers: [{name: a}]\nvolumes: [{name: v, hostPath: {path: /var/lib/kubelet}}]",
    good="containers: [{name: a}]\nvolumes: [{name: v, emptyDir: {}}]",
)
def host_path(pod: PodTemplate) -> Iterator[Hit]:
    mounted = _mounted(pod)
    for number, volume in enumerate(_volumes(pod)):
        found = volume.get("hostPath")
        if found is not None and found.data is not None:
            field = f"{pod.field}.volumes[{number}].hostPath"
            path = found.text("path")
            is_used = volume.text("name") in mounted
            weighed = None if is_used else (Worth.LOW, ("no container mounts it",))
            severity = _severity_of_path(path, is_only_read=mounted.get(volume.text("name"), False))
            yield pod_hit(pod, field, found, f"is {path or 'a folder of the node'}", severity=severity, weighed=weighed)


def _mounted(pod: PodTemplate) -> dict[str, bool]:
    """Return the volumes that containers mount, and whether they are only read."""
    found: dict[str, bool] = {}
    for container in pod.containers():
        mounts = container.value.get("volumeMounts")
        for mount in mounts.elements() if mounts else ():
            name = mount.text("name")
            found[name] = found.get(name, True) and mount.text("readOnly") == "true"
    return found


def _severity_of_path(path: str, *, is_only_read: bool) -> Severity:
    """Return how bad a folder of the node is; read-only ones that hold no secrets are milder."""
    if not _is_the_node_itself(path):
        return Severity.MEDIUM
    bare = path.rstrip("/") or "/"
    return Severity.MEDIUM if is_only_read and bare in ONLY_TO_WRITE else Severity.HIGH


def _is_the_node_itself(path: str) -> bool:
    """True for a path that makes its reader or writer root on the node: runtimes' sockets, the root, its settings."""
    bare = path.rstrip("/") or "/"
    return bare in THE_NODE or bare.endswith(SOCKETS)


@rule(
    "PSS-host-ports",
    Severity.MEDIUM,
    "Port of the node",
    looks_at=PODS,
    why="The port is open on the node's own address, past the network policies of the cluster.",
    mend="Remove hostPort; a Service of type ClusterIP or an Ingress publishes it.",
    references=("CWE-668",),
    bad="containers: [{name: a, ports: [{containerPort: 80, hostPort: 80}]}]",
    good="containers: [{name: a, ports: [{containerPort: 80}]}]",
)
def host_ports(pod: PodTemplate) -> Iterator[Hit]:
    for container in pod.containers():
        ports = container.value.get("ports")
        for number, port in enumerate(ports.elements() if ports else ()):
            found = port.get("hostPort")
            if found is not None and found.data not in (None, 0):
                field = f"{container.field}.ports[{number}].hostPort"
                yield pod_hit(pod, field, found, f"is {found.text()}", container.name)


@rule(
    "PSS-host-probes",
    Severity.LOW,
    "Probe or lifecycle hook that calls another host",
    looks_at=PODS,
    why="The node itself makes the call: the author of the manifest makes it ask addresses that the pod cannot reach.",
    mend="Remove host: the probe then asks the pod.",
    references=("CWE-918",),
    bad="containers: [{name: a, livenessProbe: {httpGet: {host: 169.254.169.254, port: 80}}}]",
    good="containers: [{name: a, livenessProbe: {httpGet: {port: 80}}}]",
)
def host_probes(pod: PodTemplate) -> Iterator[Hit]:
    if pod.version < PROBES_JUDGED:
        return
    ways = [(probe,) for probe in PROBES] + [("lifecycle", hook) for hook in HOOKS]
    for container in pod.containers():
        for keys in [(*way, call, "host") for way in ways for call in CALLS]:
            found = container.value.get(*keys)
            if found is not None and found.data:
                yield container_hit(pod, container, ".".join(keys), f"is {found.text()}")


@rule(
    "PSS-apparmor",
    Severity.MEDIUM,
    "AppArmor is switched off",
    looks_at=PODS,
    why="The profile keeps a program that was taken over from the kernel's interfaces that it does not need.",
    mend="Use the profile of the runtime (RuntimeDefault) or one of your own.",
    references=("CWE-693",),
    bad="securityContext: {appArmorProfile: {type: Unconfined}}\ncontainers: [{name: a}]",
    good="securityContext: {appArmorProfile: {type: RuntimeDefault}}\ncontainers: [{name: a}]",
)
def apparmor(pod: PodTemplate) -> Iterator[Hit]:
    for name, field, context in pod.contexts():
        found = context.get("appArmorProfile", "type")
        if found is not None and found.text() not in PROFILES:
            yield pod_hit(pod, f"{field}.appArmorProfile.type", found, f"is {found.text()}", name)
    for key, value in pod.annotations():
        if key.startswith(APPARMOR_ANNOTATION) and not _is_profile(value, ("", "runtime/default")):
            yield pod_hit(pod, f"annotation {key}", value, f"is {value.text()}")


@rule(
    "PSS-selinux",
    Severity.MEDIUM,
    "SELinux options of its own",
    looks_at=PODS,
    why="Another type, user or role can take the confinement away that keeps the container from the node's files.",
    mend="Remove seLinuxOptions, or use the type container_t.",
    references=("CWE-693",),
    bad="securityContext: {seLinuxOptions: {type: spc_t}}\ncontainers: [{name: a}]",
    good="securityContext: {seLinuxOptions: {type: container_t, level: 's0:c1,c2'}}\ncontainers: [{name: a}]",
)
def selinux(pod: PodTemplate) -> Iterator[Hit]:
    for name, field, context in pod.contexts():
        options = context.get("seLinuxOptions")
        for key, found in options.items() if options else ():
            if not _is_allowed_in_selinux(key, found.text(), pod.version):
                yield pod_hit(pod, f"{field}.seLinuxOptions.{key}", found, f"is {found.text()}", name)


def _is_allowed_in_selinux(key: str, value: str, version: tuple[int, int]) -> bool:
    if key == "type":
        return value in SELINUX_TYPES and SELINUX_TYPES[value] <= version
    return key not in ("user", "role") or not value


@rule(
    "PSS-proc-mount",
    Severity.MEDIUM,
    "Unmasked /proc",
    looks_at=PODS,
    why="The masked files of /proc show and change the node's kernel.",
    mend="Remove procMount.",
    references=("CWE-668",),
    bad="containers: [{name: a, securityContext: {procMount: Unmasked}}]",
    good="containers: [{name: a, securityContext: {procMount: Default}}]",
)
def proc_mount(pod: PodTemplate) -> Iterator[Hit]:
    if pod.has_own_users and pod.version >= OWN_USERS:
        return
    yield from unmasked(pod)


def unmasked(pod: PodTemplate) -> Iterator[Hit]:
    """Yield a hit for each container with another /proc than the default one."""
    for container in pod.containers():
        found = container.security.text("procMount") if container.security else ""
        if found not in ("", "Default"):
            yield container_hit(pod, container, "securityContext.procMount", f"is {found}")


@rule(
    "PSS-seccomp",
    Severity.MEDIUM,
    "Seccomp is switched off",
    looks_at=PODS,
    why="Without the filter a program that was taken over reaches every system call of the node's kernel.",
    mend="Use the profile of the runtime: seccompProfile: {type: RuntimeDefault}.",
    references=("CWE-693",),
    bad="securityContext: {seccompProfile: {type: Unconfined}}\ncontainers: [{name: a}]",
    good="securityContext: {seccompProfile: {type: RuntimeDefault}}\ncontainers: [{name: a}]",
)
def seccomp(pod: PodTemplate) -> Iterator[Hit]:
    if pod.version < SECCOMP_FIELDS:
        yield from _seccomp_annotations(pod)
        return
    for name, field, context in pod.contexts():
        profile = context.get("seccompProfile")
        if profile is not None and profile.data is not None and profile.text("type") not in PROFILES:
            what = f"is {profile.text('type') or 'empty'}"
            yield pod_hit(pod, f"{field}.seccompProfile.type", profile.get("type") or profile, what, name)


def _seccomp_annotations(pod: PodTemplate) -> Iterator[Hit]:
    names = {SECCOMP_ANNOTATION, *(SECCOMP_OF_CONTAINER + container.name for container in pod.containers())}
    for key, value in pod.annotations():
        if key in names and not _is_profile(value, ("runtime/default", "docker/default")):
            yield pod_hit(pod, f"annotation {key}", value, f"is {value.text()}")


@rule(
    "PSS-sysctls",
    Severity.MEDIUM,
    "Kernel parameter that is not the pod's own",
    looks_at=PODS,
    why="It changes the kernel for every pod on the node, or switches protections off.",
    mend="Remove it, or set it on the node.",
    references=("CWE-250",),
    bad="securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}\ncontainers: [{name: a}]",
    good="securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]}\ncontainers: [{name: a}]",
)
def sysctls(pod: PodTemplate) -> Iterator[Hit]:
    listed = pod.security.get("sysctls") if pod.security else None
    for number, entry in enumerate(listed.elements() if listed else ()):
        name = entry.text("name")
        if name not in SYSCTLS or SYSCTLS[name] > pod.version:
            yield pod_hit(pod, f"{pod.field}.securityContext.sysctls[{number}]", entry, f"sets {name}")


def _flag(value: Value | None, key: str) -> bool:
    found = value.get(key) if value else None
    return found is not None and found.data is True


def _volumes(pod: PodTemplate) -> Iterator[Value]:
    listed = pod.spec.get("volumes")
    yield from listed.elements() if listed else ()


def _is_profile(value: Value, names: tuple[str, ...]) -> bool:
    return value.text() in names or value.text().startswith("localhost/")
