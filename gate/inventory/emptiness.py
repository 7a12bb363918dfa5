"""A lockfile that locks nothing, where the project asks for something: it was cut, or never written. That is no pass.

What is asked for stands in a manifest. Most have a reader; of those that are code, a line that asks for a package is
enough to tell.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.inventory.lockfile import MAX_JSON, Locked, read_text, unparsable
from gate.inventory.lockfiles.beam_terms import BeamGroup, BeamText, parse
from gate.trees import FileTree, join, resolve

_MIX = re.compile(r'^[^#\n]*?\{\s*:(\w+)\s*,\s*(?:"\s*(?:[~<>=!]+\s*)?\d|(?:git|github):)', re.MULTILINE)
_POD = re.compile(r"""^\s*pod\b\s*\(?\s*['"]([^'"]+)""", re.MULTILINE)
_SWIFT = re.compile(r'^(?!\s*//)[^\n]*\.package\(\s*(?:name:[^,\n]*,\s*)?(?:url|id):\s*"([^"]+)"', re.MULTILINE)
_CODE = {
    "mix.lock": ("mix.exs", _MIX),
    "Podfile.lock": ("Podfile", _POD),
    "Package.resolved": ("Package.swift", _SWIFT),
}
"""Lockfile to its manifest, and how a line of that asks for a package that is locked."""
_GEMSPEC = "gemspec"
"""What a Gemfile asks for with the line `gemspec`."""
_REBAR = ("rebar.lock", "rebar.config")
_PUBLISHED = ("pkg", "git", "git_subdir", "hg")
"""Sources of rebar3's dependencies that it locks."""


class AskedPackage(msgspec.Struct, frozen=True):
    """Something that a manifest asks for."""

    manifest: str
    name: str


def check_locks(path: str, locked: Locked, asked: Iterator[AskedPackage]) -> None:
    """Raise UnreadableError if the lockfile `path` locks nothing and something is asked for."""
    if locked.packages or locked.imprecise:
        return
    first = next(asked, None)
    if first is not None:
        raise unparsable(path, f"it locks nothing, and {first.manifest} asks for {first.name}")


def asked_in(manifest: str, read: Locked) -> Iterator[AskedPackage]:
    """Yield what a manifest asks for, as its reader says."""
    for package in read.packages:
        yield AskedPackage(manifest, package.name)
    for words in read.imprecise:
        yield AskedPackage(manifest, words.partition(": ")[2])


def has_entry(tree: FileTree, path: str, name: str) -> bool:
    """True if a lockfile has an entry of the name: one that its reader leaves out lies in the repository."""
    said = re.escape(name)
    forms = (rf'^name = "{said}"$', rf'"{said}"\s*:\s*\{{', rf'"name"\s*:\s*"{said}"', rf"^    {said} \(")
    wanted = "^PATH$" if name == _GEMSPEC else "|".join(forms)
    return re.search(wanted, read_text(tree, path, MAX_JSON), re.MULTILINE) is not None


def asked_in_code(tree: FileTree, path: str) -> Iterator[AskedPackage]:
    """Yield what the manifest beside the lockfile `path` asks for, if that is one without a reader."""
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
    """Yield the dependencies of the project itself: those of its profiles are not locked."""
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
