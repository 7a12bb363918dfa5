"""Compose files (the Compose Specification, also of a Swarm): the containers that their services start.

A file is one by what it holds: `services` at the top, with an image or a build in one of them. What a service extends
is resolved within the tree; a service that states neither image nor build completes one of the main file in its folder.
"""

import re
from collections.abc import Iterator, Mapping
from functools import reduce

import msgspec

from gate.core.compose_names import COMPOSE
from gate.core.errors import ConfigError, GateError, as_stage_error
from gate.core.source_text import text_of
from gate.core.values import Data, Value
from gate.core.yaml_values import read_values
from gate.kubernetes.docker.containers import DockerContainer
from gate.kubernetes.docker.host_file import HostFile
from gate.kubernetes.first_look import MAX_COMPOSE, may_be_compose
from gate.trees import EntryKind, FileTree, join, resolve

MAX_EXTENDED = 20
"""Services that extend one another."""
MAX_SERVICES = 1_000
"""Services of one file that are looked at."""
_MAIN = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_STARTS = ("image", "build")
_CONCATENATED = frozenset(
    {
        "cap_add",
        "cap_drop",
        "devices",
        "device_cgroup_rules",
        "ports",
        "security_opt",
        "volumes",
        "env_file",
        "profiles",
    }
)
"""Lists that a service adds to those of the one that it extends; other lists replace them."""


def _is_named(path: str) -> bool:
    return COMPOSE.fullmatch(path.rpartition("/")[2]) is not None


def read_compose_services(tree: FileTree, path: str) -> HostFile | None:
    """Return the services of a file; None if it is no Compose file. Raises GateError if it cannot be read."""
    content = tree.read(path)
    if not may_be_compose(content):
        return None
    text = text_of(content, path)
    try:
        document = _document(text, path)
    except ConfigError as error:
        if _TEMPLATE.search(text):
            return HostFile(path, text, is_template=True)
        if not _is_named(path):
            return None
        return HostFile(path, text, errors=(as_stage_error(error, path),))
    services = _services(document)
    if not services or not (_is_named(path) or any(map(_is_started, services.values()))):
        return None
    reader = _Reader(tree, path, services)
    containers = tuple(reader.container(name, document) for name in list(services)[:MAX_SERVICES])
    return HostFile(path, text, containers)


def _document(text: str, path: str) -> Value:
    """Return what a Compose file says: each document is laid over those before it. Raises ConfigError, LimitError."""
    return reduce(merged, read_values(text, path, is_yaml_1_1=True) or [Value({}, path, 1)])


def _services(document: Value) -> Mapping[str, Value]:
    found = document.get("services")
    return {name: one for name, one in found.items() if isinstance(one.data, dict)} if found else {}


def _is_started(service: Value) -> bool:
    return any(service.get(key) is not None for key in _STARTS)


def _folders(document: Value) -> dict[str, str]:
    """Return the named volumes that are folders of the host."""
    volumes = document.get("volumes")
    found = {name: one.text("driver_opts", "device") for name, one in volumes.items()} if volumes else {}
    return {name: device for name, device in found.items() if device.startswith("/")}


def _outside_networks(document: Value) -> frozenset[str]:
    networks = document.get("networks")
    return frozenset(name for name, one in networks.items() if _is_external(one)) if networks else frozenset()


def _is_external(network: Value) -> bool:
    external = network.get("external")
    return external is not None and external.data is not False


class _Reader:
    """Completes the services of one file by what they extend."""

    def __init__(self, tree: FileTree, path: str, services: Mapping[str, Value]) -> None:
        self._tree = tree
        self._files: dict[str, Mapping[str, Value]] = {path: services}
        self._path = path

    def container(self, name: str, document: Value) -> DockerContainer:
        written = self._files[self._path][name]
        value = self._completed(self._path, name, 0) or written
        is_whole = _is_started(value)
        return DockerContainer(
            "service",
            name,
            value if is_whole else self._over_main_file(name, value),
            is_whole,
            _folders(document),
            _outside_networks(document),
        )

    def _over_main_file(self, name: str, value: Value) -> Value:
        """Return a service over that of the main file in the same folder."""
        folder = self._path.rpartition("/")[0]
        for main in filter(None, (join(folder, one) for one in _MAIN)):
            if main != self._path and name in self._services_of(main):
                below = self._completed(main, name, 0)
                return merged(below, value) if below else value
        return value

    def _services_of(self, path: str) -> Mapping[str, Value]:
        if path not in self._files:
            entry = resolve(self._tree, path)
            self._files[path] = {}
            if entry is not None and entry.kind is EntryKind.FILE:
                try:
                    content = self._tree.read(entry.path, MAX_COMPOSE)
                    self._files[path] = _services(_document(text_of(content, entry.path), entry.path))
                except GateError:  # read as a file of its own, it is an error there
                    pass
        return self._files[path]

    def _completed(self, path: str, name: str, depth: int) -> Value | None:
        """Return a service with what it extends; None if there is none of the name."""
        service = self._services_of(path).get(name)
        extended = service.get("extends") if service else None
        if service is None or extended is None or depth > MAX_EXTENDED:
            return service
        other = extended.text("service") or extended.text()
        file = extended.text("file")
        there = join(path.rpartition("/")[0], file) if file else path
        below = self._completed(there, other, depth + 1) if there else None
        return merged(below, service) if below else service


def merged(below: Value, above: Value) -> Value:
    """Return a value over another one as Compose merges services; each part keeps its place."""
    if above.tag == "!override" or not (isinstance(below.data, dict) and isinstance(above.data, dict)):
        return above
    together: dict[str, Value] = dict(below.data)
    for key, value in above.data.items():
        known = together.get(key)
        if value.tag == "!reset":
            together.pop(key, None)
        elif known is None or value.tag == "!override":
            together[key] = value
        elif key in _CONCATENATED:
            together[key] = msgspec.structs.replace(value, data=list(_both(known, value)))
        else:
            together[key] = merged(known, value)
    data: Data = together
    return msgspec.structs.replace(above, data=data)


def _both(below: Value, above: Value) -> Iterator[Value]:
    yield from below.elements()
    yield from above.elements()
