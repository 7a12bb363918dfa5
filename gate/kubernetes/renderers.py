"""Objects that overlays render, and the one finding that several overlays share."""

import posixpath
from collections.abc import Iterable, Iterator

import msgspec

from gate.kubernetes.kustomize.rendering import Overlay
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.unknown import looks
from gate.rules import Hit, StageRule

_MOST_NAMES = 5


class RenderedObject(msgspec.Struct, frozen=True):
    """An object as it reaches the cluster."""

    rendered: KubernetesObject
    is_of_chart: bool = False
    """True if a template made it: what is at its lines is no YAML that a fix can change."""


def rendered_objects(overlays: Iterable[Overlay]) -> Iterator[RenderedObject]:
    """Yield the objects of all overlays; what several of them render alike comes once."""
    alike: dict[int, tuple[KubernetesObject, list[str]]] = {}
    for overlay in overlays:
        for found in overlay.objects:
            alike.setdefault(id(found.value), (found, []))[1].append(posixpath.dirname(overlay.path))
    for found, folders in alike.values():
        yield RenderedObject(msgspec.structs.replace(found, overlays=tuple(dict.fromkeys(folders))))


def certain(hits: Iterable[tuple[StageRule, Hit]]) -> tuple[list[tuple[StageRule, Hit]], bool]:
    """Return the hits of one rule, and False where it looked at an unknown value and there are none to be believed."""
    before = looks()
    found = list(hits)
    return (found, True) if looks() == before else ([], False)


def once(hits: Iterable[tuple[StageRule, Hit]]) -> Iterator[tuple[StageRule, Hit]]:
    """Yield the first hit of a rule on one thing at one place: variants of overlays have the same."""
    seen: set[tuple[object, ...]] = set()
    for rule, hit in hits:
        place = (rule.id, hit.path, hit.line, hit.object, hit.evidence)
        if place not in seen:
            seen.add(place)
            yield rule, hit


def once_for_all_overlays(hits: Iterable[tuple[StageRule, Hit, tuple[str, ...]]]) -> Iterator[tuple[StageRule, Hit]]:
    """Yield hits, of those at one place one, which names the overlays that it is in."""
    at_one_place: dict[tuple[object, ...], tuple[StageRule, Hit, list[str]]] = {}
    for rule, hit, folders in hits:
        if not folders:
            yield rule, hit
            continue
        place = (rule.id, hit.path, hit.line, hit.evidence)
        at_one_place.setdefault(place, (rule, hit, []))[2].extend(folders)
    for rule, hit, named in at_one_place.values():
        yield rule, _naming(hit, sorted(set(named)))


def _naming(hit: Hit, folders: list[str]) -> Hit:
    """Return a hit that names the overlays, unless it is in the only one, where it is found."""
    if folders == [posixpath.dirname(hit.path or "")]:
        return hit
    shown = [folder or "the root" for folder in folders[:_MOST_NAMES]]
    further = len(folders) - len(shown)
    if further:
        shown.append(f"{further} more")
    names = " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
    overlays = "overlay" if len(folders) == 1 else "overlays"
    return msgspec.structs.replace(hit, message=f"{hit.message} ({overlays} {names})")
