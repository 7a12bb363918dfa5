"""`gitlab:[HOST/]GROUP`: the projects of a group and of the groups in it (docs.gitlab.com, "Groups API")."""

from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from gate.fleet.sources.forge import addresses, api_at, split_host
from gate.images.access import Access

_HOST = "gitlab.com"


class GitLabProject(msgspec.Struct, frozen=True):
    """A project as the API lists it."""

    path_with_namespace: str


def targets(named: str, access: Access) -> Iterator[str]:
    """Return the projects that the token may read, archived ones too. Raises GateError."""
    origin, name = split_host(named, _HOST, access)
    api = api_at(f"{origin}/api/v4/groups/{quote(name, safe='')}", origin, "application/json")
    found = list(api.pages("projects", GitLabProject, include_subgroups="true", simple="true", order_by="id"))
    return addresses(origin, (one.path_with_namespace for one in found))
