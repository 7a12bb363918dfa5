"""Ports that should not be open."""

from collections.abc import Iterator, Mapping

from gate.dockerfile.build import Step
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, rule
from gate.dockerfile.text import Word
from gate.model import Severity

_REMOTE_LOGIN: Mapping[int, str] = {22: "SSH", 23: "Telnet", 512: "rexec", 513: "rlogin", 514: "rsh", 3389: "RDP"}
_DOCKER_API = 2375


def _ports(step: Step) -> Iterator[tuple[Word, int, int]]:
    """Yield each argument with the first and last port that it opens."""
    for word, value in zip(step.instruction.arguments, step.values, strict=True):
        first, _, last = (value or "").partition("/")[0].partition("-")
        if first.isascii() and first.isdigit() and len(first) < 6:
            yield word, int(first), int(last) if last.isascii() and last.isdigit() and len(last) < 6 else int(first)


@rule(
    "GD009",
    Severity.MEDIUM,
    "Port for remote logins",
    looks_at=instructions("EXPOSE"),
    why="A login service in a container is one more way in, with credentials of its own that nobody rotates.",
    mend="Remove the service and its EXPOSE; `docker exec` or `kubectl exec` get you in.",
    references=("CWE-284", "CIS-DI-0008"),
    bad="EXPOSE 22",
    good="EXPOSE 8080",
)
def remote_login_port(step: Step) -> Iterator[Hit]:
    for word, first, last in _ports(step):
        for port, service in _REMOTE_LOGIN.items():
            if first <= port <= last:
                yield step.hit(f"port {port} is for {service}", word)


@rule(
    "GD010",
    Severity.HIGH,
    "Docker's API without TLS",
    looks_at=instructions("EXPOSE"),
    why="Whoever reaches this port starts containers as root on the host that runs the daemon.",
    mend="Use port 2376 with client certificates, or no Docker daemon in the container at all.",
    references=("CWE-306",),
    bad="EXPOSE 2375",
    good="EXPOSE 2376",
)
def docker_api_port(step: Step) -> Iterator[Hit]:
    for word, first, last in _ports(step):
        if first <= _DOCKER_API <= last:
            yield step.hit(f"port {_DOCKER_API} is Docker's API without TLS", word)


@rule(
    "DL3011",
    Severity.LOW,
    "Port out of range",
    looks_at=instructions("EXPOSE"),
    why="There are ports from 0 to 65535; the build, or the start of the container, fails with others.",
    mend="Name a port from 0 to 65535.",
    bad="EXPOSE 80000",
    good="EXPOSE 8080",
)
def port_out_of_range(step: Step) -> Iterator[Hit]:
    for word, first, last in _ports(step):
        if max(first, last) > 65535:
            yield step.hit(f"{max(first, last)} is no port", word)
