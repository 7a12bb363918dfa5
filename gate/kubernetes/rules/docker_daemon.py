"""Rules on the Docker daemon: what its settings let others do with the host, in a repository or on a running daemon.

The numbers are those of the CIS Docker Benchmark 1.6.0; the keys those of `daemon.json`
(Docker documentation, "dockerd").
"""

from collections.abc import Iterator
from typing import Any

from gate.core.values import Value
from gate.kubernetes.docker.daemon import DockerDaemon, is_loopback
from gate.kubernetes.rule import DOCKER_DAEMONS, rule
from gate.model import Severity
from gate.rules import Hit

_TCP = ("tcp://", "http://", "https://")
_WORLD = 0o006
_WRITABLE_BY_OTHERS = 0o022
_GROUPS = ("docker", "root", "0", "")
"""Groups that may own the socket."""


def _hit(daemon: DockerDaemon, key: str, at: Value, what: str, **further: Any) -> Hit:
    return Hit(
        message=f"{daemon.name}: {key} {what}",
        path=at.path or None,
        line=at.line or None,
        evidence=(daemon.name, key, what),
        **further,
    )


def _missing(daemon: DockerDaemon, key: str, wanted: str) -> Iterator[Hit]:
    """Yield a hit if a setting is not `wanted`: another value, or none where that is the default."""
    found = daemon.value.get(key)
    if found is not None and found.text().lower() != wanted:
        yield _hit(daemon, key, found, f"is not {wanted}")
    elif found is None and daemon.is_whole:
        yield _hit(daemon, key, daemon.value, f"is not {wanted}, which is no default")


@rule(
    "GK420",
    Severity.HIGH,
    "Docker daemon open to the network",
    looks_at=DOCKER_DAEMONS,
    why="Who reaches the port is root of the host: the daemon asks for no password, and TLS without tlsverify lets "
    "everyone in too (CIS Docker 2.7).",
    mend="Remove the tcp:// address and use ssh://, or set tlsverify with tlscacert, tlscert and tlskey.",
    references=("CWE-306",),
    bad='{"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"]}',
    good='{"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"], "tlsverify": true}',
)
def open_daemon(daemon: DockerDaemon) -> Iterator[Hit]:
    for address, value in daemon.listed("hosts"):
        if address.startswith(_TCP) and not daemon.is_true("tlsverify"):
            is_local = is_loopback(address.partition("://")[2])
            severity = Severity.MEDIUM if is_local else Severity.HIGH
            yield _hit(daemon, "hosts", value, f"has {address} without tlsverify", severity=severity)


@rule(
    "GK421",
    Severity.LOW,
    "Docker daemon without user namespaces",
    looks_at=DOCKER_DAEMONS,
    why="Root of a container is root of the host as soon as it leaves the container (CIS Docker 2.9).",
    mend='Set "userns-remap": "default", or run Docker rootless.',
    references=("CWE-250",),
    bad="{}",
    good='{"userns-remap": "default"}',
)
def without_user_namespaces(daemon: DockerDaemon) -> Iterator[Hit]:
    if daemon.is_whole and not daemon.value.text("userns-remap"):
        at = daemon.value.get("userns-remap") or daemon.value
        yield _hit(daemon, "userns-remap", at, "is not set")


@rule(
    "GK422",
    Severity.INFO,
    "Docker daemon without live restore",
    looks_at=DOCKER_DAEMONS,
    why="All containers stop while the daemon is updated, so that its updates are put off (CIS Docker 2.15).",
    mend='Set "live-restore": true; a Swarm does not need it.',
    references=("CWE-1188",),
    bad="{}",
    good='{"live-restore": true}',
)
def without_live_restore(daemon: DockerDaemon) -> Iterator[Hit]:
    if not daemon.is_true("swarm"):
        yield from _missing(daemon, "live-restore", "true")


@rule(
    "GK423",
    Severity.MEDIUM,
    "Containers without logs",
    looks_at=DOCKER_DAEMONS,
    why="After an incident, what containers wrote is gone (CIS Docker 2.13).",
    mend='Set "log-driver" to local, journald, or a driver that sends logs to another host.',
    references=("CWE-778",),
    bad='{"log-driver": "none"}',
    good='{"log-driver": "journald"}',
)
def without_logs(daemon: DockerDaemon) -> Iterator[Hit]:
    found = daemon.value.get("log-driver")
    if found is not None and found.text() == "none":
        yield _hit(daemon, "log-driver", found, "is none")


