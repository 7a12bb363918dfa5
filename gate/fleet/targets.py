"""Which targets a fleet run judges: from the command line, lists in files, and sources such as an organisation."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

import msgspec

from gate.core.bounded_read import read_bounded
from gate.core.errors import GateError, LimitError, UnreadableError, UsageError
from gate.fleet.repository_address import repository_address
from gate.fleet.sources import source_of
from gate.fleet.target_run import identity_of, registry_of
from gate.images.access import Access

MOST_TARGETS = 1_000_000
_MAX_LIST = 256 << 20
"""Bytes of a file with a list of targets."""
_MAX_TARGET = 2_000
_LOGIN = "@"


class FleetTargets(msgspec.Struct, frozen=True, kw_only=True):
    """What is judged."""

    names: tuple[str, ...]
    """Each target once; repositories and registries of one host are spread over the list."""
    twice: int = 0
    """How many were named again."""
    unread: tuple[str, ...] = ()
    """Why sources could not be asked, or which lines are no target."""


def read_targets(words: Iterable[str], lists: Iterable[str], access: Access = Access()) -> FleetTargets:  # noqa: B008
    """Return the targets of the command line, and of lists: files with one a line (`#` begins a comment), or sources.

    A source that cannot be asked does not stop the rest, nor does a line of it that is no target. Raises UsageError for
    a word or a line of a file that is none or holds a login, UnreadableError for a file, GateError if there is none.
    """
    found = [checked(word) for word in words]
    unread: list[str] = []
    for named in lists:
        source = source_of(named)
        if source is None:
            found += [checked(line) for line in _lines(named)]
        else:
            try:
                found += [checked(target) for target in source(named.partition(":")[2], access)]
            except GateError as error:
                unread.append(f"{named}: {error}")
    by_identity: dict[str, str] = {}
    for target in found:
        by_identity.setdefault(identity_of(target), target)
    names = list(by_identity.values())
    if len(names) > MOST_TARGETS:
        raise LimitError(f"there are more than {MOST_TARGETS:,} targets", hint="Judge them in several runs")
    if not names and unread:
        raise UnreadableError(unread[0])
    if not names:
        raise UsageError("there is no target", hint="Name folders and images, or a file of them: --from FILE")
    return FleetTargets(names=tuple(spread(names)), twice=len(found) - len(names), unread=tuple(unread))


def share_of(targets: Sequence[str], shard: str) -> list[str]:
    """Return every N-th target from the I-th on, for a shard `I/N`. Raises UsageError for what is none."""
    number, _, count = shard.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise UsageError("--shard: write I/N, with I from 1 to N", path=shard[:40])
    return list(targets[int(number) - 1 :: int(count)])


def _lines(path: str) -> Iterator[str]:
    content = read_bounded(path, _MAX_LIST)
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UnreadableError("is not UTF-8", path=path) from error
    return (line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def checked(target: str) -> str:
    """Return a target in its one spelling.

    Raises UsageError for what would put a login into the ledger, or cannot be a target.
    """
    if not target or len(target) > _MAX_TARGET or not target.isprintable():
        raise UsageError("is no target", path=target[:60])
    host, separator, _ = target.rpartition(_LOGIN)
    if separator and ":" in host.partition("://")[2].rpartition("/")[2]:
        hint = "Credentials belong to the host's own configuration: docker login, a netrc file, GATE_TOKEN_HOST"
        raise UsageError("a target has a login in it", hint=hint)
    address = repository_address(target)
    if address is not None:
        return str(address)
    return os.path.normpath(target) if os.path.isdir(target) else target


def spread(targets: Iterable[str]) -> Iterator[str]:
    """Yield targets so that those of one host do not follow one another where there are others."""
    by_host: dict[str, list[str]] = {}
    for target in targets:
        address = repository_address(target)
        host = address.host if address else registry_of(target) or ""
        by_host.setdefault(host, []).append(target)
    for row in zip_longest(*by_host.values()):
        yield from filter(None, row)
