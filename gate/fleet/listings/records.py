"""Records of deployments in a format of ours, a line of JSON each, for systems that have no listing of their own.

{"where": "prod-eu/web", "image": "registry.example.com/shop/web:1.4", "digest": "sha256:…"}
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec

from gate.core.errors import UnreadableError
from gate.core.text import counted
from gate.fleet.listings.document import ListedDocument, ListedWorkloads, time_of
from gate.fleet.running import RunningWorkload
from gate.model import Exposed

_Digest = Annotated[str, msgspec.Meta(pattern="^sha256:[0-9a-f]{64}$")]
_Commit = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{40}([0-9a-f]{24})?$")]


class DeploymentRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the format; one of `image`, `digest` and `commit` is stated."""

    where: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    image: str = ""
    digest: _Digest | None = None
    commit: _Commit | None = None
    since: str = ""
    exposed: Exposed = Exposed.UNKNOWN
    ways: tuple[str, ...] = ()


def is_of(data: Mapping[str, Any]) -> bool:
    """True for a record."""
    return "where" in data


def read(documents: Sequence[ListedDocument]) -> ListedWorkloads:
    """Return what records state. Raises UnreadableError for one that names nothing, or has an unknown time."""
    running = tuple(_running(one.path, one.part(DeploymentRecord, "a record")) for one in documents)
    return ListedWorkloads(running, (counted(len(running), "deployment record"),))


def _running(path: str, record: DeploymentRecord) -> RunningWorkload:
    since = time_of(record.since)
    if record.since and not since:
        raise UnreadableError(f"a record has the time {record.since[:40]!r}", path=path, hint="Write it as RFC 3339")
    if not (record.image or record.digest or record.commit):
        hint = "State one of image, digest and commit"
        raise UnreadableError(f"the record of {record.where[:80]!r} names nothing that runs", path=path, hint=hint)
    digests = (record.digest,) if record.digest else ()
    return RunningWorkload(
        where=record.where,
        image=record.image.partition("@")[0],
        digests=digests,
        commits=(record.commit,) if record.commit else (),
        since=since,
        exposed=record.exposed,
        ways=record.ways,
    )
