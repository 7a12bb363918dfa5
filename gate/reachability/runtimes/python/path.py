"""The search path of a Python interpreter: site-packages, pyvenv.cfg, .pth files (Python documentation, "site")."""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import StartedProgram
from gate.trees.memo import Analysis

_VERSION = re.compile(r"(?:python|pypy)(\d+\.\d+)")
_SETTING = re.compile(r"^\s*([\w-]+)\s*=\s*(.*?)\s*$", re.MULTILINE)
_MAX_PTH = 200
"""Lines of one .pth file that are read."""


class Surroundings(msgspec.Struct, frozen=True):
    """The folders that one interpreter searches for modules."""

    standard: tuple[str, ...]
    """Folders of the standard library."""
    sites: tuple[str, ...]
    """Folders in which packages are installed."""
    own: tuple[str, ...] = ()
    """Folders of PYTHONPATH in which nothing is installed: the program's own code."""
    settings: tuple[str, ...] = ()
    """Files that say so: pyvenv.cfg and *.pth."""


def surroundings_of(started: StartedProgram, files: Files) -> Surroundings:
    """Return the folders that a start of Python searches, besides that of its script."""
    config = _virtual_environment(started, files)
    version = _version(started, files)
    base = _base(started, version, files)
    standard = _existing((f"{base}/lib/python{version}", f"{base}/lib/python{version}/lib-dynload"), files)
    stated = _existing((started.variable("PYTHONPATH") or "").split(":"), files)
    own = tuple(folder for folder in stated if not _has_distributions(folder, files))
    sites = [folder for folder in stated if folder not in own]
    settings = []
    is_open = True
    if config is not None:
        settings.append(config)
        folder = posixpath.dirname(config)
        sites += _existing(
            (f"{folder}/lib/python{version}/site-packages", f"{folder}/lib64/python{version}/site-packages"), files
        )
        is_open = files.analysed(config, Analysis("is open to the system's sites", bool, _is_open))
    if is_open:
        sites += _existing((*_sites_of_user(started, version, files), *_system_sites(base, version)), files)
    for site in list(sites):
        for path in (f"{site}/{name}" for name in files.names(site) if name.endswith(".pth")):
            settings.append(path)
            sites += _existing(_paths_in(path, site, files), files)
    # setuptools and pkg_resources add this folder to the path themselves.
    sites += _existing([f"{site}/setuptools/_vendor" for site in sites], files)
    return Surroundings(standard, tuple(dict.fromkeys(sites)), own, tuple(settings))


def _has_distributions(folder: str, files: Files) -> bool:
    return any(name.endswith("-info") for name in files.names(folder))


def _virtual_environment(started: StartedProgram, files: Files) -> str | None:
    """Return the path of the pyvenv.cfg in the program's folder or the one above, without resolving links."""
    folder = posixpath.dirname((started.called or started.program).strip("/"))
    for place in (folder, posixpath.dirname(folder)):
        path = f"{place}/pyvenv.cfg".lstrip("/")
        if files.find(path):
            return path
    return None


def _version(started: StartedProgram, files: Files) -> str:
    """Return `3.13`: from the program's own name, or the only standard library that is there."""
    found = _VERSION.search(posixpath.basename(started.program))
    if found:
        return found[1]
    prefix = posixpath.dirname(posixpath.dirname(started.program))
    names = [name for name in files.names(f"{prefix}/lib") if _VERSION.fullmatch(name)]
    return names[-1].removeprefix("python") if names else "3"


def _base(started: StartedProgram, version: str, files: Files) -> str:
    """Return the folder above `lib/pythonX.Y` of the program's installation, or that PYTHONHOME names."""
    stated = (started.variable("PYTHONHOME") or "").partition(":")[0].strip("/")
    if stated and files.folder(f"{stated}/lib/python{version}") is not None:
        return stated
    folder = posixpath.dirname(started.program)
    while folder:
        folder = posixpath.dirname(folder)
        if files.find(f"{folder}/lib/python{version}/os.py"):
            return folder
    return "usr/local" if files.find(f"usr/local/lib/python{version}/os.py") else "usr"


def _sites_of_user(started: StartedProgram, version: str, files: Files) -> Iterator[str]:
    """Yield where `pip install --user` installs; if it is not known who runs the program, of each user."""
    if started.variable("PYTHONNOUSERSITE"):
        return
    base, home = started.variable("PYTHONUSERBASE"), started.variable("HOME")
    homes = [home] if home else ["root", *(f"home/{name}" for name in files.names("home"))]
    for folder in [base] if base else [f"{one}/.local" for one in homes]:
        yield f"{folder}/lib/python{version}/site-packages"


def _system_sites(base: str, version: str) -> tuple[str, ...]:
    return (
        f"usr/local/lib/python{version}/dist-packages",
        f"{base}/lib/python{version.partition('.')[0]}/dist-packages",
        f"{base}/lib/python{version}/site-packages",
        f"{base}/lib64/python{version}/site-packages",
        f"usr/local/lib/python{version}/site-packages",
    )


def _existing(folders: tuple[str, ...] | list[str] | Iterator[str], files: Files) -> tuple[str, ...]:
    real = (files.folder(folder) for folder in folders if folder)
    return tuple(folder for folder in real if folder is not None)


def _is_open(content: bytes) -> bool:
    settings: dict[str, str] = dict(_SETTING.findall(content.decode("utf-8", "replace")))
    return settings.get("include-system-site-packages", "").lower() == "true"


def _paths_in(path: str, site: str, files: Files) -> Iterator[str]:
    for line in files.analysed(path, Analysis("folders of a .pth file", list[str], _folders)):
        yield posixpath.normpath(posixpath.join("/" + site, line))


def _folders(content: bytes) -> list[str]:
    lines = content.decode("utf-8", "replace").splitlines()[:_MAX_PTH]
    return [line.strip() for line in lines if line.strip() and not line.startswith(("#", "import ", "import\t"))]
