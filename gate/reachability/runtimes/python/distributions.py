"""Which distribution a Python file belongs to, and which others it requires (core metadata; RECORD, PEP 376)."""

import re
from collections.abc import Iterator

import msgspec

from gate.ecosystems.pypi import normalised
from gate.reachability.runtimes.walk.files import MAX_TEXT, Files
from gate.trees.memo import Analysis

_REQUIRES = re.compile(r"^Requires-Dist:\s*([A-Za-z0-9._-]+)(.*)$", re.MULTILINE)
_EXTRA = re.compile(r"extra\s*==\s*[\"']([^\"']+)")
_NAME = re.compile(r"^Name:\s*(\S+)", re.MULTILINE)
_GROUP = re.compile(r"^\[([^\]]+)\]\s*$")
_ENTRY = re.compile(r"^(?P<name>[^=#]+?)\s*=\s*(?P<module>[\w.]+)(?::[\w.]+)?")
_FOLDERS = (".dist-info", ".egg-info")
_SCRIPTS = frozenset({"console_scripts", "gui_scripts"})


class RegisteredModule(msgspec.Struct, frozen=True, array_like=True):
    """One entry point; scripts do not count."""

    group: str
    module: str
    name: str = ""


class InstalledDistribution(msgspec.Struct, frozen=True):
    """One installed distribution."""

    name: str
    """Normalised as PEP 503 says."""
    requires: frozenset[str]
    """Names of those that it always needs, and of extras of several that are all installed: one was asked for."""
    plugins: tuple[RegisteredModule, ...]


class _Metadata(msgspec.Struct, frozen=True, array_like=True):
    """What the metadata of a distribution states: its name, and names that it requires, each for all or one extra."""

    name: str = ""
    requires: list[tuple[str, str]] = []


class Distributions:
    """All distributions of an interpreter's sites."""

    def __init__(self, sites: tuple[str, ...], files: Files) -> None:
        self._own: dict[str, list[str]] = {}
        self._of_file: dict[str, InstalledDistribution] = {}
        self._of_module: dict[tuple[str, str], InstalledDistribution] = {}
        self._plugins: dict[str, list[tuple[RegisteredModule, InstalledDistribution]]] = {}
        self._named: dict[str, InstalledDistribution] = {}
        self._names = {
            normalised(re.split(r"-\d|\.egg-info|\.dist-info", name)[0])
            for site in sites
            for name in files.names(site)
            if name.endswith(_FOLDERS)
        }
        for site in sites:
            for name in files.names(site):
                if name.endswith(_FOLDERS):
                    self._add(site, f"{site}/{name}", files)

    def of(self, path: str, site: str) -> InstalledDistribution | None:
        """Return the distribution that lists a file below a site; None if none does."""
        known = self._of_file.get(path)
        if known is None:
            top = path.removeprefix(site + "/").partition("/")[0].partition(".")[0]
            known = self._of_module.get((site, top.lower()))
        return known

    def native(self, distribution: InstalledDistribution) -> list[str]:
        """Return the compiled modules of a distribution."""
        return self._own.get(distribution.name, [])

    def plugins(self, group: str) -> list[tuple[RegisteredModule, InstalledDistribution]]:
        """Return the modules that are registered under a group of entry points, each with its distribution."""
        return self._plugins.get(group, [])

    def plugins_in(self, name: str, prefix: str) -> list[str]:
        """Return the modules that a distribution registers under groups that begin with `prefix`."""
        plugins = self._named[name].plugins if name in self._named else ()
        return [one.module for one in plugins if one.group.startswith(prefix)]

    def _add(self, site: str, folder: str, files: Files) -> None:
        metadata = next((path for path in _metadata(folder) if files.find(path)), None)
        stated = (
            files.analysed(metadata, Analysis("metadata", _Metadata, _stated), MAX_TEXT) if metadata else _Metadata()
        )
        if not stated.name:
            return
        plugins = tuple(plugins_of(folder, files))
        made = InstalledDistribution(stated.name, frozenset(self._required(stated)), plugins)
        self._named.setdefault(stated.name, made)
        for one in plugins:
            self._plugins.setdefault(one.group, []).append((one, made))
        self._enter(made, site, folder, files)

    def _required(self, stated: _Metadata) -> set[str]:
        """Return what is always required, and the requirements of each extra of which all, and several, are installed.

        Metadata does not say which extras were asked for; a whole set of packages is unlikely to be there by chance.
        """
        always: set[str] = set()
        extras: dict[str, set[str]] = {}
        for name, extra in stated.requires:
            (extras.setdefault(extra, set()) if extra else always).add(name)
        asked = (names for names in extras.values() if len(names - always) > 1 and names <= self._names)
        return always.union(*asked)

    def _enter(self, made: InstalledDistribution, site: str, folder: str, files: Files) -> None:
        if files.find(f"{folder}/RECORD"):
            for path in recorded(folder, files):
                if path.endswith((".py", ".so", ".pyc")) and not path.startswith(("..", "/")):
                    self._of_file[f"{site}/{path}"] = made
                    if path.endswith(".so"):
                        self._own.setdefault(made.name, []).append(f"{site}/{path}")
            return
        for top in top_levels(folder, files) or [made.name.replace("-", "_")]:
            self._of_module.setdefault((site, top.lower()), made)


