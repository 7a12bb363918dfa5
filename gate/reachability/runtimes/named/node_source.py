"""What a source of JavaScript says: its strings, and whether it starts programs or looks for modules.

Of an application's own source nothing is kept; what a package brought is read once for its content.
"""

import re
from collections.abc import Set

import msgspec

from gate.core.literals import Literals
from gate.reachability.runtimes.named.node_manifests import MARKS, ManifestUse, manifest_use
from gate.reachability.runtimes.named.node_searches import (
    IN_FOLDERS,
    IN_MANIFESTS,
    LISTING,
    lists_files,
    reads_dependencies,
    searches,
)
from gate.reachability.runtimes.named.node_strings import Strings, strings_in, without_advice
from gate.reachability.runtimes.node.modules import is_installed
from gate.reachability.runtimes.strings.command_names import COMMENTS, behind_operators
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_DEVELOPED = b"devDependencies"
_VERSION = re.compile(rb"""["']?\bversion["']?\s*:\s*["']\d""")
_TEXT = rb"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
_STATED = rb"(?:\s*+(?:" + _TEXT + rb"|[\w$]++)\s*+:\s*+" + _TEXT + rb"\s*+,?)*+\s*+"
_DEVELOPED_WITH = re.compile(
    rb"""["']?\b(?:devDependencies|scripts|bin)["']?\s{0,4}:\s{0,4}\{""" + _STATED + rb"""\}"""
)
"""What a manifest that a bundle holds is developed and started with: as that of a package that is installed, it names
nothing."""
_IS_BUNDLE = re.compile(rb"(?m)^[ \t]*// (?:\.\./)*node_modules/|__webpack_require__|\b__commonJS\b")
"""What bundlers write into an own source that holds packages."""
_FROM_ELSEWHERE = (b"createRequire", b"paths", b"basedir")
"""Words in code that resolves modules from another folder than its own."""
_STARTS = (b"child_process", b"execa", b"cross-spawn", b"spawn(", b"spawn_sync")
"""Words in a source that starts programs; only there a name can be that of a command."""
_HANDS_ON = b"npx"
"""A word in a source that hands a command line on to one that starts it."""
_ENDING = re.compile(
    rb"""["']?\bnpx\b["']?\s{0,4}[:,=]\s{0,4}\[?\s{0,4}["']image/vnd\.net-fpx["']"""
    rb"""|["']image/vnd\.net-fpx["']?[\s\w:,=\[{"']{1,80}?["']npx["']"""
    rb"""|["']npx["'](?=,\s{0,9}["']numbers["'])"""
)
"""The ending `.npx` of pictures, as lists of all types have it, and of the endings of binary files."""
_OWN_PLACE = (b"__dirname", b"__filename", b"import.meta", b"require.resolve", b"module.filename", b"module.path")
"""Words in code that knows the folder in which it lies."""
_ANY_TEXT = rb"""(?:"[^"\n]{0,200}"|'[^'\n]{0,200}')"""
_TEXT_INSIDE = rb"""(?:"(?!\.\.)[^"\n]{1,200}"|'(?!\.\.)[^'\n]{1,200}')"""
_FILE = rb"""["'][^"'\n]{0,200}\.\w{1,9}["']"""
_STATED_PLACE = re.compile(
    rb"\b(?:join|resolve)\(\s{0,9}__dirname\s{0,9}(?:,\s{0,9}(?:"
    + _TEXT_INSIDE
    + rb"\s{0,9}){1,9}|(?:,\s{0,9}"
    + _ANY_TEXT
    + rb"\s{0,9}){0,9},\s{0,9}"
    + _FILE
    + rb"\s{0,9})\)"
    rb"""|__dirname\s{0,9}\+\s{0,9}["']/[^"'\n.][^"'\n]{0,200}["'](?!\s{0,9}\+)"""
    rb"|\bURL\(\s{0,9}(?:" + _TEXT_INSIDE + rb"|" + _FILE + rb")\s{0,9},\s{0,9}import\.meta\.url\s{0,9}\)"
    rb"|\brequire\.resolve\(\s{0,9}(?![^()\n]{0,200}package\.json)(?:" + _TEXT_INSIDE + rb"|" + _FILE + rb")\s{0,9}\)"
    rb"|\b__dirname\s{0,9}=\s{0,9}[\w$.]{0,60}dirname\(\s{0,9}[\w$.]{0,60}fileURLToPath\(\s{0,9}import\.meta\.url\s{0,9}\)\s{0,9}\)"
    rb"|\bcreateRequire\w{0,20}\(\s{0,9}import\.meta\.url\s{0,9}\)|\bimport\.meta\.(?:env|hot)\b"
)
"""Where such code states the rest of a path, whose names are strings of it, or has Node.js put it together."""
_HANDS_PLACE = re.compile(
    rb"(?<!require)(?<!exports)[(,]\s{0,9}module\s{0,9}(?:\)|,(?!\s{0,9}(?:exports|__)))|\brequire\.main\b|\bargv\[1\]"
)
"""Code that hands its module on, which has its path, or that knows which source was started."""
_DEPENDENCIES = b"ependencies"
_MARKS = Literals(
    (_DEPENDENCIES, *_FROM_ELSEWHERE, *_STARTS, *LISTING, *_OWN_PLACE, IN_FOLDERS, _HANDS_ON, IN_MANIFESTS, *MARKS)
)
_LOADS_UNSEEN = re.compile(
    rb"\b(?:runIn(?:This|New)?Context|compileFunction|setup(?:Primary|Master))\b|\bvm\.Script\b"
    rb"|\bWorker\s{0,4}[,}(:]|\brequire\.extensions\b"
)
"""Code that may load a source by other ways than a call: in a worker or a process of a cluster, or by its text."""
_DECLARATIONS = re.compile(rb"""["'`/]@types\b""")
"""The folder of packages that hold declarations of types alone."""
_INSTALLED_FOR_ALL = re.compile(rb"""\blib["'`]?[\s,/\\]{1,9}["'`]?node_modules""")


