"""Which files of a tree are Dockerfiles, by their names."""

import re

import msgspec

from gate.patterns import matches
from gate.settings import StageSettings
from gate.trees import Entry, FileTree, Kind, resolve

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


class Found(msgspec.Struct, frozen=True):
    """The Dockerfiles of a tree, and what looked like one."""

    paths: tuple[str, ...]
    passed_over: tuple[str, ...]
    """Files that bear the name, but whose ending says that they are something else; links to files of `paths`."""
    excluded: tuple[str, ...]
    """Dockerfiles that the settings exclude."""


def find_dockerfiles(tree: FileTree, settings: StageSettings) -> Found:
    """Return the Dockerfiles of `tree` in the order of their paths.

    Raises UsageError for a pattern in `paths` or `ignore` that cannot be understood.
    """
    named = [entry for entry in tree.walk() if _BEARS_THE_NAME.fullmatch(_name(entry.path))]
    wanted = [entry for entry in named if is_dockerfile_name(_name(entry.path))]
    included = [entry for entry in wanted if _is_included(entry.path, settings)]
    files = {entry.path for entry in included if entry.kind is not Kind.LINK}
    read = [entry for entry in included if entry.kind is not Kind.LINK or _adds_a_file(tree, entry, files)]
    kept = {entry.path for entry in read}
    excluded = tuple(entry.path for entry in wanted if not _is_included(entry.path, settings))
    return Found(
        tuple(entry.path for entry in read),
        tuple(entry.path for entry in named if entry.path not in kept and entry.path not in excluded),
        excluded,
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


def _is_included(path: str, settings: StageSettings) -> bool:
    return (not settings.paths or matches(path, settings.paths)) and not matches(path, settings.ignore)


def _adds_a_file(tree: FileTree, link: Entry, files: set[str]) -> bool:
    """False for a link to a file that is read anyway, or to a folder."""
    target = resolve(tree, link.path)
    return target is None or (target.kind is not Kind.FOLDER and target.path not in files)
