"""Modules that a program loads through PAM: its file in /etc/pam.d, and those that this includes (pam.conf(5))."""

import re
from collections.abc import Iterator

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened, Reached, StartedProgram, Step
from gate.reachability.runtimes.walk.libraries import multiarch_folders

_FOLDER = "etc/pam.d"
_MODULE = re.compile(r"(?:/[\w./-]*/)?(pam_\w+\.so)")
_MODULE_FOLDERS = ("lib/security", "lib64/security", "usr/lib/security", "usr/lib64/security")
_SETTINGS = {
    "pam_unix.so": ("etc/login.defs", "etc/passwd", "etc/shadow"),
    "pam_env.so": ("etc/security/pam_env.conf", "etc/environment"),
    "pam_limits.so": ("etc/security/limits.conf",),
    "pam_umask.so": ("etc/login.defs",),
}
"""Files that modules read of themselves."""
_MAX_FILES = 100


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a program for which PAM has settings."""
    return isinstance(reached, StartedProgram) and files.find(_settings_of(reached)) is not None


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the settings, the modules, and what these read."""
    assert isinstance(reached, StartedProgram)
    todo, seen = [_settings_of(reached), f"{_FOLDER}/other"], set[str]()
    while todo and len(seen) < _MAX_FILES:
        path = todo.pop()
        if path in seen or files.find(path) is None:
            continue
        seen.add(path)
        yield Opened(path=path, because=Because(reached.program, "asks PAM"))
        for number, line in enumerate(files.text(path).splitlines(), start=1):
            words = line.partition("#")[0].split()
            todo.extend(f"{_FOLDER}/{word}" for word in words[1:] if files.find(f"{_FOLDER}/{word}"))
            yield from _modules(words, Because(path, "loads", number), files)


def _settings_of(started: StartedProgram) -> str:
    return f"{_FOLDER}/{started.name}"


def _modules(words: list[str], because: Because, files: Files) -> Iterator[Opened]:
    multiarch = [f"{folder}/security" for folder in multiarch_folders(files)]
    for found in filter(None, map(_MODULE.fullmatch, words)):
        paths = [f"{folder}/{found[1]}" for folder in (*multiarch, *_MODULE_FOLDERS)]
        path = next((path for path in paths if files.find(path)), None)
        if path is not None:
            yield Opened(path=path, because=because)
            for setting in _SETTINGS.get(found[1], ()):
                yield Opened(path=setting, because=Because(path, "reads"))
