"""git through one small door: GitPython's process handling, read-only plumbing, nothing of the repository executed."""

import os
from collections.abc import Iterator
from typing import Self

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
        """Open the repository that `folder` belongs to, or None. Raises GateError if git is missing."""
        repository = cls(folder)
        try:
            top = repository.run("rev-parse", "--show-toplevel", "--is-inside-work-tree").decode().splitlines()
        except UnreadableError:
            return None
        repository.top = top[0]
        return repository

    def run(self, *arguments: str) -> bytes:
        """Run a git command and return its standard output. Raises UnreadableError with git's own words."""
        from git.exc import GitCommandError, GitCommandNotFound

        try:
            output = self._git.execute(
                ["git", *arguments], stdout_as_string=False, strip_newline_in_stdout=False, with_extended_output=False
            )
        except GitCommandNotFound as error:
            raise GateError("git is not installed", hint="Install git and run again") from error
        except GitCommandError as error:
            words = str(error.stderr).strip().removeprefix("stderr: '").rstrip("'")
            raise UnreadableError(f"git {arguments[0]} failed: {words}", path=str(self._git.working_dir)) from error
        return bytes(output) if isinstance(output, bytes) else str(output).encode()

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