@rule(
    "GK424",
    Severity.MEDIUM,
    "Registry without verified TLS",
    looks_at=DOCKER_DAEMONS,
    why="Anyone on the way to the registry decides what the host runs, and reads its password (CIS Docker 2.5).",
    mend="Remove the entry; put the registry's certificate into /etc/docker/certs.d/HOST/ca.crt.",
    references=("CWE-295",),
    bad='{"insecure-registries": ["registry.example:5000"]}',
    good='{"insecure-registries": ["127.0.0.1:5000"]}',
)
def insecure_registry(daemon: DockerDaemon) -> Iterator[Hit]:
    for registry, value in daemon.listed("insecure-registries"):
        if not is_loopback(registry):
            yield _hit(daemon, "insecure-registries", value, f"has {registry}")


@rule(
    "GK425",
    Severity.LOW,
    "Containers of the default bridge reach each other",
    looks_at=DOCKER_DAEMONS,
    why="Each container on the default network reaches every port of the others (CIS Docker 2.2).",
    mend='Set "icc": false, and put services that work together on a network of their own.',
    references=("CWE-668",),
    bad="{}",
    good='{"icc": false}',
)
def containers_reach_each_other(daemon: DockerDaemon) -> Iterator[Hit]:
    yield from _missing(daemon, "icc", "false")


@rule(
    "GK426",
    Severity.MEDIUM,
    "Docker daemon without the default seccomp profile",
    looks_at=DOCKER_DAEMONS,
    why="Every container may then make all system calls, those by which containers are left too (CIS Docker 2.17, "
    "5.22).",
    mend="Remove the setting, or name a profile that only adds the calls that are needed.",
    references=("CWE-693",),
    bad='{"seccomp-profile": "unconfined"}',
    good='{"seccomp-profile": "/etc/docker/seccomp.json"}',
)
def without_seccomp(daemon: DockerDaemon) -> Iterator[Hit]:
    found = daemon.value.get("seccomp-profile")
    if found is not None and found.text() == "unconfined":
        yield _hit(daemon, "seccomp-profile", found, "is unconfined")


@rule(
    "GK427",
    Severity.LOW,
    "Experimental features of Docker",
    looks_at=DOCKER_DAEMONS,
    why="Experimental features are tested less and change without notice (CIS Docker 2.18).",
    mend='Remove "experimental": true.',
    references=("CWE-1188",),
    bad='{"experimental": true}',
    good='{"experimental": false}',
)
def experimental(daemon: DockerDaemon) -> Iterator[Hit]:
    if daemon.is_true("experimental"):
        yield _hit(daemon, "experimental", daemon.value.get("experimental") or daemon.value, "is true")


@rule(
    "GK428",
    Severity.INFO,
    "Docker accepts unsigned images",
    looks_at=DOCKER_DAEMONS,
    why="Without content trust nothing proves that an image comes from who it says (CIS Docker 4.5).",
    mend="Set DOCKER_CONTENT_TRUST=1, or pin images by digest and verify their signatures where they are deployed.",
    references=("CWE-347",),
    bad='{"content-trust": {"mode": "permissive"}}',
    good='{"content-trust": {"mode": "enforced"}}',
)
def without_content_trust(daemon: DockerDaemon) -> Iterator[Hit]:
    found = daemon.value.get("content-trust", "mode")
    if found is not None and found.text() != "enforced":
        yield _hit(daemon, "content-trust", found, f"is {found.text()}")


@rule(
    "GK429",
    Severity.LOW,
    "Containers may gain privileges",
    looks_at=DOCKER_DAEMONS,
    why="A setuid program in a container makes root of its user (CIS Docker 2.14).",
    mend='Set "no-new-privileges": true; a container that needs it can say no-new-privileges:false.',
    references=("CWE-250",),
    bad="{}",
    good='{"no-new-privileges": true}',
)
def daemon_lets_gain_privileges(daemon: DockerDaemon) -> Iterator[Hit]:
    yield from _missing(daemon, "no-new-privileges", "true")


