"""ConfigMaps and Secrets that a kustomization generates from literals, files and lists of variables."""

from collections.abc import Callable, Iterator

from gate.core.values import Value
from gate.kubernetes.kustomize.resources import KustomizeResource
from gate.kubernetes.value_edits import scalar_at, with_data, with_items

GENERATORS = {"configMapGenerator": ("ConfigMap", "data"), "secretGenerator": ("Secret", "stringData")}
"""By their key, the kind that they make, and where in it the values come. Secrets have them as they are written."""
Variables = Callable[[str], list[Value]]
"""From the path of a file with variables to its lines."""


def generated(entry: Value, kind: str, field: str, variables: Variables) -> KustomizeResource:
    """Return what one entry of a generator makes; the contents of whole files are left out."""
    keys = ("name", "namespace")
    metadata = {key: found for key in keys if (found := entry.get(key)) is not None}
    body = {
        "apiVersion": scalar_at(entry, "v1"),
        "kind": scalar_at(entry, kind),
        "metadata": with_data(entry, metadata),
        field: with_data(entry, dict(_items(entry, variables))),
    }
    type_ = entry.get("type")
    if type_ is not None:
        body["type"] = type_
    return KustomizeResource(with_data(entry, body), ((entry.text("namespace"), entry.text("name")),))


def _items(entry: Value, variables: Variables) -> Iterator[tuple[str, Value]]:
    """Yield the keys and values of an entry."""
    files = entry.get("files")
    for one in files.elements() if files else ():
        key, is_named, _ = one.text().partition("=")
        yield (key if is_named else key.rpartition("/")[2]), scalar_at(one, None)
    named = [*entry.texts("envs"), *entry.texts("env")]
    literals = entry.get("literals")
    lines = [*(literals.elements() if literals else ()), *(line for path in named for line in variables(path))]
    for line in lines:
        key, _, text = line.text().partition("=")
        yield key.strip(), scalar_at(line, text.strip("\"'"))


def files_of(entry: Value) -> Iterator[Value]:
    """Yield the paths of all files that an entry of a generator reads."""
    files = entry.get("files")
    for one in files.elements() if files else ():
        yield scalar_at(one, one.text().rpartition("=")[2])
    for key in ("env", "envs"):
        found = entry.get(key)
        yield from found.elements() if found else ()


def joined(
    resources: list[KustomizeResource], made: KustomizeResource, behavior: str, field: str
) -> list[KustomizeResource]:
    """Add what was generated; by `merge` and `replace` it changes the one of its name that is there."""
    known = next((one for one in resources if one.kind == made.kind and one.has_name(made.name[1])), None)
    data = made.value.get(field)
    if behavior not in ("merge", "replace") or known is None or data is None:
        return [*resources, made]
    old = known.value.get(field)
    value = with_items(old, dict(data.items())) if old is not None and behavior == "merge" else data
    new = known.with_value(with_items(known.value, {field: value}))
    return [new if one is known else one for one in resources]
