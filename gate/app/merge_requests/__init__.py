"""The comment with the verdict in a pull or merge request: written once, then updated in place."""

import enum
from collections.abc import Iterable
from typing import Protocol

import msgspec


class RequestComment(msgspec.Struct, frozen=True):
    """An existing comment."""

    id: int
    text: str
    is_own: bool
    """True if our account wrote it: comments of others are never changed."""


class Discussion(Protocol):
    """The comments of one pull or merge request."""

    name: str
    """Its name in the usual notation: `shop/api#12`."""

    def comments(self) -> Iterable[RequestComment]:
        """Return the comments, the oldest first. Raises GateError."""

    def add(self, text: str) -> None:
        """Write a comment. Raises GateError."""

    def change(self, comment: RequestComment, text: str) -> None:
        """Replace the text of a comment. Raises GateError."""


class CommentOutcome(enum.Enum):
    """What was done with a comment."""

    ADDED = "added"
    CHANGED = "brought up to date"
    UNCHANGED = "up to date already"


def publish(discussion: Discussion, text: str, mark: str) -> CommentOutcome:
    """Update our comment that starts with the line `mark`, as `text` does too, or add one if there is none."""
    before = next((one for one in discussion.comments() if one.is_own and one.text.startswith(mark)), None)
    if before is None:
        discussion.add(text)
        return CommentOutcome.ADDED
    if before.text.splitlines() == text.splitlines():
        return CommentOutcome.UNCHANGED
    discussion.change(before, text)
    return CommentOutcome.CHANGED
