"""Which files of a repository state something of Docker outside of Kubernetes, and what each states."""

import re
from collections.abc import Iterator

from gate.core.errors import ConfigError, as_stage_error
from gate.core.source_text import as_utf8, decode
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.kubernetes.docker.compose import read_compose_services
from gate.kubernetes.docker.daemon import DockerDaemon
from gate.kubernetes.docker.daemon_settings import (
    TEMPLATE_MARKS,
    TextPlace,
    daemon_of_value,
    daemons_of_commands,
    daemons_of_file,
)
from gate.kubernetes.docker.host_file import HostFile
from gate.kubernetes.docker.infrastructure import HostText, Infrastructure, infrastructure_of
from gate.kubernetes.paths import is_settings_path, is_structured
from gate.trees import FileTree

_OF_HOSTS = (".bu", ".ign", ".cfg", "user-data", "cloud-config", "user_data")
"""Ends of what sets up hosts, besides YAML and JSON: Butane, Ignition, cloud-init."""
MAX_SIZE = 2 << 20
"""Bytes of a file that sets up hosts; a larger one is none."""
_WORDS = re.compile(
    rb"docker_(?:container|daemon|config)|daemon\.json|docker\.s(?:ock|ervice)|/(?:default|sysconfig)/docker"
)
"""What every file that sets up a Docker host holds; others are not parsed."""


def read_host_file(tree: FileTree, path: str) -> HostFile | None:
    """Return what a file states; None if it is of no such kind. Raises GateError if it cannot be read."""
    if is_settings_path(path):
        return _settings_file(tree, path)
    found = read_compose_services(tree, path) if is_structured(path) else None
    is_of_host = is_structured(path) or path.endswith(_OF_HOSTS)
    return found or (_infrastructure_file(tree, path) if is_of_host else None)


def _settings_file(tree: FileTree, path: str) -> HostFile | None:
    text = decode(tree.read(path, MAX_SIZE)).text
    is_template = any(mark in text for mark in TEMPLATE_MARKS)
    try:
        daemons = tuple(daemons_of_file(path, text, TextPlace(path)))
    except ConfigError as error:
        if "docker" not in path and "docker" not in text:  # the settings of another daemon
            return None
        if is_template:
            return HostFile(path, text, is_template=True)
        return HostFile(path, text, errors=(as_stage_error(error, path),))
    return HostFile(path, text, daemons=daemons) if daemons else None


def _infrastructure_file(tree: FileTree, path: str) -> HostFile | None:
    content = as_utf8(tree.read(path))
    if len(content) > MAX_SIZE or not _WORDS.search(content):
        return None
    text = decode(content).text
    try:
        documents = read_values(text, path)
    except ConfigError:  # whatever it is, it sets up nothing as it stands
        return None
    found = infrastructure_of(documents[0], text) if len(documents) == 1 else None
    if found is None:
        return None
    daemons = tuple(_daemons(found, path))
    return HostFile(path, text, found.containers, daemons=daemons) if found.containers or daemons else None


def _daemons(found: Infrastructure, path: str) -> Iterator[DockerDaemon]:
    for value in found.daemon_options:
        yield from daemon_of_value(value)
    for written in found.texts:
        yield from _of_mode(written)
        try:
            yield from _of_text(written, path)
        except ConfigError:  # a part that a template fills in
            continue


def _of_text(written: HostText, path: str) -> Iterator[DockerDaemon]:
    place = TextPlace(path, written.line, written.has_lines)
    if not written.path:
        yield from daemons_of_commands(written.text, place)
    elif written.text and is_settings_path(written.path):
        yield from daemons_of_file(written.path, written.text, place)


def _of_mode(written: HostText) -> Iterator[DockerDaemon]:
    mode = written.mode
    if mode is None:
        return
    if written.path.endswith("docker.sock"):
        yield DockerDaemon("docker.sock", Value({"socket-mode": mode}, mode.path, mode.line))
    elif is_settings_path(written.path):
        yield DockerDaemon(written.path, Value({"file-mode": mode}, mode.path, mode.line))
