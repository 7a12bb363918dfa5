"""Addresses of repositories to clone: `https://git.example.com/shop/api`, one spelling for each repository."""

import msgspec

from gate.core.errors import UsageError
from gate.core.hosts import is_loopback
from gate.core.lazy_regex import lazy_regex
from gate.core.text import without_credentials

_ADDRESS = lazy_regex(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?P<port>:[0-9]{1,5})?(?P<path>(?:/[A-Za-z0-9._~%+-]+)+)/?"
)
_SCHEMES = ("https://", "http://")
_OTHERS = ("ssh://", "git://", "git@", "file://", "git+")


class RepositoryAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a repository is cloned from."""

    scheme: str
    host: str
    """With its port, if it has one; in small letters."""
    path: str
    """Without the slash before it and `.git` after it."""

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"

    def __str__(self) -> str:
        return f"{self.origin}/{self.path}"


def repository_address(target: str) -> RepositoryAddress | None:
    """Return the address that a target is; None for a folder or an image.

    Raises UsageError for one that is not cloned: without TLS, by another protocol, or with a login in it.
    """
    if target.startswith(_OTHERS):
        raise UsageError("repositories are cloned over https", path=without_credentials(target)[:200])
    if not target.startswith(_SCHEMES):
        return None
    found = _ADDRESS.fullmatch(target)
    segments = found["path"].split("/") if found else ()
    if found is None or any(one in (".", "..") or one.startswith("-") for one in segments):
        raise UsageError("is no address of a repository", path=without_credentials(target)[:200])
    if found["scheme"] != "https" and not is_loopback(found["host"]):
        raise UsageError("repositories are cloned over https", path=target)
    host = found["host"].lower().rstrip(".") + (found["port"] or "")
    return RepositoryAddress(scheme=found["scheme"], host=host, path=found["path"].strip("/").removesuffix(".git"))


def scheme_of(host: str) -> str:
    """Return `https`, or `http` for this machine."""
    return "http" if is_loopback(host.rpartition(":")[0] or host) else "https"
