"""`github:[HOST/]ORGANISATION`: the repositories of an organisation or user (docs.github.com, "List repositories")."""

from collections.abc import Iterator

import msgspec

from gate.core.errors import GateError
from gate.fleet.sources.forge import addresses, api_at, split_host
from gate.images.access import Access

_HOST = "github.com"
_API = "https://api.github.com"
_MEDIA_TYPE = "application/vnd.github+json"


class GitHubRepository(msgspec.Struct, frozen=True):
    """A repository as the API lists it."""

    full_name: str


def targets(named: str, access: Access) -> Iterator[str]:
    """Return the repositories that the token may read, archived ones too. Raises GateError."""
    origin, name = split_host(named, _HOST, access)
    api = api_at(_API if origin == f"https://{_HOST}" else f"{origin}/api/v3", origin, _MEDIA_TYPE)
    try:
        found = list(api.pages(f"orgs/{name}/repos", GitHubRepository))
    except GateError:
        found = list(api.pages(f"users/{name}/repos", GitHubRepository))
    return addresses(origin, (one.full_name for one in found))