class NodeSource(msgspec.Struct, frozen=True):
    """What a source of JavaScript says."""

    strings: Strings
    commands: frozenset[str]
    """Words of commands behind others in one string, in a source that starts programs."""
    is_elsewhere: bool
    """True if it resolves modules from another folder than its own."""
    starts_programs: bool
    hands_on: bool
    """True if it hands a command line on."""
    searches_itself: bool
    lists_files: bool
    """True if it may look which files are there."""
    of_manifests: ManifestUse
    handles_dependencies: bool = False
    """True if it goes through dependencies of a manifest that another source may have read."""
    loads_unseen: bool = False
    """True if it may load sources in other ways than by `require` and `import`."""
    finds_installations: bool = False
    """True if it makes the path of the folder that holds what is installed for all, npm among it."""
    knows_its_place: bool = False
    """True if it knows the folder in which it lies, and may make paths of it."""
    reads_declarations: bool = False
    """True if it may look for declarations of types, as a compiler does."""


def _read_source(content: bytes) -> NodeSource:
    if _HANDS_ON in content:
        content = without_advice(_ENDING.sub(b"", content).decode("latin-1")).encode("latin-1")
    marks = _MARKS.among(content)
    starts = not marks.isdisjoint(_STARTS)
    commands = behind_operators(content) if starts else ()
    return NodeSource(
        strings_in(content),
        frozenset(command.decode("latin-1") for command in commands),
        is_elsewhere=not marks.isdisjoint(_FROM_ELSEWHERE),
        starts_programs=starts,
        hands_on=_HANDS_ON in marks,
        searches_itself=searches(content, marks),
        lists_files=not marks.isdisjoint(LISTING) and lists_files(content),
        knows_its_place=_knows_its_place(content, marks),
        of_manifests=ManifestUse() if marks.isdisjoint(MARKS) else manifest_use(content),
        handles_dependencies=_DEPENDENCIES in marks and IN_MANIFESTS not in marks and reads_dependencies(content),
        loads_unseen=_LOADS_UNSEEN.search(content) is not None,
        reads_declarations=_DECLARATIONS.search(content) is not None,
        finds_installations=IN_FOLDERS in marks and _INSTALLED_FOR_ALL.search(content) is not None,
    )


def _knows_its_place(content: bytes, marks: Set[bytes]) -> bool:
    if not marks.isdisjoint(_OWN_PLACE):
        content = _STATED_PLACE.sub(b"", content)
    return any(word in content for word in _OWN_PLACE) or _HANDS_PLACE.search(content) is not None


def _read_published(content: bytes) -> NodeSource:
    """Return what a source that a package brought says.

    Comments that are lines of their own are left aside, and what the manifest in a bundle is developed with.
    """
    return _read_source(_without_manifests(COMMENTS.sub(b"\n", b"\n" + content)))


def without_bundled_manifests(content: bytes) -> bytes:
    """Return an own source without what the manifests of packages that are bundled in it are developed with."""
    return _without_manifests(content) if _IS_BUNDLE.search(content) else content


def _without_manifests(content: bytes) -> bytes:
    holds_manifest = _DEVELOPED in content and _VERSION.search(content) is not None
    return _DEVELOPED_WITH.sub(b"", content) if holds_manifest else content


_NAMED_BY_SOURCE = Analysis(
    "what a source of JavaScript names, quotes left out, does with manifests and its place, and may load unseen",
    NodeSource,
    _read_published,
)


def node_source(path: str, files: Files) -> NodeSource:
    """Return what a source says; of an application's own nothing is kept. Raises as `Files.read` does."""
    if is_installed(path):
        return files.analysed(path, _NAMED_BY_SOURCE)
    return _read_source(without_bundled_manifests(files.read(path)))
