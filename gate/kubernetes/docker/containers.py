"""A container as a Compose file, a Swarm or a Docker daemon starts it, in the words of the Compose Specification."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from gate.core.dollar_variables import with_defaults
from gate.core.values import Value

_UNKNOWN = "?"
"""Stands for a value from elsewhere."""
_VARIABLE = re.compile(r"\$(?:\{[^{}]*\}|\w+)")
_ADDRESS = re.compile(r"\$\{?(?!\w*PORT)\w*(?:ADDR|BIND|HOST|IP|LISTEN|INTERFACE)\w*\}?:", re.IGNORECASE)
"""A variable by whose name an address may stand in front of the port."""
_FOLDERS_OF_OTHERS = (".", "~", "$")
"""What a relative source of a mount begins with, or one that the environment decides."""


class Mount(msgspec.Struct, frozen=True):
    """A file or folder of the host in a container."""

    source: str
    """The host's path."""
    value: Value
    is_read_only: bool = False
    is_shared: bool = False
    """True if mounts below it are propagated to the host (`shared`, `rshared`)."""


class PublishedPort(msgspec.Struct, frozen=True):
    """A port of a container that the host passes on."""

    address: str
    """Of the host; empty: all of them."""
    host: str
    """Port or range of the host; empty: any free one."""
    container: str
    value: Value

    @property
    def is_open(self) -> bool:
        """True if it listens on all addresses of the host."""
        return self.address.strip("[]") in ("", "0.0.0.0", "::", "*")  # noqa: S104  (looks for it)


class DockerContainer(msgspec.Struct, frozen=True):
    """A service of a Compose file, or a container of a daemon."""

    kind: str
    """`service` or `container`."""
    name: str
    value: Value
    """The keys of a service in a Compose file, with what it extends."""
    is_whole: bool = True
    """False for a part that another file completes: what it does not state is unknown."""
    folders: Mapping[str, str] = {}
    """Named volumes that are folders of the host (`driver_opts.device`)."""
    outside_networks: frozenset[str] = frozenset()
    """Names of networks that containers of other files share (`external`)."""

    @property
    def id(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def image(self) -> str:
        """Its image, empty if it is built or decided elsewhere."""
        return with_defaults(self.value.text("image")) or ""

    @property
    def program(self) -> str:
        """The last part of the image's name, without tag and digest: `portainer-ce`."""
        return self.image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()

    @property
    def is_of_each_node(self) -> bool:
        """True for a service of a Swarm that runs on each node, as agents of the node do."""
        return self.value.text("deploy", "mode") == "global"

    def stated(self, key: str) -> str:
        """Return a scalar with the defaults of its variables; empty if it is not stated, or elsewhere."""
        return with_defaults(self.value.text(key)) or ""

    def listed(self, key: str) -> Iterator[tuple[str, Value]]:
        """Yield the scalars of a list with the defaults of their variables; those from elsewhere are left out."""
        found = self.value.get(key)
        for element in found.elements() if found else ():
            text = with_defaults(element.text())
            if text:
                yield text, element

    def mounts(self) -> Iterator[Mount]:
        """Yield the files and folders of the host that it gets; those next to the Compose file are left out."""
        found = self.value.get("volumes")
        for element in found.elements() if found else ():
            mount = self._long_mount(element) if isinstance(element.data, dict) else self._short_mount(element)
            if mount is not None and mount.source.startswith("/"):
                yield mount

    def _long_mount(self, element: Value) -> Mount | None:
        source = with_defaults(element.text("source"))
        if not source:
            return None
        propagation = element.text("bind", "propagation")
        return Mount(
            self.folders.get(source, source), element, element.text("read_only") == "true", _is_shared(propagation)
        )

    def _short_mount(self, element: Value) -> Mount | None:
        text = with_defaults(element.text())
        if not text or text.startswith(_FOLDERS_OF_OTHERS):
            return None
        source, _, rest = text.partition(":")
        modes = rest.rpartition(":")[2].split(",")
        shared = any(map(_is_shared, modes))
        return Mount(self.folders.get(source, source), element, "ro" in modes, shared) if rest else None

    def ports(self) -> Iterator[PublishedPort]:
        """Yield the ports that the host passes on; one whose address comes from elsewhere is left out."""
        found = self.value.get("ports")
        for element in found.elements() if found else ():
            if isinstance(element.data, dict):
                address, published, target = (
                    with_defaults(element.text(key)) for key in ("host_ip", "published", "target")
                )
                if address is not None and target:
                    yield PublishedPort(address, published or "", target, element)
            else:
                yield from _short_port(element)


def _short_port(element: Value) -> Iterator[PublishedPort]:
    """Yield what `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]` publishes."""
    written = element.text()
    text = with_defaults(written) or _VARIABLE.sub(_UNKNOWN, written)
    if text and not _ADDRESS.search(written):
        before, _, container = text.partition("/")[0].rpartition(":")
        address, _, host = before.rpartition(":")
        yield PublishedPort(address, host, container, element)


def _is_shared(mode: str) -> bool:
    return mode in ("shared", "rshared")
