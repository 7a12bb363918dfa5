"""A git repository: run a command in it, name its commits, list and read its files."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import BinaryIO, Self, cast

import msgspec

from gate.errors import GateError, LimitError, UnreadableError
from gate.git.environment import git_environment
from gate.git.objects import ObjectReader
from gate.git.running import Running, failure

ZERO_IDS = ("0" * 40, "0" * 64)
"""The object id that stands for "none" (SHA-1 and SHA-256)."""

_NAMES_AT_ONCE = 200
_NOT_LISTED = b"could not open directory"
"""What git warns of, before it lists the rest and ends well."""


class TreeItem(msgspec.Struct, frozen=True, gc=False):
    """What `git ls-tree` says of a leaf."""

    mode: str
    is_blob: bool
    id: str
    """Of the blob; of a submodule the commit."""

    @classmethod
    def parse(cls, said: str) -> Self:
        """Read what stands before a name: mode, type and id."""
        mode, kind, object_id = said.split(" ")
        return cls(mode, kind == "blob", object_id)


def _new_file() -> BinaryIO:
    return cast(BinaryIO, TemporaryFile())


@contextmanager
def _lines_file(lines: Iterable[str]) -> Iterator[BinaryIO]:
    """Give a file that holds `lines`: a command that reads it never waits for us, nor we for it."""
    with TemporaryFile() as listing:
        listing.writelines(f"{line}\n".encode("utf-8", "surrogateescape") for line in lines)
        listing.seek(0)
        yield cast(BinaryIO, listing)


def _parts(names: Sequence[bytes] | None) -> Iterator[Sequence[bytes]]:
    """Yield `names` in parts that fit on a command line; one empty part, for "everything", if there is no limit."""
    if names is None:
        yield ()
        return
    for start in range(0, len(names), _NAMES_AT_ONCE):
        yield names[start : start + _NAMES_AT_ONCE]


def _within(process: "Popen[bytes]", limit: int) -> tuple[bytes, bytes]:
    """Return what a process writes to standard output and standard error. Raises LimitError for more than `limit`."""
    assert process.stdout
    assert process.stderr
    output = process.stdout.read(limit + 1)
    if len(output) > limit:
        process.kill()
        raise LimitError(f"git says more than {limit:,} bytes")
    return output, process.stderr.read()


def _has_git_above(folder: str) -> bool:
    """True if a repository's folder or file is in `folder` or above, as in every working tree."""
    here = Path(os.path.realpath(folder))
    return any(os.path.lexists(place / ".git") for place in (here, *here.parents))


