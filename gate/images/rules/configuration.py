"""Rules on how a container of the image starts."""

import re
from collections.abc import Iterator

from gate.images.reference import split_tag
from gate.images.rules.base import SHOWN, Hit, Subject, rule
from gate.model import Severity

_ROOT = frozenset({"", "0", "root"})


@rule(
    "GI001",
    Severity.MEDIUM,
    "Container runs as root",
    why="Anyone who breaks into the process is root in the container, one kernel or mount flaw away from the host.",
    mend="End the Dockerfile with USER and a numeric id that is not 0.",
    references=("CWE-250", "CIS-DI-0001", "CIS Docker 4.1"),
    bad='{"runtime": {"User": "root"}}',
    good='{"runtime": {"User": "10001"}}',
)
def runs_as_root(image: Subject) -> Iterator[Hit]:
    user = image.runtime.user or ""
    if user.partition(":")[0].strip() in _ROOT:
        yield Hit(message=f"The user is {user!r}" if user else "No user is set, so it is root")


@rule(
    "GI004",
    Severity.LOW,
    "Image has no fixed version",
    why="`latest` can be a different image tomorrow: no one can tell what is running, or roll back to it.",
    mend="Tag the image with its version, and deploy it by that tag or by digest.",
    references=("CIS-DI-0007",),
    bad='{"names": ["shop/api:latest"]}',
    good='{"names": ["shop/api:1.4"]}',
)
def has_no_fixed_version(image: Subject) -> Iterator[Hit]:
    if any(map(_is_floating, image.names)):
        yield Hit(message="It is named without a tag, or with the tag latest")


def _is_floating(name: str) -> bool:
    return "@" not in name and not name.startswith("sha256:") and split_tag(name)[1] in (None, "latest")


@rule(
    "GI005",
    Severity.LOW,
    "Service without health check",
    why="A container that hangs still counts as running, so nothing replaces it.",
    mend="Add HEALTHCHECK to the Dockerfile. Kubernetes ignores HEALTHCHECK: use probes there, and waive this finding.",
    references=("CIS-DI-0006", "CIS Docker 4.6"),
    bad='{"runtime": {"ExposedPorts": {"80/tcp": {}}}}',
    good='{"runtime": {"ExposedPorts": {"80/tcp": {}}, "Healthcheck": {"Test": ["CMD", "/bin/check"]}}}',
)
def has_no_health_check(image: Subject) -> Iterator[Hit]:
    ports = sorted(image.runtime.exposed_ports or ())
    check = image.runtime.healthcheck
    if ports and (check is None or check.is_off):
        yield Hit(message=f"It exposes {', '.join(ports[:SHOWN])} and has no HEALTHCHECK")


@rule(
    "GI008",
    Severity.MEDIUM,
    "Remote login port exposed",
    why="SSH or Telnet in a container is a second way in that no one patches, logs or manages keys for.",
    mend="Remove the server and EXPOSE; use docker exec or kubectl exec.",
    references=("CWE-284",),
    bad='{"runtime": {"ExposedPorts": {"22/tcp": {}}}}',
    good='{"runtime": {"ExposedPorts": {"8022/tcp": {}}}}',
)
def exposes_remote_login(image: Subject) -> Iterator[Hit]:
    for port in sorted(image.runtime.exposed_ports or ()):
        if port in ("22", "22/tcp", "23", "23/tcp"):
            yield Hit(message=f"It exposes {port}", evidence=(port,))


_ADMINISTRATION = {
    "512": "rexec",
    "513": "rlogin",
    "514": "rsh",
    "2375": "Docker Engine without TLS",
    "2376": "Docker Engine",
    "2379": "etcd",
    "3389": "Remote Desktop",
    "5900": "VNC",
    "10250": "kubelet",
}
"""By port, the service that anyone who reaches it can take over."""


@rule(
    "GI009",
    Severity.MEDIUM,
    "Administration port exposed",
    why="Anyone who reaches such a port can run programs on the host, on all nodes or on the desktop.",
    mend="Remove the server and EXPOSE; reach it over a socket, or over TLS with client certificates.",
    references=("CWE-284",),
    bad='{"runtime": {"ExposedPorts": {"2375/tcp": {}}}}',
    good='{"runtime": {"ExposedPorts": {"8080/tcp": {}}}}',
)
def exposes_administration(image: Subject) -> Iterator[Hit]:
    for port in sorted(image.runtime.exposed_ports or ()):
        number, _, protocol = port.partition("/")
        if number in _ADMINISTRATION and protocol in ("", "tcp"):
            yield Hit(message=f"It exposes {port}: {_ADMINISTRATION[number]}", evidence=(port,))


_SENSITIVE = re.compile(
    r"/(?:(?:bin|boot|dev|etc|lib\d*|proc|root|sbin|sys|usr|var/lib/docker|var/run|run)"
    r"|(?:var/)?run/(?:docker|podman/podman|containerd/containerd)\.sock)?/*"
)


@rule(
    "GI010",
    Severity.MEDIUM,
    "Volume over a system folder",
    why="A volume there hides the image's files from updates and scans, or exposes the host's files to the container.",
    mend="Put the volume on a folder that belongs to the application.",
    references=("CWE-732", "DKL-DI-0002"),
    bad='{"runtime": {"Volumes": {"/var/run/docker.sock": {}}}}',
    good='{"runtime": {"Volumes": {"/var/lib/postgresql/data": {}}}}',
)
def has_sensitive_volume(image: Subject) -> Iterator[Hit]:
    for path in sorted(image.runtime.volumes or ()):
        if _SENSITIVE.fullmatch(path):
            yield Hit(message=f"It has a volume at {path[:200]}", evidence=(path,))
