"""Which files of a tree are Dockerfiles: by their names, and because a build names them."""

import re
from collections.abc import Container, Iterable

import msgspec

from gate.core.errors import GateError
from gate.core.path_patterns import is_selected, matches
from gate.declarations.section import StageSettings
from gate.dockerfile.build_calls import CALLERS, called_in_builds, may_call
from gate.dockerfile.definition_names import is_definition
from gate.trees import Entry, EntryKind, FileTree, NameHint, resolve, walk_named

_BEARS_THE_NAME = re.compile(
    r"(?:dockerfile|containerfile)(?:[._-].*)?|.*[._-](?:dockerfile|containerfile)", re.IGNORECASE
)
_ENDING = re.compile(r"(?:dockerfile|containerfile)\.(?:.*\.)?(?P<ending>[^.]+)", re.IGNORECASE)
_DASHED = re.compile(r"(?:dockerfile|containerfile)[_-][^.]+", re.IGNORECASE)
_LEFT_BEHIND = ("bak", "diff", "old", "orig", "patch", "rej", "swo", "swp", "tmp")
_TEMPLATES = (
    "ejs",
    "erb",
    "gotmpl",
    "in",
    "j2",
    "jinja",
    "jinja2",
    "m4",
    "mako",
    "mustache",
    "template",
    "tmpl",
    "tpl",
)
_DOCUMENTS = ("adoc", "csv", "html", "ini", "json", "lock", "log", "md", "rst", "toml", "txt", "xml", "yaml", "yml")
_PROGRAMS = (
    *("bash", "c", "cc", "cpp", "cs", "go", "h", "hpp", "java", "js", "jsx", "kt", "lua", "mjs", "php", "pl"),
    *("ps1", "py", "pyc", "rb", "rs", "scala", "sh", "swift", "ts", "tsx", "vim", "zsh"),
)
_OTHERS = ("dll", "dockerignore", "dylib", "exe", "gz", "o", "pyd", "sha256", "sig", "so", "tar", "tgz", "zip")
_OTHER_FILES = frozenset((*_LEFT_BEHIND, *_TEMPLATES, *_DOCUMENTS, *_PROGRAMS, *_OTHERS))
"""Endings that make `Dockerfile.ENDING` something else."""
_LIKE_A_LANGUAGE = frozenset((*_PROGRAMS, *_DOCUMENTS))
"""Those of them that may as well say what the Dockerfile is for."""
_MAX_BY_TEXT = 64 << 10
"""Bytes of a file with such an ending that is looked into."""

_NAMES = NameHint(words=("docker", "container", "compose"))
"""What each name of a Dockerfile, a Compose or a bake file has."""


class FoundDockerfiles(msgspec.Struct, frozen=True):
    """The Dockerfiles of a tree, and what looked like one."""

    paths: tuple[str, ...]
    passed_over: tuple[str, ...]
    """Files that bear the name, but whose ending says that they are something else; links to files of `paths`."""
    excluded: tuple[str, ...]
    """Dockerfiles that the settings exclude."""
    definitions: tuple[str, ...] = ()
    """Compose and bake files: they may name more Dockerfiles."""
    excluded_definitions: tuple[str, ...] = ()
    """Those that the settings exclude."""
    named: frozenset[str] = frozenset()
    """Those of `paths` that other files build from, whatever they are called."""
    unread_callers: tuple[str, ...] = ()
    """Files that may build from a Dockerfile of any name, and were not looked into."""


