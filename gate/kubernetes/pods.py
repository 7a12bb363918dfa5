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