@rule(
    "GK430",
    Severity.INFO,
    "Docker's proxy in user space",
    looks_at=DOCKER_DAEMONS,
    why="Each published port has a process of root that passes on packets, where the kernel could do it (CIS Docker "
    "2.16).",
    mend='Set "userland-proxy": false.',
    references=("CWE-1188",),
    bad="{}",
    good='{"userland-proxy": false}',
)
def userland_proxy(daemon: DockerDaemon) -> Iterator[Hit]:
    if not daemon.is_running:  # it does not say
        yield from _missing(daemon, "userland-proxy", "false")


@rule(
    "GK431",
    Severity.MEDIUM,
    "Docker's socket open to every user",
    looks_at=DOCKER_DAEMONS,
    why="Every account and every service of the host, however confined, becomes root by the socket (CIS Docker 3.15, "
    "3.16).",
    mend="Give the socket mode 0660 and the group docker, and put only administrators into that group.",
    references=("CWE-732",),
    bad="[Socket]\nSocketMode=0666\n",
    good="[Socket]\nSocketMode=0660\nSocketGroup=docker\n",
)
def open_socket(daemon: DockerDaemon) -> Iterator[Hit]:
    mode = daemon.value.get("socket-mode")
    if mode is not None and _bits(mode) & _WORLD:
        yield _hit(daemon, "socket mode", mode, f"is {_bits(mode):04o}", severity=Severity.HIGH)
    for key in ("socket-group", "group"):
        group = daemon.value.get(key)
        if group is not None and group.text() not in _GROUPS:
            yield _hit(daemon, "socket group", group, f"is {group.text()}", severity=Severity.LOW)


@rule(
    "GK432",
    Severity.MEDIUM,
    "Settings of the Docker daemon that others may write",
    looks_at=DOCKER_DAEMONS,
    why="Who writes the file starts a program as root with the daemon's next start (CIS Docker 3.2, 3.4, 3.18).",
    mend="Give the file mode 0644 and the owner root.",
    references=("CWE-732",),
    bad="- ansible.builtin.copy: {src: daemon.json, dest: /etc/docker/daemon.json, mode: '0666'}\n",
    good="- ansible.builtin.copy: {src: daemon.json, dest: /etc/docker/daemon.json, mode: '0644'}\n",
)
def writable_settings(daemon: DockerDaemon) -> Iterator[Hit]:
    mode = daemon.value.get("file-mode")
    if mode is not None and _bits(mode) & _WRITABLE_BY_OTHERS:
        yield _hit(daemon, "file mode", mode, f"is {_bits(mode):04o}")


def _bits(mode: Value) -> int:
    """Return the bits of a mode that is written in octal (`0666`, `'666'`); 0 for anything else."""
    try:
        return mode.data if isinstance(mode.data, int) else int(mode.text().removeprefix("0o"), 8)
    except ValueError:
        return 0


@rule(
    "GK433",
    Severity.MEDIUM,
    "Docker host without AppArmor and SELinux",
    looks_at=DOCKER_DAEMONS,
    why="Nothing but namespaces keeps a container's root from the files of the host (CIS Docker 5.2, 5.3).",
    mend="Install AppArmor, or set selinux-enabled on a host with SELinux.",
    references=("CWE-693",),
    bad='{"access-control": "none"}',
    good='{"access-control": "apparmor"}',
)
def without_access_control(daemon: DockerDaemon) -> Iterator[Hit]:
    found = daemon.value.get("access-control")
    if found is not None and found.text() == "none":
        yield _hit(daemon, "security options", found, "name neither AppArmor nor SELinux")


@rule(
    "GK434",
    Severity.LOW,
    "Docker daemon that leaves the firewall alone",
    looks_at=DOCKER_DAEMONS,
    why="Without Docker's own rules containers of different networks reach each other (CIS Docker 2.4).",
    mend='Remove "iptables": false.',
    references=("CWE-668",),
    bad='{"iptables": false}',
    good='{"iptables": true}',
)
def without_firewall_rules(daemon: DockerDaemon) -> Iterator[Hit]:
    if daemon.is_false("iptables"):
        yield _hit(daemon, "iptables", daemon.value.get("iptables") or daemon.value, "is false")
