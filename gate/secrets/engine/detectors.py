"""detect-secrets' plugins and filters, configured, without its global settings and its reading of files."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from posixpath import basename
from typing import Any, cast

from gate.core.errors import UnreadableError
from gate.core.lazy import LazyMapping
from gate.secrets.engine.configuration import (
    ALWAYS,
    DEFAULTS,
    PRAGMAS,
    Configuration,
    FilterSettings,
    PluginSettings,
)
from gate.secrets.engine.custom_plugins import CustomFilter, plugin_classes, secrets_of
from gate.secrets.engine.detect_secrets_adapter import (
    PLUGIN_MODULES,
    PotentialSecret,
    allowlist,
    get_code_snippet,
    heuristic,
    plugin_class,
)
from gate.secrets.engine.prefilter_patterns import SUPERSEDED

FileFilter = Callable[[str], bool]
LineFilter = Callable[[str, str, Any], bool]
"""(path, line, context)"""
SecretFilter = Callable[[str, str, Any], bool]
"""(secret, line, plugin)"""

_PREFIX = "detect_secrets.filters."
_WITHOUT_EFFECT = frozenset({"common.is_invalid_file", "common.is_ignored_due_to_verification_policies"})
"""Every path is a file of a tree, and secrets are never verified over the network."""

_FILE_FILTERS: dict[str, Callable[[tuple[str, ...]], FileFilter]] = {
    "heuristic.is_non_text_file": lambda _: heuristic.is_non_text_file,
    "heuristic.is_lock_file": lambda _: heuristic.is_lock_file,
    "heuristic.is_swagger_file": lambda _: lambda path: "swagger" in path,  # theirs asks `re` for `.*swagger.*`
    "regex.should_exclude_file": lambda patterns: _any_of(patterns),
    "common.is_baseline_file": lambda names: lambda path: basename(path) in names,
}
_LINE_FILTERS: dict[str, Callable[[tuple[str, ...]], LineFilter]] = {
    "allowlist.is_line_allowlisted": lambda _: _is_allowlisted,
    "heuristic.is_indirect_reference": lambda _: lambda _path, line, _context: heuristic.is_indirect_reference(line),
    "regex.should_exclude_line": lambda patterns: partial(_line_matches, _any_of(patterns)),
}
_SECRET_FILTERS: dict[str, Callable[[tuple[str, ...]], SecretFilter]] = {
    "heuristic.is_sequential_string": lambda _: _of_secret(heuristic.is_sequential_string),
    "heuristic.is_potential_uuid": lambda _: _of_secret(heuristic.is_potential_uuid),
    "heuristic.is_likely_id_string": lambda _: heuristic.is_likely_id_string,
    "heuristic.is_templated_secret": lambda _: _of_secret(heuristic.is_templated_secret),
    "heuristic.is_prefixed_with_dollar_sign": lambda _: _of_secret(heuristic.is_prefixed_with_dollar_sign),
    "heuristic.is_not_alphanumeric_string": lambda _: _of_secret(heuristic.is_not_alphanumeric_string),
    "regex.should_exclude_secret": lambda patterns: _of_secret(_any_of(patterns)),
}
_PRAGMA = "pragma:"
_TOO_WIDE = frozenset(
    {
        "heuristic.is_indirect_reference",
        "heuristic.is_lock_file",
        "heuristic.is_non_text_file",
        "heuristic.is_swagger_file",
    }
)
"""Filters that gate mode does without: one drops the token in `client = Client("…")`, the others go by names."""
_OF_OWN = frozenset({"allowlist.is_line_allowlisted", "regex.should_exclude_line", "regex.should_exclude_secret"})
"""Filters that hold for our own detectors, which look at a value's shape themselves."""


