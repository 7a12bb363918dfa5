"""What a push adds: the refs that git names turned into commits to judge."""

from collections.abc import Iterable, Sequence

import msgspec

from gate.errors import UnreadableError
from gate.git import ZERO_IDS, Repository
from gate.hooks.protocol import PushedRef


class PushedCommits(msgspec.Struct, frozen=True, kw_only=True):
    """The commits that the remote does not have and gets for one of its refs."""

    ref: str
    head: str
    borders: tuple[str, ...]
    """The commits of the remote on which the new ones stand; empty if all of the history is new."""


def find_pushed_commits(repository: Repository, remote: str, refs: Iterable[PushedRef]) -> list[PushedCommits]:
    """Return what the remote lacks of each ref, in the order of the refs; a head is named only once.

    What the remote has is known from its remote-tracking branches and from the ids that it has just named.
    Raises UnreadableError if something other than a commit is pushed.
    """
    pushed = [ref for ref in refs if not ref.is_deletion]
    named = dict.fromkeys(ref.remote_id for ref in pushed if ref.remote_id not in ZERO_IDS)
    commits = repository.commit_ids([*named, *(ref.local_id for ref in pushed)])
    known = [*filter(None, commits[: len(named)]), *_tracking_branches(repository, remote)]
    heads: dict[str, str] = {}
    for ref, commit in zip(pushed, commits[len(named) :], strict=True):
        heads.setdefault(_head(ref, commit), ref.remote_ref)
    found = (_new_commits(repository, ref, head, known) for head, ref in heads.items())
    return [one for one in found if one is not None]


def _tracking_branches(repository: Repository, remote: str) -> list[str]:
    """Return the option of `git rev-list` that names them; none if the push goes to an address without a name."""
    names = repository.run("remote").decode("utf-8", "backslashreplace").splitlines()
    return [f"--remotes={remote}"] if remote in names else []


def _head(ref: PushedRef, commit: str | None) -> str:
    if commit is None:
        raise UnreadableError("is no commit and cannot be judged", path=ref.local_ref, hint="Push it by itself")
    return commit


def _new_commits(repository: Repository, ref: str, head: str, known: Sequence[str]) -> PushedCommits | None:
    # The borders stand for all that the remote has: whatever is reachable from a known ref and from the head
    # is reachable from a border.
    listing = repository.run("rev-list", "--boundary", head, "--not", *known).decode().split()
    borders = [line[1:] for line in listing if line.startswith("-")]
    if len(borders) == len(listing):
        return None
    return PushedCommits(ref=ref, head=head, borders=_independent(repository, borders))


def _independent(repository: Repository, commits: Sequence[str]) -> tuple[str, ...]:
    """Leave out the commits that are ancestors of others: what they held and the others do not was mended since."""
    if len(commits) < 2:
        return tuple(commits)
    return tuple(sorted(repository.run("merge-base", "--independent", *commits).decode().split()))
