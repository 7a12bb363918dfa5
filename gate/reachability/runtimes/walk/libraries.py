"""The search path of the dynamic loader for shared libraries: ld.so(8), and musl's ld-musl."""

import fnmatch
import posixpath
from collections.abc import Iterator

from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_CONFIG = "etc/ld.so.conf"
_ALWAYS = ("lib64", "usr/lib64", "lib", "usr/lib", "usr/local/lib")
_MULTIARCH = ("lib/*-linux-gnu*", "usr/lib/*-linux-gnu*", "usr/lib/*-linux-musl*")
_MAX_INCLUDES = 200
MACHINES = {
    3: "i386",
    8: "mips",
    20: "powerpc",
    21: "powerpc64",
    22: "s390x",
    40: "arm",
    62: "x86_64",
    183: "aarch64",
    243: "riscv64",
    258: "loongarch64",
}
"""Numbers of processors (gABI, `e_machine`), as the names of Debian's folders begin."""


def folders_of_all(files: Files) -> tuple[str, ...]:
    """Return the folders in which the loader looks for every program's libraries, in its order."""
    return files.cached(_CONFIG, lambda: _listed_folders(files))


def _listed_folders(files: Files) -> tuple[str, ...]:
    wildcards = (found for pattern in _MULTIARCH for found in _expand(pattern, files))
    musl = (line for path in _expand("etc/ld-musl-*.path", files) for line in _lines(path, files))
    return tuple(dict.fromkeys((*_configured(files), *wildcards, *musl, *_ALWAYS)))


def _configured(files: Files) -> Iterator[str]:
    """Yield the folders of ld.so.conf and of the files that it includes."""
    todo, seen = [_CONFIG], set[str]()
    while todo and len(seen) < _MAX_INCLUDES:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        for line in _lines(path, files):
            if line.startswith("include "):
                pattern = posixpath.join(posixpath.dirname(path), line.removeprefix("include ").strip())
                todo.extend(_expand(pattern.lstrip("/"), files))
            else:
                yield line.strip("/")


def _lines(path: str, files: Files) -> list[str]:
    return files.analysed(path, Analysis("lines of ld.so.conf", list[str], _parts)) if files.find(path) else []


def multiarch_folders(files: Files, folder: str = "usr/lib") -> list[str]:
    """Return the folders in `folder` that Debian has for each processor and system: `usr/lib/x86_64-linux-gnu`."""
    return [f"{folder}/{name}" for name in files.names(folder) if "-linux-" in name]


def _parts(content: bytes) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in content.decode("utf-8", "replace").splitlines())
    return [part for line in lines for part in ([line] if line.startswith("include") else line.split(":")) if part]


def _expand(pattern: str, files: Files) -> list[str]:
    """Return the paths that match a pattern with wildcards in its last part."""
    folder, _, last = pattern.rpartition("/")
    return [f"{folder}/{name}" for name in fnmatch.filter(files.names(folder), last)]


def everywhere(name: str, files: Files) -> tuple[str, ...]:
    """Return the libraries of a name in all folders, also those where the loader does not look by itself."""
    return files.cached("libraries by name", lambda: _by_name(files)).get(posixpath.basename(name), ())


def _by_name(files: Files) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for entry in files.walk():
        name = posixpath.basename(entry.path)
        if ".so" in name:
            found[name] = (*found.get(name, ()), entry.path)
    return found


class WantedLibrary:
    """Finds the libraries that a file needs, first in the folders that the file itself names."""

    def __init__(self, user: str, machine: int, folders: tuple[str, ...]) -> None:
        self._origin = posixpath.dirname(user)
        self._machine = MACHINES.get(machine, "")
        self._folders = tuple(self._expand_origin(folder) for folder in folders)

    def _expand_origin(self, folder: str) -> str:
        for name in ("$ORIGIN", "${ORIGIN}"):
            folder = folder.replace(name, "/" + self._origin)
        return folder.replace("$LIB", "lib").replace("${LIB}", "lib")

    def find(self, name: str, files: Files) -> str | None:
        """Return the path (links not resolved) of the library `name`; None if the loader would not find it."""
        if "/" in name:
            return name if files.find(name) else None
        shared = sorted(folders_of_all(files), key=lambda folder: self._is_foreign(folder))
        for folder in (*self._folders, *shared):
            path = posixpath.join(folder, name)
            if folder and files.find(path):
                return path
        return None

    def _is_foreign(self, folder: str) -> bool:
        """True for the multi-arch folder of another processor."""
        name = posixpath.basename(folder)
        return "-linux-" in name and not name.startswith(self._machine)
