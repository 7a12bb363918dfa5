"""Workflows and composite actions as the rules see them: triggers, jobs, steps, permissions, with their places."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from gate.core.values import Value

NOTHING: Mapping[str, Value] = {}


@lru_cache(maxsize=4096)  # every question about a step begins with it
def _without_reference(uses: str) -> str:
    return uses.split("@", 1)[0].lower()


class GithubStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a job or of a composite action."""

    value: Value
    number: int
    """From 1."""
    id: str = ""
    name: str = ""
    uses: str = ""
    """As written: `owner/name@reference`, `./folder`, `docker://image`."""
    run: Value | None = None
    inputs: Mapping[str, Value] = NOTHING
    """What stands under `with`."""
    env: Mapping[str, Value] = NOTHING
    condition: str = ""
    shell: str = ""
    folder: str = ""
    """The working directory, as written; empty: that of the job."""

    @property
    def label(self) -> str:
        """How people call it: its name, its id, what it uses, or its number."""
        return self.name or self.id or self.uses or str(self.number)

    @property
    def action(self) -> str:
        """The action without its reference, in lower case: `actions/checkout`."""
        return _without_reference(self.uses)

    @property
    def reference(self) -> str:
        """What stands behind the @."""
        return self.uses.partition("@")[2]

    @property
    def script(self) -> Value | None:
        """The text that a shell or Node.js runs."""
        if self.run is not None:
            return self.run
        return self.inputs.get("script") if self.action == "actions/github-script" else None


class Permissions(msgspec.Struct, frozen=True):
    """What the job's token may do."""

    scopes: Mapping[str, str] = {}
    """By scope: `read`, `write` or `none`."""
    everything: str = ""
    """`read` or `write` for `read-all` and `write-all`."""
    is_stated: bool = True
    """False: the repository's setting decides."""

    def writes(self) -> tuple[str, ...]:
        """Return the scopes that it may write to; `everything` for all of them."""
        if self.everything == "write":
            return ("everything",)
        return tuple(sorted(scope for scope, level in self.scopes.items() if level == "write"))


class GithubJob(msgspec.Struct, frozen=True, kw_only=True):
    """One job of a workflow."""

    value: Value
    id: str
    needs: tuple[str, ...] = ()
    condition: str = ""
    permissions: Permissions
    runs_on: tuple[str, ...] = ()
    environment: str = ""
    env: Mapping[str, Value] = NOTHING
    outputs: Mapping[str, Value] = NOTHING
    steps: tuple[GithubStep, ...] = ()
    uses: str = ""
    """The reusable workflow that it calls."""
    inputs: Mapping[str, Value] = NOTHING
    """What it hands to that workflow."""
    inherits_secrets: bool = False

    @property
    def is_self_hosted(self) -> bool:
        """True if it names a machine of the project's own."""
        return "self-hosted" in self.runs_on


class Trigger(msgspec.Struct, frozen=True):
    """An event that starts a workflow."""

    name: str
    value: Value | None = None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the types, branches or workflows that it is limited to; empty: it is not."""
        return tuple(self.value.texts(key)) if self.value is not None else ()


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow."""

    path: str
    value: Value
    name: str
    triggers: Mapping[str, Trigger]
    permissions: Permissions
    env: Mapping[str, Value] = NOTHING
    jobs: Mapping[str, GithubJob]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """An action of the repository."""

    path: str
    value: Value
    inputs: Mapping[str, Value] = NOTHING
    outputs: Mapping[str, Value] = NOTHING
    using: str = ""
    """`composite`, `docker`, `node20`, …"""
    steps: tuple[GithubStep, ...] = ()

    @property
    def folder(self) -> str:
        """Where it lies; empty: the root."""
        return self.path.rpartition("/")[0]


class GithubRepository(msgspec.Struct, frozen=True, kw_only=True):
    """All definitions of a repository."""

    workflows: tuple[Workflow, ...] = ()
    actions: Mapping[str, Action] = {}
    """By folder."""

    def action_of(self, uses: str) -> Action | None:
        """Return the action that a step uses by a path, `./folder`."""
        return self.actions.get(uses[2:].strip("/")) if uses.startswith("./") else None

    def workflow_of(self, uses: str) -> Workflow | None:
        """Return the workflow that a job calls by a path."""
        path = uses[2:] if uses.startswith("./") else ""
        return next((one for one in self.workflows if one.path == path), None)

    def named(self, name: str) -> Iterator[Workflow]:
        """Yield the workflows with a name, as `workflow_run` refers to them."""
        yield from (one for one in self.workflows if name in (one.name, one.path))
