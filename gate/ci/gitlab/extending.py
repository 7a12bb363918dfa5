"""`extends` and `!reference` in what the includes have made of a definition.

GitLab refuses chains of more than ten; here a longer one, or one that comes back to itself, is an error with its line.
"""

from collections.abc import Iterator, Mapping

from gate.ci.gitlab.merging import changed, laid_over, with_data, with_keys
from gate.core.errors import ConfigError, GateError
from gate.core.values import Value

MAX_EXTENDS = 11
"""Jobs of a chain, the extended ones included."""
MAX_REFERENCES = 10
"""References in what a reference leads to."""
MAX_FOLLOWED = 20_000
"""References of one definition, those in what they lead to counted each time."""
_REFERENCE = "!reference"


class Resolution:
    """The jobs of one definition with what they extend; what goes wrong is kept, and the other jobs are resolved."""

    def __init__(self, root: Value, is_complete: bool) -> None:
        self._root = root
        self._is_complete = is_complete
        self._extended: dict[str, Value] = {}
        self._followed = 0
        self.used: set[str] = set()
        """Names of jobs that others extend or refer to."""
        self.errors: list[GateError] = []
        self.not_resolved: list[str] = []

    def resolved(self) -> Value:
        """Return the definition with `extends` and `!reference` resolved."""
        keys = {name: self._extend(name, (), value) for name, value in self._root.items()}
        root = with_keys(self._root, keys)
        return with_keys(root, {name: self._referred(root, value, 0) for name, value in keys.items()})

    def _extend(self, name: str, way: tuple[str, ...], at: Value) -> Value:
        if name in self._extended:
            return self._extended[name]
        value = self._root.get(name)
        if value is None:
            return self._missing(name, at)
        if name in way or len(way) >= MAX_EXTENDS:
            chain = " → ".join((*way, name))
            self.errors.append(ConfigError(f"extends comes back to itself or is too long: {chain}", path=_place(at)))
            return with_keys(value, {})
        parents = value.get("extends")
        merged: Value | None = None
        for parent in parents.elements() if parents is not None else ():
            self.used.add(parent.text())
            merged = laid_over(merged, self._extend(parent.text(), (*way, name), parent))
        self._extended[name] = laid_over(merged, value)
        return self._extended[name]

    def _missing(self, name: str, at: Value) -> Value:
        if self._is_complete and "$" not in name:
            self.errors.append(ConfigError(f"extends {name}, which is defined nowhere", path=_place(at)))
        else:
            self.not_resolved.append(f"{_place(at)}: extends {name}, which is not in the repository")
        return with_keys(at, {})

    def _referred(self, root: Value, value: Value, depth: int) -> Value:
        return changed(value, lambda part: self._of_reference(root, part, depth))

    def _of_reference(self, root: Value, part: Value, depth: int) -> Value | None:
        if part.tag == _REFERENCE:
            return self._target(root, part, depth)
        if isinstance(part.data, list) and any(one.tag == _REFERENCE for one in part.data):
            return with_data(part, list(self._flattened(root, part, depth)))
        return None

    def _flattened(self, root: Value, part: Value, depth: int) -> Iterator[Value]:
        for one in part.elements():
            found = self._referred(root, one, depth)
            if one.tag == _REFERENCE and isinstance(found.data, list):
                yield from found.data
            elif one.tag != _REFERENCE or found.data is not None:
                yield found

    def _target(self, root: Value, part: Value, depth: int) -> Value:
        keys = part.texts()
        self.used.update(keys[:1])
        self._followed += 1
        if depth >= MAX_REFERENCES or self._followed > MAX_FOLLOWED:
            self.errors.append(ConfigError(f"!reference {keys} comes back to itself or is too long", path=_place(part)))
            return with_data(part, None)
        found = root.get(*keys) if keys else None
        if found is None:
            self._missing_target(part, keys)
            return with_data(part, None)
        return self._referred(root, found, depth + 1)

    def _missing_target(self, part: Value, keys: list[str]) -> None:
        if self._is_complete and keys and self._root.get(keys[0]) is None:
            self.errors.append(ConfigError(f"!reference {keys} leads to nothing", path=_place(part)))
        else:
            self.not_resolved.append(f"{_place(part)}: !reference {keys} leads to nothing in the repository")


def _place(value: Value) -> str:
    return f"{value.path}:{value.line}"


DEFAULT_KEYS = (
    *("after_script", "artifacts", "before_script", "cache", "hooks", "id_tokens", "identity", "image"),
    *("interruptible", "retry", "services", "tags", "timeout"),
)
GLOBAL_KEYS = ("image", "services", "cache", "before_script", "after_script")
"""Of them, those that may stand at the top of a file, as older ones have it."""
_NEVER_OF_TRIGGERS = "trigger"


def defaults_of(root: Value) -> dict[str, Value]:
    """Return what jobs get that do not say it themselves."""
    stated = {key: value for key, value in root.items() if key in GLOBAL_KEYS}
    default = root.get("default")
    return stated | {key: value for key, value in (default.items() if default else ()) if key in DEFAULT_KEYS}


def with_defaults(job: Value, defaults: Mapping[str, Value]) -> Value:
    """Return a job with the defaults that it inherits (`inherit:default`)."""
    inherit = job.get("inherit", "default")
    if not isinstance(job.data, dict) or (inherit is not None and inherit.data is False):
        return job
    names = set(inherit.texts()) if inherit is not None and isinstance(inherit.data, list) else None
    wanted = {key: value for key, value in defaults.items() if names is None or key in names}
    if job.get(_NEVER_OF_TRIGGERS) is not None:
        wanted = {}
    return with_keys(job, {**wanted, **job.data})
