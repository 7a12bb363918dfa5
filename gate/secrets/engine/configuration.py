"""Which of detect-secrets' plugins and filters run, as a baseline can say it."""

import msgspec

Scalar = str | int | float | bool | None

PRAGMAS = "allowlist.is_line_allowlisted"
"""The filter of comments such as `pragma: allowlist secret`."""
ALWAYS = ("heuristic.is_non_text_file",)
DEFAULTS = (
    *ALWAYS,
    PRAGMAS,
    "heuristic.is_sequential_string",
    "heuristic.is_potential_uuid",
    "heuristic.is_likely_id_string",
    "heuristic.is_templated_secret",
    "heuristic.is_prefixed_with_dollar_sign",
    "heuristic.is_indirect_reference",
    "heuristic.is_lock_file",
    "heuristic.is_not_alphanumeric_string",
    "heuristic.is_swagger_file",
)
"""The filters that run where a baseline names none, below detect-secrets' own folder of them."""


class PluginFile(msgspec.Struct, frozen=True):
    """A file of code that a baseline names, as it was read where the run began."""

    path: str
    content: bytes


class PluginSettings(msgspec.Struct, frozen=True):
    """A plugin by its class name, what its constructor is given, and its file if it is not detect-secrets' own."""

    name: str
    options: tuple[tuple[str, Scalar], ...] = ()
    source: PluginFile | None = None


class FilterSettings(msgspec.Struct, frozen=True):
    """A filter by its dotted path; `argument` is its patterns, or the one file name it wants.

    With a `source` the path is the name of a function in that file.
    """

    path: str
    argument: tuple[str, ...] = ()
    source: PluginFile | None = None


class Configuration(msgspec.Struct, frozen=True):
    """Which plugins and filters run; None: all plugins with their default limits, the default filters."""

    plugins: tuple[PluginSettings, ...] | None = None
    filters: tuple[FilterSettings, ...] | None = None
    own: bool = False
    """Whether our own detectors run together with these plugins (gate mode)."""
    kinds: tuple[str, ...] = ()
    """Packages whose kinds of secrets are looked for in addition to our own."""

    @property
    def has_code(self) -> bool:
        """True if a plugin or filter is a file of its own, so that nothing is known of what it goes by."""
        chosen: tuple[PluginSettings | FilterSettings, ...] = (*(self.plugins or ()), *(self.filters or ()))
        return any(one.source for one in chosen)


DEFAULT = Configuration()
"""What `detect-secrets scan -n --all-files` runs (compat mode)."""
GATE = Configuration(own=True)
"""Gate mode without a baseline."""
