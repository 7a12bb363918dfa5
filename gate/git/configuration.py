"""A parser of git's configuration files (git-config(1), "Syntax").

We read them, because the git that we run never gets a repository's configuration: see `gate.git.view`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.core.lazy_regex import lazy_regex

_MOST_BYTES = 4 << 20
"""Bytes of one file at most."""
_MOST_FILES = 50
"""Files that one includes at most, directly or not."""
_BLANKS = " \t\n\r\f\v"
"""The white space that git knows; to git a no-break space is a letter."""
_SECTION = lazy_regex(r'\[\s*([-.\w]+?)(?:\s+"((?:[^"\\\n]|\\.)*)"|\.([^\]\n]*))?\s*\]', re.ASCII)
_KEY = lazy_regex(r"\s*([A-Za-z][-A-Za-z0-9]*)[ \t]*", re.ASCII)
"""`[section]`, `[section "name"]` and the old form `[section.name]`."""
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}


class Setting(msgspec.Struct, frozen=True):
    """A setting of a configuration file."""

    section: str
    """In small letters."""
    name: str
    """Of the subsection, as it is written; empty if there is none."""
    key: str
    """In small letters."""
    value: str
    """Empty for a key without `=`, which means true."""


def read_settings(path: Path) -> tuple[Setting, ...]:
    """Return the settings of a file, without those of files that it includes; none if there is no such file.

    Raises UnreadableError for a file that git could not read either, LimitError for one that is too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=str(path)) from error
    if len(content) > _MOST_BYTES:
        raise LimitError(f"has more than {_MOST_BYTES:,} bytes", path=str(path))
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")
    return tuple(_settings(text, path))


def read_with_includes(path: Path) -> tuple[Setting, ...]:
    """Return the settings of a file and of all files that it includes; conditions of `includeIf` are taken as true.

    An included file that cannot be read is skipped, as git does.
    """
    found: list[Setting] = []
    todo, seen = [path], set[Path]()
    while todo and len(seen) < _MOST_FILES:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        try:
            settings = read_settings(one)
        except (UnreadableError, LimitError):
            continue
        found += settings
        todo += (named_path(setting.value, one.parent) for setting in settings if _includes(setting))
    return tuple(found)


def _includes(setting: Setting) -> bool:
    return setting.section in ("include", "includeif") and setting.key == "path" and bool(setting.value)


def named_path(value: str, folder: Path) -> Path:
    """Return the path that a setting of a file in `folder` names."""
    return folder / Path(value).expanduser() if value.startswith("~/") else folder / value


def values_of(settings: tuple[Setting, ...], section: str, key: str, name: str = "") -> list[str]:
    """Return the values of the key `section.name.key`, in the order of the lines."""
    return [one.value for one in settings if (one.section, one.name, one.key) == (section, name, key)]


def _settings(text: str, path: Path) -> Iterator[Setting]:
    section = name = ""
    place = 0
    while (place := _next(text, place)) < len(text):
        if found := _SECTION.match(text, place):
            section, place = found[1].lower(), found.end()
            name = re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else (found[3] or "").lower()
            continue
        key = _KEY.match(text, place)
        if key is None or not section:
            line = text.count("\n", 0, place) + 1
            raise UnreadableError(f"is no configuration of git (line {line})", path=str(path))
        value, place = _value(text, key.end())
        yield Setting(section, name, key[1].lower(), value)


def _next(text: str, place: int) -> int:
    """Return where the next token begins, after blanks and comments."""
    while place < len(text):
        if text[place] in "#;":
            place = _end_of_line(text, place)
        elif text[place] in _BLANKS:
            place += 1
        else:
            return place
    return place


def _end_of_line(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _value(text: str, place: int) -> tuple[str, int]:
    """Return the value that begins at `place`, with its `=` if it has one, and the place where its line ends."""
    if text[place : place + 1] != "=":
        return "", _end_of_line(text, place)
    parts: list[str] = []
    kept = 0
    """How many of the parts to keep: blanks at the end of the value do not count."""
    place += 1
    is_quoted = False
    while place < len(text) and text[place] != "\n":
        letter = text[place]
        place += 1
        if letter in "#;" and not is_quoted:
            place = _end_of_line(text, place)
        elif letter == "\\":
            if text[place : place + 1] != "\n":  # a backslash at the end of a line continues the value
                parts.append(_ESCAPES.get(text[place : place + 1], ""))
                kept = len(parts)
            place += 1
        elif letter == '"':
            is_quoted = not is_quoted
        elif parts or letter not in _BLANKS or is_quoted:
            parts.append(letter)
            if is_quoted or letter not in _BLANKS:
                kept = len(parts)
    return "".join(parts[:kept]), place
