"""Rules on the power of containers outside of Kubernetes: services of Compose and Swarm, containers of a daemon.

The numbers are those of the CIS Docker Benchmark 1.6.0; the keys those of the Compose Specification.
"""

from collections.abc import Iterator

import msgspec

from gate.core.word_lists import word_lists, word_table
from gate.kubernetes.docker.containers import DockerContainer, Mount
from gate.kubernetes.docker.hits import container_of_docker_hit
from gate.kubernetes.exposure import ways_to
from gate.kubernetes.rule import DOCKER_CONTAINERS, rule
from gate.kubernetes.rules.pod_security_baseline import SOCKETS, THE_NODE
from gate.model import Severity, Worth
from gate.rules import Hit

_WORDS = word_lists(__file__)
_CAPABILITIES = word_table(_WORDS["capabilities"])
"""Capability and severity."""
_PART_OF_THE_HOST = tuple(_WORDS["folders"])
_RAW_DEVICES = tuple(_WORDS["devices"])
_NAMESPACES = {
    "pid": (Severity.HIGH, "5.16"),
    "network_mode": (Severity.MEDIUM, "5.10"),
    "ipc": (Severity.MEDIUM, "5.17"),
    "userns_mode": (Severity.LOW, "5.31"),
    "uts": (Severity.LOW, "5.21"),
    "cgroup": (Severity.LOW, "5.25"),
}
"""Severity, and number in the benchmark, of each namespace that can be the host's."""
_IMAGE = "services:\n  web:\n    image: shop/web:1\n"


def _service(more: str) -> str:
    return f"{_IMAGE}    {more}\n"


@rule(
    "GK401",
    Severity.HIGH,
    "Privileged service",
    looks_at=DOCKER_CONTAINERS,
    why="A privileged container can do on the host what root can: load modules, mount its disks (CIS Docker 5.5).",
    mend="Remove privileged: true; add the one capability or device that it needs.",
    references=("CWE-250",),
    bad=_service("privileged: true"),
    good=_service("privileged: false"),
)
def privileged_service(container: DockerContainer) -> Iterator[Hit]:
    found = container.value.get("privileged")
    if found is not None and container.stated("privileged").lower() in ("true", "yes", "on"):
        yield container_of_docker_hit(container, "privileged", found, "is true")


@rule(
    "GK402",
    Severity.HIGH,
    "Socket of the container runtime in a service",
    looks_at=DOCKER_CONTAINERS,
    why="Who may speak to the socket starts a privileged container and is root of the host; a read-only mount changes "
    "nothing, as requests still go through (CIS Docker 5.32).",
    mend="Remove the mount, or give the service a proxy of the socket that lets through only what it needs to ask.",
    references=("CWE-250",),
    bad=_service("volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']"),
    good=_service("volumes: ['./data:/data']"),
)
def runtime_socket(container: DockerContainer) -> Iterator[Hit]:
    for mount in container.mounts():
        if _is_socket(mount):
            hit = container_of_docker_hit(container, "volumes", mount.value, f"mounts {mount.source}")
            yield _weighed_by_reach(hit, container)


def _weighed_by_reach(hit: Hit, container: DockerContainer) -> Hit:
    """Return a hit that stops no change for an image of others that no port leads to: most manage containers."""
    is_made_here = container.value.get("build") is not None
    if hit.worth_evidence or is_made_here or any(ways_to(container)):
        return hit
    evidence = ("its image is made elsewhere, and no port leads to it",)
    return msgspec.structs.replace(hit, worth=Worth.LOW, worth_evidence=evidence)


def _is_socket(mount: Mount) -> bool:
    return mount.source.endswith(SOCKETS)


@rule(
    "GK403",
    Severity.HIGH,
    "Folder of the host that makes root in a service",
    looks_at=DOCKER_CONTAINERS,
    why="Who writes there (the root, /etc, Docker's own files) becomes root of the host; who reads there has its "
    "passwords and keys (CIS Docker 5.6).",
    mend="Mount only the files that it needs, read-only, or use a named volume.",
    references=("CWE-668",),
    bad=_service("volumes: ['/etc:/host/etc']"),
    good=_service("volumes: ['/etc/localtime:/etc/localtime:ro']"),
)
def host_folder(container: DockerContainer) -> Iterator[Hit]:
    for mount in container.mounts():
        path = mount.source.rstrip("/") or "/"
        if not _is_socket(mount) and (path in THE_NODE or path in _PART_OF_THE_HOST):
            can_write = not mount.is_read_only and path not in _PART_OF_THE_HOST
            severity = Severity.HIGH if can_write else Severity.MEDIUM
            how = " read-only" if mount.is_read_only else ""
            yield container_of_docker_hit(container, "volumes", mount.value, f"mounts {path}{how}", severity=severity)


