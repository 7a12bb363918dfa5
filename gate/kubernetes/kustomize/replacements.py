"""Replacements: a value of one resource that is copied into others."""

import re
from collections.abc import Sequence
from functools import partial

from gate.core.values import Value
from gate.kubernetes.kustomize.resources import KustomizeResource, selector_of
from gate.kubernetes.value_edits import changed, is_element, scalar_at

_KEY = re.compile(r"\[([^\]]*)\]|((?:\\.|[^.\\\[])+)")
_DEFAULT_PATH = "metadata.name"
_WHOLE = ""


def replaced(resources: Sequence[KustomizeResource], replacement: Value) -> list[KustomizeResource]:
    """Return the resources after a replacement; one whose source is not there changes nothing."""
    source = replacement.get("source")
    origin = next((one for one in resources if selector_of(source).selects(one)), None)
    if source is None or origin is None:
        return list(resources)
    found = _value_at(origin.value, _keys(source.text("fieldPath") or _DEFAULT_PATH))
    targets = replacement.get("targets")
    if found is None or targets is None:
        return list(resources)
    new = _part(found, source.get("options"))
    made = list(resources)
    for target in targets.elements():
        made = [_changed(one, target, new) if _is_target(one, target) else one for one in made]
    return made


def _is_target(resource: KustomizeResource, target: Value) -> bool:
    rejected = target.get("reject")
    return selector_of(target.get("select")).selects(resource) and not any(
        selector_of(one).selects(resource) for one in (rejected.elements() if rejected else ())
    )


def _changed(resource: KustomizeResource, target: Value, new: Value) -> KustomizeResource:
    options = target.get("options")
    create = new if options is not None and options.text("create") == "true" else None
    value = resource.value
    for path in target.texts("fieldPaths") or [_DEFAULT_PATH]:
        value = changed(value, _keys(path), partial(_filled, new, options, create is not None), create)
    return resource.with_value(value)


def _filled(new: Value, options: Value | None, creates: bool, old: Value | None) -> Value | None:
    if old is None:
        return new if creates else None
    delimiter = options.text("delimiter") if options else _WHOLE
    if not delimiter:
        return new
    parts = old.text().split(delimiter)
    index = int(options.text("index") or 0) if options and options.text("index").isdigit() else 0
    if index >= len(parts):
        return old
    parts[index] = new.text()
    return scalar_at(new, delimiter.join(parts))


def _part(found: Value, options: Value | None) -> Value:
    """Return the part of a source that its options ask for."""
    delimiter = options.text("delimiter") if options else _WHOLE
    if not delimiter or options is None:
        return found
    parts = found.text().split(delimiter)
    index = int(options.text("index")) if options.text("index").isdigit() else 0
    return scalar_at(found, parts[index]) if index < len(parts) else found


def _keys(path: str) -> tuple[str, ...]:
    """Return the keys of `spec.containers.[name=web].image`; a condition on elements keeps its brackets."""
    keys = []
    for found in _KEY.finditer(path):
        keys.append(f"[{found[1]}]" if found[2] is None and "=" in found[1] else (found[1] or found[2]))
    return tuple(key.replace("\\.", ".") for key in keys)


def _value_at(value: Value, keys: Sequence[str]) -> Value | None:
    found: Value | None = value
    for key in keys:
        if found is not None and isinstance(found.data, list):
            found = next((one for number, one in enumerate(found.data) if is_element(one, number, key)), None)
        else:
            found = found.get(key) if found is not None else None
    return found
