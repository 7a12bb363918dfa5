"""What a push adds: the refs that git names turned into commits to judge."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from gate.app.hooks.protocol import PushedRef
from gate.app.hooks.remotes import tracking_branches
from gate.core.errors import UnreadableError
from gate.git import ZERO_IDS, Repository


class PushedCommits(msgspec.Struct, frozen=True, kw_only=True):
    """The commits that the remote does not have and gets for one of its refs."""

    ref: str
    head: str
    borders: tuple[str, ...]
    """The commits of the remote on which the new ones stand; empty if all of the history is new."""
    tags: tuple[str, ...] = ()
    """Ids of the tag objects that name the head."""


def find_pushed_commits(
    repository: Repository,
    remote: str,
    refs: Iterable[PushedRef],
    url: str = "",
    bases: Mapping[str, str] | None = None,
) -> list[PushedCommits]:
    """Return what the remote lacks of each ref, in the order of the refs; a head is named only once.

    `remote` is its name, or the address where it has none; `url` the address that is pushed to. What the remote has is
    known as `gate.app.hooks.remotes` says; to the protected branches, which `bases` gives with the commits that they
    are at, all is new that they do not hold. Raises UnreadableError if something other than a commit is pushed.
    """
    bases = bases or {}
    pushed = sorted((ref for ref in refs if not ref.is_deletion), key=lambda ref: ref.remote_ref not in bases)
    tracking = tracking_branches(repository, remote, url or remote)
    # A server can say that it has what it never got, so that nobody judges that: of a remote with a name only what
    # was fetched from it, or pushed to it and judged, counts. To one without a name git sends no more than it asks for.
    claimed = [] if tracking is not None else [ref.remote_id for ref in pushed if ref.remote_id not in ZERO_IDS]
    named = list(dict.fromkeys(claimed))
    commits = repository.commit_ids([*named, *(ref.local_id for ref in pushed)])
    known = [*(f"^{commit}" for commit in commits[: len(named)] if commit), *(tracking or ())]
    heads: dict[str, str] = {}
    tags: dict[str, list[str]] = {}
    for ref, commit in zip(pushed, commits[len(named) :], strict=True):
        heads.setdefault(_head(ref, commit), ref.remote_ref)
        if ref.local_id != commit:
            tags.setdefault(_head(ref, commit), []).append(ref.local_id)
    borders = {ref: [f"^{base}"] for ref, base in bases.items()}
    found = (
        _new_commits(repository, ref, head, borders.get(ref, known), tags.get(head, ())) for head, ref in heads.items()
    )
    return [one for one in found if one is not None]


def _head(ref: PushedRef, commit: str | None) -> str:
    if commit is None:
        raise UnreadableError("is no commit and cannot be judged", path=ref.local_ref, hint="Push it by itself")
    return commit


def _new_commits(
    repository: Repository, ref: str, head: str, known: Sequence[str], tags: Sequence[str]
) -> PushedCommits | None:
    # The borders stand for all that the remote has: whatever is reachable from a known ref and from the head
    # is reachable from a border.
    listing = repository.run("commits with borders", head, *known).decode().split()
    borders = [line[1:] for line in listing if line.startswith("-")]
    if len(borders) == len(listing):  # nothing new but tags, which have texts of their own
        return PushedCommits(ref=ref, head=head, borders=(head,), tags=tuple(tags)) if tags else None
    return PushedCommits(ref=ref, head=head, borders=_independent(repository, borders), tags=tuple(tags))


def _independent(repository: Repository, commits: Sequence[str]) -> tuple[str, ...]:
    """Leave out the commits that are ancestors of others: what they held and the others do not was mended since."""
    if len(commits) < 2:
        return tuple(commits)
    return tuple(sorted(repository.run("independent", *commits).decode().split()))
