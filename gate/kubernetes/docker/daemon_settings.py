"""Where a host keeps the settings of its Docker daemon: `daemon.json`, units of systemd, files of options, commands.

Each becomes the keys of `daemon.json` (Docker documentation, "dockerd"; systemd.unit, systemd.socket).
"""

import re
import shlex
from collections.abc import Iterator, Sequence

import msgspec

from gate.core.errors import ConfigError
from gate.core.values import Data, Value
from gate.core.yaml_values import read_values
from gate.kubernetes.docker.daemon import DockerDaemon
from gate.kubernetes.paths import is_daemon_json

DAEMON_JSON = "/etc/docker/daemon.json"
ASKED_KEYS = ("access-control",)
"""Keys of ours for what only a running daemon says."""
TEMPLATE_MARKS = ("{{", "{%", "<%")
_KNOWN_KEYS = frozenset(
    (
        *("hosts", "tls", "tlsverify", "tlscacert", "userns-remap", "live-restore", "log-driver", "log-opts", "icc"),
        *("insecure-registries", "seccomp-profile", "experimental", "no-new-privileges", "userland-proxy", "iptables"),
        *("storage-driver", "data-root", "registry-mirrors", "exec-opts", "bip", "content-trust"),
        *ASKED_KEYS,
    )
)
_ASSIGNED = re.compile(
    r'^[ \t]*(?:Environment=)?["\']?(?:DOCKER_OPTS|OPTIONS|DOCKERD_OPTS)=["\']?(?P<options>[^"\'\n]*)', re.MULTILINE
)
_START = re.compile(r"^[ \t]*ExecStart=(?P<command>(?:[^\n\\]|\\.|\\\n)*)", re.MULTILINE | re.DOTALL)
_MODE = re.compile(r"^[ \t]*SocketMode=(?P<value>[0-7]{3,4})[ \t]*$", re.MULTILINE)
_GROUP = re.compile(r"^[ \t]*SocketGroup=(?P<value>[\w.-]+)[ \t]*$", re.MULTILINE)
_SHORT = {"-H": "hosts", "--host": "hosts", "--insecure-registry": "insecure-registries", "-G": "group"}
_LISTS = ("hosts", "insecure-registries")
_OPENED = re.compile(r"\bchmod\s+(?:-\w+\s+)*(?P<mode>0?[0-7]{3}|[augo]*[+=][rwx]+)\s+(?P<path>\S*docker\.sock)\b")
_FOR_OTHERS = re.compile(r"(?:[ao]\w*|)[+=]\w*w")


class TextPlace(msgspec.Struct, frozen=True):
    """Where a text of the host stands in a file of the repository."""

    file: str
    line: int = 1
    """Of its beginning."""
    has_lines: bool = True
    """False if the whole text stands on that line, as a string with `\\n` does."""

    def at(self, text: str, offset: int) -> int:
        """Return the line of a place in the text."""
        return self.line + (text.count("\n", 0, offset) if self.has_lines else 0)


def daemons_of_file(path: str, text: str, place: TextPlace) -> Iterator[DockerDaemon]:
    """Yield what a file of the host states, with the text that stands at `place`.

    Raises ConfigError for a `daemon.json` that cannot be parsed.
    """
    if is_daemon_json(path):
        yield from _of_json(text if place.has_lines else text.replace("\n", " "), place)
    elif path.endswith(".socket") or "docker.socket.d/" in path:
        yield from _of_socket(text, place)
    else:
        yield from daemons_of_commands(text, place)


def _of_json(text: str, place: TextPlace) -> Iterator[DockerDaemon]:
    if _is_template(text):
        raise ConfigError("cannot be parsed: it is a template", path=place.file)
    documents = read_values("\n" * (place.line - 1) + (text if text.strip() else "{}"), place.file)
    if len(documents) == 1:
        yield from daemon_of_value(documents[0])


def _is_template(text: str) -> bool:
    """True for what is no JSON before its expressions are filled in; a log's tag may be one (`{{.Name}}`)."""
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return any(mark in text for mark in TEMPLATE_MARKS)
    return False


def daemon_of_value(value: Value) -> Iterator[DockerDaemon]:
    """Yield the daemon of a whole `daemon.json`; nothing for a mapping with none of its keys."""
    if isinstance(value.data, dict) and (not value.data or _KNOWN_KEYS & value.data.keys()):
        yield DockerDaemon(DAEMON_JSON, value, is_whole=True)


def _of_socket(text: str, place: TextPlace) -> Iterator[DockerDaemon]:
    found: dict[str, Value] = {}
    for key, pattern in (("socket-mode", _MODE), ("socket-group", _GROUP)):
        stated = pattern.search(text)
        if stated:
            found[key] = Value(stated["value"], place.file, place.at(text, stated.start("value")))
    if found:
        yield DockerDaemon("docker.socket", Value(found, place.file, place.line))


def daemons_of_commands(text: str, place: TextPlace) -> Iterator[DockerDaemon]:
    """Yield what commands of a shell, units and files of options state: options of dockerd, the socket's mode."""
    for pattern in (_START, _ASSIGNED):
        for found in pattern.finditer(text):
            yield from _of_options(found[1], place.file, place.at(text, found.start()))
    for found in _OPENED.finditer(text):
        mode = found["mode"]
        if mode[-1].isdigit() or _FOR_OTHERS.fullmatch(mode):
            at = place.at(text, found.start())
            octal = mode if mode[-1].isdigit() else "0666"
            yield DockerDaemon("docker.sock", Value({"socket-mode": Value(octal, place.file, at)}, place.file, at))


def _of_options(command: str, file: str, line: int) -> Iterator[DockerDaemon]:
    try:
        words = shlex.split(command.replace("\\\n", " "), comments=True)
    except ValueError:  # a quote without its end
        words = command.split()
    if words and "/" in words[0] and not words[0].endswith("dockerd"):
        return
    found = _settings(words, file, line)
    if found:
        yield DockerDaemon("dockerd", Value(found, file, line))


def _settings(words: Sequence[str], file: str, line: int) -> dict[str, Value]:
    """Return the options of dockerd as keys of `daemon.json`."""
    found: dict[str, Value] = {}
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        key = _SHORT.get(name, name.removeprefix("--"))
        if not name.startswith("--") and name not in _SHORT:
            continue
        following = words[place + 1] if place + 1 < len(words) else ""
        if not equals:
            value = "true" if following.startswith("-") or not following else following
        made: Data = [*_known(found, key), Value(value, file, line)] if key in _LISTS else value
        found[key] = Value(made, file, line)
    return found


def _known(found: dict[str, Value], key: str) -> list[Value]:
    return list(found[key].elements()) if key in found else []
