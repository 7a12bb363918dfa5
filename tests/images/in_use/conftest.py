"""Images' trees made of a few lines: path to content, `-> target` for a link, `!` in front for a program."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from gate.images.in_use.files import Files
from gate.trees import MAX_FILE_SIZE, Entry, Kind
from gate.trees.base import resolve_file


class SmallTree:
    """A `FileTree` of a dict."""

    def __init__(self, contents: Mapping[str, str | bytes]) -> None:
        self.contents = {
            path.removeprefix("!"): content.encode() if isinstance(content, str) else content
            for path, content in contents.items()
        }
        self._programs = {path[1:] for path in contents if path.startswith("!")}

    def walk(self) -> Iterator[Entry]:
        return (self._entry(path) for path in sorted(self.contents))

    def look_up(self, path: str) -> Entry | None:
        if path in self.contents:
            return self._entry(path)
        is_folder = any(other.startswith(path + "/") for other in self.contents)
        return Entry(path=path, kind=Kind.FOLDER) if is_folder else None

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        return self.contents[resolve_file(self, path, limit).path]

    def _entry(self, path: str) -> Entry:
        content = self.contents[path]
        if content.startswith(b"-> "):
            return Entry(path=path, kind=Kind.LINK, link=content[3:].decode())
        mode = 0o755 if path in self._programs else 0o644
        return Entry(path=path, kind=Kind.FILE, size=len(content), mode=mode)


@pytest.fixture
def make_files() -> Callable[[Mapping[str, str | bytes]], Files]:
    """Return a function that makes the files of an image: `{"!usr/bin/run": "#!/bin/sh", "bin": "-> usr/bin"}`."""
    return lambda contents: Files(SmallTree(contents))