def find_dockerfiles(tree: FileTree, settings: StageSettings) -> FoundDockerfiles:
    """Return the Dockerfiles of `tree` in the order of their paths.

    Raises UsageError for a pattern in `paths` or `ignore` that cannot be understood.
    """
    entries = list(walk_named(tree, _may_matter, _NAMES, *CALLERS))
    named = [entry for entry in entries if _BEARS_THE_NAME.fullmatch(_name(entry.path))]
    wanted = [entry for entry in named if is_dockerfile_name(_name(entry.path)) or _is_one_by_text(tree, entry)]
    included = [entry for entry in wanted if is_included(entry.path, settings)]
    files = {entry.path for entry in included if entry.kind is not EntryKind.LINK}
    read = [entry for entry in included if entry.kind is not EntryKind.LINK or _adds_a_file(tree, entry, files)]
    kept = {entry.path for entry in read}
    excluded = tuple(entry.path for entry in wanted if not is_included(entry.path, settings))
    # `paths` speaks of Dockerfiles, so that it does not count for these.
    definitions = [entry.path for entry in entries if entry.kind is EntryKind.FILE and is_definition(_name(entry.path))]
    found = FoundDockerfiles(
        tuple(entry.path for entry in read),
        tuple(entry.path for entry in named if entry.path not in kept and entry.path not in excluded),
        excluded,
        tuple(path for path in definitions if not matches(path, settings.ignore)),
        tuple(path for path in definitions if matches(path, settings.ignore)),
    )
    called = called_in_builds(tree, entries)
    found = msgspec.structs.replace(found, unread_callers=called.unread)
    return add_named(found, called.named, settings)


def _may_matter(path: str) -> bool:
    name = _name(path)
    return bool(_BEARS_THE_NAME.fullmatch(name)) or is_definition(name) or may_call(path)


def add_named(found: FoundDockerfiles, named: Iterable[str], settings: StageSettings) -> FoundDockerfiles:
    """Add the Dockerfiles that other files name, whatever they are called."""
    named = frozenset(named)
    new = sorted(set(named).difference(found.paths, found.excluded))
    included = [path for path in new if is_included(path, settings)]
    return msgspec.structs.replace(
        found,
        named=found.named.union(named),
        paths=tuple(sorted((*found.paths, *included))),
        passed_over=tuple(path for path in found.passed_over if path not in included),
        excluded=tuple(sorted((*found.excluded, *(path for path in new if path not in included)))),
    )


def without(found: FoundDockerfiles, foreign: Container[str]) -> FoundDockerfiles:
    """Pass over the files that are no Dockerfiles by their text."""
    return msgspec.structs.replace(
        found,
        paths=tuple(path for path in found.paths if path not in foreign),
        passed_over=tuple(sorted((*found.passed_over, *(path for path in found.paths if path in foreign)))),
    )


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def is_dockerfile_name(name: str) -> bool:
    """True for `Dockerfile`, `Dockerfile.dev`, `Dockerfile-dev`, `api.Dockerfile` and the same of `Containerfile`."""
    lower = name.lower()
    if lower in ("dockerfile", "containerfile") or lower.endswith((".dockerfile", ".containerfile")):
        return True
    if _DASHED.fullmatch(lower):
        return True
    ending = _ENDING.fullmatch(lower)
    return bool(ending and ending["ending"] not in _OTHER_FILES and not ending["ending"].endswith("~"))


def _is_one_by_text(tree: FileTree, entry: Entry) -> bool:
    """True for `Dockerfile.go` and the like if Docker would build it: an ending is also how a language is named."""
    ending = _name(entry.path).rpartition(".")[2].lower()
    if ending not in _LIKE_A_LANGUAGE or entry.kind is not EntryKind.FILE or entry.size > _MAX_BY_TEXT:
        return False
    try:
        content = tree.read(entry.path, _MAX_BY_TEXT)
    except GateError:
        return False  # it is passed over by its name then, which is said
    from gate.dockerfile.parser import parse  # late: most trees have no such file, and many no Dockerfile at all

    return not parse(content).problems


def is_included(path: str, settings: StageSettings) -> bool:
    """True if `paths` and `ignore` let a file be looked at."""
    return is_selected(path, settings.paths, settings.ignore)


def _adds_a_file(tree: FileTree, link: Entry, files: set[str]) -> bool:
    """False for a link to a file that is read anyway, or to a folder."""
    target = resolve(tree, link.path)
    return target is None or (target.kind is not EntryKind.FOLDER and target.path not in files)
