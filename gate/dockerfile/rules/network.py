"""What the build and the container open: ports, networks, sockets, volumes, debuggers."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import has_flags, instructions, rule, writes_texts
from gate.dockerfile.step import Step
from gate.dockerfile.syntax import Flag
from gate.dockerfile.text import Word
from gate.dockerfile.written import written
from gate.model import Severity

_REMOTE_LOGIN: Mapping[int, str] = {
    22: "SSH",
    23: "Telnet",
    512: "rexec",
    513: "rlogin",
    514: "rsh",
    3389: "RDP",
    5900: "VNC",
    5901: "VNC",
    5985: "WinRM",
    5986: "WinRM",
}
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
    why="A login service in a container is one more way in, with its own credentials that no one rotates.",
    mend="Remove the service and its EXPOSE; use `docker exec` or `kubectl exec` instead.",
    references=("CWE-284",),
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
    why="Anyone who reaches this port can start containers as root on the daemon's host.",
    mend="Use port 2376 with client certificates, or do not run a Docker daemon in the container.",
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
    why="Ports range from 0 to 65535; with any other number the build or the start of the container fails.",
    mend="Name a port from 0 to 65535.",
    bad="EXPOSE 80000",
    good="EXPOSE 8080",
)
def port_out_of_range(step: Step) -> Iterator[Hit]:
    for word, first, last in _ports(step):
        if max(first, last) > 65535:
            yield step.hit(f"{max(first, last)} is not a port", word)


_MANAGEMENT: Mapping[int, str] = {
    2376: "Docker's API",
    2377: "Docker Swarm's management",
    2379: "etcd",
    2380: "etcd",
    5005: "Java's debugger",
    5858: "Node.js's debugger",
    5678: "Python's debugger",
    6443: "Kubernetes' API",
    9229: "Node.js's debugger",
    10250: "the kubelet's API",
}


@rule(
    "GD057",
    Severity.MEDIUM,
    "Port for debugging or management",
    looks_at=instructions("EXPOSE"),
    why="Anyone who reaches a debugger or a management API can run code with the rights of the process or the cluster.",
    mend="Remove the EXPOSE; use docker exec or kubectl port-forward when you need the port.",
    references=("CWE-489", "CWE-284"),
    bad="EXPOSE 9229",
    good="EXPOSE 8080",
)
def management_port(step: Step) -> Iterator[Hit]:
    for word, first, last in _ports(step):
        for port, service in _MANAGEMENT.items():
            if first <= port <= last:
                yield step.hit(f"port {port} is for {service}", word)


@rule(
    "GD054",
    Severity.MEDIUM,
    "Build step in the host's network",
    looks_at=instructions("RUN", where=has_flags),
    why="What the step downloads and runs can reach every service that listens only on the build host.",
    mend="Remove --network=host; pass what the step needs as a file or through a named build context.",
    references=("CWE-668",),
    bad="RUN --network=host npm test",
    good="RUN --network=none npm test",
)
def host_network(step: Step) -> Iterator[Hit]:
    flag = step.instruction.flag("network")
    if flag is not None and step.expand(flag.value or "") == "host":
        yield step.hit("--network=host gives the step the build host's network", flag)


_SOCKET = re.compile(r"(?:docker|containerd|podman|crio|buildkitd)\.sock\b")
_NEEDS_MOUNT = frozenset({"ENV", "VOLUME"})
_NOT_THERE = "the socket is there only if anyone who starts the container mounts it"
_OPEN_API = re.compile(r"tcp://[^\s\"']{0,200}:2375\b")


@rule(
    "GD055",
    Severity.HIGH,
    "Container engine's socket",
    looks_at=instructions("CMD", "ENTRYPOINT", "ENV", "RUN", "VOLUME"),
    why="Anyone who can write to the socket, or reaches the API without TLS, is root on the host.",
    mend=(
        "Do not use the container engine inside the container; to build images, use rootless BuildKit, kaniko or "
        "buildah."
    ),
    references=("CWE-250", "CWE-306"),
    bad="VOLUME /var/run/docker.sock",
    good="VOLUME /var/lib/app",
)
def engine_socket(step: Step) -> Iterator[Hit]:
    for word, text in _socket_words(step):
        found = _SOCKET.search(text) or _OPEN_API.search(text)
        if found:
            low_worth = _NOT_THERE if step.name in _NEEDS_MOUNT and _SOCKET.search(text) else ""
            message = f"{found[0]} makes the container root on the host"
            yield step.hit(message, word, evidence=found[0], low_worth=low_worth)
            return


def _socket_words(step: Step) -> Iterator[tuple[Word | Flag, str]]:
    """Yield what may open the engine: volumes, mounts, DOCKER_HOST, and the arguments of a daemon."""
    if step.name == "VOLUME":
        yield from ((word, value or "") for word, value in zip(step.instruction.arguments, step.values, strict=True))
    elif step.name == "ENV":
        yield from ((word, value or "") for name, value, word in step.assignments() if name == "DOCKER_HOST")
    elif step.name == "RUN":
        yield from ((flag, flag.value or "") for flag in step.instruction.flags if flag.name == "mount")
    for command in step.commands if step.name in ("CMD", "ENTRYPOINT") else ():
        if command.program in ("dockerd", "podman", "docker"):
            yield step.instruction.arguments[0], " ".join(command.arguments)


_SYSTEM_FOLDERS = frozenset(
    {
        *("/", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr"),
        *("/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/sbin", "/var/lib/docker", "/var/run", "/root/.ssh"),
        *("/etc/ssl", "/etc/ssh", "/etc/passwd", "/etc/shadow", "/root/.aws", "/root/.docker", "/root/.kube"),
    }
)


@rule(
    "GD056",
    Severity.MEDIUM,
    "Volume over a system folder",
    looks_at=instructions("VOLUME"),
    why="The image no longer controls these files: they outlive updates, and other containers can mount the volume.",
    mend="Keep data in a separate folder: VOLUME /var/lib/app.",
    references=("CWE-668",),
    bad="VOLUME /etc",
    good="VOLUME /var/lib/app",
)
def volume_over_system(step: Step) -> Iterator[Hit]:
    for word, value in zip(step.instruction.arguments, step.values, strict=True):
        folder = posixpath.normpath(value) if value else ""
        if folder in _SYSTEM_FOLDERS or folder.startswith(("/proc/", "/sys/", "/dev/")):
            yield step.hit(f"{value} is a system folder", word)


_DEBUGGERS: tuple["re.Pattern[str]", ...] = (
    re.compile(r"--(?:inspect|inspect-brk|debug)=(?:0\.0\.0\.0|\*|\[?::\]?)"),
    re.compile(r"-(?:agentlib:|Xrun)jdwp\S{0,200}address=(?:\*|0\.0\.0\.0)"),
    re.compile(r"--listen[= ](?:0\.0\.0\.0:)?5678\b"),
    re.compile(r"--(?:Notebook|Server|Identity)\w{0,20}\.(?:token|password)=(?:''|\"\"|(?=\s|$))"),
    re.compile(r"\bflask\b[^\n]{0,200}\s--debug\b"),
    re.compile(r"\bdlv\b[^\n]{0,200}--listen=(?:0\.0\.0\.0)?:"),
)
_DEBUG_VARIABLES: Mapping[str, frozenset[str]] = {
    "FLASK_DEBUG": frozenset({"1", "true"}),
    "FLASK_ENV": frozenset({"development"}),
    "DJANGO_DEBUG": frozenset({"1", "true"}),
    "APP_DEBUG": frozenset({"1", "true"}),
}
_OPTION_VARIABLES = frozenset({"JAVA_TOOL_OPTIONS", "JAVA_OPTS", "JDK_JAVA_OPTIONS", "CATALINA_OPTS", "NODE_OPTIONS"})
_MAX_COMMAND = 16 << 10
"""Characters of a command that are looked at; a longer one is a script."""


@rule(
    "GD058",
    Severity.MEDIUM,
    "Debugger open to the network",
    looks_at=instructions("CMD", "ENTRYPOINT", "ENV"),
    why="A debugger runs any code that it is sent, with the rights of the program; debug mode exposes its memory.",
    mend="Remove it from the image that ships: use a separate build stage for development.",
    references=("CWE-489", "CWE-215"),
    bad='CMD ["node", "--inspect=0.0.0.0:9229", "server.js"]',
    good='CMD ["node", "server.js"]',
    stays_in_image=True,
)
def open_debugger(step: Step) -> Iterator[Hit]:
    for name, value, word in step.assignments():
        if (value or "").lower() in _DEBUG_VARIABLES.get(name.upper(), ()) or (
            name in _OPTION_VARIABLES and _opens_debugger(value or "")
        ):
            yield step.hit(f"{name} switches debugging on", word)
    for command in step.commands:
        if _opens_debugger(" ".join(word.text for word in command.words)):
            yield command.hit(f"{command.program} listens for a debugger")
            return


def _opens_debugger(text: str) -> bool:
    return any(pattern.search(text[:_MAX_COMMAND]) for pattern in _DEBUGGERS)


_LETS_ROOT_IN = re.compile(r"\bPermitRootLogin[ \t]{1,20}yes\b|\bPermitEmptyPasswords[ \t]{1,20}yes\b", re.IGNORECASE)


@rule(
    "GD059",
    Severity.MEDIUM,
    "SSH server allows root logins",
    looks_at=instructions("COPY", "RUN", where=writes_texts),
    why="Anyone who guesses or finds one password becomes root in the container over the network.",
    mend="Remove the SSH server; use `docker exec` or `kubectl exec` instead.",
    references=("CWE-250", "CWE-284"),
    bad="RUN echo 'PermitRootLogin yes' >> /etc/ssh/sshd_config",
    good="RUN echo 'PermitRootLogin no' >> /etc/ssh/sshd_config",
    stays_in_image=True,
)
def root_login(step: Step) -> Iterator[Hit]:
    for text in written(step):
        found = _LETS_ROOT_IN.search(text.content)
        if found:
            yield text.hit(f"“{found[0]}” lets anyone who knows a password log in")


@rule(
    "GD062",
    Severity.LOW,
    "Build step with access to a host device",
    looks_at=instructions("RUN", where=has_flags),
    why="What the step downloads and runs can access the host's hardware.",
    mend="Remove --device; do what needs it on a separate machine.",
    references=("CWE-250",),
    bad="RUN --device=vendor.example/gpu=all make test",
    good="RUN make test",
)
def device_of_host(step: Step) -> Iterator[Hit]:
    flag = step.instruction.flag("device")
    if flag is not None:
        yield step.hit(f"{flag} gives the step a device of the build host", flag)
