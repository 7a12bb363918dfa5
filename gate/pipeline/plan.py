"""Which stage runs on which target."""

from collections.abc import Iterator, Sequence

import msgspec

from gate.core.errors import UsageError
from gate.declarations import declared
from gate.model import CommitRange, Image, StageResult, Target, Tree
from gate.pipeline.shard import ELSEWHERE, share
from gate.settings import Settings
from gate.stages import STAGES, load_stage
from gate.stages.base import Stage


class Job(msgspec.Struct, frozen=True):
    """One stage on one target."""

    stage: str
    target: Target
    said: Tree | None = None
    """Tree whose configuration of other programs, VEX documents and baseline count; None: the target's own."""
    compared: tuple[Tree, ...] = ()
    """Trees of the target's base in which such files differ from its own."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The jobs of a run, and the stages for which no target was given."""

    jobs: tuple[Job, ...]
    """Those of this part, if the run is shared."""
    idle: tuple[StageResult, ...]
    stages: tuple[str, ...]
    """Every one that is enabled."""
    whole: tuple[Job, ...]
    """Those of all parts."""


_WANTED = {"tree": "folder", "commits": "range of commits", "image": "image", "docker-host": "Docker host"}

_NAMING = " (--image NAME scans one)"


def plan(targets: Sequence[Target], settings: Settings) -> Plan:
    """Pair every enabled stage with every target that it accepts. With a shard only its share. Raises UsageError."""
    enabled = _enabled(settings)
    _load_plugins(settings)
    jobs = [Job(name, target) for name in enabled for target in _targets_of(load_stage(name), targets)]
    own = share(jobs, settings.shard)
    given = {job.stage for job in jobs}
    busy = {job.stage for job in own}
    idle = (_elsewhere(name) if name in given else _idle(name) for name in enabled if name not in busy)
    return Plan(jobs=tuple(own), idle=tuple(idle), stages=tuple(enabled), whole=tuple(jobs))


def _enabled(settings: Settings) -> list[str]:
    enabled = [name for name in STAGES if settings.stage(name).enabled and _is_asked_for(name, settings)]
    enabled += [name for name in settings.plugin_stages if name not in STAGES]
    if not enabled:
        raise UsageError("no stage is enabled", hint="Enable one in gate.yaml, or remove --skip")
    return enabled


def _is_asked_for(name: str, settings: Settings) -> bool:
    stage = declared(name)
    return not stage.runs_on_request or any(getattr(settings, key) for key in stage.needs)


def check_looked_at(targets: Sequence[Target], settings: Settings, *, each: bool) -> None:
    """Raise UsageError if no enabled stage looks at any of the targets; with `each` if none looks at one of them.

    A target that no stage looks at would pass. So would a folder whose name is mistyped, or that a change has removed,
    because a name that is no path is taken for an image.
    """
    enabled = _enabled(settings)
    kinds = tuple(kind for name in enabled for kind in load_stage(name).ACCEPTS)
    left = [target for target in targets if not isinstance(target, kinds)]
    if left and (each or len(left) == len(targets)):
        raise _not_looked_at(left[0], enabled)


def _not_looked_at(target: Target, enabled: Sequence[str]) -> UsageError:
    why = f"no stage that runs ({', '.join(enabled)}) looks at {_WANTED[target.kind]}s"
    if isinstance(target, Image) and target.source == "named":
        return UsageError(
            f"is not a folder, so it is taken for an image, and {why}", path=target.name, hint="Is the name right?"
        )
    return UsageError(why, path=target.name, hint="Remove the target, or run a stage that checks it")


def _load_plugins(settings: Settings) -> None:
    """Load what plugins add to stages, to say what is wrong with it before anything runs. Raises UsageError."""
    for name in STAGES:
        if getattr(settings.stage(name), "plugins", ()):
            tuple(load_stage(name).rules(settings))


def _targets_of(stage: Stage, targets: Sequence[Target]) -> Iterator[Target]:
    """Yield what a stage looks at. To one that looks at commits, the tree that they lead to is no news."""
    accepted = [target for target in targets if isinstance(target, stage.ACCEPTS)]
    led_to = {(target.root, target.head) for target in accepted if isinstance(target, CommitRange)}
    for target in accepted:
        if not (isinstance(target, Tree) and (target.root, target.revision) in led_to):
            yield target


def _elsewhere(stage: str) -> StageResult:
    return StageResult(stage=stage, target="", skipped=ELSEWHERE)


def _idle(stage: str) -> StageResult:
    wanted = " or ".join(_WANTED[kind.kind] for kind in load_stage(stage).ACCEPTS)  # type: ignore[attr-defined]
    how = _NAMING if wanted == _WANTED[Image.kind] else ""
    return StageResult(stage=stage, target="", skipped=f"no {wanted} was named{how}")
