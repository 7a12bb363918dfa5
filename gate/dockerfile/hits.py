"""What a Dockerfile rule's check yields, mostly by `step.hit(…)` and `command.hit(…)`."""

from gate.rules import Change, Hit

__all__ = ["Change", "Hit"]
