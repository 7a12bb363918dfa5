"""Pipelines of the systems whose rules ask about steps and what starts them."""

from collections.abc import Mapping

import msgspec

from gate.ci.definitions import CiPipeline
from gate.core.values import Value


class BitbucketStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step in one pipeline of Bitbucket."""

    starts: str
    """`default`, `branches`, `pull-requests`, `tags` or `custom`."""
    pattern: str
    """The branches or the name; empty for `default`."""
    step: Value
    stage: Value | None = None

    def text(self, key: str) -> str:
        """Return a scalar of the step, or else of its stage."""
        return self.step.text(key) or (self.stage.text(key) if self.stage else "")


class BitbucketPipeline(CiPipeline, frozen=True, kw_only=True):
    """A file of Bitbucket, and its steps with what starts them."""

    steps: tuple[BitbucketStep, ...] = ()


class TektonResource(CiPipeline, frozen=True, kw_only=True):
    """A resource of Tekton, and which parameters of its tasks hold text of events."""

    tasks: tuple[tuple[Value, Mapping[str, str]], ...] = ()
    """The spec of a task, and by parameter the expression that brings the text."""


class DronePipeline(CiPipeline, frozen=True, kw_only=True):
    """A pipeline of Drone or Woodpecker, and its steps by name."""

    steps: tuple[tuple[str, Value], ...] = ()

    @property
    def with_secrets(self) -> frozenset[str]:
        """The names of the steps that receive secrets."""
        return frozenset(name for name, step in self.steps if has_secrets(step))


def has_secrets(step: Value) -> bool:
    """True if a step receives a secret of the server: `from_secret`, or the list `secrets`."""
    return step.get("secrets") is not None or any(value.get("from_secret") is not None for value in step.walk())
