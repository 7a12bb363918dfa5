"""The comment in a pull or merge request that says the verdict: written once, then kept up to date in its place."""

import enum
from collections.abc import Iterable
from typing import Protocol

import msgspec


class RequestComment(msgspec.Struct, frozen=True):
    """A comment that is there."""

    id: int
    text: str
    is_own: bool
    """True if it was written by whoever writes now: nobody else's comment is ever changed."""


class Discussion(Protocol):
    """The comments of one pull or merge request."""

    name: str
    """As people write it: `shop/api#12`."""

    def comments(self) -> Iterable[RequestComment]:
        """Return the comments, the oldest first. Raises GateError."""

    def add(self, text: str) -> None:
        """Write a comment. Raises GateError."""

    def change(self, comment: RequestComment, text: str) -> None:
        """Put a text in place of a comment's. Raises GateError."""


class CommentOutcome(enum.Enum):
    """What became of a comment."""

    ADDED = "added"
    CHANGED = "brought up to date"
    UNCHANGED = "up to date already"


def publish(discussion: Discussion, text: str, mark: str) -> CommentOutcome:
    """Write `text` in place of the own comment that starts with the line `mark`, as it does itself, or as a new one."""
    before = next((one for one in discussion.comments() if one.is_own and one.text.startswith(mark)), None)
    if before is None:
        discussion.add(text)
        return CommentOutcome.ADDED
    if before.text.splitlines() == text.splitlines():
        return CommentOutcome.UNCHANGED
    discussion.change(before, text)
    return CommentOutcome.CHANGED
