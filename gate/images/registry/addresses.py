"""Where a registry is spoken to: its mirror first, and TLS unless it is asked for without."""

from collections.abc import Iterator

from gate.errors import GateError
from gate.images.access import Access
from gate.images.registry.client import Repository
from gate.images.registry.names import ImageName


def addresses(name: ImageName, access: Access) -> Iterator[str]:
    """Yield what is asked (scheme and host), the registry itself last."""
    mirror = access.mirrors.get(name.host)
    if mirror:
        yield mirror.rstrip("/")
    is_plain = name.is_local or name.host in access.insecure_registries
    yield f"{'http' if is_plain else 'https'}://{name.server}"


def own_repository(name: ImageName, access: Access) -> Repository:
    """Return the repository of an image in its registry itself. Raises GateError if nothing may be asked."""
    if access.is_offline:
        raise GateError("offline forbids to ask its registry", path=str(name), hint="Leave out --offline")
    *_, own = addresses(name, access)
    return Repository(name, own, str(name))
