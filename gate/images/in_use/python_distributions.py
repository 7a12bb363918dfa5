"""Which distribution a Python file belongs to, and which others it requires (core metadata; RECORD, PEP 376)."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from gate.images.in_use.files import Files
from gate.inventory.lockfile import normalised

_REQUIRES = re.compile(r"^Requires-Dist:\s*([A-Za-z0-9._-]+)(.*)$", re.MULTILINE)
_NAME = re.compile(r"^Name:\s*(\S+)", re.MULTILINE)
_GROUP = re.compile(r"^\[([^\]]+)\]\s*$")
_ENTRY = re.compile(r"^[^=#]+=\s*([\w.]+)(?::[\w.]+)?")
_FOLDERS = (".dist-info", ".egg-info")
_SCRIPTS = frozenset({"console_scripts", "gui_scripts"})


class Distribution(msgspec.Struct, frozen=True):
    """One installed distribution."""

    name: str
    """Normalised as PEP 503 says."""
    requires: frozenset[str]
    """Names of those that it always needs; extras do not count."""
    plugins: tuple[tuple[str, str], ...]
    """Group of entry points, and module; scripts do not count."""


class Distributions:
    """All distributions of an interpreter's sites."""

    def __init__(self, sites: tuple[str, ...], files: Files) -> None:
        self._of_file: dict[str, Distribution] = {}
        self._of_module: dict[tuple[str, str], Distribution] = {}
        self._plugins: dict[str, list[str]] = {}
        for site in sites:
            for name in files.names(site):
                if name.endswith(_FOLDERS):
                    self._add(site, f"{site}/{name}", files)

    def of(self, path: str, site: str) -> Distribution | None:
        """Return the distribution of a file below a site; None if nobody says."""
        known = self._of_file.get(path)
        if known is None:
            top = path.removeprefix(site + "/").partition("/")[0].partition(".")[0]
            known = self._of_module.get((site, top.lower()))
        return known

    def plugins(self, group: str) -> list[str]:
        """Return the modules that distributions register under a group of entry points."""
        return self._plugins.get(group, [])

    def _add(self, site: str, folder: str, files: Files) -> None:
        metadata = next((path for path in _metadata(folder) if files.find(path)), None)
        text = files.text(metadata) if metadata else ""
        stated = _NAME.search(text)
        if stated is None:
            return
        plugins = tuple(_plugins(f"{folder}/entry_points.txt", files))
        made = Distribution(normalised(stated[1]), frozenset(_required(text)), plugins)
        for group, module in plugins:
            self._plugins.setdefault(group, []).append(module)
        self._enter(made, site, folder, files)

    def _enter(self, made: Distribution, site: str, folder: str, files: Files) -> None:
        if files.find(f"{folder}/RECORD"):
            for line in files.text(f"{folder}/RECORD").splitlines():
                path = line.partition(",")[0]
                if path.endswith((".py", ".so", ".pyc")) and not path.startswith(("..", "/")):
                    self._of_file[f"{site}/{path}"] = made
            return
        tops = files.text(f"{folder}/top_level.txt").split() if files.find(f"{folder}/top_level.txt") else []
        for top in tops or [made.name.replace("-", "_")]:
            self._of_module.setdefault((site, top.lower()), made)


@lru_cache(maxsize=8)
def distributions_of(sites: tuple[str, ...], files: Files) -> Distributions:
    """Return the distributions in some sites; read once for all programs that share them."""
    return Distributions(sites, files)


def _metadata(folder: str) -> tuple[str, ...]:
    return f"{folder}/METADATA", f"{folder}/PKG-INFO", folder


def _required(text: str) -> Iterator[str]:
    for name, rest in _REQUIRES.findall(text.partition("\n\n")[0]):
        if "extra" not in rest.partition(";")[2]:
            yield normalised(name)


def _plugins(path: str, files: Files) -> Iterator[tuple[str, str]]:
    if files.find(path) is None:
        return
    group = ""
    for line in files.text(path).splitlines():
        header = _GROUP.match(line)
        entry = _ENTRY.match(line)
        if header:
            group = header[1].strip()
        elif entry and group not in _SCRIPTS:
            yield group, entry[1]
