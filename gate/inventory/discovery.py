"""Which files of a tree are lockfiles, and reading one of them."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from itertools import accumulate
from types import ModuleType
from typing import Protocol, cast

import msgspec

from gate.core.errors import UsageError
from gate.core.path_patterns import is_selected, matches
from gate.inventory.emptiness import AskedPackage, asked_in, asked_in_code, check_locks, has_entry
from gate.inventory.lockfile import Locked, UnparsableError, unread_note
from gate.inventory.lockfiles import LOCKFILES, NOT_READ_YET, PASSED_OVER
from gate.model import Tree
from gate.plugins import LOCKFILES as GROUP
from gate.plugins import named_plugin
from gate.trees import EntryKind, FileTree, NameHint, open_tree, walk_named

INSTALLED_FOLDERS = frozenset(
    {"node_modules", "bower_components", "site-packages", "dist-packages", ".venv", "venv", ".tox", ".nox"}
)
"""Folders of installed packages. A lockfile in there is a leftover of a package's own development: no installer reads
it, and the packages themselves are in the lockfile of the project."""
VENDORED_FOLDERS = frozenset({"vendor", "Pods", "Carthage", ".build", ".bundle", ".terraform"})
"""Folders of vendored packages. A manifest in there is of the package's authors and not read; a lockfile may be the
project's own."""
_DATA_OF_TESTS = frozenset({"fixtures", "__fixtures__", "testdata", "test-data", "test_data"})
"""Folders of what tests read: a lockfile there that no tool can read is broken on purpose, or stands for its name."""


class Reader(Protocol):
    """The module of one lockfile format.

    The reader of a manifest also has `LOCKED_BY`: the names of lockfiles which, in the manifest's folder or one above,
    state the same packages with exact versions; `./NAME` counts only in the manifest's own folder. If a lockfile above
    counts only for the members of its workspace, the module has `is_member(tree, folder, path)`, and
    `name_of(tree, path)` if members require each other by name. `IS_MANIFEST` is true in the reader of manifests that
    no lockfile makes needless, `LISTS_VENDORED` in that of lists of what a folder of vendored packages holds. The
    reader of a plugin has `PATTERNS`, the names of its files.
    """

    def read(self, tree: FileTree, path: str) -> Locked: ...


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """The lockfiles of a tree."""

    paths: tuple[str, ...]
    not_read_yet: tuple[str, ...]
    """Paths of lockfiles whose format has no reader."""
    installed: int
    """Number of lockfiles that are skipped because they are in a folder of installed or vendored packages."""
    locked_manifests: int = 0
    """Number of manifests that are not read because a lockfile states the exact versions."""
    excluded: tuple[str, ...] = ()
    """Paths of lockfiles that `paths` and `ignore` leave out."""
    passed_over: tuple[tuple[str, int], ...] = ()
    """What files of formats that are passed over are, and their number."""


def find_lockfiles(
    tree: FileTree, paths: tuple[str, ...] = (), ignore: tuple[str, ...] = (), plugins: tuple[str, ...] = ()
) -> Discovery:
    """List the lockfiles of `tree` that match `paths` (if given) and not `ignore`.

    `plugins` are packages that bring further formats. Raises UsageError as `readers` does.
    """
    known = readers(plugins)
    named = list(_named(tree, known))
    all_own = [path for path in named if not _is_installed(path, known)]
    present = frozenset(all_own)
    own = [path for path in all_own if not _is_locked(tree, path, present, known)]
    wanted = [path for path in own if is_selected(path, paths, ignore)]
    return Discovery(
        paths=tuple(path for path in wanted if known.of(path)),
        not_read_yet=tuple(path for path in wanted if not known.of(path)),
        installed=len(named) - len(all_own),
        locked_manifests=len(all_own) - len(own),
        excluded=tuple(sorted(set(own).difference(wanted))),
        passed_over=tuple(_passed_over(tree, paths, ignore)),
    )