class Repository:
    """A git repository, seen from one of its folders."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.top = ""
        """The root of the working tree; empty in a bare repository."""

    @classmethod
    def find(cls, folder: str) -> Self | None:
        """Open the repository that `folder` belongs to; None if there is none, or if it ignores the folder.

        Raises GateError if git is missing and needed.
        """
        if not _has_git_above(folder):
            return None
        repository = cls(folder)
        try:
            top = repository.run("rev-parse", "--show-toplevel", "--is-inside-work-tree").decode().splitlines()
        except UnreadableError:
            return None
        repository.top = top[0]
        return None if repository.ignores(folder) else repository

    def run(self, *arguments: str, istream: BinaryIO | None = None, limit: int | None = None) -> bytes:
        """Run a git command and return its standard output.

        Raises UnreadableError with git's own words if it fails, or lists without a folder that it may not read;
        LimitError once the output has more than `limit` bytes.
        """
        with self._start(*arguments, stdin=istream or DEVNULL, stderr=PIPE) as process:
            output, words = process.communicate() if limit is None else _within(process, limit)
        if process.returncode or _NOT_LISTED in words:
            raise failure(process, words, self._folder)
        return output

    def start(self, *arguments: str, lines: Iterable[str] = ()) -> Running:
        """Start a git command that reads `lines` from its standard input, and go on while it runs."""
        output, words = _new_file(), _new_file()
        with _lines_file(lines) as listing:
            process = self._start(*arguments, stdin=listing, stdout=output, stderr=words)
        return Running(process, output, words, self._folder)

    @contextmanager
    def stream(self, *arguments: str, lines: Iterable[str]) -> Iterator[BinaryIO]:
        """Give the standard output of a git command that reads `lines` from its standard input, while it runs."""
        with _lines_file(lines) as listing, self._start(*arguments, stdin=listing, stderr=DEVNULL) as process:
            assert process.stdout
            try:
                yield cast(BinaryIO, process.stdout)
            finally:
                process.kill()

    def _start(
        self, *arguments: str, stdin: BinaryIO | int, stdout: BinaryIO | int = PIPE, stderr: BinaryIO | int
    ) -> "Popen[bytes]":
        environment = {**os.environ, **git_environment()}
        try:
            return Popen(
                ["git", *arguments], cwd=self._folder, env=environment, stdin=stdin, stdout=stdout, stderr=stderr
            )
        except FileNotFoundError as error:
            if error.filename == self._folder:
                raise UnreadableError("is not there", path=self._folder) from error
            raise GateError("git is not installed", hint="Install git and run again") from error
        except OSError as error:
            raise UnreadableError(f"git cannot be started ({error.strerror})", path=self._folder) from error

    def run_on(self, *arguments: str, lines: Iterable[str]) -> bytes:
        """Run a git command that reads `lines` from its standard input, as `run` does."""
        with _lines_file(lines) as listing:
            return self.run(*arguments, istream=listing)

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

    def list_left_out(self, folder: str) -> Iterator[bytes]:
        """Yield the names below `folder` of what is tracked and by the index need not be on disk (sparse checkout)."""
        listing = self.run("-C", folder, "ls-files", "-z", "-t", "--cached")
        yield from (line[2:] for line in listing.split(b"\0") if line.startswith(b"S "))

    def list_submodules(self, folder: str) -> Iterator[tuple[bytes, str]]:
        """Yield (name, commit) of each submodule that the index has below `folder`; names are relative to it."""
        listing = self.run("-C", folder, "ls-files", "-z", "--stage")
        for line in filter(None, listing.split(b"\0")):
            head, _, name = line.partition(b"\t")
            if head.startswith(b"160000 "):
                yield name, head.split()[1].decode("ascii")

    def list_tree(
        self, folder: str, revision: str, only: Sequence[bytes] | None = None, limit: int | None = None
    ) -> bytes:
        """Return each leaf of `revision` below `folder`; of `only`, if there.

        A leaf is what TreeItem.parse reads, a tab, its name relative to `folder`, and NUL. As git says it: it is read
        by whoever wants it, and of most leaves the name is enough. Raises as `run` does.
        """
        return b"".join(self._list_tree(folder, revision, names, limit) for names in _parts(only))

    def _list_tree(self, folder: str, revision: str, names: Sequence[bytes], limit: int | None) -> bytes:
        paths = ("--", *map(os.fsdecode, names)) if names else ()
        # Without sizes (-l): for these git opens every object.
        return self.run("--literal-pathspecs", "-C", folder, "ls-tree", "-r", "-z", revision, *paths, limit=limit)

    def blob_sizes(self, blob_ids: Iterable[str]) -> dict[str, int]:
        """Return the sizes in bytes of those blobs that are in the object store."""
        told = self.run_on("cat-file", "--buffer", "--batch-check=%(objectname) %(objectsize)", lines=blob_ids).decode()
        pairs = (line.split(" ") for line in told.splitlines())
        return {blob_id: int(size) for blob_id, size in pairs if size != "missing"}

    def read_blob(self, blob_id: str) -> bytes:
        """Return a blob's bytes, through one `cat-file --batch` that stays open."""
        return self._contents.content(blob_id)

    def address_of(self, remote: str) -> str | None:
        """Return the address of a remote as the configuration states it, credentials and all; None if it has none."""
        try:
            return self.run("config", "--get", f"remote.{remote}.url").decode("utf-8", "replace").strip() or None
        except UnreadableError:  # git says "no such key" by its exit status
            return None

    @property
    def is_shallow(self) -> bool:
        """True if the older part of the history was not fetched."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == b"true"

    def commit_id(self, revision: str) -> str | None:
        """Return the full id of the commit that `revision` names, or None."""
        return self.commit_ids([revision])[0]

    def commit_ids(self, revisions: Sequence[str]) -> list[str | None]:
        """Return for each revision the full id of the commit that it names, or None; of all through one process."""
        if not revisions:
            return []
        questions = ("" if "\n" in revision else f"{revision}^{{commit}}" for revision in revisions)
        try:
            told = self.run_on("cat-file", "--batch-check=commit %(objectname)", lines=questions)
        except UnreadableError:
            return [None] * len(revisions)
        answers = told.decode("utf-8", "replace").split("\n")[:-1]
        return [line[7:] if re.fullmatch("commit [0-9a-f]{40,64}", line) else None for line in answers]

    def merge_base(self, first: str, second: str) -> str | None:
        """Return the best common ancestor of two commits, or None if they share none."""
        try:
            return self.run("merge-base", "--end-of-options", first, second).decode().strip() or None
        except UnreadableError:
            return None

    def renames(self, folder: str, old: str, new: str | None) -> list[tuple[bytes, bytes]]:
        """Return what has another name in `new` (None: the index) than in `old`: (old, new), below `folder`."""
        # Never by the files on disk: to compare those, git would run the repository's filters.
        command = ("diff-tree", "-r") if new else ("diff-index", "--cached")
        options = ("--find-renames", "--diff-filter=R", "--name-status", "--relative", "-z")
        output = self.run("-C", folder, *command, *options, old, *([new] if new else []))
        fields = output.split(b"\0")[:-1]  # R086, old name, new name, and so on
        return list(zip(fields[1::3], fields[2::3], strict=True))

    def blob_size(self, blob_id: str) -> int:
        """Return a blob's size in bytes, without its content."""
        return self._sizes.size(blob_id)

    @cached_property
    def _contents(self) -> ObjectReader:
        return ObjectReader(self._folder, "--batch")

    @cached_property
    def _sizes(self) -> ObjectReader:
        return ObjectReader(self._folder, "--batch-check")

    def blob_id(self, revision: str, path: str) -> str | None:
        """Return the id of the file `path` in `revision`, or None if there is none."""
        try:
            return (
                self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}:{path}").decode().strip()
            )
        except UnreadableError:
            return None
