"""Rules on how a container of the image starts."""

from collections.abc import Iterator

from gate.images.reference import split_tag
from gate.images.rules.base import Hit, Subject, rule
from gate.model import Severity

_ROOT = frozenset({"", "0", "root"})
_SHOWN = 10
"""Files that a message lists at most."""


@rule(
    "GI001",
    Severity.MEDIUM,
    "Container runs as root",
    why="Whoever breaks into the process is root in the container, one kernel or mount mistake away from the host.",
    mend="End the Dockerfile with USER and a numeric id that is not 0.",
    references=("CWE-250", "CIS-DI-0001"),
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
    why="`latest` means another image tomorrow: nobody can say what runs, or go back to it.",
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
    mend="Add HEALTHCHECK to the Dockerfile. Kubernetes ignores it: use probes there, and waive this.",
    references=("CIS-DI-0006",),
    bad='{"runtime": {"ExposedPorts": {"80/tcp": {}}}}',
    good='{"runtime": {"ExposedPorts": {"80/tcp": {}}, "Healthcheck": {"Test": ["CMD", "/bin/check"]}}}',
)
def has_no_health_check(image: Subject) -> Iterator[Hit]:
    ports = sorted(image.runtime.exposed_ports or ())
    check = image.runtime.healthcheck
    if ports and (check is None or check.is_off):
        yield Hit(message=f"It exposes {', '.join(ports[:_SHOWN])} and has no HEALTHCHECK")


@rule(
    "GI007",
    Severity.INFO,
    "Files that run with more rights",
    why="A setuid or setgid program gives whoever starts it the rights of its owner: a step up after a break-in.",
    mend="Remove what is not needed, or its bit: RUN chmod a-s FILE. Run with no-new-privileges.",
    references=("CWE-250", "CIS-DI-0008"),
    bad='{"privileged_files": ["usr/bin/su"]}',
    good='{"privileged_files": []}',
)
def has_privileged_files(image: Subject) -> Iterator[Hit]:
    files = image.privileged_files
    if files:
        more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
        yield Hit(message=f"{len(files)} setuid or setgid files: {', '.join(files[:_SHOWN])}{more}")


@rule(
    "GI008",
    Severity.MEDIUM,
    "Remote login port exposed",
    why="SSH or Telnet in a container is a second way in that nobody patches, logs or gives keys to.",
    mend="Remove the server and EXPOSE; use docker exec or kubectl exec.",
    references=("CWE-284",),
    bad='{"runtime": {"ExposedPorts": {"22/tcp": {}}}}',
    good='{"runtime": {"ExposedPorts": {"8022/tcp": {}}}}',
)
def exposes_remote_login(image: Subject) -> Iterator[Hit]:
    for port in sorted(image.runtime.exposed_ports or ()):
        if port in ("22", "22/tcp", "23", "23/tcp"):
            yield Hit(message=f"It exposes {port}", evidence=(port,))


RULES = (runs_as_root, has_no_fixed_version, has_no_health_check, has_privileged_files, exposes_remote_login)
