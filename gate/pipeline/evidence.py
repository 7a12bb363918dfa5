"""What a run rests on: its settings, what it was compared with, what it was to do and did."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.json_text import json_bytes
from gate.declarations import declared
from gate.model import ComparedWith, Evidence, StageResult, Tree, Work
from gate.pipeline.plan import Job, Plan
from gate.settings import Settings
from gate.stages import STAGES

_NEITHER_HERE_NOR_THERE = frozenset(
    {"reports", "quiet", "verbose", "jobs", "cache", "shard", "timeout", "memory", "since", "policy"}
)
"""Settings that clear nothing, and those that reports state otherwise: bases, policies."""
_SHORT = 16
_ASKED = ("advisories", "known_exploited", "epss")
"""Facts that name the advisories that a stage has asked."""


class Chosen(msgspec.Struct, frozen=True):
    """The settings in force, by digests."""

    whole: str
    apart: dict[str, str]
    """Those that are not as by default, by key."""


def chosen_in(settings: Settings, folder: str = "") -> Chosen:
    """Return the digests of the settings; a path below `folder`, the project's, is the same wherever that lies."""
    leaves = dict(_leaves(_relative(msgspec.to_builtins(settings), folder)))
    usual = dict(_leaves(_relative(msgspec.to_builtins(Settings()), "")))
    apart = {key: digest(value)[:_SHORT] for key, value in leaves.items() if usual.get(key) != value}
    return Chosen(whole=digest(leaves), apart=apart)


def keys_of(settings: Mapping[str, Any]) -> list[str]:
    """Return the keys of settings as evidence names them; those that it does not hold are left out."""
    return [key for key, _ in _leaves(settings)]


def digest(value: Any) -> str:
    """Return the SHA-256 of a value as JSON."""
    return hashlib.sha256(json_bytes(value)).hexdigest()


def _relative(value: Any, folder: str) -> Any:
    match value:
        case str() if folder and value.startswith(f"{folder.rstrip('/')}/"):
            return value.removeprefix(f"{folder.rstrip('/')}/")
        case dict():
            return {key: _relative(part, folder) for key, part in value.items()}
        case list() | tuple():
            return [_relative(part, folder) for part in value]
        case _:
            return value


def _leaves(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        if above or key not in _NEITHER_HERE_NOR_THERE:
            if isinstance(value, dict) and value:
                yield from _leaves(value, f"{above}{key}.")
            else:
                yield f"{above}{key}", value


def evidence_of(
    planned: Plan, chosen: Chosen, bases: Mapping[str, Sequence[Tree]], results: Iterable[StageResult]
) -> Evidence:
    """Return what a run rests on."""
    results = list(results)
    checked = [str(one.facts["advisories_checked"]) for one in results if "advisories_checked" in one.facts]
    return Evidence(
        settings=chosen.whole,
        chosen=chosen.apart,
        bases=tuple(_compared_with(name, trees) for name, trees in sorted(bases.items())),
        planned=work_of(planned.whole, planned.stages),
        ran=work_of(planned.jobs, planned.stages),
        left_out=tuple(_left_out(planned.stages)),
        advisories=tuple(sorted({name for one in results for name in _asked(one)})),
        advisories_checked=min(checked, default=None),
    )


def _compared_with(target: str, trees: Sequence[Tree]) -> ComparedWith:
    return ComparedWith(target=target, revisions=tuple(tree.revision or "" for tree in trees))


def _left_out(stages: Sequence[str]) -> Iterator[str]:
    """Yield the stages that usually run and are not among `stages`."""
    yield from (name for name in STAGES if name not in stages and not declared(name).runs_on_request)


def work_of(jobs: Iterable[Job], stages: Sequence[str]) -> tuple[Work, ...]:
    """Return the targets of each stage, in the order of the stages."""
    targets: dict[str, list[str]] = {stage: [] for stage in stages}
    for job in jobs:
        if job.stage in targets:
            targets[job.stage].append(job.target.name)
    return tuple(Work(stage=stage, targets=tuple(names)) for stage, names in targets.items())


def _asked(result: StageResult) -> Iterator[str]:
    for name in _ASKED:
        fact = result.facts.get(name)
        if isinstance(fact, list):
            yield from map(str, fact)
        elif fact is not None:
            yield f"{name}: {fact}"
