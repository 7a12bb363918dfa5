"""Strategic merge patches, with the merge keys that the API of Kubernetes has for its lists.

Facts: https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
"""

from functools import lru_cache
from pathlib import Path

from gate.core.values import Value
from gate.kubernetes.value_edits import with_data

_DIRECTIVE = "$patch"
_DELETE, _REPLACE = "delete", "replace"
_FINALIZERS = "finalizers"
"""The list of texts that patches add to."""
_OWN_GROUPS = frozenset({"", "apps", "batch", "extensions", "policy", "autoscaling"})
_OWN_ENDING = ".k8s.io"
"""API groups whose lists have merge keys; those of custom resources are replaced as a whole."""


@lru_cache(maxsize=1)
def _merge_keys() -> dict[tuple[str, str], str]:
    """Return the key that identifies the elements of a list, by kind (`*`: any) and the list's own key."""
    text = (Path(__file__).parent / "merge_keys.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {(kind, field): key for kind, field, key in rows}


def merged(base: Value, patch: Value) -> Value | None:
    """Return an object as a patch of the same kind leaves it; None if the patch deletes it."""
    group = base.text("apiVersion").rpartition("/")[0]
    is_own = group in _OWN_GROUPS or group.endswith(_OWN_ENDING)
    return _Merge(base.text("kind") if is_own else None).values(base, patch, "")


class _Merge:
    """One merge, into an object of `kind`; None for a custom resource."""

    def __init__(self, kind: str | None) -> None:
        self._kind = kind

    def values(self, base: Value | None, patch: Value, field: str) -> Value | None:
        """Return what a patch makes of a value; None: the value is deleted."""
        if isinstance(patch.data, dict):
            return self._mappings(base, patch)
        if isinstance(patch.data, list):
            return self._lists(base, patch, field)
        return patch if patch.data is not None else None

    def _mappings(self, base: Value | None, patch: Value) -> Value | None:
        directive = patch.text(_DIRECTIVE)
        if directive == _DELETE:
            return None
        if directive == _REPLACE or base is None or not isinstance(base.data, dict):
            base = with_data(patch, {})
        assert isinstance(base.data, dict)
        made = dict(base.data)
        for key, value in patch.items():
            if key.startswith("$"):
                continue
            new = self.values(made.get(key), value, key)
            if new is None:
                made.pop(key, None)
            else:
                made[key] = new
        return with_data(base, made)

    def _lists(self, base: Value | None, patch: Value, field: str) -> Value:
        additions = [one for one in patch.elements() if one.data != {_DIRECTIVE: one.get(_DIRECTIVE)}]
        is_replaced = any(one.text(_DIRECTIVE) == _REPLACE and len(list(one.items())) == 1 for one in patch.elements())
        key = self._merge_key(field)
        known = list(base.elements()) if base is not None and not is_replaced else []
        if base is not None and field == _FINALIZERS:
            texts = base.texts()
            return with_data(base, [*known, *(one for one in additions if one.text() not in texts)])
        if not key or any(not one.text(key) for one in additions):
            made = [self.values(None, one, "") for one in additions]
            return with_data(patch, [one for one in made if one is not None])
        place = base if base is not None and not is_replaced else patch
        return with_data(place, self._by_key(known, additions, key))

    def _by_key(self, known: list[Value], additions: list[Value], key: str) -> list[Value]:
        """Return the elements of a list after a patch: those that it names come first, as in Kustomize."""
        made: dict[str, Value | None] = {}
        by_name = {element.text(key): element for element in known}
        for addition in additions:
            name = addition.text(key)
            made[name] = self.values(made.get(name, by_name.get(name)), addition, "")
        rest = [element for element in known if element.text(key) not in made]
        return [*(one for one in made.values() if one is not None), *rest]

    def _merge_key(self, field: str) -> str:
        if self._kind is None:
            return ""
        return _merge_keys().get((self._kind, field)) or _merge_keys().get(("*", field), "")
