"""Files that set up hosts: Ansible's tasks, cloud-init, Ignition and Butane; what they write, run and start.

Only what the text itself states is read: a value with an expression of a template is left out.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from gate.core.values import Data, Value
from gate.kubernetes.docker.containers import DockerContainer

MAX_DEPTH = 12
"""Blocks, handlers and plays in one another."""
_EXPRESSION = re.compile(r"\{\{|\{%")
_WRITING = ("copy", "template", "blockinfile", "lineinfile")
_RUNNING = ("shell", "command", "raw")
_NESTED = ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always")
_OPTIONS = ("docker_daemon_options", "docker_daemon_config", "docker_daemon_json", "docker_config")
"""Variables by which the common roles write daemon.json."""
_CONTAINER_KEYS = {
    "pid_mode": "pid",
    "ipc_mode": "ipc",
    "capabilities": "cap_add",
    "security_opts": "security_opt",
    "published_ports": "ports",
    "ports": "ports",
    "memory": "mem_limit",
}
"""Options of `community.docker.docker_container` that Compose calls otherwise."""


class HostText(msgspec.Struct, frozen=True):
    """A file of the host that another file writes; or commands that it runs, with the path empty."""

    path: str
    text: str
    line: int
    """The line of the other file on which the text begins."""
    mode: Value | None = None
    has_lines: bool = True
    """False if all of it stands on that line."""


class Infrastructure(msgspec.Struct, frozen=True):
    """What a file sets up on a host."""

    texts: tuple[HostText, ...] = ()
    daemon_options: tuple[Value, ...] = ()
    """Mappings that become a `daemon.json`."""
    containers: tuple[DockerContainer, ...] = ()


def infrastructure_of(document: Value, text: str) -> Infrastructure | None:
    """Return what a document sets up; None if it is of no such kind."""
    if isinstance(document.data, list):
        found = _Ansible()
        found.tasks(document, 0)
        return found.result() if found.is_any else None
    if text.startswith("#cloud-config"):
        return Infrastructure(texts=tuple(_cloud_init(document)))
    if document.get("ignition", "version") is not None:
        return Infrastructure(texts=tuple(_ignition(document)))
    if document.get("variant") is not None:
        return Infrastructure(texts=tuple(_butane(document)))
    options = [value for key in _OPTIONS if (value := document.get(key)) is not None and value.data]
    return Infrastructure(daemon_options=tuple(options)) if options else None


class _Ansible:
    """Collects what tasks do."""

    def __init__(self) -> None:
        self.is_any = False
        self._texts: list[HostText] = []
        self._options: list[Value] = []
        self._containers: list[DockerContainer] = []

    def result(self) -> Infrastructure:
        return Infrastructure(tuple(self._texts), tuple(self._options), tuple(self._containers))

    def tasks(self, listed: Value, depth: int) -> None:
        for task in listed.elements() if depth < MAX_DEPTH else ():
            if isinstance(task.data, dict):
                self._task(task, depth)

    def _task(self, task: Value, depth: int) -> None:
        for key in _NESTED:
            below = task.get(key)
            if below is not None:
                self.tasks(below, depth + 1)
        variables = task.get("vars")
        self._options += [one for key in _OPTIONS if variables and (one := variables.get(key)) is not None]
        for key, arguments in task.items():
            module = key.rpartition(".")[2]
            if module in _WRITING:
                self._add(_written(arguments))
            elif module in _RUNNING:
                self._add(text_of(arguments.get("cmd") or arguments, ""))
            elif module == "file":
                self._add(_moded(arguments))
            elif module == "docker_container" and isinstance(arguments.data, dict):
                self.is_any = True
                self._containers.append(_container(arguments))

    def _add(self, found: HostText | None) -> None:
        if found is not None:
            self.is_any = True
            self._texts.append(found)


def _written(arguments: Value) -> HostText | None:
    path = arguments.text("dest") or arguments.text("path")
    content = arguments.get("content") or arguments.get("block") or arguments.get("line")
    mode = arguments.get("mode")
    if content is None:
        return HostText(path, "", arguments.line, mode) if path and mode is not None else None
    made = text_of(content, path)
    return msgspec.structs.replace(made, mode=mode) if made else None


def _moded(arguments: Value) -> HostText | None:
    path, mode = arguments.text("path") or arguments.text("dest"), arguments.get("mode")
    return HostText(path, "", arguments.line, mode) if path and mode is not None else None


def _container(arguments: Value) -> DockerContainer:
    named: dict[str, Value] = {}
    for key, value in arguments.items():
        if not _EXPRESSION.search(value.text()):
            named[_CONTAINER_KEYS.get(key, key)] = value
    data: Data = named
    is_whole = arguments.text("state") not in ("absent", "stopped")
    return DockerContainer(
        "container", arguments.text("name") or "?", msgspec.structs.replace(arguments, data=data), is_whole
    )


def text_of(value: Value, path: str) -> HostText | None:
    """Return a scalar as the text of a file, and on which line it begins; None for one with expressions."""
    text = value.text()
    if not text:
        return None
    is_block = value.style == "|"
    return HostText(path, text, value.start[0] + is_block, has_lines=is_block)


def _cloud_init(document: Value) -> Iterator[HostText]:
    files = document.get("write_files")
    for file in files.elements() if files else ():
        content = file.get("content")
        encoding = file.text("encoding")
        found = text_of(content, file.text("path")) if content is not None else None
        if found is not None:
            text = _decoded(found.text) if encoding in ("b64", "base64") else found.text
            yield msgspec.structs.replace(
                found, text=text, mode=file.get("permissions"), has_lines=found.has_lines and not encoding
            )
    for key in ("runcmd", "bootcmd"):
        commands = document.get(key)
        for command in commands.elements() if commands else ():
            joined = " ".join(one.text() for one in command.elements())
            yield HostText("", joined, command.start[0], has_lines=False)


def _ignition(document: Value) -> Iterator[HostText]:
    files = document.get("storage", "files")
    for file in files.elements() if files else ():
        source = file.text("contents", "source")
        at = file.get("contents", "source") or file
        if source.startswith("data:"):
            head, _, body = source.partition(",")
            text = _decoded(body) if head.endswith(";base64") else unquote(body)
            yield HostText(file.text("path"), text, at.line, file.get("mode"), has_lines=False)
    yield from _units(document)


def _butane(document: Value) -> Iterator[HostText]:
    files = document.get("storage", "files")
    for file in files.elements() if files else ():
        inline = file.get("contents", "inline")
        found = text_of(inline, file.text("path")) if inline is not None else None
        if found is not None:
            yield msgspec.structs.replace(found, mode=file.get("mode"))
    yield from _units(document)


def _units(document: Value) -> Iterator[HostText]:
    units = document.get("systemd", "units")
    for unit in units.elements() if units else ():
        name = unit.text("name")
        contents, dropins = unit.get("contents"), unit.get("dropins")
        parts = [(f"/etc/systemd/system/{name}", contents)]
        for dropin in dropins.elements() if dropins else ():
            parts.append((f"/etc/systemd/system/{name}.d/{dropin.text('name')}", dropin.get("contents")))
        for path, value in parts:
            found = text_of(value, path) if value is not None else None
            if found is not None:
                yield found


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
