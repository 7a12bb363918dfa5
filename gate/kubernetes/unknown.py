"""Values that are unknown before a chart is installed, and which rules would have to know them."""

from typing import Any

from gate.core.values import Value


class _Looks:
    """How often the content of an unknown value was looked at in this process."""

    count = 0


class UnknownValue(Value, frozen=True):
    """A value of which something is unknown; `data` is what is known of it."""

    def __getattribute__(self, name: str) -> Any:
        """Return an attribute, and count that the content was asked for."""
        if name == "data":
            _Looks.count += 1
        return super().__getattribute__(name)


def looks() -> int:
    """Return how often the content of unknown values was looked at: a rule that did so cannot be sure."""
    return _Looks.count
