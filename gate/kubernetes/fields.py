"""The object and field of a manifest or Compose file that a line belongs to, for findings of other stages."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from gate.core.values import Position, Value
from gate.kubernetes.docker.host_file import HostFile
from gate.kubernetes.manifests import Manifest

ObjectField = tuple[str, str]
"""An object as `kind/namespace/name`, and one of its fields: `data.password`."""
_NAMES = ("kind", "metadata.name", "metadata.generateName", "metadata.namespace")
"""Fields that an object is called by."""


def fields_at(manifest: Manifest, places: Collection[Position]) -> Mapping[Position, ObjectField]:
    """Return by place (line and column, from 1) the object and the field whose value is written there.

    A place in a key, or in the name of an object, belongs to none: what stands there cannot be named.
    """
    return _fields_at(((one.id, one.value) for one in manifest.objects), manifest.path, places)


def fields_of_services_at(file: HostFile, places: Collection[Position]) -> Mapping[Position, ObjectField]:
    """Return the same for a Compose file: `service/db` and `environment.POSTGRES_PASSWORD`."""
    return _fields_at(((one.id, one.value) for one in file.containers), file.path, places)


def _fields_at(
    objects: Iterable[tuple[str, Value]], path: str, places: Collection[Position]
) -> Mapping[Position, ObjectField]:
    found: dict[Position, ObjectField] = {}
    for name, written in objects:
        for field, value in _scalars(written, ""):
            if value.path == path and field not in _NAMES:
                found |= {place: (name, field) for place in places if value.start <= place < value.end}
    return found


def _scalars(value: Value, field: str) -> Iterator[tuple[str, Value]]:
    """Yield the scalars at and below a value with their fields; what an alias repeats comes once."""
    waiting, seen = [(field, value)], set()
    while waiting:
        place, one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one.data, dict):
            waiting += [(f"{place}.{key}" if place else key, below) for key, below in one.data.items()]
        elif isinstance(one.data, list):
            waiting += [(f"{place}[{number}]", below) for number, below in enumerate(one.data)]
        else:
            yield place, one
