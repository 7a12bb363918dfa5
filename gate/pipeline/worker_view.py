"""Whose a worker is: one target's, for all of its life; and what it may see for that."""

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

import gate
from gate.core.cache_folder import user_cache_folder
from gate.declarations import DECLARED
from gate.model import CommitRange, DockerHost, Image, Target, Tree
from gate.pipeline.isolation.sealing import View
from gate.settings import Settings

_MOST_ENTRIES = 2000
"""Entries of a repository's root that are named one by one, to leave out what `.git` holds besides objects."""
_OF_GIT = (
    "HEAD",
    "commondir",
    "gitdir",
    "index",
    "objects",
    "refs",
    "logs",
    "packed-refs",
    "shallow",
    "info",
    "modules",
    "worktrees",
    "reftable",
)
"""What is read of a repository's own folder. Not `config`, where CI writes its token, nor hooks."""
_SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
    *("/etc/localtime", "/usr/share/zoneinfo", "/etc/ssl/openssl.cnf", "/dev/null", "/dev/urandom", "/dev/random"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu"),
)
_NO_FOLDERS = ("http:", "https:", "wheel:")
"""Beginnings of sources of advisories that are no folder of this machine."""
_LOCAL_SOURCES = ("archive", "oci-dir", "rootfs", "unknown")
"""Sources of images whose references are paths."""


def realm_of(item: Any, shared: Iterable[Any]) -> Target | None:
    """Return the target that a call's item is about, reduced to what tells it from others; None if it has none."""
    for thing in (item, *shared):
        target = _target_in(thing)
        if isinstance(target, Image):
            return msgspec.structs.replace(target, starts=(), runs=())
        if isinstance(target, DockerHost):
            return target
        if target is not None:
            return Tree(root=target.root, name="")
    return None


def _target_in(thing: Any) -> Target | None:
    if isinstance(thing, Tree | CommitRange | Image | DockerHost):
        return thing
    if isinstance(thing, tuple | list):
        return _target_in(thing[0]) if thing else None
    target = getattr(thing, "target", None)
    return target if isinstance(target, Tree | CommitRange | Image | DockerHost) else None


def view_of(realm: Target | None, settings: Settings, cache_folder: str) -> View:
    """Return what a worker of this target may see."""
    readable = [*interpreter(), *_kept(cache_folder), *files_of_settings(settings)]
    readable += _advisories_of(settings)
    listable: list[str] = []
    if isinstance(realm, Image):
        if realm.source in _LOCAL_SOURCES:
            readable.append(os.path.realpath(realm.reference))
    elif isinstance(realm, Tree | CommitRange):
        root = os.path.realpath(realm.root)
        listable.append(root)
        readable += _of_folder(root)
        readable += _of_repository(root)
    return View(readable=tuple(dict.fromkeys(readable)), listable=tuple(listable))


@cache
def interpreter() -> tuple[str, ...]:
    """Return where Python, its packages, and the libraries that they load are."""
    own = os.path.dirname(os.path.abspath(gate.__file__))
    around = os.path.dirname(own)
    home = os.path.expanduser("~")
    packages = [place for place in map(os.path.abspath, filter(None, sys.path)) if not _holds(place, home)]
    inside = [own if place == around and "site-packages" not in place else place for place in packages]
    python = (os.path.join(sys.base_prefix, "lib"), os.path.join(sys.prefix, "pyvenv.cfg"))
    return tuple(map(os.path.realpath, (own, *inside, *python, *_SYSTEM)))


def _holds(place: str, path: str) -> bool:
    """True for a folder that is too much to be seen whole: the root, the user's, or one above it."""
    return place == "/" or path == place or path.startswith(place.rstrip("/") + "/")


def _kept(cache_folder: str) -> Iterator[str]:
    """Yield what is read of the cache: indexes of advisories; not what was found elsewhere."""
    for folder in dict.fromkeys((cache_folder, str(user_cache_folder()))):
        if folder:
            yield os.path.realpath(os.path.join(folder, "advisories"))


def files_of_settings(settings: Settings) -> Iterator[str]:
    """Yield the files and folders besides targets and advisories that settings name for stages to read."""
    named = [settings.advisories.key]
    for stage in DECLARED.values():
        for key in stage.files:
            value = attrgetter(key)(settings.of(stage))
            named += [value] if isinstance(value, str) else value
    yield from (os.path.realpath(path) for path in named if path)


def _advisories_of(settings: Settings) -> Iterator[str]:
    if not settings.advisories.source.startswith(_NO_FOLDERS):
        from gate.advisories.places import folder_named

        yield os.path.realpath(folder_named(settings.advisories.source))


def _of_folder(root: str) -> list[str]:
    """Return what is read of a target: all of it, but for a `.git` in it."""
    if not os.path.lexists(os.path.join(root, ".git")):
        return [root]
    with os.scandir(root) as entries:
        names = [entry.path for entry in entries if entry.name != ".git" or entry.is_file(follow_symlinks=False)]
    return names if len(names) <= _MOST_ENTRIES else [root]


def _of_repository(root: str) -> Iterator[str]:
    """Yield what is read of the repository that a folder is in."""
    for above in (Path(root), *Path(root).parents):
        if os.path.lexists(above / ".git"):
            if (above / ".git").is_file():  # of a further working tree, it says where the repository is
                yield str(above / ".git")
            for folder in _git_folders(above / ".git"):
                yield from (os.path.join(folder, name) for name in _OF_GIT)
            return


def _git_folders(place: Path) -> list[Path]:
    """Return a repository's own folder; of a further working tree also that of the first."""
    try:
        folder = place if place.is_dir() else place.parent / place.read_text()[:4096].removeprefix("gitdir: ").strip()
        common = folder / "commondir"
        return [folder, *([folder / common.read_text()[:4096].strip()] if common.is_file() else [])]
    except (OSError, ValueError):
        return []