def _any_of(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    try:
        compiled = [re.compile(pattern) for pattern in patterns]
    except re.error as error:
        raise UnreadableError(f"a filter's pattern cannot be understood ({error.msg})") from error
    return lambda text: any(pattern.search(text) for pattern in compiled)


def _is_allowlisted(path: str, line: str, context: Any) -> bool:
    """Look for what each of detect-secrets' twelve patterns wants first: they take seconds for a line of megabytes."""
    has_pragma = _PRAGMA in line or _PRAGMA in context.previous_line
    return has_pragma and allowlist.is_line_allowlisted(path, line, context)


def _line_matches(matches: Callable[[str], bool], _path: str, line: str, _context: Any) -> bool:
    return matches(line)


def _of_secret(matches: Callable[[str], bool]) -> SecretFilter:
    return lambda secret, _line, _plugin: matches(secret)


class Detectors:
    """The plugins and filters of one configuration."""

    def __init__(self, configuration: Configuration) -> None:
        """Raises UnreadableError for a plugin, filter or option that this version does not have."""
        superseded = SUPERSEDED if configuration.own else frozenset()
        self.plugins: Mapping[str, Any] = _plugins(configuration.plugins, superseded)
        self.own: Mapping[str, Any] = _own_plugins(configuration.kinds) if configuration.own else {}
        self.custom = frozenset(one.name for one in configuration.plugins or () if one.source)
        """Names of plugins that are not detect-secrets' own."""
        self._custom_filters = [CustomFilter(one.source, one.path) for one in configuration.filters or () if one.source]
        chosen = _filters(configuration.filters)
        if configuration.own:
            chosen = {name: argument for name, argument in chosen.items() if name not in _TOO_WIDE}
        self._file_filters = [(name, make(argument)) for name, make, argument in _among(_FILE_FILTERS, chosen)]
        self._file_filters += [(one.name, one.drops_file) for one in self._custom_filters]
        custom_line_filters = [one.drops_line for one in self._custom_filters]
        self.met_pragma = False
        """True once a pragma has dropped something; a caller who asks sets it back."""
        self._line_filters = self._line_filters_among(chosen)
        self._line_filters += custom_line_filters
        self._secret_filters = [make(argument) for _, make, argument in _among(_SECRET_FILTERS, chosen)]
        said = {name: argument for name, argument in chosen.items() if name in _OF_OWN}
        self._own_line_filters = self._line_filters_among(said)
        self._own_line_filters += custom_line_filters
        self._own_secret_filters = [make(argument) for _, make, argument in _among(_SECRET_FILTERS, said)]

    def _line_filters_among(self, chosen: Mapping[str, tuple[str, ...]]) -> list[LineFilter]:
        made = [(name, make(argument)) for name, make, argument in _among(_LINE_FILTERS, dict(chosen))]
        return [self._noted(drops) if name == PRAGMAS else drops for name, drops in made]

    def _noted(self, drops: LineFilter) -> LineFilter:
        """Return the filter of pragmas, which notes that it was of use."""

        def noted(path: str, line: str, context: Any) -> bool:
            is_dropped = drops(path, line, context)
            self.met_pragma |= is_dropped
            return is_dropped

        return noted

    def passed_over_by(self, path: str) -> str | None:
        """Return the name of the filter that keeps a file from being scanned, or None."""
        return next((name for name, excludes in self._file_filters if excludes(path)), None)

    def find(self, path: str, lines: Sequence[str], number: int, names: Iterable[str]) -> Iterator[PotentialSecret]:
        """Yield what the plugins `names` find in line `number` (from 1) of `lines`, and no filter drops."""
        line = lines[number - 1].rstrip()
        found: list[tuple[PotentialSecret, Any]] = []
        for name in names:
            plugin = self.plugins[name]
            if name in self.custom:
                secrets = secrets_of(plugin, path, line, number, _surroundings(lines, number))
            else:
                secrets = plugin.analyze_line(filename=path, line=line, line_number=number)
            found += ((secret, plugin) for secret in secrets)
        context = _surroundings(lines, number) if found else None
        if found and not self._drops_line(path, line, context):
            yield from (secret for secret, plugin in found if not self._drops_secret(secret, line, plugin, context))

    def find_own(
        self,
        path: str,
        lines: Sequence[str],
        number: int,
        names: Iterable[str],
        places: Mapping[str, list[int]] | None = None,
    ) -> Iterator[PotentialSecret]:
        """Yield what our own detectors `names` find in line `number`: filtered by what people say, not by looks.

        `places`: where in the line, in bytes, the pre-filter's matches end, by the detectors; None: anywhere.
        """
        plugins = [(name, self.own[name]) for name in sorted(names) if self.own[name].looks_at(path)]
        line = lines[number - 1].rstrip() if plugins else ""
        around = any(plugin.looks_around for _, plugin in plugins)
        context = _surroundings(lines, number) if around else None
        found = [
            (secret, plugin)
            for name, plugin in plugins
            for secret in plugin.analyze_line(
                filename=path,
                line=line,
                line_number=number,
                context=context,
                places=places[name] if places else None,
                first=lines[0],
            )
        ]
        if not found:
            return
        context = context or _surroundings(lines, number)
        if not any(drops(path, line, context) for drops in self._own_line_filters):
            for secret, plugin in found:
                value = secret.secret_value or ""
                is_dropped = any(drops(value, line, plugin) for drops in self._own_secret_filters)
                if not is_dropped and not self._is_dropped_by_custom(secret, line, plugin, context):
                    yield secret

    def _drops_line(self, path: str, line: str, context: Any) -> bool:
        return any(drops(path, line, context) for drops in self._line_filters)

    def _drops_secret(self, secret: PotentialSecret, line: str, plugin: Any, context: Any) -> bool:
        value = secret.secret_value or ""
        return any(drops(value, line, plugin) for drops in self._secret_filters) or self._is_dropped_by_custom(
            secret, line, plugin, context
        )

    def _is_dropped_by_custom(self, secret: PotentialSecret, line: str, plugin: Any, context: Any) -> bool:
        return any(one.drops_secret(secret, line, plugin, context) for one in self._custom_filters)


def _surroundings(lines: Sequence[str], number: int) -> Any:
    """Return a line with those around it, as detect-secrets has them."""
    return get_code_snippet(cast(list[str], lines), number)


@cache
def _own_plugins(kinds: tuple[str, ...]) -> Mapping[str, Any]:
    """Return our own detectors, the same for all configurations."""
    from gate.secrets.kinds import TOKENS
    from gate.secrets.kinds.added import added_kinds, added_tokens
    from gate.secrets.kinds.assignments import AssignmentGateDetector
    from gate.secrets.kinds.detectors import detector_of

    added_kinds(kinds)
    tokens = (*TOKENS, *added_tokens(kinds))
    makers = {token.plugin: partial(_made, detector_of, token) for token in tokens}
    return LazyMapping({**makers, AssignmentGateDetector.__name__: AssignmentGateDetector})


def _made(class_of: Callable[[Any], type[Any]], named: Any) -> Any:
    """Make the plugin that is named, with its default limits."""
    return class_of(named)()


def _plugins(settings: tuple[PluginSettings, ...] | None, superseded: Container[str]) -> Mapping[str, Any]:
    """Return the plugins, in the order of the settings (by default: of their modules), without the superseded ones."""
    if settings is None:
        names = (name for name in PLUGIN_MODULES if name not in superseded)
        return LazyMapping({name: partial(_made, plugin_class, name) for name in names})
    return {name: plugin for name, plugin in _configured(settings) if name not in superseded}


def _configured(settings: tuple[PluginSettings, ...]) -> Iterator[tuple[str, Any]]:
    """Make the plugins as a baseline has them."""
    classes = _classes(settings)
    for plugin in settings:
        if plugin.name not in classes:
            raise UnreadableError(f"uses the plugin {plugin.name!r}, which detect-secrets does not have")
        try:
            yield plugin.name, classes[plugin.name](**dict(plugin.options))
        except (TypeError, ValueError, re.error) as error:
            raise UnreadableError(f"has settings for {plugin.name} that it does not take") from error


def _classes(settings: Iterable[PluginSettings]) -> dict[str, Any]:
    """Return the plugins by class name; of two with the same secret type the one that a baseline brings counts."""
    theirs: Iterator[Any] = map(plugin_class, PLUGIN_MODULES)
    by_type: dict[str, Any] = {plugin.secret_type: plugin for plugin in theirs}
    for plugin in settings:
        by_type |= plugin_classes(plugin.source) if plugin.source else {}
    by_name: dict[str, Any] = {}
    for chosen in by_type.values():
        by_name.setdefault(chosen.__name__, chosen)
    return by_name


def _filters(settings: tuple[FilterSettings, ...] | None) -> dict[str, tuple[str, ...]]:
    """Return detect-secrets' own filters among the chosen ones, with their arguments."""
    if settings is None:
        return dict.fromkeys(DEFAULTS, ())
    settings = tuple(one for one in settings if one.source is None)
    known = {*_FILE_FILTERS, *_LINE_FILTERS, *_SECRET_FILTERS, *_WITHOUT_EFFECT}
    foreign = [one.path for one in settings if not _is_known(one.path, known)]
    if foreign:
        raise UnreadableError(
            f"uses the filter {foreign[0]!r}, which is not supported yet",
            hint="Remove it from filters_used; code and models of a project are never loaded",
        )
    return dict.fromkeys(ALWAYS, ()) | {one.path.removeprefix(_PREFIX): one.argument for one in settings}


def _is_known(path: str, known: set[str]) -> bool:
    return path.startswith(_PREFIX) and path.removeprefix(_PREFIX) in known


def _among(table: dict[str, Any], chosen: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    return ((name, make, chosen[name]) for name, make in table.items() if name in chosen)