def distributions_of(sites: tuple[str, ...], files: Files) -> Distributions:
    """Return the distributions in some sites; read once for all programs that share them."""
    return files.cached((Distributions, sites), lambda: Distributions(sites, files))


def recorded(folder: str, files: Files) -> list[str]:
    """Return the paths in the RECORD of the metadata's folder, from the site on. Raises as `Files.read` does."""
    return files.analysed(f"{folder}/RECORD", Analysis("paths of a RECORD", list[str], _first_columns), MAX_TEXT)


def _first_columns(content: bytes) -> list[str]:
    return [line.partition(",")[0] for line in content.decode("utf-8", "replace").splitlines()]


def required_by(folder: str, files: Files) -> frozenset[str]:
    """Return the names, normalised, of all that a metadata's folder states to be required, also for extras."""
    metadata = next((path for path in _metadata(folder) if files.find(path)), None)
    if metadata is None:
        return frozenset()
    stated = files.analysed(metadata, Analysis("metadata", _Metadata, _stated), MAX_TEXT)
    return frozenset(name for name, _ in stated.requires)


def top_levels(folder: str, files: Files) -> list[str]:
    """Return the modules that `top_level.txt` names; none if it is not there. Raises as `Files.read` does."""
    path = f"{folder}/top_level.txt"
    return files.analysed(path, Analysis("top levels", list[str], _names), MAX_TEXT) if files.find(path) else []


def _names(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").split()


def _stated(content: bytes) -> _Metadata:
    text = content.decode("utf-8", "replace")
    name = _NAME.search(text)
    if name is None:
        return _Metadata()
    required = _REQUIRES.findall(text.partition("\n\n")[0])
    extras = [(normalised(one), extra[1] if (extra := _EXTRA.search(rest)) else "") for one, rest in required]
    return _Metadata(normalised(name[1]), extras)


def _metadata(folder: str) -> tuple[str, ...]:
    return f"{folder}/METADATA", f"{folder}/PKG-INFO", folder


def plugins_of(folder: str, files: Files) -> list[RegisteredModule]:
    """Return the entry points, scripts left out, that stand in the metadata's folder.

    Raises as `Files.read` does.
    """
    path = f"{folder}/entry_points.txt"
    if files.find(path) is None:
        return []
    return files.analysed(path, Analysis("entry points, with names", list[RegisteredModule], _entry_points), MAX_TEXT)


def _entry_points(content: bytes) -> list[RegisteredModule]:
    return list(_entries(content.decode("utf-8", "replace")))


def _entries(text: str) -> Iterator[RegisteredModule]:
    group = ""
    for line in text.splitlines():
        header = _GROUP.match(line)
        entry = _ENTRY.match(line)
        if header:
            group = header[1].strip()
        elif entry and group not in _SCRIPTS:
            yield RegisteredModule(group, entry["module"], entry["name"].strip())
