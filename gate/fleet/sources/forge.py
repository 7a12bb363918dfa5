"""What GitHub and GitLab have in common here: `[HOST/]NAME`, the API's login, and the names of repositories."""

from collections.abc import Iterable, Iterator

from gate.app.merge_requests.api import Api
from gate.core.errors import GateError, UnreadableError, UsageError
from gate.core.lazy_regex import lazy_regex
from gate.fleet.host_login import login_for, variable_of
from gate.fleet.repository_address import scheme_of
from gate.images.access import Access

MOST_PAGES = 1_000
"""Pages of 100 repositories."""
_NAME = lazy_regex(r"[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)*")
_PATH = lazy_regex(r"[\w.-]+(?:/[\w.-]+)+")


def split_host(named: str, usual: str, access: Access) -> tuple[str, str]:
    """Return scheme and host, and the organisation, of `[HOST/]NAME`.

    A HOST has a dot or a port. Raises UsageError for what is no name, GateError if nothing may be asked.
    """
    if access.is_offline:
        raise GateError("offline forbids to ask for its repositories", path=named[:200], hint="Leave out --offline")
    first, slash, rest = named.partition("/")
    host, name = (first, rest) if slash and ("." in first or ":" in first) else (usual, named)
    if not _NAME.fullmatch(name):
        raise UsageError("is no organisation: write [HOST/]NAME", path=named[:200])
    return f"{scheme_of(host)}://{host.lower()}", name


def api_at(location: str, origin: str, media_type: str) -> Api:
    """Return the API of a host, with the login for it. Raises GateError for one that would be sent without TLS."""
    login = login_for(origin)
    token = {"Authorization": f"Bearer {login.password}"} if login else {}
    hint = f"Look at its name; the token comes from {variable_of(origin.partition('://')[2])} or the netrc file"
    return Api(location, {"Accept": media_type, **token}, hint, most_pages=MOST_PAGES)


def addresses(origin: str, paths: Iterable[str]) -> Iterator[str]:
    """Yield where repositories are cloned from: the host that was asked, whatever addresses it states itself."""
    for path in paths:
        if not _PATH.fullmatch(path):
            raise UnreadableError("lists something that is no repository's name", path=origin)
        yield f"{origin}/{path}"