def _passed_over(tree: FileTree, paths: tuple[str, ...], ignore: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Count the files of each format that is passed over; those of installed packages do not count."""
    endings = tuple({pattern.rpartition("*")[2].lstrip("/") for pattern in PASSED_OVER})
    found = [
        entry.path
        for entry in walk_named(tree, lambda path: path.endswith(endings), NameHint(endings=endings))
        if entry.kind is EntryKind.FILE and INSTALLED_FOLDERS.isdisjoint(entry.path.split("/"))
    ]
    for pattern, what in PASSED_OVER.items():
        count = sum(matches(path, (pattern,)) and is_selected(path, paths, ignore) for path in found)
        if count:
            yield what, count


def _named(tree: FileTree, known: "Readers") -> Iterator[str]:
    """Yield the paths of the files with the name of a lockfile or manifest."""
    entries = walk_named(tree, known.knows, NameHint(endings=known.all_endings))
    return (entry.path for entry in entries if entry.kind is not EntryKind.FOLDER)


def _is_installed(path: str, known: "Readers") -> bool:
    folders = path.split("/")[:-1]
    if not INSTALLED_FOLDERS.isdisjoint(folders):
        return True
    if VENDORED_FOLDERS.isdisjoint(folders) or getattr(known.of(path), "LISTS_VENDORED", False):
        return False
    return bool(known.locks_of(path))


def _is_locked(tree: FileTree, path: str, present: frozenset[str], known: "Readers") -> bool:
    """True if there is a lockfile for the manifest `path`, which then need not be read."""
    return next(_locks_there(tree, path, present, known), None) is not None


def _locks_there(tree: FileTree, path: str, present: frozenset[str], known: "Readers") -> Iterator[str]:
    """Yield the paths of the lockfiles for the manifest `path`."""
    locks = known.locks_of(path)
    own_folder, *above = _folders_of(path)
    for name in locks:
        if (lock := own_folder + name.removeprefix("./")) in present:
            yield lock
    for_all = [name for name in locks if not name.startswith("./")]
    is_member = getattr(known.of(path), "is_member", lambda *_: True)
    for up in above:
        for name in for_all:
            if up + name in present and is_member(tree, up.rstrip("/"), path):
                yield up + name


def _folders_of(path: str) -> list[str]:
    """Return the folders that a path is in, the innermost first, each with a slash at its end (the root is empty)."""
    parts = path.split("/")[:-1]
    folders = [*accumulate((f"{part}/" for part in parts), initial="")]
    return folders[::-1]


def read_lockfile(path: str, target: Tree, plugins: tuple[str, ...] = ()) -> Locked:
    """Read one lockfile of `target`; made for `Context.map`.

    Raises UnreadableError for one that cannot be read, or that locks nothing although the project requires packages.
    A manifest that is none by its text, such as a template, is no error: no tool installs what it says. Nor is a
    lockfile that no tool can read among the data of tests.
    """
    tree, known = open_tree(target), readers(plugins)
    reader = known.of(path)
    assert reader is not None
    try:
        locked = reader.read(tree, path)
    except UnparsableError as error:
        is_manifest = known.is_manifest(path) and known.is_manifest(error.path or path)
        if not is_manifest and _DATA_OF_TESTS.isdisjoint(path.split("/")[:-1]):
            raise
        return Locked(unread=(unread_note(error.path or path, error.message),))
    try:
        check_locks(path, locked, _asked(tree, path, known))
    except UnparsableError as error:
        if error.path == path:
            raise
        return msgspec.structs.replace(locked, unread=(*locked.unread, unread_note(error.path or path, error.message)))
    return locked


def _asked(tree: FileTree, path: str, known: "Readers") -> Iterator[AskedPackage]:
    """Yield the packages required by the manifests for which `path` is the only lockfile."""
    yield from asked_in_code(tree, path)
    named = frozenset(_named(tree, known))
    manifests = [one for one in named if list(_own_locks(tree, one, named, known)) == [path]]
    own = {_name_of(tree, manifest, known) for manifest in manifests}
    for manifest in sorted(manifests):
        reader = known.of(manifest)
        assert reader is not None
        asked = asked_in(manifest, reader.read(tree, manifest))
        yield from (one for one in asked if not (one.name in own or has_entry(tree, path, one.name)))


def _own_locks(tree: FileTree, path: str, present: frozenset[str], known: "Readers") -> Iterator[str]:
    """Yield the lockfiles of the manifest `path` in its folder, and those of the workspace that it is a member of."""
    has_members = hasattr(known.of(path), "is_member")
    for lock in _locks_there(tree, path, present, known):
        if has_members or lock.rpartition("/")[0] == path.rpartition("/")[0]:
            yield lock


def _name_of(tree: FileTree, path: str, known: "Readers") -> str | None:
    """Return the name of a manifest's project, by which other members of the workspace require it."""
    named = getattr(known.of(path), "name_of", None)
    return named(tree, path) if named else None


def reader_of(path: str) -> Reader | None:
    """Return the gate's own module that reads the file, judged by its name, or None."""
    return readers().of(path)


def locks_of(path: str) -> tuple[str, ...]:
    """Return the `LOCKED_BY` of a manifest of the gate's own formats; nothing for a lockfile."""
    return readers().locks_of(path)


Load = Callable[[], Reader]


class Readers(msgspec.Struct, frozen=True):
    """The readers by the names of their files; each is imported for its first file."""

    exact: dict[str, Load]
    patterns: list[tuple[str, Load]]
    endings: tuple[str, ...]
    """The parts of the patterns after their last star."""
    names: frozenset[str]
    """The names in `exact`, and those of lockfiles without a reader."""

    @property
    def all_endings(self) -> tuple[str, ...]:
        """The ends of the paths of all known files."""
        return (*self.names, *self.endings)

    def of(self, path: str) -> Reader | None:
        """Return the module that reads the file, judged by its name, or None."""
        load = self._load_of(path)
        return load() if load else None

    def _load_of(self, path: str) -> Load | None:
        exact = self.exact.get(path.rpartition("/")[2])
        if exact is not None or not path.endswith(self.endings):
            return exact
        return next((load for pattern, load in self.patterns if matches(path, (pattern,))), None)

    def locks_of(self, path: str) -> tuple[str, ...]:
        """Return the `LOCKED_BY` of a manifest; nothing for a lockfile, which may have the same reader."""
        locks: tuple[str, ...] = getattr(self.of(path), "LOCKED_BY", ())
        name = path.rpartition("/")[2]
        return () if name in locks or f"./{name}" in locks else locks

    def is_manifest(self, path: str) -> bool:
        """True for a file that people write, False for one that a tool writes: a lockfile or an SBOM."""
        reader = self.of(path)
        is_written_by_tool = getattr(reader, "LISTS_VENDORED", False)
        return getattr(reader, "IS_MANIFEST", False) or (bool(self.locks_of(path)) and not is_written_by_tool)

    def knows(self, path: str) -> bool:
        """True for files with a reader, and for known lockfiles without one."""
        # called for each name of a large tree, so the cheap tests come first
        return path.rpartition("/")[2] in self.names or (
            path.endswith(self.endings) and self._load_of(path) is not None
        )


@cache
def readers(plugins: tuple[str, ...] = ()) -> Readers:
    """Return the gate's own readers and those of plugins, which cannot replace the gate's own.

    Raises UsageError for a plugin that is not installed, cannot be imported, or is no reader.
    """
    own = [(pattern, partial(_own, name)) for name, files in LOCKFILES.items() for pattern in files]
    modules = [_of_plugin(name) for name in dict.fromkeys(plugins)]
    added = [(pattern, partial(cast, Reader, module)) for module in modules for pattern in module.PATTERNS]
    named: list[tuple[str, Load]] = [*own, *added]
    patterns = [(pattern, load) for pattern, load in named if "*" in pattern]
    exact = {pattern: load for pattern, load in reversed(named) if "*" not in pattern}
    return Readers(
        exact=exact,
        patterns=patterns,
        endings=tuple({pattern.rpartition("*")[2].lstrip("/"): None for pattern, _ in patterns}),
        names=frozenset((*exact, *NOT_READ_YET)),
    )


def _own(name: str) -> Reader:
    return cast(Reader, import_module(f"gate.inventory.lockfiles.{name}"))


def _of_plugin(name: str) -> ModuleType:
    module = named_plugin(GROUP, name, "lockfile format", "stages.dependencies.plugins")
    if not getattr(module, "PATTERNS", ()) or not callable(getattr(module, "read", None)):
        raise UsageError(f"the plugin {name} reads no lockfile", hint=f"{module.__name__} needs PATTERNS and read")
    return module
