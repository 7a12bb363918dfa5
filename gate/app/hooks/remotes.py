"""What a remote is known to have, without asking it: its remote-tracking branches."""

import re

from gate.git import Repository
from gate.git.repository import GitRemote

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][-A-Za-z0-9._]*(?:/[A-Za-z0-9][-A-Za-z0-9._]*)*")
_ADDRESS = re.compile(r"(?:(?P<scheme>[a-z+]+)://)?(?:[^@/]*@)?(?P<host>[^/:]+)(?::(?:\d+/)?|/)(?P<path>.+)")


def tracking_branches(repository: Repository, remote: str, url: str) -> list[str] | None:
    """Return the arguments of `commits with borders` that exclude what the remote is known to have.

    None if the remote has no name: then only the remote itself knows. Empty if its tracking branches could be those of
    another remote, or come from another repository than the one at `url`, to which is pushed.
    """
    remotes = repository.remotes
    own = next((one for one in remotes if one.name == remote), None)
    if own is None:
        return None
    others = [one for one in remotes if one is not own]
    if (
        not _PLAIN_NAME.fullmatch(remote)
        or not _is_fetched_from(own, url)
        or any(_mixes(one, remote) for one in others)
    ):
        return []
    longer = [f"--exclude=refs/remotes/{one.name}/*" for one in others if one.name.startswith(f"{remote}/")]
    return [*longer, "--not", f"--glob=refs/remotes/{remote}/*"]


def _mixes(other: GitRemote, remote: str) -> bool:
    """True if branches of another remote could be among the tracking branches of this one."""
    if remote.startswith(f"{other.name}/"):
        return True
    own = f"refs/remotes/{remote}/"
    elsewhere = f"refs/remotes/{other.name}/"
    return any(_can_be_below(place, own) and not place.startswith(elsewhere) for place in other.fetched_to)


def _can_be_below(place: str, folder: str) -> bool:
    """True if the target of a `fetch` refspec, with at most one `*`, can be below a folder of refs."""
    beginning = place.partition("*")[0]
    return beginning.startswith(folder) or folder.startswith(beginning)


def _is_fetched_from(remote: GitRemote, url: str) -> bool:
    """True if the URL that is pushed to is the one that the remote's branches are fetched from."""
    if len(remote.urls) <= 1 and not remote.push_urls:
        return True  # the user's configuration may rewrite both alike (url.<base>.insteadOf)
    return bool(remote.urls) and _same_place(remote.urls[0], url)


def _same_place(first: str, second: str) -> bool:
    """True for two URLs of one repository, whatever their protocol and user."""
    return first == second or (_place_of(first) is not None and _place_of(first) == _place_of(second))


def _place_of(address: str) -> tuple[str, str] | None:
    """Return host and path; None for a folder."""
    found = _ADDRESS.fullmatch(address)
    if found is None or address.startswith(("/", ".", "file:")):
        return None
    path = found["path"].strip("/").removesuffix(".git").rstrip("/")
    return found["host"].lower(), path
