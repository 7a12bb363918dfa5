"""A detect-secrets baseline (`.secrets.baseline`): what is known already, and which plugins and filters to use."""

from typing import Any

import msgspec

from gate.errors import UnreadableError
from gate.secrets.configuration import Configuration, FilterSettings, PluginSettings
from gate.secrets.detected import keyed_hash

_MEND = "Make it again with `detect-secrets scan > FILE`, or fix it by hand"
_ADDED_IN_1_1 = ("is_lock_file", "is_not_alphanumeric_string", "is_swagger_file")
"""Filters that a baseline of version 1.0 does not name but means (detect-secrets' own upgrade)."""


class Baseline(msgspec.Struct, frozen=True):
    """What a baseline says."""

    configuration: Configuration = Configuration()
    known: frozenset[tuple[str, str]] = frozenset()
    """(path, keyed hash) of what it lists, without what an audit labelled a real secret."""


class _Listed(msgspec.Struct):
    type: str
    hashed_secret: str
    is_secret: bool | None = None


class _Document(msgspec.Struct):
    version: str
    results: dict[str, list[_Listed]]
    plugins_used: list[dict[str, Any]] | None = None
    filters_used: list[dict[str, Any]] | None = None


def parse_baseline(content: bytes, path: str) -> Baseline:
    """Read a baseline. Raises UnreadableError that names what is wrong, or not supported."""
    try:
        document = msgspec.json.decode(content, type=_Document)
        version = tuple(int(part) for part in document.version.split(".")[:2])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableError("cannot be parsed as a detect-secrets baseline", path=path, hint=_MEND) from error
    if version < (1, 0):
        raise UnreadableError(
            f"is of version {document.version}; 1.0 or later is read",
            path=path,
            hint=f"Upgrade it with `detect-secrets scan --baseline {path}`",
        )
    return Baseline(
        configuration=Configuration(
            plugins=_plugins(document.plugins_used, path), filters=_filters(document.filters_used, version, path)
        ),
        known=frozenset(
            (name, keyed_hash(listed.type, listed.hashed_secret))
            for name, all_listed in document.results.items()
            for listed in all_listed
            if listed.is_secret is not True
        ),
    )


def _plugins(used: list[dict[str, Any]] | None, path: str) -> tuple[PluginSettings, ...] | None:
    return None if used is None else tuple(_plugin(settings, path) for settings in used)


def _plugin(settings: dict[str, Any], path: str) -> PluginSettings:
    name = settings.get("name")
    if not isinstance(name, str):
        raise UnreadableError("names no plugin in an entry of plugins_used", path=path, hint=_MEND)
    if "path" in settings:
        raise UnreadableError(
            f"uses the custom plugin {name!r}, which is not supported yet",
            path=path,
            hint="Remove it from plugins_used; code of a project is never executed",
        )
    options = {key: value for key, value in settings.items() if key != "name"}
    if not all(isinstance(value, str | int | float | None) for value in options.values()):
        raise UnreadableError(f"has settings for {name} that it does not take", path=path, hint=_MEND)
    return PluginSettings(name, tuple(options.items()))


def _filters(
    used: list[dict[str, Any]] | None, version: tuple[int, ...], path: str
) -> tuple[FilterSettings, ...] | None:
    if used is None:
        return None
    chosen = tuple(_filter(settings, path) for settings in used)
    if version >= (1, 1):
        return chosen
    return chosen + tuple(FilterSettings(f"detect_secrets.filters.heuristic.{name}") for name in _ADDED_IN_1_1)


def _filter(settings: dict[str, Any], path: str) -> FilterSettings:
    name = settings.get("path")
    argument = settings.get("pattern", settings.get("filename", []))
    arguments = [argument] if isinstance(argument, str) else argument
    if not isinstance(name, str) or not isinstance(arguments, list) or not all(isinstance(x, str) for x in arguments):
        raise UnreadableError("has an entry of filters_used that cannot be understood", path=path, hint=_MEND)
    return FilterSettings(name, tuple(arguments))
