"""One object after the other through a `git cat-file` that stays open, of repositories with SHA-1 or SHA-256."""

from subprocess import PIPE
from typing import Any

from gate.errors import UnreadableError
from gate.git.environment import git_environment


class ObjectReader:
    """A `git cat-file --batch` or `--batch-check`; it ends with the reader. Not to be shared with a fork."""

    def __init__(self, folder: str, mode: str) -> None:
        environment = git_environment()
        from git import Git  # takes longer than many a stage: only for those that read objects by name

        git = Git(folder)
        git.update_environment(**environment)
        self._process: Any = git.execute(["git", "cat-file", mode], istream=PIPE, as_process=True)

    def size(self, object_id: str) -> int:
        """Return an object's size in bytes. Raises UnreadableError if it is not there."""
        if "\n" in object_id:
            raise UnreadableError("is no name of an object", path=object_id)
        self._process.stdin.write(f"{object_id}\n".encode())
        self._process.stdin.flush()
        words = self._process.stdout.readline().split()
        if len(words) != 3:
            raise UnreadableError("is not in the object store (shallow or partial clone?)", path=object_id)
        return int(words[2])

    def content(self, object_id: str) -> bytes:
        """Return an object's bytes; the reader must be one of `--batch`. Raises UnreadableError."""
        size = self.size(object_id)
        content = bytes(self._process.stdout.read(size + 1))
        if len(content) != size + 1:
            raise UnreadableError("is damaged in the object store", path=object_id)
        return content[:-1]
