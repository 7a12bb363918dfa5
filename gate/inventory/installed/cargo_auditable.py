"""What cargo-auditable puts into a Rust program: the section `.dep-v0` with a JSON of its packages, packed by zlib."""

import zlib
from collections.abc import Iterator

import msgspec

from gate.core.errors import LimitError
from gate.inventory.graph import paths_of
from gate.inventory.installed.elf import Elf
from gate.inventory.installed.packages import decode_json, language_package, unparsable
from gate.model import Package

MAX_BYTES = 8 << 20
"""Bytes of the JSON, as the format's own reader allows."""
_SECTION = ".dep-v0"
_INDEX = "crates.io"
_BUILD = "build"


class _Package(msgspec.Struct):
    name: str
    version: str
    source: str = _INDEX
    kind: str = "runtime"
    dependencies: list[int] = []
    root: bool = False


class _Audit(msgspec.Struct):
    packages: list[_Package]


def read(elf: Elf, path: str) -> Iterator[Package]:
    """Yield every package that was built in; those for the build alone are not in the program."""
    packed = elf.section(_SECTION)
    if packed is None:
        return
    packages = decode_json(_unpacked(packed, path), path, _Audit).packages
    indexes = [needed for one in packages for needed in one.dependencies]
    if any(not 0 <= index < len(packages) for index in indexes):
        raise unparsable(path, f"the section {_SECTION} names a package that it does not list")
    needs = {str(index): list(map(str, one.dependencies)) for index, one in enumerate(packages)}
    direct = {needed for index, one in enumerate(packages) if one.root for needed in needs[str(index)]}
    ways = paths_of(sorted(direct), needs)
    for index, one in enumerate(packages):
        if one.root or one.source != _INDEX or one.kind == _BUILD:
            continue
        made = language_package("crates.io", one.name, one.version, path)
        yield msgspec.structs.replace(
            made,
            direct=str(index) in direct,
            via=tuple(packages[int(above)].name for above in ways.get(str(index), ())),
        )


def _unpacked(packed: bytes, path: str) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, MAX_BYTES)
    except zlib.error as error:
        raise unparsable(path, f"the section {_SECTION} is not packed by zlib") from error
    if unpacking.unconsumed_tail:
        raise LimitError(f"has more than {MAX_BYTES:,} bytes in the section {_SECTION}", path=path)
    return content
