"""What classes and settings in Java archives name: programs to start, libraries to load (JVM specification, 4.4)."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from gate.core.zip_errors import ZIP_DAMAGE
from gate.inventory.installed.archives import ENDINGS
from gate.reachability.runtimes.strings.command_names import in_settings, in_strings
from gate.reachability.runtimes.strings.stated_names import StatedNames, numbers_of
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

CLASS = ".class"
_MAGIC = b"\xca\xfe\xba\xbe"
_SETTINGS = (".properties", ".xml", ".yml", ".yaml", ".json", ".conf", ".cfg", ".ini", ".sh")
_TEXT, _STRING, _TWO_PLACES = 1, 8, (5, 6)
_SIZES = {3: 5, 4: 5, 5: 9, 6: 9, 7: 3, 8: 3, 9: 5, 10: 5, 11: 5, 12: 5, 15: 4, 16: 3, 17: 5, 18: 5, 19: 3, 20: 3}
"""Bytes of each kind of constant, but for texts."""
_STARTING = (b"java/lang/ProcessBuilder", b"java/lang/Runtime")
_LOADING = (b"loadLibrary", b"com/sun/jna/", b"java/lang/foreign/SymbolLookup", b"jnr/ffi/", b"org/bridj/")
_MOST = 1 << 30
"""Bytes of one archive that are unpacked."""
_DAMAGE: tuple[type[Exception], ...] = (*ZIP_DAMAGE, IndexError, ValueError)
_MOST_INSIDE = 4
"""Archives in one another."""


def java_strings(path: str, files: Files) -> StatedNames:
    """Return the words of an archive's or class' strings. Raises as `Files.read` does."""
    return files.analysed(path, Analysis("words of strings in classes", StatedNames, read_strings))


def read_strings(content: bytes) -> StatedNames:
    """Return the words of the strings in the classes and settings of an archive, or of one class."""
    names: set[bytes] = set()
    texts: set[str] = set()
    starts = loads = False
    try:
        for part in _parts(content, _MOST_INSIDE):
            if part.startswith(_MAGIC):
                starts = starts or any(name in part for name in _STARTING)
                loads = loads or any(name in part for name in _LOADING)
                texts.update(_constants(part))
            else:
                names |= in_settings(part)
    except _DAMAGE:
        return StatedNames(is_read=False)
    names.update(map(str.encode, in_strings(texts)))
    return StatedNames(numbers_of(names), starts, loads)


def _parts(content: bytes, depth: int) -> Iterator[bytes]:
    """Yield the classes and settings in an archive, also in those inside of it; raises ValueError beyond the bounds."""
    if content.startswith(_MAGIC):
        yield content
        return
    left = _MOST
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for one in archive.infolist():
            is_archive = one.filename.endswith(ENDINGS)
            if not is_archive and not one.filename.endswith((CLASS, *_SETTINGS)):
                continue
            left -= one.file_size
            if left < 0 or (is_archive and not depth):
                raise ValueError
            inner = archive.read(one)
            yield from _parts(inner, depth - 1) if is_archive else [inner]


def _constants(content: bytes) -> Iterable[str]:
    """Return the strings of a class. Raises IndexError or ValueError if it is damaged."""
    texts: dict[int, bytes] = {}
    strings: list[int] = []
    place, number, count = 10, 1, int.from_bytes(content[8:10], "big")
    while number < count:
        kind = content[place]
        if kind == _TEXT:
            end = place + 3 + int.from_bytes(content[place + 1 : place + 3], "big")
            texts[number] = content[place + 3 : end]
            place = end
        else:
            if kind == _STRING:
                strings.append(int.from_bytes(content[place + 1 : place + 3], "big"))
            if kind not in _SIZES:
                raise ValueError
            place += _SIZES[kind]
        number += 2 if kind in _TWO_PLACES else 1
    return (texts.get(one, b"").replace(b"\1", b" ").decode("utf-8", "replace") for one in strings)
