"""A detect-secrets baseline (`.secrets.baseline`): what is known already, and which plugins and filters to use."""

from collections.abc import Callable
from typing import Any

import msgspec

from gate.core.errors import UnreadableError
from gate.secrets.engine.configuration import Configuration, FilterSettings, PluginFile, PluginSettings
from gate.secrets.results.detected import keyed_hash

ReadSource = Callable[[str], PluginFile]
"""Gives the file of code that stands after `file://`."""
_SCHEME = "file://"
_TRUST = "If you trust it: --secrets-trust-baseline-code, GATE_SECRETS_TRUST_BASELINE_CODE=true; else remove it there"
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


def parse_baseline(content: bytes, path: str, read_source: ReadSource | None = None) -> Baseline:
    """Read a baseline. Raises UnreadableError that names what is wrong, or not supported.

    Without `read_source` one that names files of code is an error; with it they are read, and run later.
    """
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
            plugins=_plugins(document.plugins_used, path, read_source),
            filters=_filters(document.filters_used, version, path, read_source),
        ),
        known=frozenset(
            (name, keyed_hash(listed.type, listed.hashed_secret))
            for name, all_listed in document.results.items()
            for listed in all_listed
            if listed.is_secret is not True
        ),
    )


def source_reader(root: str, read: Callable[[str], bytes | None]) -> ReadSource:
    """Return what reads files of code, from the tree in `root` whose files `read` gives, or by an absolute path."""
    from gate.secrets.engine.custom_plugins import read_source

    return lambda name: read_source(name, root, read)


def _plugins(
    used: list[dict[str, Any]] | None, path: str, read_source: ReadSource | None
) -> tuple[PluginSettings, ...] | None:
    return None if used is None else tuple(_plugin(settings, path, read_source) for settings in used)


def _plugin(settings: dict[str, Any], path: str, read_source: ReadSource | None) -> PluginSettings:
    name = settings.get("name")
    if not isinstance(name, str):
        raise UnreadableError("names no plugin in an entry of plugins_used", path=path, hint=_MEND)
    source = _source(settings["path"], f"the custom plugin {name!r}", path, read_source) if "path" in settings else None
    options = {key: value for key, value in settings.items() if key not in ("name", "path")}
    if not all(isinstance(value, str | int | float | None) for value in options.values()):
        raise UnreadableError(f"has settings for {name} that it does not take", path=path, hint=_MEND)
    return PluginSettings(name, tuple(options.items()), source)


def _source(named: Any, user: str, path: str, read_source: ReadSource | None) -> PluginFile:
    if not isinstance(named, str) or not named.startswith(_SCHEME):
        raise UnreadableError(f"names no file for {user}", path=path, hint=_MEND)
    if read_source is None:
        raise UnreadableError(f"wants to run {user}, a file of its own", path=path, hint=_TRUST)
    return read_source(named.removeprefix(_SCHEME))


def _filters(
    used: list[dict[str, Any]] | None, version: tuple[int, ...], path: str, read_source: ReadSource | None
) -> tuple[FilterSettings, ...] | None:
    if used is None:
        return None
    chosen = tuple(_filter(settings, path, read_source) for settings in used)
    if version >= (1, 1):
        return chosen
    return chosen + tuple(FilterSettings(f"detect_secrets.filters.heuristic.{name}") for name in _ADDED_IN_1_1)


def _filter(settings: dict[str, Any], path: str, read_source: ReadSource | None) -> FilterSettings:
    name = settings.get("path")
    if isinstance(name, str) and name.startswith(_SCHEME):
        file, _, function = name.partition("::")
        return FilterSettings(function, source=_source(file, f"the custom filter {name!r}", path, read_source))
    argument = settings.get("pattern", settings.get("filename", []))
    arguments = [argument] if isinstance(argument, str) else argument
    if not isinstance(name, str) or not isinstance(arguments, list) or not all(isinstance(x, str) for x in arguments):
        raise UnreadableError("has an entry of filters_used that cannot be understood", path=path, hint=_MEND)
    return FilterSettings(name, tuple(arguments))
