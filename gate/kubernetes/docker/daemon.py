"""The settings of a Docker daemon, wherever they are stated: as `daemon.json` writes them, with their places."""

from collections.abc import Iterator

import msgspec

from gate.core.values import Value

LOOPBACK = ("127.", "localhost", "[::1]", "::1")


class DockerDaemon(msgspec.Struct, frozen=True):
    """What a file states of a daemon, or what a daemon says of itself."""

    name: str
    """The file of the host that it is about (`/etc/docker/daemon.json`), or the daemon's address."""
    value: Value
    """The keys of `daemon.json`; further ones of ours are `socket-mode`, `socket-group`, `file-mode`."""
    is_whole: bool = False
    """True if what it does not state is at Docker's default."""
    is_running: bool = False
    """True for a daemon that was asked."""

    def is_true(self, key: str) -> bool:
        return self.value.text(key).lower() == "true"

    def is_false(self, key: str) -> bool:
        return self.value.text(key).lower() == "false"

    def listed(self, key: str) -> Iterator[tuple[str, Value]]:
        """Yield the scalars of a list, or the one that stands for it."""
        found = self.value.get(key)
        for element in found.elements() if found else ():
            if element.text():
                yield element.text(), element


def is_loopback(address: str) -> bool:
    """True for a host and port, or a network, that only programs of the machine itself reach."""
    return address.lower().startswith(LOOPBACK)
