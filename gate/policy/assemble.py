"""From what was read to the `Policy` of a decision, with the checks that need no finding."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from gate.durations import timedelta_of
from gate.errors import ConfigError
from gate.policy.accepted import CODEOWNERS
from gate.policy.baseline import FILE as BASELINE
from gate.policy.baseline import MAX_BYTES, Baseline, parse_baseline, read_baseline
from gate.policy.codeowners import read_codeowners
from gate.policy.conditions import any_of
from gate.policy.decide import Policy, what_is_accepted
from gate.policy.layers import Layer, Source, layers_of
from gate.policy.waivers import FILE as WAIVERS
from gate.policy.waivers import Waiver, parse_waivers, read_waivers
from gate.trees import FileTree, resolve


def assemble(root: str, project: Source, above: Sequence[Source], today: date) -> Policy:
    """Return the policy of the project in `root`, under the policies in `above` (the highest first).

    Raises ConfigError that names both places if a rule or waiver of the project goes against a policy above.
    """
    layers = layers_of(project, above)
    waivers = read_waivers(root)
    _check_lengths(waivers, layers, today)
    return Policy(
        layers=layers,
        waivers=waivers,
        baseline=read_baseline(root),
        required_stages=tuple(dict.fromkeys(stage for _, stage in required_stages((*above, project)))),
        codeowners=read_codeowners(root) if any(map(_asks_for_codeowners, layers)) else None,
        has_ratchet=any(source.policy.ratchet for source in (*above, project)),
    )


def with_ratchet(policy: Policy, before: FileTree | None) -> Policy:
    """Return `policy` with what was accepted in the tree `before`, if that may only become less.

    None of the files being there, nothing was accepted. Raises ConfigError if one cannot be understood.
    """
    if not policy.has_ratchet or before is None:
        return policy
    waivers, baseline = (_content(before, file) for file in (WAIVERS, BASELINE))
    return msgspec.structs.replace(
        policy,
        accepted_before=what_is_accepted(
            parse_waivers(waivers.decode("utf-8", "replace"), WAIVERS) if waivers else (),
            parse_baseline(baseline, BASELINE) if baseline else Baseline(),
        ),
    )


def _content(tree: FileTree, path: str) -> bytes:
    return tree.read(path, MAX_BYTES) if resolve(tree, path) is not None else b""


def required_stages(sources: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """Yield (policy, stage) for every stage that has to run."""
    for source in sources:
        yield from ((source.name, stage) for stage in source.policy.required_stages)


def _asks_for_codeowners(layer: Layer) -> bool:
    return CODEOWNERS in any_of(layer.waivers.owners)


def _check_lengths(waivers: Sequence[Waiver], layers: Sequence[Layer], today: date) -> None:
    for layer in layers:
        longest = layer.waivers.longest
        last = today + timedelta_of(longest) if longest else date.max
        for waiver in waivers:
            if waiver.last_day > last:
                raise ConfigError(
                    f"the waiver of {waiver} is until {waiver.until}; {layer.source} allows {longest}, until {last}",
                    path=WAIVERS,
                )
