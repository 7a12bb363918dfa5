"""Which of detect-secrets' plugins and filters run, as a baseline can say it."""

import msgspec

Scalar = str | int | float | bool | None


class PluginSettings(msgspec.Struct, frozen=True):
    """A plugin by its class name, and what its constructor is given."""

    name: str
    options: tuple[tuple[str, Scalar], ...] = ()


class FilterSettings(msgspec.Struct, frozen=True):
    """A filter by its dotted path; `argument` is its patterns, or the one file name it wants."""

    path: str
    argument: tuple[str, ...] = ()


class Configuration(msgspec.Struct, frozen=True):
    """Which plugins and filters run; None: all plugins with their default limits, the default filters."""

    plugins: tuple[PluginSettings, ...] | None = None
    filters: tuple[FilterSettings, ...] | None = None
    own: bool = False
    """Whether our own detectors run beside these plugins (gate mode)."""


DEFAULT = Configuration()
"""What `detect-secrets scan -n --all-files` runs (compat mode)."""
GATE = Configuration(own=True)
"""Gate mode without a baseline."""
