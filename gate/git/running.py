"""A git command at work beside this process, and what it says in the end."""

from collections.abc import Iterable
from subprocess import Popen
from typing import BinaryIO

from gate.errors import UnreadableError


class Running:
    """A command whose output goes to a file: it waits for nobody, so that several of them run side by side."""

    def __init__(self, process: "Popen[bytes]", output: BinaryIO, words: BinaryIO, folder: str) -> None:
        self._process = process
        self._output = output
        self._words = words
        self._folder = folder

    def output(self) -> bytes:
        """Wait for the end and return the standard output. Raises UnreadableError with git's own words."""
        with self._finished() as output:
            return output.read()

    def _finished(self) -> BinaryIO:
        with self._words:
            if self._process.wait():
                self._output.close()
                self._words.seek(0)
                raise failure(self._process, self._words.read(), self._folder)
        self._output.seek(0)
        return self._output


def failure(process: "Popen[bytes]", words: bytes, folder: str) -> UnreadableError:
    """Return what to raise for a git command that failed with these words on its standard error."""
    assert isinstance(process.args, list)
    said = words.decode("utf-8", "backslashreplace").strip()
    return UnreadableError(f"git {_command(process.args[1:])} failed: {said}", path=folder)


def _command(arguments: Iterable[str]) -> str:
    """Return which of git's commands the arguments ask for: what stands after its own options."""
    words = iter(arguments)
    for word in words:
        if word in ("-C", "-c"):
            next(words)
        elif not word.startswith("-"):
            return word
    return ""