@rule(
    "GK404",
    Severity.HIGH,
    "Service shares the host's namespaces",
    looks_at=DOCKER_CONTAINERS,
    why="It sees the host's processes, network or shared memory (CIS Docker 5.10, 5.16, 5.17, 5.21, 5.25, 5.31).",
    mend="Remove the key; publish ports with `ports`, and let services share a network instead.",
    references=("CWE-653",),
    bad=_service("pid: host"),
    good=_service("pid: 'service:db'"),
)
def host_namespace(container: DockerContainer) -> Iterator[Hit]:
    for key, (severity, number) in _NAMESPACES.items():
        found = container.value.get(key)
        if found is not None and container.stated(key) == "host":
            yield container_of_docker_hit(container, key, found, f"is host (CIS {number})", severity=severity)


@rule(
    "GK405",
    Severity.MEDIUM,
    "Capability that reaches the host in a service",
    looks_at=DOCKER_CONTAINERS,
    why="Each of these capabilities is a part of root on the host's kernel; some are enough to leave the container "
    "(CIS Docker 5.4).",
    mend="Remove it, or write cap_drop: [ALL] and add the one that the program needs.",
    references=("CWE-250",),
    bad=_service("cap_add: [SYS_ADMIN]"),
    good=_service("cap_add: [NET_BIND_SERVICE]"),
)
def added_capability(container: DockerContainer) -> Iterator[Hit]:
    for text, value in container.listed("cap_add"):
        name = text.upper().removeprefix("CAP_")
        if name in _CAPABILITIES:
            severity = Severity(_CAPABILITIES[name])
            yield container_of_docker_hit(container, "cap_add", value, f"has {name}", severity=severity)


@rule(
    "GK406",
    Severity.MEDIUM,
    "Service without the runtime's confinement",
    looks_at=DOCKER_CONTAINERS,
    why="The default profiles of seccomp and AppArmor, or SELinux's labels, keep a container from the system calls and "
    "files by which containers are left (CIS Docker 5.2, 5.3, 5.22).",
    mend="Remove the option, or name a profile of your own that allows the one call that is missing.",
    references=("CWE-693",),
    bad=_service("security_opt: ['seccomp:unconfined']"),
    good=_service("security_opt: ['no-new-privileges:true']"),
)
def unconfined(container: DockerContainer) -> Iterator[Hit]:
    for text, value in container.listed("security_opt"):
        option = text.replace("=", ":", 1).lower()
        if option in ("seccomp:unconfined", "apparmor:unconfined", "systempaths:unconfined"):
            yield container_of_docker_hit(container, "security_opt", value, f"has {option}")
        elif option in ("label:disable", "no-new-privileges:false"):
            yield container_of_docker_hit(container, "security_opt", value, f"has {option}", severity=Severity.LOW)


@rule(
    "GK407",
    Severity.MEDIUM,
    "Device of the host in a service",
    looks_at=DOCKER_CONTAINERS,
    why="A disk or the memory of the host, read or written as a device, has all files and secrets of it (CIS Docker "
    "5.18).",
    mend="Remove the device, or name the one device that the program works with, such as /dev/dri or /dev/ttyUSB0.",
    references=("CWE-250",),
    bad=_service("devices: ['/dev/sda:/dev/sda']"),
    good=_service("devices: ['/dev/dri:/dev/dri']"),
)
def raw_device(container: DockerContainer) -> Iterator[Hit]:
    for text, value in container.listed("devices"):
        device = text.partition(":")[0].rstrip("/")
        if device == "/dev" or device.startswith(_RAW_DEVICES):
            yield container_of_docker_hit(container, "devices", value, f"has {device}")
    for text, value in container.listed("device_cgroup_rules"):
        if text.split()[:2] == ["a", "*:*"]:
            yield container_of_docker_hit(container, "device_cgroup_rules", value, "allows every device")


@rule(
    "GK408",
    Severity.LOW,
    "Mount that propagates to the host",
    looks_at=DOCKER_CONTAINERS,
    why="What the container mounts below it appears on the host and in other containers (CIS Docker 5.20).",
    mend="Remove the propagation, or write rslave, which goes only from the host to the container.",
    references=("CWE-668",),
    bad=_service("volumes: ['/mnt:/mnt:rshared']"),
    good=_service("volumes: ['/mnt:/mnt:rslave']"),
)
def shared_mount(container: DockerContainer) -> Iterator[Hit]:
    for mount in container.mounts():
        if mount.is_shared:
            yield container_of_docker_hit(container, "volumes", mount.value, f"mounts {mount.source} shared")
