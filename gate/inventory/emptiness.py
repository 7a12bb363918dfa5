"""An empty lockfile of a project that requires packages: it was truncated or never written, which is an error.

The requirements are in a manifest. Most manifests have a reader; in those that are code, patterns find the lines that
require a package.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.inventory.lockfile import MAX_JSON, Locked, read_text, unparsable
from gate.inventory.lockfiles.beam_terms import BeamGroup, BeamText, parse
from gate.trees import FileTree, join, resolve

_MIX = re.compile(r'^[^#\n]*?\{\s*:(\w+)\s*,\s*(?:"\s*(?:[~<>=!]+\s*)?\d|(?:git|github):)', re.MULTILINE)
_POD = re.compile(r"""^\s*pod\b\s*\(?\s*['"]([^'"\n]+)['"](?![^\n]*(?:\bpath:|:path\s*=>))""", re.MULTILINE)
"""Not a pod from a folder of the repository, as all of a Flutter plug-in's example are: it has no version."""
_SWIFT = re.compile(r'^(?!\s*//)[^\n]*\.package\(\s*(?:name:[^,\n]*,\s*)?(?:url|id):\s*"([^"]+)"', re.MULTILINE)
_CODE = {
    "mix.lock": ("mix.exs", _MIX),
    "Podfile.lock": ("Podfile", _POD),
    "Package.resolved": ("Package.swift", _SWIFT),
}
"""By the name of a lockfile, its manifest and the pattern of a line there that requires a locked package."""
_GEMSPEC = "gemspec"
"""The name for the requirement of a Gemfile's line `gemspec`."""
_REBAR = ("rebar.lock", "rebar.config")
_PUBLISHED = ("pkg", "git", "git_subdir", "hg")
"""The kinds of source whose dependencies rebar3 locks."""


class AskedPackage(msgspec.Struct, frozen=True):
    """A package that a manifest requires."""

    manifest: str
    name: str


def check_locks(path: str, locked: Locked, asked: Iterator[AskedPackage]) -> None:
    """Raise UnreadableError if the lockfile `path` locks nothing and a manifest requires a package."""
    if locked.packages or locked.imprecise:
        return
    first = next(asked, None)
    if first is not None:
        raise unparsable(path, f"it locks nothing, and {first.manifest} asks for {first.name}")


def asked_in(manifest: str, read: Locked) -> Iterator[AskedPackage]:
    """Yield the packages that a manifest requires, from the answer of its reader."""
    for package in read.packages:
        yield AskedPackage(manifest, package.name)
    for words in read.imprecise:
        yield AskedPackage(manifest, words.partition(": ")[2])


def has_entry(tree: FileTree, path: str, name: str) -> bool:
    """True if a lockfile has an entry of that name, which its reader may leave out as part of the repository."""
    said = re.escape(name)
    forms = (rf'^name = "{said}"$', rf'"{said}"\s*:\s*\{{', rf'"name"\s*:\s*"{said}"', rf"^    {said} \(")
    wanted = "^PATH$" if name == _GEMSPEC else "|".join(forms)
    return re.search(wanted, read_text(tree, path, MAX_JSON), re.MULTILINE) is not None


def asked_in_code(tree: FileTree, path: str) -> Iterator[AskedPackage]:
    """Yield what the manifest in the folder of the lockfile `path` requires, if it is code and so has no reader."""
    folder, _, name = path.rpartition("/")
    if name in _CODE:
        manifest, pattern = _CODE[name]
        for found in pattern.finditer(_text(tree, folder, manifest)):
            yield AskedPackage(manifest, found[1])
    elif name == _REBAR[0]:
        yield from _asked_of_rebar(_text(tree, folder, _REBAR[1]))


def _text(tree: FileTree, folder: str, name: str) -> str:
    path = join(folder, name)
    return "" if path is None or resolve(tree, path) is None else read_text(tree, path)


def _asked_of_rebar(text: str) -> Iterator[AskedPackage]:
    """Yield the dependencies of the project itself; rebar3 does not lock those of profiles."""
    for term in parse(text, _REBAR[1]).groups:
        match term.items:
            case [BeamText(said="deps"), BeamGroup(items=dependencies)]:
                for one in dependencies:
                    match one:
                        case BeamText(said=name) | BeamGroup(items=[BeamText(said=name), BeamText(), *_]):
                            yield AskedPackage(_REBAR[1], name)
                        case BeamGroup(items=[BeamText(said=name), *_, BeamGroup(items=[BeamText(said=kind), *_])]):
                            if kind in _PUBLISHED:
                                yield AskedPackage(_REBAR[1], name)
