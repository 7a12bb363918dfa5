"""Manifests that are programs. They are never run, so their dependencies are imprecise unless there is a lockfile."""

from gate.inventory.lockfile import Locked
from gate.trees import FileTree, join, resolve

PROGRAM = "all that this program asks for"
"""The note on a manifest of which nothing is known."""
_GRADLE = ("gradle.lockfile", "gradle/dependency-locks", "gradle/verification-metadata.xml")
_LOCKS = {
    "setup.py": ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"),
    "conanfile.py": ("conan.lock",),
    "build.gradle": _GRADLE,
    "build.gradle.kts": _GRADLE,
    "build.sbt": ("build.sbt.lock",),
}
"""Name of a program to the lockfiles that say what came of it, as seen from its folder."""


def read(tree: FileTree, path: str) -> Locked:
    """Return one imprecise note for the program, or nothing if a lockfile in its folder locks its dependencies."""
    folder, _, name = path.rpartition("/")
    places = [join(folder, lock) for lock in _LOCKS[name]]
    if any(place and resolve(tree, place) for place in places):
        return Locked()
    return Locked(imprecise=(f"{path}:1: {PROGRAM}",))
