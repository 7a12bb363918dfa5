"""`cluster:FILE`: the images that a cluster runs, by what `kubectl get pods --all-namespaces --output json` wrote.

An image is named by the digest that the node pulled. Where there is none yet, or the image was never pulled, it is the
name that the pod states.
"""

from collections.abc import Iterator

import msgspec

from gate.core.bounded_read import read_bounded
from gate.core.errors import UnreadableError
from gate.core.lazy_regex import lazy_regex
from gate.fleet.listings.pods import ListedPod
from gate.images.access import Access

_MOST_BYTES = 2 << 30
_PULLED = lazy_regex(r"(?:docker-pullable://)?(?P<name>[^@\s]+@sha256:[0-9a-f]{64})")


class _Pods(msgspec.Struct, frozen=True):
    items: tuple[ListedPod, ...]


def targets(named: str, access: Access) -> Iterator[str]:
    """Return the images of all containers, each once. Raises GateError for what is no list of pods."""
    return images_in(read_bounded(named, _MOST_BYTES), named)


def images_in(content: bytes, shown: str) -> Iterator[str]:
    """Return the images that a list of pods names. Raises UnreadableError for what is none."""
    try:
        pods = msgspec.json.decode(content, type=_Pods)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        hint = "Write it by `kubectl get pods --all-namespaces --output json`"
        raise UnreadableError("is no list of pods", path=shown, hint=hint) from error
    named = (_named(*one) for pod in pods.items for one in pod.images())
    return (f"registry:{image}" for image in dict.fromkeys(named) if image)


def _named(image: str, pulled: str) -> str:
    found = _PULLED.fullmatch(pulled)
    return found["name"] if found else image
