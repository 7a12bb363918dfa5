"""The pods that objects make: where their templates stand, by the table `pod_templates.txt`."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from gate.core.values import Value
from gate.kubernetes.objects import KubernetesObject, PodTemplate

_TABLE = "pod_templates.txt"


@lru_cache(maxsize=1)
def _places() -> dict[tuple[str, str], tuple[tuple[str, ...], ...]]:
    """Return by kind and group the keys that lead to templates."""
    places: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}
    for line in (Path(__file__).parent / _TABLE).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, group, keys = line.split()
            known = places.get((kind, group.removeprefix("-")), ())
            places[kind, group.removeprefix("-")] = (*known, tuple(filter(None, keys.split("."))))
    return places


def pods_of(owner: KubernetesObject, version: tuple[int, int]) -> Iterator[PodTemplate]:
    """Yield the pods that an object is or makes; `version` is that of Kubernetes."""
    for keys in _places().get((owner.kind, owner.group), ()):
        for field, template in _followed(owner.value, keys, ""):
            spec = template.get("spec")
            if spec is not None and isinstance(spec.data, dict):
                yield PodTemplate(owner, spec, f"{field}spec", template.get("metadata"), version)


def pods_by_shape(owner: KubernetesObject, version: tuple[int, int]) -> Iterator[PodTemplate]:
    """Yield the pods that an object of a kind that the table does not have seems to make.

    Each mapping that lists containers with names and images is the spec of one. What it does not say its operator may
    add, so that only what is written there counts.
    """
    if (owner.kind, owner.group) not in _places():
        for field, spec, above in _mappings(owner.value, "", None):
            containers = spec.get("containers")
            listed = list(containers.elements()) if containers else []
            if listed and all(one.text("name") and one.text("image") for one in listed):
                yield PodTemplate(owner, spec, field, above.get("metadata") if above else None, version)


def _mappings(value: Value, field: str, above: Value | None) -> Iterator[tuple[str, Value, Value | None]]:
    """Yield each mapping with its field and what it stands in; what an alias repeats comes once."""
    waiting, seen = [(field, value, above)], set()
    while waiting:
        place, one, around = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one.data, dict):
            yield place, one, around
            waiting += [(f"{place}.{key}" if place else key, below, one) for key, below in one.data.items()]
        elif isinstance(one.data, list):
            waiting += [(f"{place}[{number}]", below, one) for number, below in enumerate(one.data)]


def _followed(value: Value, keys: tuple[str, ...], field: str) -> Iterator[tuple[str, Value]]:
    """Yield what the keys lead to, each with its own place (`spec.template.`)."""
    if not keys:
        yield field, value
        return
    if keys[0] == "*":
        for number, element in enumerate(value.elements()):
            yield from _followed(element, keys[1:], f"{field.rstrip('.')}[{number}].")
        return
    found = value.get(keys[0])
    if found is not None:
        yield from _followed(found, keys[1:], f"{field}{keys[0]}.")
