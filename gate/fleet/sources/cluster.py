"""`cluster:FILE`: the images that a cluster runs, by what `kubectl get pods --all-namespaces --output json` wrote.

An image is named by the digest that the node pulled. Where there is none yet, or the image was never pulled, it is the
name that the pod states.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.core.lazy_regex import lazy_regex
from gate.images.access import Access

_MOST_BYTES = 2 << 30
_PULLED = lazy_regex(r"(?:docker-pullable://)?(?P<name>[^@\s]+@sha256:[0-9a-f]{64})")


class _Container(msgspec.Struct, frozen=True):
    name: str = ""
    image: str = ""


class _Status(msgspec.Struct, frozen=True):
    name: str = ""
    image: str = ""
    image_id: str = msgspec.field(name="imageID", default="")


class _Spec(msgspec.Struct, frozen=True, rename="camel"):
    containers: tuple[_Container, ...] | None = None
    init_containers: tuple[_Container, ...] | None = None
    ephemeral_containers: tuple[_Container, ...] | None = None


class _Statuses(msgspec.Struct, frozen=True, rename="camel"):
    container_statuses: tuple[_Status, ...] | None = None
    init_container_statuses: tuple[_Status, ...] | None = None
    ephemeral_container_statuses: tuple[_Status, ...] | None = None


class _Pod(msgspec.Struct, frozen=True):
    kind: str = "Pod"
    spec: _Spec = _Spec()
    status: _Statuses = _Statuses()


class _Pods(msgspec.Struct, frozen=True):
    items: tuple[_Pod, ...]


def targets(named: str, access: Access) -> Iterator[str]:
    """Return the images of all containers, each once. Raises GateError for what is no list of pods."""
    try:
        with Path(named).open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=named) from error
    if len(content) > _MOST_BYTES:
        raise LimitError(f"has more than {_MOST_BYTES:,} bytes", path=named)
    try:
        pods = msgspec.json.decode(content, type=_Pods)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        hint = "Write it by `kubectl get pods --all-namespaces --output json`"
        raise UnreadableError("is no list of pods", path=named, hint=hint) from error
    found: dict[str, None] = {}
    for pod in pods.items:
        found.update(dict.fromkeys(_images(pod)))
    return (f"registry:{image}" for image in found if image)


def _images(pod: _Pod) -> Iterator[str]:
    spec, status = pod.spec, pod.status
    statuses = (status.container_statuses, status.init_container_statuses, status.ephemeral_container_statuses)
    pulled = {one.name: _pulled(one) for one in chain.from_iterable(filter(None, statuses))}
    listed = (spec.containers, spec.init_containers, spec.ephemeral_containers)
    for container in chain.from_iterable(filter(None, listed)):
        yield pulled.get(container.name) or container.image


def _pulled(status: _Status) -> str:
    found = _PULLED.fullmatch(status.image_id)
    return found["name"] if found else ""
