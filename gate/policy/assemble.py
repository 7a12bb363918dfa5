"""Builds the `Policy` of a decision from what was read, with the checks that need no finding."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from gate.core.durations import timedelta_of
from gate.core.errors import ConfigError
from gate.policy.accepted import CODEOWNERS
from gate.policy.baseline import FILE as BASELINE
from gate.policy.baseline import MAX_BYTES, FindingsBaseline, parse_baseline
from gate.policy.codeowners import Codeowners
from gate.policy.conditions import any_of
from gate.policy.decide import DEFAULT_JUDGED, DEFAULT_SHARE, Policy, what_is_accepted
from gate.policy.layers import PolicyLayer, PolicySource, layers_of
from gate.policy.repository_files import OwnFiles
from gate.policy.waivers import FILE as WAIVERS
from gate.policy.waivers import Waiver, is_signed, parse_waivers
from gate.settings.sources import own_text
from gate.trees import FileTree, resolve


class PolicyFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The policies that a decision rests on."""

    above: tuple[PolicySource, ...]
    """Those above the project's, the highest first."""
    project: PolicySource
    change: tuple[PolicySource, ...] = ()
    """In a comparison those of the change, which only tighten."""

    @property
    def all(self) -> tuple[PolicySource, ...]:
        return (*self.above, self.project, *self.change)


def assemble(
    sources: PolicyFiles, places: Sequence[OwnFiles], change: OwnFiles | None, signed: tuple[Waiver, ...], today: date
) -> Policy:
    """Return the policy, with what was accepted at the first of the places as far as all of them and the change agree.

    The `signed` waivers of the change count without agreement.

    Raises ConfigError, which names both places, if a rule or waiver of the project contradicts a policy above.
    """
    layers = layers_of(sources.project, sources.above, sources.change)
    first, *others = places
    agreeing = [*others, *([change] if change else [])]
    waivers = (*first.waivers(), *signed)
    agreed = tuple((*files.waivers(), *signed) for files in agreeing)
    _check_lengths(agreed[-1] if agreed else waivers, layers, today)
    baselines = [first.baseline(), *(files.baseline() for files in agreeing)]
    return Policy(
        layers=layers,
        waivers=waivers,
        agreed=agreed,
        baseline=baselines[0],
        also_listed=tuple(one for one in baselines[1:] if one != baselines[0]),
        required_stages=tuple(dict.fromkeys(stage for _, stage in required_stages(sources.all))),
        required_share=_required_share(sources),
        required_judged=_required_judged(sources),
        judges_libraries=any(source.policy.required_judged is not None for source in sources.all),
        share_by_default=frozenset(stage for _, stage in required_stages(sources.above)),
        required_targets=tuple(dict.fromkeys(_required_targets(sources.all))),
        codeowners=codeowners_of(first, layers),
        has_ratchet=any(source.policy.ratchet for source in sources.all),
        accepted_now=_accepted_by(change, signed, baselines[-1]) if change else None,
    )


def _accepted_by(change: OwnFiles, signed: Collection[Waiver], baseline: FindingsBaseline) -> frozenset[str]:
    """Return what a change accepts, without the waivers that a key of the organisation has signed."""
    return what_is_accepted((waiver for waiver in change.waivers() if waiver not in signed), baseline)


def signed_waivers(change: OwnFiles, keys: Mapping[str, str]) -> tuple[Waiver, ...]:
    """Return the waivers of a change that one of the keys (name to PEM) has signed. Raises ConfigError."""
    return tuple(waiver for waiver in change.waivers() if is_signed(waiver, keys)) if keys else ()


def codeowners_of(files: OwnFiles, layers: Sequence[PolicyLayer]) -> Codeowners | None:
    """Return who owns the paths, if a layer lets owners waive. Raises ConfigError."""
    found = files.codeowners() if any(map(_asks_for_codeowners, layers)) else None
    return found[1] if found else None


def with_ratchet(policy: Policy, before: FileTree | None) -> Policy:
    """Return `policy` with what was accepted in the tree `before`, if it has a ratchet.

    With a ratchet, accepted findings may only become fewer. If the files are missing, nothing was accepted. Raises
    ConfigError if one cannot be parsed.
    """
    if not policy.has_ratchet or before is None:
        return policy
    content, lines = (_content(before, file) for file in (WAIVERS, BASELINE))
    waivers = parse_waivers(own_text(content, WAIVERS), WAIVERS) if content else ()
    baseline = parse_baseline(lines, BASELINE) if lines else FindingsBaseline()
    return msgspec.structs.replace(policy, accepted_before=what_is_accepted(waivers, baseline))


def _content(tree: FileTree, path: str) -> bytes:
    return tree.read(path, MAX_BYTES) if resolve(tree, path) is not None else b""


def _required_share(sources: PolicyFiles) -> dict[str, int]:
    """Return by stage the share, in per cent, that it has to analyse: the highest that a policy requires.

    A repository cannot lower what a policy above the project's requires: where the organisation names no share, the
    repository can only raise the default.
    """
    above = [source for source in sources.above if not source.is_of_repository]
    by_default = {stage for _, stage in required_stages(sources.above)}
    said: dict[str, int] = {}
    for source in (*above, *(one for one in sources.all if one not in above)):
        for stage, share in source.policy.required_share.items():
            least = DEFAULT_SHARE if stage in by_default and source not in above else 0
            said[stage] = max(share, said.get(stage, least))
    return said


def _required_judged(sources: PolicyFiles) -> int:
    """Return the per cent of the declared packages that have to be judged.

    It is the highest that a policy above the project's requires, and the project can raise it; else the project's own.
    """
    above = [source for source in sources.above if not source.is_of_repository]
    own = [source for source in sources.all if source not in above]
    floor, stated = _judged_in(above), _judged_in(own)
    return max((*floor, *stated), default=DEFAULT_JUDGED)


def _judged_in(sources: Iterable[PolicySource]) -> list[int]:
    stated = (source.policy.required_judged for source in sources)
    return [one for one in stated if one is not None]


def _required_targets(sources: Iterable[PolicySource]) -> Iterator[tuple[str, str]]:
    for source in sources:
        for stage, names in source.policy.required_targets.items():
            yield from ((stage, name) for name in any_of(names))


def required_stages(sources: Sequence[PolicySource]) -> Iterator[tuple[str, str]]:
    """Yield (policy, stage) for every stage that has to run."""
    for source in sources:
        yield from ((source.name, stage) for stage in source.policy.required_stages)


def _asks_for_codeowners(layer: PolicyLayer) -> bool:
    return CODEOWNERS in any_of(layer.waivers.owners)


def _check_lengths(waivers: Sequence[Waiver], layers: Sequence[PolicyLayer], today: date) -> None:
    for layer in layers:
        longest = layer.waivers.longest
        last = today + timedelta_of(longest) if longest else date.max
        for waiver in waivers:
            if waiver.last_day > last:
                raise ConfigError(
                    f"the waiver of {waiver} is until {waiver.until}; {layer.source} allows {longest}, until {last}",
                    path=WAIVERS,
                )
