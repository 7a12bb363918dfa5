"""What a kustomization changes in all its resources: namespace, names, labels, annotations, images."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from gate.core.values import Value
from gate.core.word_lists import word_lists
from gate.kubernetes.kustomize.resources import KustomizeResource
from gate.kubernetes.value_edits import EACH, changed, scalar_at, with_items

_FOLDER = Path(__file__).parent
_CLUSTER_KINDS = frozenset(word_lists(__file__)["cluster_kinds"])
"""Kinds that are in no namespace."""
_NAMESPACE_KIND, _ACCOUNT_KIND = "Namespace", "ServiceAccount"
_DEFAULT_ACCOUNT = "default"
_BINDINGS = ("RoleBinding", "ClusterRoleBinding")
_KEEP_NAME = frozenset({"Namespace", "CustomResourceDefinition", "APIService"})
"""Kinds whose names get no prefix and no suffix."""
_CONTAINERS = ("containers", "initContainers")
_CUSTOM_RESOURCES = "CustomResourceDefinition"
_IMAGE = re.compile(r"(?P<name>[^@]*?)(?P<tag>:[\w][\w.-]*)?(?P<digest>@.+)?")
Names = Mapping[tuple[str, str], str]
"""By kind and old name the new one."""


@lru_cache(maxsize=2)
def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    lines = (_FOLDER / table).read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split()) for line in lines if line and not line.startswith("#"))


def with_namespace(resources: Iterable[KustomizeResource], namespace: Value) -> list[KustomizeResource]:
    """Put the resources into a namespace; a Namespace among them is called so, accounts in bindings follow."""
    resources = list(resources)
    accounts = {name for one in resources if one.kind == _ACCOUNT_KIND for _, name in (*one.former, one.name)}
    accounts.add(_DEFAULT_ACCOUNT)
    return [one.with_value(_placed(one, namespace, accounts)) for one in resources]


def _placed(resource: KustomizeResource, namespace: Value, accounts: set[str]) -> Value:
    def named(_: Value | None) -> Value:
        return scalar_at(namespace, namespace.text())

    value = resource.value
    if resource.kind == _NAMESPACE_KIND and not resource.group:
        return changed(value, ("metadata", "name"), named, create=namespace)
    if resource.kind not in _CLUSTER_KINDS:
        value = changed(value, ("metadata", "namespace"), named, create=namespace)
    if resource.kind in _BINDINGS:
        value = changed(value, ("subjects", EACH), lambda one: _subject_in(one, accounts, namespace))
    return value


def _subject_in(subject: Value | None, accounts: set[str], namespace: Value) -> Value | None:
    if subject is None or subject.text("kind") != _ACCOUNT_KIND or subject.text("name") not in accounts:
        return subject
    return with_items(subject, {"namespace": scalar_at(namespace, namespace.text())})


def with_affixes(resources: Iterable[KustomizeResource], prefix: str, suffix: str) -> list[KustomizeResource]:
    """Rename the resources, and what refers to them."""
    resources = list(resources)
    names: dict[tuple[str, str], str] = {}
    for one in resources:
        if one.kind not in _KEEP_NAME:
            new = f"{prefix}{one.name[1]}{suffix}"
            names.update({(one.kind, name): new for _, name in (*one.former, one.name)})
    return [one.with_value(_renamed(one, names)) for one in resources]


def _renamed(resource: KustomizeResource, names: Names) -> Value:
    value = resource.value
    if resource.kind != _CUSTOM_RESOURCES:
        value = _with_references(value, names)
    new = names.get((resource.kind, resource.name[1]))
    if new is None:
        return value
    return changed(value, ("metadata", "name"), lambda old: scalar_at(old or value, new))


@lru_cache(maxsize=1)
def _references() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return by their first key the keys that lead to the name of another object, and its kind."""
    found: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for path, kind in _rows("name_references.txt"):
        keys = tuple(path.split("."))
        found[keys[0]] = (*found.get(keys[0], ()), (keys, kind))
    return found


