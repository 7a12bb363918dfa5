"""Podman, through the part of its service that speaks Docker's protocol."""

import os
from contextlib import ExitStack

from gate.images.access import Access
from gate.images.image import FoundImage
from gate.images.image_cache import ImageCache
from gate.images.limits import Budget
from gate.images.sources.daemon import Daemon, find_in_daemon
from gate.images.sources.daemon_summary import glance_in_daemon

_ROOT_SOCKET = "/run/podman/podman.sock"


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image in podman's service: see `gate.images.sources.ImageSource.find`."""
    return find_in_daemon(daemon(), reference, budget, opened, access)


def glance(reference: str, budget: Budget, opened: ExitStack, access: Access, cache: ImageCache) -> FoundImage | None:
    """Ask the service what the image is made of: see `gate.images.sources.Glancing.glance`."""
    return glance_in_daemon(daemon(), reference, budget, opened, access, cache)


def daemon() -> Daemon:
    """Return the service that CONTAINER_HOST names, else the user's, else root's."""
    start = "Start it with `systemctl --user start podman.socket` or `podman system service`, or set CONTAINER_HOST"
    return Daemon(name="podman", address=_address(), start=start)


def _address() -> str:
    """Return CONTAINER_HOST, else the user's socket, else root's, as podman-remote chooses."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    users_socket = os.path.join(runtime, "podman", "podman.sock")
    own = users_socket if runtime and os.path.exists(users_socket) else _ROOT_SOCKET
    return os.environ.get("CONTAINER_HOST") or "unix://" + own
