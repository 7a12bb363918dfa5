"""What Go notes of a build in the program (Go's documentation of debug/buildinfo), as `go version -m` prints it.

A header of 32 bytes: mark, size of a pointer, flags. Since Go 1.18 two texts follow, each after its length as a varint;
before, two pointers lead to the texts.
"""

import struct
from collections.abc import Iterator

import msgspec

from gate.ecosystems.go import STANDARD_LIBRARY
from gate.inventory.installed.elf import Elf
from gate.inventory.installed.packages import language_package, unparsable
from gate.inventory.lockfiles.go_modules import semantic_version
from gate.model import Package

MARK = b"\xff Go buildinf:"
MAX_MODULES = 100_000
_SECTION = ".go.buildinfo"
_HEADER = 32
_ALIGNMENT = 16
_BIG_ENDIAN, _INLINE = 1, 2
_SEARCHED = 1 << 20
"""Bytes of the first writable segment in which the header of a program without sections is looked for."""
_GUARD = 16
"""Bytes before and after the list of modules that mark it for a debugger."""
_UNRELEASED = ("", "(devel)", "(unknown)")


class _Build(msgspec.Struct, frozen=True):
    go: str
    modules: str
    """Lines of `path`, `mod`, `dep`, `=>` and `build`, their words parted by tabs."""


def read(elf: Elf, path: str) -> Iterator[Package]:
    """Yield Go's standard library and every module; nothing if the program is not of Go."""
    header, rest = _header(elf)
    if header is None:
        return
    build = _inline(rest, path) if header[15] & _INLINE else _pointed(elf, header)
    version = semantic_version(build.go.partition(" ")[0])
    if version is None:
        raise unparsable(path, "a program of Go that does not say by which version it was built")
    yield language_package("Go", STANDARD_LIBRARY, version, path)
    for name, module_version in _modules(build.modules, path):
        if module_version not in _UNRELEASED:
            yield language_package("Go", name, module_version, path)


def _header(elf: Elf) -> tuple[bytes | None, bytes]:
    """Return the header and what follows it, or None."""
    place = elf.section(_SECTION)
    if place is None:
        writable = next((one for one in elf.segments if one.is_writable), None)
        place = elf.content[writable.offset : writable.offset + min(writable.size, _SEARCHED)] if writable else b""
    start = place.find(MARK)
    while start >= 0 and start % _ALIGNMENT:
        start = place.find(MARK, start + 1)
    if start < 0 or len(place) < start + _HEADER:
        return None, b""
    return place[start : start + _HEADER], place[start + _HEADER :]


def _inline(rest: bytes, path: str) -> _Build:
    go, rest = _text(rest, path)
    modules, _ = _text(rest, path)
    return _Build(go.decode("utf-8", "replace"), _unguarded(modules))


def _text(content: bytes, path: str) -> tuple[bytes, bytes]:
    """Return the text after its length, and what follows."""
    start = next((place for place, byte in enumerate(content[:10], 1) if byte < 0x80), 0)
    size = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(content[:start]))
    if not start or start + size > len(content):
        raise unparsable(path, "what Go notes of the build reaches beyond its place")
    return content[start : start + size], content[start + size :]


def _pointed(elf: Elf, header: bytes) -> _Build:
    """Follow the pointers of the older form: each leads to an address and a length, which lead to the text."""
    order = ">" if header[15] & _BIG_ENDIAN else "<"
    kind = "Q" if header[14] == 8 else "I"
    size = struct.calcsize(kind)

    def text(pointer: bytes) -> bytes:
        (place,) = struct.unpack(order + kind, pointer)
        found = elf.at(place, 2 * size)
        return elf.at(*struct.unpack(order + 2 * kind, found)) if found else b""

    go, modules = text(header[16 : 16 + size]), text(header[16 + size : 16 + 2 * size])
    return _Build(go.decode("utf-8", "replace"), _unguarded(modules))


def _unguarded(modules: bytes) -> str:
    is_guarded = len(modules) > 2 * _GUARD and modules[-_GUARD - 1 : -_GUARD] == b"\n"
    return (modules[_GUARD:-_GUARD] if is_guarded else b"").decode("utf-8", "replace")


def _modules(text: str, path: str) -> list[tuple[str, str]]:
    """Return (module, version); one that is replaced counts as what replaces it."""
    found: list[tuple[str, str]] = []
    for row in text.split("\n"):
        kind, *words = row.split("\t")
        if kind in ("mod", "dep", "=>"):
            if len(words) < 1 or (kind == "=>" and not found) or len(found) >= MAX_MODULES:
                raise unparsable(path, "a program of Go whose list of modules is broken")
            if kind == "=>":
                found.pop()
            found.append((words[0], words[1].removesuffix("+dirty") if len(words) > 1 else ""))
    return found
