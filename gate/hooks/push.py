"""What a push adds: git's pre-push protocol (githooks(5)) turned into commits to judge."""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import msgspec

from gate.errors import LimitError, UnreadableError, UsageError
from gate.git import ZERO_IDS, Repository

MAX_INPUT = 4 << 20
"""Bytes of standard input; some ten thousand refs."""


class PushedRef(msgspec.Struct, frozen=True):
    """One line of the protocol: a ref of the remote, and what it is to point to."""

    local_ref: str
    local_id: str
    remote_ref: str
    remote_id: str

    @property
    def is_deletion(self) -> bool:
        """True if the push removes the ref from the remote."""
        return self.local_id in ZERO_IDS


class PushedCommits(msgspec.Struct, frozen=True, kw_only=True):
    """The commits that the remote does not have and gets for one of its refs."""

    ref: str
    head: str
    borders: tuple[str, ...]
    """The commits of the remote on which the new ones stand; empty if all of the history is new."""


def read_push(stream: BinaryIO) -> list[PushedRef]:
    """Read the refs that git is about to push, deletions included.

    Raises LimitError if there are more than can be judged, UsageError if the input is not git's.
    """
    content = stream.read(MAX_INPUT + 1)
    if len(content) > MAX_INPUT:
        raise LimitError(f"git pushes refs in more than {MAX_INPUT:,} bytes", hint="Push fewer refs at a time")
    return [_read_line(line.decode("utf-8", "backslashreplace")) for line in content.split(b"\n") if line]


def _read_line(line: str) -> PushedRef:
    # The first field is what the user typed, as in `HEAD^{/fix the bug}`: it can hold spaces, the others cannot.
    fields = line.rsplit(" ", 3)
    if len(fields) != 4 or not all(map(_is_object_id, (fields[1], fields[3]))):
        raise UsageError(
            "standard input is not what git gives a pre-push hook",
            hint="Let git start it: see `gate hook install`",
        )
    return PushedRef(*fields)


def _is_object_id(field: str) -> bool:
    return len(field) in map(len, ZERO_IDS) and not set(field) - set("0123456789abcdef")


def find_pushed_commits(repository: Repository, remote: str, refs: Iterable[PushedRef]) -> list[PushedCommits]:
    """Return what the remote lacks of each ref, in the order of the refs; a head is named only once.

    What the remote has is known from its remote-tracking branches and from the ids that it has just named.
    Raises UnreadableError if something other than a commit is pushed.
    """
    pushed = [ref for ref in refs if not ref.is_deletion]
    known = [*_known_ids(repository, pushed), *_tracking_branches(repository, remote)]
    heads: dict[str, str] = {}
    for ref in pushed:
        heads.setdefault(_head(repository, ref), ref.remote_ref)
    found = (_new_commits(repository, ref, head, known) for head, ref in heads.items())
    return [one for one in found if one is not None]


def _known_ids(repository: Repository, refs: Iterable[PushedRef]) -> Iterator[str]:
    ids = dict.fromkeys(ref.remote_id for ref in refs if ref.remote_id not in ZERO_IDS)
    return filter(None, map(repository.commit_id, ids))


def _tracking_branches(repository: Repository, remote: str) -> list[str]:
    """Return the option of `git rev-list` that names them; none if the push goes to an address without a name."""
    names = repository.run("remote").decode("utf-8", "backslashreplace").splitlines()
    return [f"--remotes={remote}"] if remote in names else []


def _head(repository: Repository, ref: PushedRef) -> str:
    commit = repository.commit_id(ref.local_id)
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
