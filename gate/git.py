"""git through one small door: GitPython's process handling, read-only plumbing, nothing of the repository executed."""

import os
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import BinaryIO, Self, cast

import msgspec

from gate.errors import GateError, UnreadableError

_QUIET = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.alternateRefsCommand": "true",
    "diff.external": "",
    "protocol.allow": "never",
    "core.quotePath": "false",
    "safe.directory": "*",
}
"""Configuration that keeps git from running what a repository names. `safe.directory` follows from that: CI
often checks out as another user, and there is nothing left that a foreign configuration could start."""

_INHERITED = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_EXTERNAL_DIFF",
)
"""A hook inherits these; they would point every command at the repository of the hook."""

ZERO_IDS = ("0" * 40, "0" * 64)
"""The object id that stands for "none" (SHA-1 and SHA-256)."""

_COMMITS_AT_ONCE = 2000
"""Commits that one `diff-tree` compares: bounds the memory that its answer takes."""


class TreeItem(msgspec.Struct, frozen=True):
    """One line of `git ls-tree`."""

    mode: str
    blob_id: str
    size: int
    name: bytes


class Commit(msgspec.Struct, frozen=True):
    """A commit and the blobs that it adds against its parents: (blob id, path)."""

    id: str
    author: str
    blobs: tuple[tuple[str, bytes], ...]


def preload() -> None:
    """Import GitPython, so that processes forked from this one need not: it takes longer than many a stage."""
    _environment()
    import git  # noqa: F401


def _environment() -> dict[str, str]:
    for name in _INHERITED:
        os.environ.pop(name, None)
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    pairs = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(_QUIET)}
    values = {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(_QUIET.values())}
    return {
        **pairs,
        **values,
        "GIT_CONFIG_COUNT": str(len(_QUIET)),
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
    }


