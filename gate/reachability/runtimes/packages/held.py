"""Packages inside a file of another package: modules linked into a program that npm installed, archives of Debian's."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from gate.ecosystems import find
from gate.model import Doubt, InUse, Package, PackageUse
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key, key_of
from gate.reachability.runtimes.walk.files import Files


def held_by_others(
    packages: Iterable[Package], owned: Mapping[Key, Owned], states: Mapping[Key, PackageUse], files: Files
) -> Iterator[tuple[Key, PackageUse]]:
    """Yield those of the unused packages as unknown that lie in a file of a package which may be used.

    A program that they are linked into may be started by any name, though its package is in use for another file.
    """
    unused = [package for package in packages if states[key_of(package)].in_use is InUse.NO]
    inside = {key_of(one): one for one in unused if owned[key_of(one)].files == [one.path]}
    holders = _holders({one.path for one in inside.values()}, owned, files)
    for key, package in inside.items():
        for holder in holders.get(package.path, ()):
            state = states[holder].in_use
            if state is InUse.UNKNOWN or (state is InUse.YES and _is_linked(package)):
                text = f"{package.path} is a file of {holder[2]}, which may start or load it"
                yield key, PackageUse(InUse.UNKNOWN, (text,), Doubt.NAMED)
                break


def _is_linked(package: Package) -> bool:
    known = find(package.ecosystem)
    return known is not None and known.is_linked


def _holders(paths: set[str], owned: Mapping[Key, Owned], files: Files) -> dict[str, list[Key]]:
    """Return the packages that each of the files belongs to, by their folder or by their list."""
    names = {posixpath.basename(path) for path in paths}
    folders = {one.folder: key for key, one in owned.items() if one.folder}
    holders: dict[str, list[Key]] = {path: [] for path in paths}
    for path in paths:
        folder = posixpath.dirname(path)
        while folder and folder not in folders:
            folder = posixpath.dirname(folder)
        if folder:
            holders[path].append(folders[folder])
    for key, one in owned.items():
        for path in one.files if one.files != [key[0]] else ():
            entry = files.find(path) if posixpath.basename(path) in names else None
            if entry is not None and entry.path in holders:
                holders[entry.path].append(key)
    return holders
