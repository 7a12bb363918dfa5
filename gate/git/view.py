"""A GIT_DIR of our own for each repository: through it git sees objects and refs, but not the configuration.

It is a temporary folder with a configuration of ours, a copy of HEAD, links to the refs, and the ignore rules and
attributes, which are only data. The configuration of a repository, a user or the system can name filters, hooks,
aliases and helpers, which are programs; here git reads none of it, so there is nothing to switch off one by one.
"""

import atexit
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec

from gate.core.errors import GateError, UnreadableError
from gate.core.interrupts import held_interrupts
from gate.git.configuration import Setting, named_path, read_settings, read_with_includes, values_of
from gate.git.locate import RepositoryPlace, find_place, head_of, lies_in_files, read_small

_SHARED = ("refs", "packed-refs", "logs", "shallow", "reftable")
"""What the view links to in the repository; git ignores a link to something that does not exist."""
_OWN = ("refs", "logs", "reftable")
"""The same for a linked working tree (git-worktree(1))."""
_MOST_LINKED = 1000
"""Linked working trees whose HEADs are in the view."""
_MOST_DEPTH = 5
"""Levels of alternates that git follows."""
_UNDERSTOOD = frozenset(
    {
        *("noop", "noop-v1", "objectformat", "refstorage", "partialclone", "preciousobjects", "worktreeconfig"),
        *("relativeworktrees", "compatobjectformat", "submodulepathconfig"),
    }
)
"""Extensions of the repository format (gitrepository-layout(5)) that we know; others are an error, as in git."""
_FORMATS = {"objectformat": ("sha1", "sha256"), "refstorage": ("files", "reftable")}
"""The extensions that change how the repository is read, with their values; these go into our configuration."""
_CONFIGURATION = {
    "core.commitGraph": "false",
    "core.quotePath": "false",
    "gc.auto": "0",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
}
_KEPT = ("PATH", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""Environment variables that git gets from us; no others, so that it sees no token of a CI system."""
_MOST_RULES = 4 << 20
"""Bytes of a file of ignore rules or attributes at most."""
_CONFIG_KEYS = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(_CONFIGURATION)}
_CONFIG_VALUES = {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(_CONFIGURATION.values())}
_FIXED = {
    **_CONFIG_KEYS,
    **_CONFIG_VALUES,
    "GIT_CONFIG_COUNT": str(len(_CONFIGURATION)),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}
"""Environment variables that are the same for every git process: no other configuration, no network, no prompt, no
replaced objects, no lock in the repository, messages in English."""

_views: "dict[RepositoryPlace, GitView]" = {}
"""The views of this process, and those that its parent had made before it was forked."""


class GitView(msgspec.Struct, frozen=True, kw_only=True):
    """A GIT_DIR of our own for one repository."""

    folder: str
    place: RepositoryPlace
    state: bytes
    """What it was made from; when that changes, the view has to be made again."""

    @property
    def git_dir(self) -> str:
        """The folder in the view with HEAD (GIT_DIR)."""
        if not self.place.is_linked:
            return self.folder
        return os.path.join(self.folder, "worktrees", os.path.basename(self.place.git_dir))

    @property
    def own_objects(self) -> str:
        """Where we may write objects for git to read: never into the repository."""
        return os.path.join(self.folder, "objects")

    @property
    def objects(self) -> str:
        """Where the repository's objects are."""
        return os.path.join(self.place.common_dir, "objects")

    def environment(self, *, in_tree: bool) -> dict[str, str]:
        """Return the whole environment of a git process; `in_tree`: it reads the working tree."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        tree = {"GIT_WORK_TREE": self.place.top} if in_tree else {}
        return {
            **kept,
            **_FIXED,
            **tree,
            "HOME": self.folder,
            "XDG_CONFIG_HOME": self.folder,
            "GIT_DIR": self.git_dir,
            "GIT_OBJECT_DIRECTORY": self.objects,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": self.own_objects,
            "GIT_INDEX_FILE": os.path.join(self.place.git_dir, "index"),
        }


def view_of(place: RepositoryPlace) -> GitView:
    """Return the view of a repository, made at the first call and again when what it copies has changed.

    Raises UnreadableError for a repository of an unknown format, GateError if the folder cannot be made.
    """
    state = _state(place)
    known = _views.get(place)
    if known is None or known.state != state:
        known = _views[place] = _make(place, state)
    return known


def prepare_views(folders: Iterable[str]) -> None:
    """Make the views of the folders' repositories now, so that processes that are forked later share them."""
    for folder in folders:
        with suppress(GateError):  # the first question to git raises it again
            if place := find_place(folder):
                view_of(place)


def _state(place: RepositoryPlace) -> bytes:
    head = head_of(place.git_dir)
    if head is None:
        raise UnreadableError("is no repository any more", path=place.git_dir)
    return b"\0".join((head, *(_stamp(path) for path in _sources(place)), *_others(place.git_dir)))


def _sources(place: RepositoryPlace) -> tuple[str, ...]:
    common = place.common_dir
    return (os.path.join(common, "config"), os.path.join(common, "info"), os.path.join(common, "worktrees"))


def _stamp(path: str) -> bytes:
    try:
        status = os.stat(path)
    except OSError:
        return b""
    return b"%d %d %d" % (status.st_ino, status.st_mtime_ns, status.st_size)


def _others(git_dir: str) -> list[bytes]:
    """Return the names of further refs (`FETCH_HEAD`), which a user may name, and of the parts of a split index."""
    names = os.listdir(os.fsencode(git_dir))
    return sorted(name for name in names if name.startswith(b"sharedindex.") or _is_like_head(name))


def _is_like_head(name: bytes) -> bool:
    return name.endswith(b"_HEAD") and name.replace(b"_", b"").isalpha() and name.isupper()


def _make(place: RepositoryPlace, state: bytes) -> GitView:
    from tempfile import mkdtemp  # late: a folder in no repository needs none

    _check_parts(place)
    settings = read_settings(Path(place.common_dir, "config"))
    written = _format(settings, place)
    try:
        with held_interrupts():
            folder = mkdtemp(prefix="gate-git-")
            _remove_at_the_end(folder)
        _fill(Path(folder), place, written, settings)
    except OSError as error:
        raise GateError(f"a folder for git cannot be made ({error.strerror})", path=error.filename) from error
    return GitView(folder=folder, place=place, state=state)


def _remove_at_the_end(folder: str) -> None:
    """Remove a view when the process ends that made it, not when a process ends that was forked from it."""
    from shutil import rmtree

    maker = os.getpid()

    def remove() -> None:
        if os.getpid() == maker:
            rmtree(folder, ignore_errors=True)

    atexit.register(remove)


def _fill(folder: Path, place: RepositoryPlace, configuration: str, settings: tuple[Setting, ...]) -> None:
    common = Path(place.common_dir)
    _write_head(folder, common)
    (folder / "config").write_text(configuration)
    for name in _SHARED:
        (folder / name).symlink_to(common / name)
    if not place.is_linked:
        _link_others(folder, Path(place.git_dir))
    for git_dir in _linked_trees(place):
        _fill_linked(folder / "worktrees" / git_dir.name, git_dir)
    (folder / "objects").mkdir()
    (folder / "info").mkdir()
    _write_rules(folder / "info" / "exclude", exclude_files(place))
    _write_rules(folder / "info" / "attributes", attribute_files(place, settings))


def _linked_trees(place: RepositoryPlace) -> list[Path]:
    """Return the folders in `.git/worktrees` of the linked working trees, whose HEADs name commits too."""
    try:
        found = sorted(Path(place.common_dir, "worktrees").iterdir())
    except OSError:
        found = []
    others = [one for one in found if head_of(str(one)) is not None][:_MOST_LINKED]
    own = Path(place.git_dir)
    return others if own in others or not place.is_linked else [*others, own]


def _fill_linked(folder: Path, git_dir: Path) -> None:
    folder.mkdir(parents=True)
    _write_head(folder, git_dir)
    (folder / "commondir").write_text("../..\n")
    (folder / "gitdir").write_bytes(read_small(str(git_dir / "gitdir")))
    for name in _OWN:
        (folder / name).symlink_to(git_dir / name)
    _link_others(folder, git_dir)


def _write_head(folder: Path, git_dir: Path) -> None:
    (folder / "HEAD").write_bytes(head_of(str(git_dir)) or b"ref: refs/heads/.invalid\n")


def _link_others(folder: Path, git_dir: Path) -> None:
    for name in map(os.fsdecode, _others(str(git_dir))):
        (folder / name).symlink_to(git_dir / name)


def _check_parts(place: RepositoryPlace) -> None:
    """Raise UnreadableError if a part of the repository or an alternate lies among the files of a working tree.

    A link or an alternate could lead there, to objects and refs that a commit brought.
    """
    common = place.common_dir
    parts = (*_SHARED, "objects", "objects/pack", "objects/info")
    found = [(os.path.join(common, name), os.path.join(common, name)) for name in parts]
    found += [(os.path.join(place.git_dir, name), os.path.join(place.git_dir, name)) for name in ("index", *_OWN)]
    found += _alternates(os.path.join(common, "objects"))
    for said_in, path in found:
        real = os.path.realpath(path)
        if lies_in_files(real):
            why = "leads to what lies among the files of a working tree, which could be anyone's"
            raise UnreadableError(f"{why} ({real})", path=said_in, hint="Move it out of the working tree")


def _alternates(objects: str, depth: int = 0) -> list[tuple[str, str]]:
    """Return (file, path) of the alternates, object stores from which objects are borrowed (gitrepository-layout(5)).

    `file` is the one that names the path.
    """
    file = os.path.join(objects, "info", "alternates")
    if depth > _MOST_DEPTH or not os.path.lexists(file):
        return []
    lines = os.fsdecode(read_small(file)).splitlines()
    named = [os.path.realpath(os.path.join(objects, line)) for line in lines if line and not line.startswith("#")]
    further = (one for path in named for one in _alternates(path, depth + 1))
    return [*((file, path) for path in named), *further]


def _format(settings: tuple[Setting, ...], place: RepositoryPlace) -> str:
    """Return our configuration for a repository of this format. Raises UnreadableError for an unknown format."""
    version = (values_of(settings, "core", "repositoryformatversion") or ["0"])[-1]
    extensions = {one.key: one.value.lower() for one in settings if (one.section, one.name) == ("extensions", "")}
    unknown = [name for name in extensions if name not in _UNDERSTOOD]
    if version not in ("0", "1") or (version == "1" and unknown):
        what = f"extension {unknown[0]}" if version == "1" else f"version {version}"
        raise UnreadableError(f"is a repository of a format that the gate does not know ({what})", path=place.git_dir)
    chosen = {name: extensions[name] for name in _FORMATS if name in extensions}
    for name, value in chosen.items():
        if value not in _FORMATS[name]:
            raise UnreadableError(f"has no {name} that the gate knows ({value})", path=place.git_dir)
    lines = ["[core]", f"repositoryformatversion = {1 if chosen else 0}", "bare = true"]
    if chosen:
        lines += ["[extensions]", *(f"{name} = {value}" for name, value in chosen.items())]
    return "\n".join((*lines, ""))


def exclude_files(place: RepositoryPlace) -> tuple[Path, ...]:
    """Return the files with this machine's own ignore rules (gitignore(5)), the strongest last."""
    return (*_user_files("excludesfile", "ignore"), Path(place.common_dir, "info", "exclude"))


def attribute_files(place: RepositoryPlace, settings: tuple[Setting, ...]) -> tuple[Path, ...]:
    """Return the files with this machine's own attributes (gitattributes(5)), the strongest last."""
    common = Path(place.common_dir)
    named = [named_path(value, common) for value in values_of(settings, "core", "attributesfile")]
    return (*_user_files("attributesfile", "attributes"), *named, common / "info" / "attributes")


def _user_files(key: str, standard: str) -> tuple[Path, ...]:
    """Return the files that the user's and the system's configuration name as `core.KEY`, or the default file."""
    found = [named_path(value, path.parent) for path, value in _user_values(key) if value]
    return tuple(found) or (_user_folder() / "git" / standard,)


def _user_folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _user_values(key: str) -> Iterator[tuple[Path, str]]:
    for path in (Path("/etc/gitconfig"), _user_folder() / "git" / "config", Path.home() / ".gitconfig"):
        for value in values_of(_user_settings(path), "core", key):
            yield path, value


@cache
def _user_settings(path: Path) -> tuple[Setting, ...]:
    return read_with_includes(path)


def _rules(file: Path) -> bytes:
    """Return the content of a file of rules; one that cannot be read counts as empty."""
    try:
        return read_small(str(file), _MOST_RULES)
    except UnreadableError:
        return b""


def _write_rules(path: Path, files: Iterable[Path]) -> None:
    """Write the rules of several files, one after the other."""
    path.write_bytes(b"\n".join(map(_rules, files)) + b"\n")
