"""A detect-secrets baseline written from a tree, as `detect-secrets scan` would write it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from gate.core.errors import UnreadableError
from gate.model import Tree
from gate.secrets.engine.configuration import DEFAULTS
from gate.secrets.sources.files import FileOptions
from gate.trees import open_tree

Document = dict[str, Any]
_PREFIX = "detect_secrets.filters."


class Listed(msgspec.Struct, frozen=True, order=True):
    """One secret of a file, as a baseline names it. Its hash is a plain SHA-1: that is the format."""

    line_number: int
    type: str
    hashed_secret: str


def list_secrets(path: str, target: Tree, options: FileOptions) -> tuple[Listed, ...]:
    """Return what detect-secrets finds in a file. Raises UnreadableError."""
    from gate.secrets.engine.scan import scanner
    from gate.secrets.engine.text import decode

    chosen = scanner(options.configuration, options.cache_folder)
    text = None if chosen.passes_over(path) else decode(open_tree(target).read(path, options.max_file_size))
    found = chosen.find(text, path) if text else []
    first: dict[tuple[str, str], Listed] = {}
    for secret in sorted(Listed(one.line_number, one.type, one.secret_hash) for one in found):
        first.setdefault((secret.type, secret.hashed_secret), secret)
    return tuple(sorted(first.values()))


def document_of(
    found: Mapping[str, tuple[Listed, ...]], old: bytes | None, options: FileOptions, now: datetime
) -> bytes:
    """Return the baseline of what was found, by file.

    Plugins, filters and the labels of an audit are those of the `old` baseline, if there is one; `parse_baseline` has
    read it before.
    """
    before = msgspec.json.decode(old, type=Document) if old is not None else {}
    labels = dict(_labels(before))
    results = {}
    for path, listed in sorted(found.items()):
        if listed:
            results[path] = [_entry(path, one, labels) for one in listed]
    return msgspec.json.format(msgspec.json.encode(_filled(before, options, results, now)), indent=2) + b"\n"


def _labels(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], bool]]:
    """Yield what an audit said, by file, type and hash."""
    for path, listed in document.get("results", {}).items():
        for one in listed:
            if isinstance(one.get("is_secret"), bool):
                yield (path, one["type"], one["hashed_secret"]), one["is_secret"]


def _entry(path: str, secret: Listed, labels: Mapping[tuple[str, str, str], bool]) -> Document:
    label = labels.get((path, secret.type, secret.hashed_secret))
    return {
        "type": secret.type,
        "filename": path,
        "hashed_secret": secret.hashed_secret,
        "is_verified": False,
        "line_number": secret.line_number,
        **({} if label is None else {"is_secret": label}),
    }


def _filled(before: Document, options: FileOptions, results: Mapping[str, Any], now: datetime) -> Document:
    from gate.secrets.engine.scan import scanner

    plugins = scanner(options.configuration, options.cache_folder).detectors.plugins
    return {
        "version": before.get("version") or _version(),
        "plugins_used": before.get("plugins_used") or [plugins[name].json() for name in sorted(plugins)],
        "filters_used": before.get("filters_used") or [{"path": _PREFIX + name} for name in DEFAULTS],
        "results": results,
        "generated_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("detect-secrets")
    except PackageNotFoundError as error:
        raise UnreadableError("detect-secrets is not installed") from error
