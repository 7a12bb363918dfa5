"""The search path of a Python interpreter: site-packages, pyvenv.cfg, .pth files (Python documentation, "site")."""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import StartedProgram
from gate.reachability.runtimes.walk.system_files import SHARED
from gate.trees.memo import Analysis

_VERSION = re.compile(r"(?:python|pypy)(\d+\.\d+)")
_SETTING = re.compile(r"^\s*([\w-]+)\s*=\s*(.*?)\s*$", re.MULTILINE)
_CODE_LINE = re.compile(r"import[ \t].*")
_IMPORTED = re.compile(r"(?:^|;)[ \t]*import[ \t]+(\w[\w., \t]*)")
_WHOLE_PATH = re.compile(r"""["'](/[^"'\n]+)["']""")
_INITIAL = "/__init__.py"
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
    imported: tuple[str, ...] = ()
    """Modules that lines of *.pth import."""


def surroundings_of(started: StartedProgram, files: Files) -> Surroundings:
    """Return the folders that a start of Python searches, besides that of its script."""
    config = _virtual_environment(started, files)
    version = _version(started, files)
    base = _base(started, version, files)
    inside = [f"{base}/{name}/python{version}" for name in _libraries(started)]
    standard = _existing([path for folder in inside for path in (folder, f"{folder}/lib-dynload")], files)
    stated = _existing((started.variable("PYTHONPATH") or "").split(":"), files)
    own = tuple(folder for folder in stated if not _has_distributions(folder, files))
    sites = [folder for folder in stated if folder not in own]
    settings: list[str] = []
    imported: list[str] = []
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
            stated_in = _lines_of(path, files)
            sites += _existing(
                [posixpath.normpath(posixpath.join("/" + site, one)) for one in stated_in.folders], files
            )
            imported += stated_in.modules
            own += _existing(_edited(stated_in.modules, site, files), files)
    # setuptools and pkg_resources add this folder to the path themselves.
    sites += _existing([f"{site}/setuptools/_vendor" for site in sites], files)
    return Surroundings(
        standard,
        tuple(dict.fromkeys(sites)),
        tuple(dict.fromkeys(own)),
        tuple(settings),
        tuple(dict.fromkeys(imported)),
    )


def _libraries(started: StartedProgram) -> tuple[str, ...]:
    """Return the folders in which the standard library lies: Fedora has it in `lib64` (PYTHONPLATLIBDIR)."""
    return tuple(dict.fromkeys(("lib", "lib64", started.variable("PYTHONPLATLIBDIR") or "lib")))


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
        if any(files.find(f"{folder}/{name}/python{version}/os.py") for name in ("lib", "lib64")):
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


class _LinesOfPth(msgspec.Struct, frozen=True, array_like=True):
    """What a .pth file states: folders for the path, and modules that it imports (documentation of "site")."""

    folders: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


def _lines_of(path: str, files: Files) -> _LinesOfPth:
    return files.analysed(path, Analysis("folders and modules of a .pth file", _LinesOfPth, _read_lines))


def _read_lines(content: bytes) -> _LinesOfPth:
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()[:_MAX_PTH]]
    code = [line for line in lines if _CODE_LINE.match(line)]
    folders = [line for line in lines if line and not line.startswith("#") and line not in code]
    listed = (names.split(",") for line in code for names in _IMPORTED.findall(line))
    return _LinesOfPth(tuple(folders), tuple(words[0] for names in listed for name in names if (words := name.split())))


def _edited(modules: tuple[str, ...], site: str, files: Files) -> Iterator[str]:
    """Yield the folders around projects that are used where they are edited: a .pth file imports what finds them.

    It has their paths, of packages (`MAPPING = {"shop": "/src/shop"}`, as setuptools writes) or modules.
    """
    for path in (f"{site}/{module}.py" for module in modules):
        if files.find(path) is not None:
            for stated in files.analysed(path, Analysis("whole paths in a module", tuple[str, ...], _whole_paths)):
                is_package = stated.strip("/") not in SHARED and files.folder(stated) is not None
                if is_package or (stated.endswith(".py") and files.find(stated)):
                    yield posixpath.dirname(stated.removesuffix(_INITIAL))


def _whole_paths(content: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_WHOLE_PATH.findall(content.decode("utf-8", "replace"))))
