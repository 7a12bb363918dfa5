"""Manifests that are programs. They are never run, so their dependencies are imprecise unless there is a lockfile."""

from collections.abc import Mapping

from gate.inventory.lockfile import Locked, read_text
from gate.trees import FileTree, join, resolve

PROGRAM = "all that this program asks for"
"""The note on a manifest of which nothing is known."""
_GRADLE = ("gradle.lockfile", "gradle/dependency-locks", "gradle/verification-metadata.xml")
_LOCKS: Mapping[str, tuple[str, ...]] = {
    "setup.py": ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"),
    "conanfile.py": ("conan.lock",),
    "build.gradle": _GRADLE,
    "build.gradle.kts": _GRADLE,
    "build.sbt": ("build.sbt.lock",),
    "mix.exs": ("mix.lock",),
    "rebar.config": ("rebar.lock",),
    "Package.swift": ("Package.resolved",),
    "Podfile": ("Podfile.lock",),
    "Cartfile": ("Cartfile.resolved",),
    "MODULE.bazel": ("MODULE.bazel.lock",),
    "build.zig.zon": (),
    "project.clj": (),
    "deps.edn": (),
    "cpanfile": ("cpanfile.snapshot",),
    "shard.yml": ("shard.lock",),
}
"""Name of a program to the lockfiles that say what came of it, as seen from its folder."""

_WORDS = {
    "MODULE.bazel": "bazel_dep",
    "Package.swift": ".package(",
    "Podfile": "pod ",
    "build.zig.zon": ".url",
    "cpanfile": "requires",
    "deps.edn": ":deps",
    "mix.exs": "{:",
    "project.clj": ":dependencies",
    "rebar.config": "deps",
    "shard.yml": "dependencies",
}
"""Name of a program to a word that it has if it asks for anything."""


def read(tree: FileTree, path: str) -> Locked:
    """Return one imprecise note for the program, or nothing if a lockfile in its folder locks its dependencies."""
    folder, _, name = path.rpartition("/")
    places = [join(folder, lock) for lock in _LOCKS[name]]
    if any(place and resolve(tree, place) for place in places) or not _asks(tree, path, name):
        return Locked()
    return Locked(imprecise=(f"{path}:1: {PROGRAM}",))


def _asks(tree: FileTree, path: str, name: str) -> bool:
    """True unless the program is known to ask for nothing: most say it with one word, which is not there then."""
    word = _WORDS.get(name)
    return word is None or word in read_text(tree, path)
