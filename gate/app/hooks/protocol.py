"""Parsing what git gives a pre-push hook (githooks(5)). It loads no engine, so that an empty push ends fast."""

from typing import BinaryIO, NamedTuple

from gate.core.errors import LimitError, UsageError

MAX_INPUT = 4 << 20
"""Bytes of standard input at most; enough for some ten thousand refs."""
_ID_LENGTHS = (40, 64)
"""Digits of an object id: SHA-1 and SHA-256."""


class PushedRef(NamedTuple):
    """One line of the protocol: a ref of the remote, and what it shall point to."""

    local_ref: str
    local_id: str
    remote_ref: str
    remote_id: str

    @property
    def is_deletion(self) -> bool:
        """True if the push removes the ref from the remote."""
        return not self.local_id.strip("0")


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
            "standard input is not what git passes to a pre-push hook",
            hint="Let git start it: see `gate hook install`",
        )
    return PushedRef(*fields)


def _is_object_id(field: str) -> bool:
    return len(field) in _ID_LENGTHS and not set(field) - set("0123456789abcdef")
