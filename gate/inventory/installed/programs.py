"""Programs that say what they were built of: ELF files of Go, and of Rust if cargo-auditable built them."""

from collections.abc import Iterator

from gate.inventory.installed import cargo_auditable, go_build
from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.elf import MAGIC, parse_elf
from gate.inventory.installed.packages import Finder
from gate.model import Package
from gate.trees import FileTree

_SMALLEST = 64 << 10
"""Bytes; the smallest program of Go has twenty times as many, of Rust four times."""
_EXECUTABLE = 0o111


def finder(_: FileTree) -> Finder:
    """Tell what may be a program: a file that somebody may execute and that is not tiny."""
    return lambda _, entry: bool(entry.mode & _EXECUTABLE) and entry.size >= _SMALLEST


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield what the program was built of; nothing if it does not say, as most do not."""
    if not content.startswith(MAGIC) or len(content) < _SMALLEST:
        return
    elf = parse_elf(content, path)
    yield from go_build.read(elf, path)
    yield from cargo_auditable.read(elf, path)
