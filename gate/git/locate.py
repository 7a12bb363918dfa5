"""Finding the repository of a folder, by a rule of our own that no content of a repository can change.

The first `.git` that is a repository counts, from the folder upwards. git never checks out a file of this name, so no
commit can bring one. A folder that merely looks like a repository (one with `HEAD`, `objects` and `refs`) is not taken
for one, unlike in git. What could still lead to another repository is refused: see `_check`.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from gate.core.errors import UnreadableError
from gate.core.lazy_regex import lazy_regex

_MOST_BYTES = 64 << 10
"""Bytes of HEAD, and of a file that names a folder, at most."""
_HEAD = lazy_regex(rb"(?:ref:\s*(refs/[^\x00-\x20\x7f]+)|([0-9a-f]{40}|[0-9a-f]{64}))\s*")


class RepositoryPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a working tree and its repository are; all paths are absolute and without links."""

    top: str
    """The root of the working tree."""
    git_dir: str
    """The folder with this working tree's own HEAD and index."""
    common_dir: str
    """The folder that it shares with other working trees: objects, refs, configuration."""

    @property
    def is_linked(self) -> bool:
        """True for a working tree that `git worktree add` made."""
        return self.git_dir != self.common_dir


def find_place(folder: str) -> RepositoryPlace | None:
    """Return the repository of a folder, or None. Raises UnreadableError for one that `_check` refuses."""
    here = os.path.realpath(folder)
    if ".git" in Path(here).parts or not os.path.isdir(here):  # inside `.git` nothing is tracked
        return None
    return next(places_above(here), None)


def place_to_ask(folder: str) -> RepositoryPlace | None:
    """Return the repository whose objects a folder gives access to; it may also be a bare repository itself.

    Only `find_place` says to which repository the files of a folder belong. Raises as that does.
    """
    found = find_place(folder)
    here = os.path.realpath(folder)
    if found is None and ".git" not in Path(here).parts and is_repository(here):
        return RepositoryPlace(top=here, git_dir=here, common_dir=_common_dir(here))
    return found


def places_above(here: str) -> Iterator[RepositoryPlace]:
    """Yield the repositories of a folder (a path without links), the nearest first. Raises as `find_place`."""
    stops = _ceilings()
    for top in (here, *map(str, Path(here).parents)):
        if top in stops and top != here:
            return
        if os.path.lexists(os.path.join(top, ".git")) and not _is_foreign(top, here):
            git_dir = _git_dir(top)
            if git_dir == "":
                return
            if git_dir is not None:
                place = RepositoryPlace(top=top, git_dir=git_dir, common_dir=_common_dir(git_dir))
                _check(place)
                yield place


def _ceilings() -> frozenset[str]:
    """Return the folders above which the user wants no search (GIT_CEILING_DIRECTORIES, git(1))."""
    named = os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep)
    return frozenset(os.path.realpath(folder) for folder in named if os.path.isabs(folder))


def _is_foreign(top: str, here: str) -> bool:
    """True if the owner of a `.git` above a folder owns neither that folder nor the one that holds `.git`.

    Another user could put it there (in /tmp, say), and its ignore rules would hide our files. A `.git` in the folder
    itself is never foreign: the user chose that folder.
    """
    if top == here or not hasattr(os, "geteuid"):
        return False
    owner = os.lstat(os.path.join(top, ".git")).st_uid
    return owner not in {0, os.geteuid(), os.lstat(top).st_uid, os.lstat(here).st_uid}


def _git_dir(top: str) -> str | None:
    """Return the repository that `.git` is or names.

    None: it is no repository, and git goes on searching above. Empty: it names one that is missing, and git stops.
    """
    path = os.path.join(top, ".git")
    if os.path.isdir(path):
        real = os.path.realpath(path)
        return real if is_repository(real) else None
    if not os.path.isfile(path):
        return None
    named = read_small(path)
    if not named.startswith(b"gitdir: "):
        raise UnreadableError("is no file that names a repository", path=path, hint="It has to be `gitdir: PATH`")
    real = os.path.realpath(os.path.join(top, os.fsdecode(named[8:]).rstrip("\r\n")))
    return real if is_repository(real) else ""


def is_repository(folder: str) -> bool:
    """True if a folder is what git takes for a repository (gitrepository-layout(5))."""
    try:
        if head_of(folder) is None:
            return False
        common = _common_dir(folder)
    except UnreadableError:
        return False
    return os.path.isdir(os.path.join(common, "objects")) and os.path.isdir(os.path.join(common, "refs"))


def head_of(git_dir: str) -> bytes | None:
    """Return the content of HEAD, as today's git writes it; None if git would not understand it."""
    path = os.path.join(git_dir, "HEAD")
    if os.path.islink(path):  # as old versions of git wrote it
        said = b"ref: " + os.fsencode(os.readlink(path))
    else:
        try:
            said = read_small(path)
        except UnreadableError:
            return None
    return said if _HEAD.fullmatch(said) else None


def read_small(path: str, limit: int = _MOST_BYTES) -> bytes:
    """Return the content of a regular file of at most `limit` bytes. Raises UnreadableError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnreadableError("is no file", path=path)
            content = file.read(limit + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=path) from error
    if len(content) > limit:
        raise UnreadableError(f"has more than {limit:,} bytes", path=path)
    return content


def _common_dir(git_dir: str) -> str:
    path = os.path.join(git_dir, "commondir")
    if not os.path.lexists(path):
        return git_dir
    return os.path.realpath(os.path.join(git_dir, os.fsdecode(read_small(path)).rstrip("\r\n")))


def _check(place: RepositoryPlace) -> None:
    """Raise UnreadableError for a repository that does not belong to this working tree."""
    if place.is_linked:
        _check_linked(place)
    if lies_in_files(place.git_dir) or lies_in_files(place.common_dir):
        raise UnreadableError(
            "names a repository that lies among the files of a working tree, which could be anyone's",
            path=os.path.join(place.top, ".git"),
            hint="Move it out of the working tree",
        )


def _check_linked(place: RepositoryPlace) -> None:
    """Check that a linked working tree (git-worktree(1)) and its repository name each other."""
    path = os.path.join(place.top, ".git")
    if os.path.dirname(place.git_dir) != os.path.join(place.common_dir, "worktrees"):
        raise UnreadableError("is not among the working trees of the repository that it names", path=path)
    named = os.fsdecode(read_small(os.path.join(place.git_dir, "gitdir"))).rstrip("\r\n")
    if os.path.realpath(os.path.join(place.git_dir, named)) != os.path.realpath(path):
        why = "names a repository whose working tree is another one"
        raise UnreadableError(why, path=path, hint="If it was moved, run `git worktree repair`")


def lies_in_files(folder: str) -> bool:
    """True if a folder (a path without links) lies in a working tree, and not in its `.git`."""
    path = Path(folder)
    for above in path.parents:
        own = above / ".git"  # if that is a link, its target is a folder like any other
        if os.path.lexists(own):
            return not path.is_relative_to(own)
    return False
