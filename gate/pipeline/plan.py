"""Which stage runs on which target."""

from collections.abc import Iterator, Sequence

import msgspec

from gate.errors import UsageError
from gate.model import CommitRange, StageResult, Target, Tree
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


_WANTED = {"tree": "folder", "commits": "range of commits", "image": "image"}


def plan(targets: Sequence[Target], settings: Settings) -> Plan:
    """Pair every enabled stage with every target that it accepts. With a shard only its share. Raises UsageError."""
    enabled = [name for name in STAGES if settings.stage(name).enabled and (name != "tools" or settings.tools)]
    enabled += [name for name in settings.plugin_stages if name not in STAGES]
    if not enabled:
        raise UsageError("no stage is enabled", hint="Enable one in gate.yaml, or leave out --skip")
    _load_plugins(settings)
    jobs = [Job(name, target) for name in enabled for target in _targets_of(load_stage(name), targets)]
    own = share(jobs, settings.shard)
    given, busy = ({job.stage for job in some} for some in (jobs, own))
    idle = (_elsewhere(name) if name in given else _idle(name) for name in enabled if name not in busy)
    return Plan(jobs=tuple(own), idle=tuple(idle), stages=tuple(enabled), whole=tuple(jobs))


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
    return StageResult(stage=stage, target="", skipped=f"no {wanted} was named")
