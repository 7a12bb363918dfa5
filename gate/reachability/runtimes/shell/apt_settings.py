"""Settings of apt, and what `apt-config shell` prints of them: assignments of the variables that it is given, no more.

Its values are quoted, so that evaluating them runs nothing (apt-config(8), apt.conf(5)). A setting that no file of the
image has, and that apt has no value of its own for, prints nothing: the variable stays as it is.
"""

import re
from collections.abc import Iterable, Mapping

from gate.reachability.runtimes.shell.state import ShellState
from gate.reachability.runtimes.shell.values import UNSET, assumed, is_known, quoted_assignment
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN
from gate.reachability.runtimes.walk.per_image import cached_per_image

_FOLDER = "etc/apt/apt.conf.d"
_NAME_OF_FILE = re.compile(r"[\w-]+(?:\.conf)?", re.ASCII)
_TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/|#(?!clear|include)[^\n]*)|\"(?P<text>[^\"\n]*)\"|(?P<sign>[{};])"
    r"|(?P<name>\w[\w:./-]*)|(?P<other>\S)",
    re.DOTALL,
)
_OWN_VALUES = {
    "dir": "/",
    "dir::state": "var/lib/apt/",
    "dir::cache": "var/cache/apt/",
    "dir::cache::archives": "archives/",
}
"""Values that apt has without a file (apt-pkg/init.cc)."""
_WITHOUT_OWN_VALUE = ("apt::periodic::", "apt::archives::", "dir::cache::backup")
"""Settings that only files give a value."""
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_KEY = re.compile(r"(?P<name>\w[\w:-]*)(?:/(?P<kind>[bdfi]))?", re.ASCII)


def assignments(words: list[str], state: ShellState, files: Files, written: Iterable[str]) -> str | None:
    """Return what `apt-config shell NAME KEY …` prints, as a text that only `eval` knows; None for other commands."""
    if words[:1] != ["shell"] or len(words) % 2 == 0 or not all(map(_VARIABLE.fullmatch, words[1::2])):
        return None
    has_other_file = state.value("APT_CONFIG") not in (None, "", UNSET)
    is_written = any(path.startswith("etc/apt") for path in written)
    settings = None if has_other_file or is_written else _settings(files)
    lines = []
    for name, key in zip(words[1::2], words[2::2], strict=True):
        value = _value(key, settings)
        if value is None:  # nothing is printed, unless a user adds the setting
            before = state.value(name) or ""
            value = assumed(before) if is_known(before) else UNKNOWN
        lines.append(quoted_assignment(name, value))
    return "".join(lines)


def _value(key: str, settings: Mapping[str, str] | None) -> str | None:
    """Return a setting's value as likely, `UNKNOWN` if it is not known; None for one that has none."""
    found = _KEY.fullmatch(key)
    if settings is None or found is None:
        return UNKNOWN
    name = found["name"].lower()
    if name not in settings and name.startswith(_WITHOUT_OWN_VALUE):
        return None
    if found["kind"] in ("d", "f"):
        value = _path(name, settings) + "/" * (found["kind"] == "d")
        return assumed(re.sub("/+", "/", value)) if UNKNOWN not in value else UNKNOWN
    value = settings.get(name, UNKNOWN)
    return UNKNOWN if found["kind"] or UNKNOWN in value or "'" in value else assumed(value)


def _path(name: str, settings: Mapping[str, str]) -> str:
    """Return the path that a setting of `Dir` names, with what stands above it."""
    if "rootdir" in settings:
        return UNKNOWN
    path = ""
    while name and not path.startswith("/"):
        value = settings.get(name, _OWN_VALUES.get(name, UNKNOWN))
        path = f"{value}/{path}" if path else value
        name = name.rpartition("::")[0]
    return path if path.startswith("/") and "'" not in path else UNKNOWN


@cached_per_image
def _settings(files: Files) -> Mapping[str, str] | None:
    """Return value by name, in small letters, of all settings in files; None if one of these could not be read."""
    paths = [f"{_FOLDER}/{name}" for name in sorted(files.names(_FOLDER)) if _NAME_OF_FILE.fullmatch(name)]
    found: dict[str, str] = {}
    for path in (*paths, "etc/apt/apt.conf"):
        one = read_settings(files.text(path)) if files.find(path) else {}
        if one is None:
            return None
        found.update(one)
    return found


def read_settings(text: str) -> dict[str, str] | None:
    """Return value by name, in small letters, of the settings in a text; None if it clears or includes any."""
    found: dict[str, str] = {}
    around: list[str] = []
    name = ""
    for token in _TOKEN.finditer(text):
        if token["other"]:
            return None
        if token["name"] and not name:
            name = token["name"]
        elif token["name"] or token["text"] is not None:
            found["::".join((*around, name)).lower()] = token["name"] or token["text"]
        elif token["sign"] == "{":
            around.append(name)
            name = ""
        elif token["sign"]:
            around = around[: len(around) - (token["sign"] == "}")]
            name = ""
    return found
