"""Rules on the ports that services of Compose and Swarm, and containers of a daemon, open on the host.

Docker opens them past the host's own firewall rules (Docker documentation, "Packet filtering and firewalls").
"""

from collections.abc import Iterator

from gate.core.word_lists import word_lists, word_table
from gate.kubernetes.docker.containers import DockerContainer, PublishedPort
from gate.kubernetes.docker.hits import container_of_docker_hit
from gate.kubernetes.rule import DOCKER_CONTAINERS, rule
from gate.model import Severity
from gate.rules import Hit

_WORDS = word_lists(__file__)
_SENSITIVE = word_table(_WORDS["ports"])
"""Port and what listens there by convention."""
_ADMINISTRATION = frozenset(_WORDS["administration"])
_DOCKER = ("2375",)


def _service(image: str, port: str) -> str:
    return f"services:\n  web:\n    image: {image}\n    ports: ['{port}']\n"


@rule(
    "GK413",
    Severity.MEDIUM,
    "Database or administration open on every address of the host",
    looks_at=DOCKER_CONTAINERS,
    why="Docker opens the port past the host's firewall: who reaches the host reaches the database, whose password is "
    "then all that is left (CIS Docker 5.14).",
    mend="Remove the port, as services of one network reach each other without it, or bind it to 127.0.0.1.",
    references=("CWE-668",),
    bad=_service("postgres:17", "5432:5432"),
    good=_service("postgres:17", "127.0.0.1:5432:5432"),
)
def open_database(container: DockerContainer) -> Iterator[Hit]:
    for port in container.ports():
        kind = _sensitive(container, port)
        if port.is_open and kind:
            severity = Severity.HIGH if port.container in _DOCKER else Severity.MEDIUM
            yield container_of_docker_hit(container, "ports", port.value, _said(port, kind), severity=severity)


@rule(
    "GK414",
    Severity.INFO,
    "Port open on every address of the host",
    looks_at=DOCKER_CONTAINERS,
    why="Docker opens the port past the host's firewall, on each of its networks (CIS Docker 5.14).",
    mend="If a proxy on the host is all that asks it, bind it to 127.0.0.1.",
    references=("CWE-668",),
    bad=_service("shop/web:1", "8080:80"),
    good=_service("shop/web:1", "127.0.0.1:8080:80"),
)
def open_port(container: DockerContainer) -> Iterator[Hit]:
    for port in container.ports():
        if port.is_open and not _sensitive(container, port):
            yield container_of_docker_hit(container, "ports", port.value, _said(port, "the service"))


def _sensitive(container: DockerContainer, port: PublishedPort) -> str:
    """Return what listens on the port that only few should reach; empty for anything else."""
    if container.program in _ADMINISTRATION:
        return container.program
    return _SENSITIVE.get(port.container, "")


def _said(port: PublishedPort, kind: str) -> str:
    host = port.host.strip("?") or "a port"
    return f"opens {host} on every address of the host, for {kind} at {port.container}"
