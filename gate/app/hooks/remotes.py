"""What is known of a remote without asking it: the branches that were fetched from it or pushed to it before."""

import re

from gate.git import Repository
from gate.git.repository import GitRemote

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][-A-Za-z0-9._]*(?:/[A-Za-z0-9][-A-Za-z0-9._]*)*")
_ADDRESS = re.compile(r"(?:(?P<scheme>[a-z+]+)://)?(?:[^@/]*@)?(?P<host>[^/:]+)(?::(?:\d+/)?|/)(?P<path>.+)")


def tracking_branches(repository: Repository, remote: str, url: str) -> list[str] | None:
    """Return the arguments of `commits with borders` that leave out what the remote is known to have.

    None if it has no name: then only the remote itself can say what it has. Nothing is known if the branches could be
    those of another remote, or of another place than the address `url` that is pushed to.
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
    """True if branches of another remote could stand among those of this one."""
    if remote.startswith(f"{other.name}/"):
        return True
    own = f"refs/remotes/{remote}/"
    elsewhere = f"refs/remotes/{other.name}/"
    return any(_can_be_below(place, own) and not place.startswith(elsewhere) for place in other.fetched_to)


def _can_be_below(place: str, folder: str) -> bool:
    """True if what a `fetch` line writes to, with at most one `*`, can lie below a folder of refs."""
    beginning = place.partition("*")[0]
    return beginning.startswith(folder) or folder.startswith(beginning)


def _is_fetched_from(remote: GitRemote, url: str) -> bool:
    """True if the address that is pushed to is the one that the remote's branches come from."""
    if len(remote.urls) <= 1 and not remote.push_urls:
        return True  # whatever the user's own configuration makes of it
    return bool(remote.urls) and _same_place(remote.urls[0], url)


def _same_place(first: str, second: str) -> bool:
    """True for one repository of a host, whatever the protocol and the user."""
    return first == second or (_place_of(first) is not None and _place_of(first) == _place_of(second))


def _place_of(address: str) -> tuple[str, str] | None:
    """Return host and path; None for a folder."""
    found = _ADDRESS.fullmatch(address)
    if found is None or address.startswith(("/", ".", "file:")):
        return None
    path = found["path"].strip("/").removesuffix(".git").rstrip("/")
    return found["host"].lower(), path