def _with_references(value: Value, names: Names) -> Value:
    """Return a value whose references to resources have their new names, by the table `name_references.txt`."""
    if isinstance(value.data, list):
        return changed(value, (EACH,), lambda one: _with_references(one, names) if one else one)
    below: dict[str, Value] = {}
    for key, one in value.items():
        new = _with_references(one, names) if isinstance(one.data, dict | list) else one
        if new is not one:
            below[key] = new
    value = with_items(value, below)
    for key in [key for key, _ in value.items() if key in _references()]:
        for keys, kind in _references()[key]:
            value = changed(value, keys, partial(_reference, kind, names))
    return value


def _reference(kind: str, names: Names, name: Value | None) -> Value | None:
    """Return a reference to a resource of `kind` by its new name; a mapping states kind and name itself."""
    if name is None:
        return None
    if isinstance(name.data, dict):
        new = names.get((name.text("kind"), name.text("name")))
        return with_items(name, {"name": scalar_at(name, new)}) if new else name
    new = names.get((kind, name.text()))
    return scalar_at(name, new) if new else name


def with_labels(
    resources: Iterable[KustomizeResource], labels: Mapping[str, Value], purposes: frozenset[str]
) -> list[KustomizeResource]:
    """Add labels to the objects; `purposes` are `selector` and `template`, where they come as well."""
    made = []
    for one in resources:
        value = changed(one.value, ("metadata", "labels"), partial(_added, labels, one.value), create=one.value)
        for kind, group, keys, purpose, creates in _rows("label_fields.txt"):
            is_its = kind == one.kind and group.removeprefix("-") == one.group and purpose in purposes
            if is_its:
                create = one.value if creates == "create" else None
                value = _labelled(value, tuple(keys.split(".")), labels, create)
        made.append(one.with_value(value))
    return made


def _labelled(value: Value, keys: tuple[str, ...], labels: Mapping[str, Value], create: Value | None) -> Value:
    def added(old: Value | None) -> Value | None:
        return old if old is None and create is None else _added(labels, value, old)

    return changed(value, keys, added, create)


def _added(labels: Mapping[str, Value], place: Value, old: Value | None) -> Value:
    if old is None or not isinstance(old.data, dict):
        first = next(iter(labels.values()), place)
        return scalar_at(first, None) if not labels else with_items(first, labels)
    return with_items(old, labels)


def with_annotations(
    resources: Iterable[KustomizeResource], annotations: Mapping[str, Value]
) -> list[KustomizeResource]:
    """Add annotations to the objects and their templates."""
    made = []
    for one in resources:
        value = changed(one.value, ("metadata", "annotations"), partial(_added, annotations, one.value), one.value)
        for kind, group, keys, purpose, _ in _rows("label_fields.txt"):
            if kind == one.kind and group.removeprefix("-") == one.group and purpose == "template":
                place = (*keys.split(".")[:-1], "annotations")
                value = _labelled(value, place, annotations, value)
        made.append(one.with_value(value))
    return made


def with_image(resources: Iterable[KustomizeResource], change: Value) -> list[KustomizeResource]:
    """Give containers of an image another name, tag or digest."""
    return [
        one if one.kind == _CUSTOM_RESOURCES else one.with_value(_with_image(one.value, change)) for one in resources
    ]


def _with_image(value: Value, change: Value) -> Value:
    below: dict[str, Value] = {}
    for key, one in value.items():
        new = _with_image(one, change)
        if key in _CONTAINERS:
            new = changed(new, (EACH, "image"), partial(_image, change))
        if new is not one:
            below[key] = new
    if below:
        return with_items(value, below)
    if isinstance(value.data, list):
        return changed(value, (EACH,), lambda one: _with_image(one, change) if one else one)
    return value


def _image(change: Value, image: Value | None) -> Value | None:
    found = _IMAGE.fullmatch(image.text()) if image is not None else None
    if found is None or found["name"] != change.text("name"):
        return image
    tag, digest = found["tag"] or "", found["digest"] or ""
    new_tag, new_digest = change.text("newTag"), change.text("digest")
    if new_tag or new_digest:
        tag, digest = f":{new_tag}" if new_tag else "", ""
    if new_digest:
        tag, digest = "", f"@{new_digest}"
    if tag and not digest:
        tag += change.text("tagSuffix")
    place = next(_written(change), change)
    return scalar_at(place, f"{change.text('newName') or found['name']}{tag}{digest}")


def _written(change: Value) -> Iterator[Value]:
    for key in ("digest", "newTag", "newName"):
        found = change.get(key)
        if found is not None:
            yield found
