"""Images' trees made of a few lines: path to content, `-> target` for a link, `!` in front for a program."""

import shlex
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pytest

from gate.model.container import Runtime
from gate.reachability.runtimes.walk.explore import Exploration, Explored
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Step
from gate.reachability.runtimes.walk.start import starts_of
from gate.trees import MAX_FILE_SIZE, Entry, EntryKind
from gate.trees.base import resolve_file

_CONSTANTS = 0x10000
"""The address of the constants where data refers to them."""


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
        return Entry(path=path, kind=EntryKind.FOLDER) if is_folder else None

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        return self.contents[resolve_file(self, path, limit).path]

    def _entry(self, path: str) -> Entry:
        content = self.contents[path]
        if content.startswith(b"-> "):
            return Entry(path=path, kind=EntryKind.LINK, link=content[3:].decode())
        mode = 0o755 if path in self._programs else 0o644
        return Entry(path=path, kind=EntryKind.FILE, size=len(content), mode=mode)


@pytest.fixture
def make_files() -> Callable[[Mapping[str, str | bytes]], Files]:
    """Return a function that makes the files of an image: `{"!usr/bin/run": "#!/bin/sh", "bin": "-> usr/bin"}`."""
    return lambda contents: Files(SmallTree(contents))


def make_elf(
    *,
    needed: Sequence[str] = (),
    interpreter: str = "",
    runpath: str = "",
    strings: Sequence[str] = (),
    calls: str = "",
    soname: str = "",
    packed: Sequence[str] = (),
    of_go: Sequence[str] = (),
    refers_to: int | None = None,
    code: bytes = b"",
) -> bytes:
    """Return a small 64-bit ELF file that is linked with `needed`, holds `strings`, and calls a function.

    With a `soname` it is a library; `of_go` are the functions of a program of Go, `packed` its strings. Data refers to
    the place `refers_to` of the constants.
    """
    every = (*needed, runpath, calls, soname)
    names = b"\0" + b"".join(text.encode() + b"\0" for text in every)
    place = {text: names.index(b"\0" + text.encode() + b"\0") + 1 for text in every if text}
    dynamic = b"".join(struct.pack("<qQ", 1, place[name]) for name in needed)
    dynamic += struct.pack("<qQ", 29, place[runpath]) if runpath else b""
    dynamic += struct.pack("<qQ", 14, place[soname]) if soname else b""
    symbols = struct.pack("<IBBHQQ", place[calls], 0x12, 0, 0, 0, 0) if calls else b""
    contents = {
        ".interp": interpreter.encode() + b"\0" if interpreter else b"",
        ".dynstr": names,
        ".dynamic": dynamic + struct.pack("<qQ", 0, 0),
        ".dynsym": symbols,
        ".rodata": "".join(packed).encode() or b"\0" + b"".join(text.encode() + b"\0" for text in strings),
        ".data": b"".join(struct.pack("<QQ", "".join(packed).index(text), len(text)) for text in packed),
        ".gopclntab": b"".join(b"\0" + name.encode() + b"\0" for name in of_go),
        ".text": code,
        ".shstrtab": b"",
    }
    if refers_to is not None:
        contents[".data"] = struct.pack("<Q", _CONSTANTS + refers_to)
    contents = {
        name: content for name, content in contents.items() if content or name not in (".data", ".gopclntab", ".text")
    }
    titles = b"\0" + b"".join(name.encode() + b"\0" for name in contents)
    contents[".shstrtab"] = titles
    body, table = b"", b""
    for name, content in contents.items():
        title = titles.index(name.encode() + b"\0")
        address = {".rodata": _CONSTANTS, ".data": 2 * _CONSTANTS}.get(name, 0) if refers_to is not None else 0
        table += struct.pack("<IIQQQQIIQQ", title, 1, 2, address, 64 + len(body), len(content), 0, 0, 1, 0)
        body += content
    counts = struct.pack("<HHHHHH", 64, 56, 0, 64, len(contents), len(contents) - 1)
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQI", 3, 62, 1, 0, 0, 64 + len(body), 0) + counts
    return head + body + table


def explore(starts: Iterable[Step], files: Files) -> Explored:
    """Return all that follows from `starts`."""
    return Exploration(files).run(starts)


@pytest.fixture
def run(make_files: Callable[[Mapping[str, str | bytes]], Files]) -> Callable[..., Explored]:
    """Return a function that starts a command line in an image: `run({"!usr/bin/x": …}, "x --now", PATH=…)`."""

    def start(contents: Mapping[str, str | bytes], command: str, folder: str = "/app", **variables: str) -> Explored:
        files = make_files(contents)
        environment = [f"{name}={value}" for name, value in variables.items()]
        runtime = Runtime(cmd=shlex.split(command), working_dir=folder, env=environment)
        return explore(starts_of(runtime, files), files)

    return start
