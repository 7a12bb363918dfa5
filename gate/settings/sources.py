"""Where settings come from: `gate.yaml` (or `[tool.gate]` of pyproject.toml), then the environment, then flags."""

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gate.core.debug import debug
from gate.core.durations import FORM, PATTERN
from gate.core.errors import ConfigError, UnreadableError
from gate.core.lazy_regex import lazy_regex
from gate.core.source_text import text_of
from gate.core.suggestions import nearest
from gate.core.toml import loads
from gate.settings import Settings

FILE_NAMES = ("gate.yaml", "gate.yml", ".gate.yaml", ".gate.yml")
PROJECT = "pyproject.toml"
MAX_SIZE = 4 << 20
"""Bytes of a file of the project that people write: to read so much YAML takes some seconds."""
MAX_TOML = 1 << 20
"""Characters of a pyproject.toml with settings: reading it may take a thousand times as much memory."""
_MOST_ERRORS = 20
"""Errors of a file that are reported at once."""
_UNKNOWN_KEY = lazy_regex(r"unknown field `(?P<key>[^`]*)`")
_PLACE = lazy_regex(r" - at `(?P<place>[^`]*)`$")
_KEY = lazy_regex(r" - at `key` in `(?P<place>[^`]*)`$")
_DURATION = f"matching regex {PATTERN!r}"
_STEP = lazy_regex(r"\.([^.\[\]]+)|\[(\d+)\]")

Shape = TypeVar("Shape")
Layer = dict[str, Any]


class SettingsFile(msgspec.Struct, frozen=True):
    """A settings file as it was read."""

    path: str
    """As messages name it."""
    folder: str
    """What relative paths in it are relative to."""
    layer: Layer
    name: str = ""
    """Its path in the project."""
    text: str = ""
    """What it says, for the lines of its keys."""

    def line_of(self, key: Sequence[str]) -> int:
        """Return the line of a key, or of the nearest section that has it; the first if there is none."""
        if self.name.endswith(".toml"):
            return self._first_line_with(key[-1]) or self._first_line_with("tool") or 1
        from gate.core import yaml

        return yaml.line_of(self.text, list(key)) or 1

    def _first_line_with(self, mark: str) -> int | None:
        return next((number for number, line in enumerate(self.text.splitlines(), 1) if mark in line), None)


def find_file(folder: str) -> SettingsFile | None:
    """Return the settings of the project in `folder` on the disk, or None if it has none.

    Raises ConfigError, also if there are several: which of them holds is not for the gate to guess.
    """

    def read(name: str) -> str | None:
        return read_own(Path(folder) / name) if os.path.lexists(Path(folder) / name) else None

    return find_settings(read, lambda name: str(Path(folder) / name), folder)


def find_settings(read: Callable[[str], str | None], shown: Callable[[str], str], folder: str) -> SettingsFile | None:
    """Return the settings among the files that `read` knows by their names, or None if there are none.

    `shown` says how messages name a file. Raises ConfigError as `find_file` does.
    """
    texts = {name: text for name in FILE_NAMES if (text := read(name)) is not None}
    project = read(PROJECT)
    table = None if project is None else _parsed_project(project, shown(PROJECT), folder)
    others = [*list(texts)[1:], *([PROJECT] if table and texts else [])]
    if others:
        raise ConfigError(
            f"has settings as well as {others[0]}", path=shown(next(iter(texts))), hint="Keep them in one file"
        )
    for name, text in texts.items():
        return parsed_file(text, shown(name), folder, name)
    return table


def read_file(path: str) -> SettingsFile:
    """Read a settings file that was named. Raises ConfigError if it is missing or wrong, with line and nearest key."""
    return parsed_file(read_text(Path(path)), path, str(Path(path).resolve().parent), Path(path).name)


def parsed_file(text: str, path: str, folder: str, name: str) -> SettingsFile:
    """Return the settings that a file in YAML holds. Raises ConfigError with line and nearest key."""
    from gate.core import yaml

    debug("settings", "%s", path)
    document = yaml.parse(text, path)
    layer = {} if document is None else document
    convert(layer, Settings, path, text)
    return SettingsFile(path, folder, layer, name, text)


def read_yaml(path: str, *, empty: Any) -> tuple[Any, str]:
    """Read a YAML file that people write; return its document (`empty` if it has none) and its text.

    Raises ConfigError with the line if it cannot be read or parsed.
    """
    from gate.core import yaml

    text = read_text(Path(path))
    document = yaml.parse(text, path)
    return (empty if document is None else document), text


