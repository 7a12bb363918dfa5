"""The pipelines that run the gate itself, and whether a change edits one: it then has a hand in its own judgement."""

from collections.abc import Collection, Iterable

from gate.ci.systems import NAMES_OF_DEFINITIONS, is_definition
from gate.core.errors import GateError
from gate.core.lazy_regex import lazy_regex
from gate.model import Tree
from gate.trees import EntryKind, FileTree, walk_named
from gate.trees.base import paths_matching
from gate.trees.changes import changed_paths

MAX_SIZE = 1 << 20
"""Bytes of a definition that is searched; a larger one is taken for none that runs the gate."""
_INCLUDED = (".gitlab/", ".github/")
"""Folders of what definitions include or call."""
_YAML = (".yml", ".yaml")
_USES = r"actions/(?:gate|setup-gate|keep-gate)(?:@|\s|$)|\bgate(?:-parallel)?\.gitlab-ci\.yml|\bsecurity-gate\b"
_STARTS = r"(?:^|[\s|;&/\[(\"'])gate\s+(?:run|hook|merge|verify)\b"
_RUNS_GATE = lazy_regex(rf"{_USES}|{_STARTS}")


def edited_pipelines(own: FileTree, bases: Iterable[FileTree]) -> tuple[str, ...]:
    """Return the definitions that run the gate, now or at a base, and are not the same there, sorted."""
    edited: set[str] = set()
    now: Collection[str] | None = None
    for base in bases:
        now = _judging(own) if now is None else now
        before = _judging(base)
        edited |= {path for path in {*now, *before} if _differs(path, own, base)}
    return tuple(sorted(edited))


def may_differ(own: Tree, base: Tree) -> bool:
    """False if git, which compares commits without listing them, says that all definitions are the same in both."""
    paths = changed_paths(own, base)
    return paths is None or any(map(_may_judge, paths_matching(paths, NAMES_OF_DEFINITIONS)))


def _judging(tree: FileTree) -> Collection[str]:
    return [path for path in _definitions(tree) if _RUNS_GATE.search(_read(path, tree).decode("utf-8", "replace"))]


def _definitions(tree: FileTree) -> Iterable[str]:
    entries = walk_named(tree, _may_judge, *NAMES_OF_DEFINITIONS)
    return (entry.path for entry in entries if entry.kind is EntryKind.FILE)


def _may_judge(path: str) -> bool:
    return (path.startswith(_INCLUDED) and path.endswith(_YAML)) or is_definition(path)


def _differs(path: str, own: FileTree, base: FileTree) -> bool:
    return _read(path, own) != _read(path, base)


def _read(path: str, tree: FileTree) -> bytes:
    """Return the content of a file; nothing if it is not there, or is too large."""
    try:
        return tree.read(path, MAX_SIZE)
    except GateError:
        return b""
