"""`spec:inputs` of a file and `$[[ inputs.name ]]` in it (GitLab, "CI/CD inputs"): text that is put in before parsing.

A file without values for its inputs gets their defaults; what has none stays as it is written.
"""

from collections.abc import Mapping

import msgspec

from gate.ci.gitlab.merging import changed, with_data
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

INPUT = lazy_regex(r"\$\[\[[ \t]{0,20}inputs\.(?P<name>[\w-]{1,200})[ \t]{0,20}(?:\|[^\]\n]{0,400})?\]\]")
MARK = "$[["


class SpecifiedInput(msgspec.Struct, frozen=True):
    """An input that a file declares."""

    name: str
    value: Value
    """Its declaration."""

    @property
    def is_free_text(self) -> bool:
        """True if any text may be given: no other type, no list of options, no pattern."""
        return (
            self.value.text("type") in ("", "string") and not self.value.get("options") and not self.value.get("regex")
        )


def specified(header: Value | None) -> dict[str, SpecifiedInput]:
    """Return the inputs that a header declares, by name."""
    inputs = header.get("spec", "inputs") if header else None
    return {name: SpecifiedInput(name, value) for name, value in inputs.items()} if inputs else {}


def with_inputs(body: Value, declared: Mapping[str, SpecifiedInput], given: Value | None) -> Value:
    """Return a file's content with the values of its inputs: those that an include gives, else the defaults."""
    if not declared:
        return body
    values: dict[str, Value] = {}
    for name, one in declared.items():
        value = (given.get(name) if given else None) or one.value.get("default")
        if value is not None:
            values[name] = value
    return changed(body, lambda value: _interpolated(value, values)) if values else body


def _interpolated(value: Value, values: Mapping[str, Value]) -> Value | None:
    if isinstance(value.data, str) and MARK in value.data:
        whole = INPUT.fullmatch(value.data.strip())
        if whole is not None and whole["name"] in values:
            return with_data(value, values[whole["name"]].data)
        return with_data(value, _filled(value.data, values))
    if isinstance(value.data, dict) and any(MARK in key for key in value.data):
        keys = {
            _filled(key, values): changed(one, lambda part: _interpolated(part, values)) for key, one in value.items()
        }
        return with_data(value, keys)
    return None


def _filled(text: str, values: Mapping[str, Value]) -> str:
    return INPUT.sub(lambda found: values[found["name"]].text() if found["name"] in values else found[0], text)
