"""Where settings come from: `gate.yaml` (or `[tool.gate]` of pyproject.toml), then the environment, then flags."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gate.durations import FORM, PATTERN
from gate.errors import ConfigError
from gate.near_names import nearest
from gate.settings import Settings

FILE_NAMES = ("gate.yaml", "gate.yml", ".gate.yaml", ".gate.yml")
MAX_SIZE = 16 << 20
"""Bytes of a file of the project that people write."""
_UNKNOWN_KEY = re.compile(r"unknown field `(?P<key>[^`]*)`")
_PLACE = re.compile(r" - at `(?P<place>[^`]*)`$")
_KEY = re.compile(r" - at `key` in `(?P<place>[^`]*)`$")
_DURATION = f"matching regex {PATTERN!r}"
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")

Shape = TypeVar("Shape")
Layer = dict[str, Any]


class SettingsFile(msgspec.Struct, frozen=True):
    """A settings file as it was read."""

    path: str
    folder: str
    layer: Layer


def find_file(folder: str) -> SettingsFile | None:
    """Return the settings of the project in `folder`, or None if it has none.

    Raises ConfigError, also if there are several: which of them holds is not for the gate to guess.
    """
    found = [path for name in FILE_NAMES if os.path.lexists(path := Path(folder) / name)]
    project = Path(folder) / "pyproject.toml"
    table = _read_project(project) if os.path.lexists(project) else None
    others = [*found[1:], *([project] if table and found else [])]
    if others:
        raise ConfigError(f"has settings as well as {others[0].name}", path=str(found[0]), hint="Keep them in one file")
    if not found:
        return table
    check_own(found[0])
    return read_file(str(found[0]))


def read_file(path: str) -> SettingsFile:
    """Read a settings file that was named. Raises ConfigError if it is missing or wrong, with line and nearest key."""
    layer, text = read_yaml(path, empty={})
    convert(layer, Settings, path, text)
    return SettingsFile(path, str(Path(path).resolve().parent), layer)


def read_yaml(path: str, *, empty: Any) -> tuple[Any, str]:
    """Read a YAML file that people write; return its document (`empty` if it has none) and its text.

    Raises ConfigError with the line if it cannot be read or parsed.
    """
    from gate import yaml

    text = read_text(Path(path))
    document = yaml.parse(text, path)
    return (empty if document is None else document), text


def _read_project(project: Path) -> SettingsFile | None:
    import tomllib

    text = read_own(project)
    if "tool" not in text or "gate" not in text:  # what reads TOML is not imported for nothing
        return None
    try:
        table = tomllib.loads(text).get("tool", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"cannot be parsed: {error}", path=str(project)) from error
    if not isinstance(table, dict) or "gate" not in table:
        return None
    layer = table["gate"]
    convert(layer, Settings, f"{project} [tool.gate]")
    return SettingsFile(str(project), str(project.resolve().parent), layer)


def read_text(path: Path) -> str:
    """Return the text of a file that people write. Raises ConfigError if it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read ({_words(error)})", path=str(path)) from error


def read_own(path: Path) -> str:
    """Return the text of a file of the project, as `read_text` does, if `check_own` lets it be read."""
    check_own(path)
    return read_text(path)


def check_own(path: Path) -> None:
    """Raise ConfigError if a file of the project cannot be read to its end: a pipe, a device, a file without bounds.

    What the command line names may be a pipe: `--policy <(…)`.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise ConfigError(f"cannot be read ({_words(error)})", path=str(path)) from error
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError("is not a regular file", path=str(path))
    if found.st_size > MAX_SIZE:
        raise ConfigError(f"has more than {MAX_SIZE:,} bytes", path=str(path))


def overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> Layer:
    """Put one layer over another: sections are joined, every other value of `above` takes the place of `below`'s."""
    joined = dict(below)
    for key, value in above.items():
        old = joined.get(key)
        joined[key] = overlay(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return joined


def convert(layer: Any, shape: type[Shape], path: str, text: str | None = None) -> Shape:
    """Turn a layer into `shape`. Raises ConfigError that says which key, where, and the nearest valid one."""
    try:
        return msgspec.convert(layer, shape)
    except msgspec.ValidationError as error:
        keys, words = _explain(str(error), shape)
        line = _line_of(text, keys)
        raise ConfigError(words, path=f"{path}:{line}" if line else path) from error


def _explain(message: str, shape: Any) -> tuple[list[str | int], str]:
    if keyed := _KEY.search(message):
        return [], f"{keyed['place'].removeprefix('$.').removeprefix('$') or 'the top level'}: a key is no text"
    place = _PLACE.search(message)
    keys: list[str | int] = [name or int(number) for name, number in _STEP.findall(place["place"] if place else "")]
    where = ".".join(map(str, keys))
    unknown = _UNKNOWN_KEY.search(message)
    if unknown is None:
        words = f"write {FORM}" if _DURATION in message else _PLACE.sub("", message)
        return keys, f"{where or 'the file'}: {words}"
    valid = _fields_at(shape, keys)
    near = nearest(unknown["key"], valid, 0.5)
    hint = f"did you mean {near}?" if near else f"it knows {', '.join(valid)}"
    return [*keys, unknown["key"]], f"unknown key {unknown['key']} in {where or 'the top level'}; {hint}"


def _fields_at(shape: Any, keys: list[str | int]) -> list[str]:
    """Return the names of the fields of the Struct that `keys` lead to."""
    kind = msgspec.inspect.type_info(shape)
    for key in keys:
        kind = _inner(kind, key)
    return [field.encode_name for field in getattr(kind, "fields", ())]


def _inner(kind: Any, key: str | int) -> Any:
    for field in getattr(kind, "fields", ()):
        if field.encode_name == key:
            return _struct_of(field.type)
    return _struct_of(getattr(kind, "item_type", kind))


def _struct_of(kind: Any) -> Any:
    kind = getattr(kind, "type", kind)
    options = getattr(kind, "types", (kind,))
    return next((option for option in options if hasattr(option, "fields") or hasattr(option, "item_type")), kind)


def _line_of(text: str | None, keys: list[str | int]) -> int | None:
    if text is None or not keys:
        return None
    from gate import yaml

    return yaml.line_of(text, keys)


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or "it is not UTF-8 text"
