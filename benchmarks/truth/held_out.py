"""Which reasons block without being worth it, and whether that holds in sets that they were not learnt from.

A reason is what a finding can be grouped by without reading it: its rule, the kind of place where it stands, what its
worth is known by. Each set is judged by the labels of all the others: a reason for which hardly anybody would have
stopped there warns here, and what would be gained and lost by that is counted.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from benchmarks.truth.runs import Found
from benchmarks.truth.score import Figures, Judged, by, figures

FEWEST = 2
"""Repositories in which a reason blocks before anything is learnt from it."""
LEAST = 0.5
"""Share of the findings of a reason that are worth stopping for, below which it should warn."""
_PROGRAM = r"\.(?:[cm]?[jt]sx?|py|go|java|kts?|cs|rb|php|rs|swift|scala|dart|groovy|exs?|vue|svelte|c|cc|cpp|h|m)\Z"
_PAGE = r"\.(?:html?|twig|jsp|cshtml|erb|md|rst)\Z"
_DEPLOYS = r"(?:^|/)(?:[^/]*dockerfile[^/]*|[^/]*compose[^/]*\.ya?ml|(?:k8s|helm|charts?|deploy|manifests)/.*)\Z"
_SETTINGS = r"(?:^|/)\.env[^/]*\Z|\.(?:ya?ml|properties|ini|conf|cfg|toml|json|xml|config|tfvars|env|plist)\Z"
_PLACES = (
    ("key file", r"\.(?:pem|key|p12|pk8|ppk|jks)\Z"),
    ("what deploys", _DEPLOYS),
    ("program", _PROGRAM),
    ("page", _PAGE),
    ("settings", _SETTINGS),
)
_PLACE = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PLACES]


class HeldOut(NamedTuple):
    """One set of repositories, judged by what the labels of all the others say of reasons."""

    name: str
    before: Figures
    """What blocks in it."""
    after: Figures
    """What would, if the reasons that are not borne out elsewhere warned."""
    lost: tuple[Found, ...]
    """The worthy ones among what would warn."""


def place_of(path: str) -> str:
    """Return what kind of file it is, by its name alone."""
    return next((name for name, pattern in _PLACE if pattern.search(path)), "other")


def _rule(found: Found) -> str:
    is_advisory = found.stage == "dependencies" and not found.rule.startswith("GP")
    return "advisory" if is_advisory else found.rule


WAYS: Mapping[str, Callable[[Found], tuple[str, ...]]] = {
    "rule": lambda found: (found.stage, _rule(found)),
    "place": lambda found: (found.stage, place_of(found.path)),
    "rule and place": lambda found: (found.stage, _rule(found), place_of(found.path)),
    "reason": lambda found: (found.stage, *(re.sub(r" \(EPSS .*", "", one) for one in found.evidence)),
    "advisory or rule": lambda found: (found.stage, found.rule),
}
"""What findings can be grouped by."""


def not_borne_out(
    judged: Iterable[Judged], way: Callable[[Found], tuple[str, ...]], least: float = LEAST
) -> set[tuple[str, ...]]:
    """Return the groups of what was read that block in two repositories or more, worth it less often than `least`."""
    read = [one for one in judged if one.label]
    repositories = _repositories(read, way)
    groups = by(read, way)
    return {
        name
        for name, counted in groups.items()
        if len(repositories[name]) >= FEWEST and (counted.worthy or 0.0) < least
    }


def _repositories(read: Iterable[Judged], way: Callable[[Found], tuple[str, ...]]) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for one in read:
        found.setdefault(way(one.found), set()).add(one.found.repository)
    return found


def held_out(
    blocking: Iterable[Judged],
    set_of: Mapping[str, str],
    way: Callable[[Found], tuple[str, ...]],
    least: float = LEAST,
) -> list[HeldOut]:
    """Return each set with what would block in it by the labels of the others; `set_of` a repository."""
    every = [one for one in blocking if one.label]
    result: list[HeldOut] = []
    for name in dict.fromkeys(set_of.values()):
        own = [one for one in every if set_of[one.found.repository] == name]
        warn = not_borne_out((one for one in every if set_of[one.found.repository] != name), way, least)
        kept = [one for one in own if way(one.found) not in warn]
        lost = tuple(one.found for one in own if way(one.found) in warn and one.label and one.label.label == "worth")
        result.append(HeldOut(name, figures(own), figures(kept), lost))
    return result
