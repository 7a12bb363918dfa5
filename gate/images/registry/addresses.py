"""The servers to ask for an image: a mirror first, with TLS unless configured otherwise, and the login to send."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from gate.core import broker
from gate.core.errors import GateError
from gate.core.hosts import Reach, is_loopback, split_port
from gate.images.access import Access
from gate.images.registry.client import ImageRepository
from gate.images.registry.elsewhere import BrokeredRepository
from gate.images.registry.names import DOCKER_HUB, ImageName


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One server that may have an image."""

    url: str
    """Scheme and host."""
    login_of: str | None
    """The host whose login goes there, as `docker login` names it; None: no login does."""
    reach: Reach


def addresses(name: ImageName, access: Access) -> Iterator[Address]:
    """Yield what is asked, the registry itself last. A mirror gets its own login, never the registry's."""
    mirror = access.mirrors.get(name.host)
    if mirror:
        host = urlsplit(mirror).netloc.rpartition("@")[2]
        reach = Reach(trusted_hosts=access.trusted_hosts)
        yield Address(url=mirror.rstrip("/"), login_of=host if _is_safe(mirror) else None, reach=reach)
    yield _own(name, access)


def _own(name: ImageName, access: Access) -> Address:
    is_plain = name.is_local or name.host in access.insecure_registries
    url = f"{'http' if is_plain else 'https'}://{name.server}"
    return Address(url=url, login_of=name.host if _may_log_in(name, url, access.reach) else None, reach=access.reach)


def _may_log_in(name: ImageName, url: str, reach: Reach) -> bool:
    if not _is_safe(url):
        return False
    host, port = split_port(name.host)
    return reach.trusts(host, port or 443) or (name.host == DOCKER_HUB and reach.trusts(name.server, 443))


def _is_safe(url: str) -> bool:
    """True over TLS, or to this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def own_repository(name: ImageName, access: Access) -> ImageRepository:
    """Return the repository of an image in its registry itself. Raises GateError if nothing may be asked."""
    if access.is_offline:
        raise GateError("offline forbids to ask its registry", path=str(name), hint="Leave out --offline")
    return repository_at(_own(name, access), name)


def repository_at(address: Address, name: ImageName) -> ImageRepository:
    """Return the repository of an image at one of its addresses."""
    if broker.is_connected():
        return BrokeredRepository(name, address.url, str(name))
    return ImageRepository(name, address.url, str(name), login_of=address.login_of, reach=address.reach)