def _parsed_project(text: str, path: str, folder: str) -> SettingsFile | None:
    if "\\" not in text and ("tool" not in text or "gate" not in text):  # what reads TOML is not imported for nothing
        return None
    if len(text) > MAX_TOML:
        raise ConfigError(f"has more than {MAX_TOML:,} characters", path=path)
    try:
        table = loads(text).get("tool", {})
    except ValueError as error:
        raise ConfigError(f"cannot be parsed: {error}", path=path) from error
    if not isinstance(table, dict) or "gate" not in table:
        return None
    debug("settings", "[tool.gate] of %s", path)
    layer = table["gate"]
    convert(layer, Settings, f"{path} [tool.gate]")
    return SettingsFile(path, folder, layer, PROJECT, text)


def read_text(path: Path) -> str:
    """Return the text of a file that people write. Raises ConfigError if it cannot be read or is no text."""
    debug("settings", "read %s", path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", path=str(path)) from error
    return own_text(content, str(path))


def own_text(content: bytes, path: str) -> str:
    """Return what a file that people write for the gate says. Raises ConfigError if it is no text."""
    try:
        return text_of(content, path)
    except UnreadableError as error:
        raise ConfigError(error.message, path=error.path, hint=error.hint) from error


def read_own(path: Path) -> str:
    """Return the text of a file of the project, as `read_text` does, if `check_own` lets it be read."""
    check_own(path)
    return read_text(path)


def check_own(path: Path, limit: int = MAX_SIZE) -> None:
    """Raise ConfigError if a file of the project cannot be read to its end: a pipe, a device, a file without bounds.

    What the command line names may be a pipe: `--policy <(…)`.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", path=str(path)) from error
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError("is not a regular file", path=str(path))
    if found.st_size > limit:
        raise ConfigError(f"has more than {limit:,} bytes", path=str(path))


def overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> Layer:
    """Put one layer over another: sections are joined, every other value of `above` takes the place of `below`'s."""
    joined = dict(below)
    for key, value in above.items():
        old = joined.get(key)
        joined[key] = overlay(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return joined


def convert(layer: Any, shape: type[Shape], path: str, text: str | None = None) -> Shape:
    """Turn a layer into `shape`. Raises ConfigError with all that is wrong: which key, where, the nearest valid one."""
    try:
        return msgspec.convert(layer, shape)
    except msgspec.ValidationError as error:
        first, *further = _all_errors(layer, shape, path, text)
        first.further = tuple(further)
        raise first from error


def _all_errors(layer: Any, shape: type[Shape], path: str, text: str | None) -> list[ConfigError]:
    """Return what is wrong with a layer: each error is found by leaving out what the one before it was about."""
    from gate.core.yaml import NodeLines
    from gate.settings.pruning import Pruned

    lines = None if text is None else NodeLines(text)
    rest, found = Pruned(layer), list[ConfigError]()
    while len(found) < _MOST_ERRORS:
        try:
            msgspec.convert(rest.value, shape)
            break
        except msgspec.ValidationError as error:
            keys, words = _explain(str(error), shape, rest.original)
        line = lines.of(keys) if lines and keys else None
        found.append(ConfigError(words, path=f"{path}:{line}" if line else path))
        if not rest.leave_out(keys):
            break
    return found


def _explain(
    message: str, shape: Any, original: Callable[[list[str | int]], list[str | int]]
) -> tuple[list[str | int], str]:
    """Return the key that a message of msgspec is about, and what is wrong; `original` finds keys in the file."""
    if keyed := _KEY.search(message):
        return [], f"{keyed['place'].removeprefix('$.').removeprefix('$') or 'the top level'}: a key is no text"
    place = _PLACE.search(message)
    keys = original([name or int(number) for name, number in _STEP.findall(place["place"] if place else "")])
    where = ".".join(map(str, keys))
    unknown = _UNKNOWN_KEY.search(message)
    if unknown is None:
        words = f"write {FORM}" if _DURATION in message else _PLACE.sub("", message)
        return keys, f"{where or 'the file'}: {words}"
    valid = _fields_at(shape, keys)
    near = _section_with(shape, keys, unknown["key"]) or nearest(unknown["key"], valid, 0.5)
    hint = f"did you mean {near}?" if near else f"it knows {', '.join(valid)}"
    return [*keys, unknown["key"]], f"unknown key {unknown['key']} in {where or 'the top level'}; {hint}"


def _section_with(shape: Any, keys: list[str | int], name: str) -> str | None:
    """Return `policy.rules` for `rules`: the key's place in a section of what `keys` lead to."""
    sections = (field for field in _fields_at(shape, keys) if name in _fields_at(shape, [*keys, field]))
    return next((f"{section}.{name}" for section in sections), None)


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
