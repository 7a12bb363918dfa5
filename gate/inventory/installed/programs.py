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
    """Return the test for files that may be programs: executable and not tiny."""
    return lambda _, entry: bool(entry.mode & _EXECUTABLE) and entry.size >= _SMALLEST


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the packages that a program was built of; most programs do not state them."""
    if not content.startswith(MAGIC) or len(content) < _SMALLEST:
        return
    elf = parse_elf(content, path)
    yield from go_build.read(elf, path)
    yield from cargo_auditable.read(elf, path)
