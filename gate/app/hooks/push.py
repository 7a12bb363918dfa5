"""What a push adds: the commits to judge, found from the refs that git names."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from gate.app.hooks.protocol import PushedRef
from gate.app.hooks.remotes import tracking_branches
from gate.core.errors import UnreadableError
from gate.git import ZERO_IDS, Repository


class PushedCommits(msgspec.Struct, frozen=True, kw_only=True):
    """The commits that a push adds to the remote for one ref."""

    ref: str
    head: str
    borders: tuple[str, ...]
    """The commits of the remote that are parents of new ones; empty if the whole history is new."""
    tags: tuple[str, ...] = ()
    """Ids of the tag objects that name the head."""


def find_pushed_commits(
    repository: Repository,
    remote: str,
    refs: Iterable[PushedRef],
    url: str = "",
    bases: Mapping[str, str] | None = None,
) -> list[PushedCommits]:
    """Return the commits of each ref that the remote does not have, in the order of the refs; each head only once.

    `remote` is the remote's name, or its URL if it has none; `url` is the URL that is pushed to.
    `gate.app.hooks.remotes` says what the remote has. For protected branches, given in `bases` with the commits that
    they are at, everything is new that the branch does not contain. Raises UnreadableError if something other than a
    commit is pushed.
    """
    bases = bases or {}
    pushed = sorted((ref for ref in refs if not ref.is_deletion), key=lambda ref: ref.remote_ref not in bases)
    tracking = tracking_branches(repository, remote, url or remote)
    # A server could claim to have commits that it never got, and so keep them from being judged. For a remote with a
    # name, only what was fetched from it, or pushed to it and judged, counts. To one without a name git sends no more
    # than it asks for, so there its claims do no harm.
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
        raise UnreadableError("is not a commit and cannot be judged", path=ref.local_ref, hint="Push it separately")
    return commit


def _new_commits(
    repository: Repository, ref: str, head: str, known: Sequence[str], tags: Sequence[str]
) -> PushedCommits | None:
    # The borders represent all that the remote has: what is reachable from both a known ref and the head is reachable
    # from a border.
    listing = repository.run("commits with borders", head, *known).decode().split()
    borders = [line[1:] for line in listing if line.startswith("-")]
    if len(borders) == len(listing):  # nothing new but tags, which have texts of their own
        return PushedCommits(ref=ref, head=head, borders=(head,), tags=tuple(tags)) if tags else None
    return PushedCommits(ref=ref, head=head, borders=_independent(repository, borders), tags=tuple(tags))


def _independent(repository: Repository, commits: Sequence[str]) -> tuple[str, ...]:
    """Leave out commits that are ancestors of others: what only they have was removed since."""
    if len(commits) < 2:
        return tuple(commits)
    return tuple(sorted(repository.run("independent", *commits).decode().split()))