class Repository:
    """A git repository, seen from one of its folders."""

    def __init__(self, folder: str) -> None:
        environment = _environment()
        import git

        self._git = git.Git(folder)
        self._git.update_environment(**environment)
        self.top = ""
        """The root of the working tree; empty in a bare repository."""

    @classmethod
    def find(cls, folder: str) -> Self | None:
        """Open the repository that `folder` belongs to; None if there is none, or if it ignores the folder.

        Raises GateError if git is missing.
        """
        repository = cls(folder)
        try:
            top = repository.run("rev-parse", "--show-toplevel", "--is-inside-work-tree").decode().splitlines()
        except UnreadableError:
            return None
        repository.top = top[0]
        return None if repository.ignores(folder) else repository

    def run(self, *arguments: str, istream: BinaryIO | None = None) -> bytes:
        """Run a git command and return its standard output. Raises UnreadableError with git's own words."""
        from git.exc import GitCommandError, GitCommandNotFound

        try:
            output = self._git.execute(
                ["git", *arguments],
                istream=istream,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                with_extended_output=False,
            )
        except GitCommandNotFound as error:
            raise GateError("git is not installed", hint="Install git and run again") from error
        except GitCommandError as error:
            words = str(error.stderr).strip().removeprefix("stderr: '").rstrip("'")
            raise UnreadableError(f"git {arguments[0]} failed: {words}", path=str(self._git.working_dir)) from error
        return bytes(output) if isinstance(output, bytes) else str(output).encode()

    def ignores(self, folder: str) -> bool:
        """True if the repository's ignore rules leave out all of `folder`."""
        if os.path.realpath(folder) == os.path.realpath(self.top):
            return False
        try:
            return bool(self.run("-C", folder, "check-ignore", "."))
        except UnreadableError:  # git says "not ignored" by its exit status
            return False

    def list_files(self, folder: str) -> Iterator[bytes]:
        """Yield the names below `folder`, relative to it, that are tracked, or untracked and not ignored."""
        listing = self.run("-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        yield from filter(None, listing.split(b"\0"))

    def list_tree(self, folder: str, revision: str) -> Iterator[TreeItem]:
        """Yield the leaves of `revision` below `folder`, with names relative to it."""
        listing = self.run("-C", folder, "ls-tree", "-r", "-z", "-l", revision)
        for line in filter(None, listing.split(b"\0")):
            head, _, name = line.partition(b"\t")
            mode, _, blob_id, size = head.decode().split()
            yield TreeItem(mode, blob_id, 0 if size == "-" else int(size), name)

    def read_blob(self, blob_id: str) -> bytes:
        """Return a blob's bytes, through one `cat-file --batch` that stays open."""
        from git.exc import GitCommandError

        try:
            *_, content = self._git.get_object_data(blob_id)
        except (ValueError, GitCommandError) as error:
            raise UnreadableError("is not in the object store (shallow or partial clone?)", path=blob_id) from error
        return bytes(content)

    def commit_id(self, revision: str) -> str | None:
        """Return the full id of the commit that `revision` names, or None."""
        try:
            return (
                self.run("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
                .decode()
                .strip()
            )
        except UnreadableError:
            return None

    def merge_base(self, first: str, second: str) -> str | None:
        """Return the best common ancestor of two commits, or None if they share none."""
        try:
            return self.run("merge-base", "--end-of-options", first, second).decode().strip() or None
        except UnreadableError:
            return None

    def blob_size(self, blob_id: str) -> int:
        """Return a blob's size in bytes, without its content."""
        from git.exc import GitCommandError

        try:
            *_, size = self._git.get_object_header(blob_id)
        except (ValueError, GitCommandError) as error:
            raise UnreadableError("is not in the object store (shallow or partial clone?)", path=blob_id) from error
        return int(size)

    def blob_id(self, revision: str, path: str) -> str | None:
        """Return the id of the file `path` in `revision`, or None if there is none."""
        try:
            return (
                self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}:{path}").decode().strip()
            )
        except UnreadableError:
            return None

    def added_blobs(self, head: str, exclude: Iterable[str] = ()) -> Iterator[Commit]:
        """Yield the commits reachable from `head`, but from none of `exclude`, parents first, with the files they add.

        A merge adds what none of its parents has. Links and submodules are left out. Raises UnreadableError if
        a revision is not there.
        """
        known = [f"^{revision}" for revision in exclude if revision not in ZERO_IDS]
        listing = self.run(
            "rev-list", "--reverse", "--topo-order", "--format=%ae", "--end-of-options", head, *known
        ).decode("utf-8", "replace")
        lines = listing.split("\n")[:-1]
        commits = list(zip((line.removeprefix("commit ") for line in lines[::2]), lines[1::2], strict=True))
        for start in range(0, len(commits), _COMMITS_AT_ONCE):
            part = dict(commits[start : start + _COMMITS_AT_ONCE])
            blobs = _added_by_commit(self._diff_tree(part))
            yield from (Commit(commit, author, tuple(blobs.get(commit, ()))) for commit, author in part.items())

    def _diff_tree(self, commits: Iterable[str]) -> bytes:
        """Run `git diff-tree --stdin`: plumbing, so that no setting of the repository starts a program."""
        with TemporaryFile() as listing:
            listing.write("".join(f"{commit}\n" for commit in commits).encode())
            listing.seek(0)
            return self.run(
                *("diff-tree", "--stdin", "--root", "-r", "-c", "--raw", "-z", "--no-renames", "--no-abbrev"),
                istream=cast(BinaryIO, listing),
            )


def _added_by_commit(output: bytes) -> dict[str, list[tuple[str, bytes]]]:
    """Read `diff-tree --stdin -z`: a commit's id, then `:MODE… ID… STATUS` and the path of each file, all NUL-ended.

    A merge has one colon, mode and id more for each further parent; the last mode and id are the result's.
    """
    added: dict[str, list[tuple[str, bytes]]] = {}
    commit = ""
    fields = iter(output.split(b"\0"))
    for field in fields:
        if not field.startswith(b":"):
            commit = field.decode().strip() or commit
            continue
        path = next(fields)
        parents = len(field) - len(field.lstrip(b":"))
        words = field.lstrip(b":").decode().split(" ")
        if words[parents].startswith("100"):
            added.setdefault(commit, []).append((words[2 * parents + 1], path))
    return added
