"""Programs and libraries in ELF: what they are linked with, and the files that their strings name (gABI; ld.so(8))."""

import posixpath
import re
import struct
from collections.abc import Iterator

import msgspec

from gate.images.in_use.files import Files
from gate.images.in_use.graph import EVERYTHING, SYSTEM, UNKNOWN, Because, Gap, Opened, Reached, Started, Step, opened
from gate.images.in_use.libraries import Wanted, folders_of_all
from gate.images.in_use.name_services import modules_of
from gate.images.in_use.services import FILES_OF_FUNCTIONS, FILES_OF_LIBRARIES
from gate.inventory.installed.elf import MAGIC, Elf, parse_elf

_NULL, _NEEDED, _RPATH, _RUNPATH = 0, 1, 15, 29
"""Tags of the dynamic section."""
_MAX_NEEDED = 1_000
_PACKED = b"UPX!"
_PATH = re.compile(rb"(/(?:etc|usr|lib|lib64|bin|sbin|opt|var|srv|app)/[\w./+@:-]{2,200})\0")
_GRAPHIC = re.compile(rb"[\x21-\x7e]")
_SONAME = re.compile(rb"\0(lib[\w.+-]{2,60}\.so(?:\.\d+)*)(?=\0)")
_SETTING = re.compile(rb"\0([\w.-]{1,60}\.(?:conf|cnf|ini|cfg))(?=\0)")
_SHARED = (
    *(
        "etc",
        "opt",
        "srv",
        "usr",
        "var",
        "usr/share",
        "usr/libexec",
        "usr/share/doc",
        "var/lib",
        "var/log",
        "var/cache",
    ),
    *("bin", "sbin", "usr/bin", "usr/sbin", "usr/local", "usr/local/bin", "usr/local/sbin", "usr/local/share"),
)
"""Folders in which files of many programs lie."""
_MAX_BESIDE = 1_000
"""Files of one folder."""
_MAX_JOINED = 50
_EXECUTABLE = 0o111
_ZONES = "usr/share/zoneinfo"
_LIBC = ("libc.so", "libc-", "ld-", "ld.so")
_FUNCTIONS = {name.encode(): paths for name, paths in FILES_OF_FUNCTIONS.items()}


def takes(reached: Reached, files: Files) -> bool:
    """True for a file that begins as ELF does."""
    return files.starts_with(reached.path, MAGIC)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the interpreter, the libraries, and what its strings and functions lead to."""
    path = reached.path
    elf = parse_elf(files.read(path), path)
    if not elf.sections:
        reason = "is packed" if _PACKED in elf.content[:4096] else "has no table of sections"
        yield Gap(kind=EVERYTHING, reason=f"the program {reason}, so what it needs cannot be told", path=path)
        return
    yield from _interpreter(elf, path)
    linked = _Linked.of(elf)
    yield from _libraries(linked, path, elf, files)
    yield from _named_in_strings(elf, path, files)
    yield from _settings(elf, path, files)
    yield from _services(elf, path, files)
    if isinstance(reached, Started):
        given = [word for word in reached.arguments if word.startswith("/")]
        zone = reached.variable("TZ")
        if zone and UNKNOWN not in zone:
            yield Opened(path=f"{_ZONES}/{zone.lstrip(':/')}", because=Because(path, "is told the time zone"))
        yield from opened(given, Because(path, "is given"))


class _Linked(msgspec.Struct, frozen=True):
    """The dynamic section's texts."""

    needed: tuple[str, ...]
    folders: tuple[str, ...]
    """RUNPATH, or RPATH where there is none."""

    @classmethod
    def of(cls, elf: Elf) -> "_Linked":
        texts: dict[int, list[str]] = {}
        names = elf.section(".dynstr") or b""
        shape = struct.Struct(elf.order + ("qQ" if elf.is_wide else "iI"))
        section = elf.section(".dynamic") or b""
        for tag, value in shape.iter_unpack(section[: len(section) // shape.size * shape.size]):
            if tag == _NULL or len(texts.get(_NEEDED, ())) > _MAX_NEEDED:
                break
            if tag in (_NEEDED, _RPATH, _RUNPATH):
                texts.setdefault(tag, []).append(_text(names, value))
        folders = texts.get(_RUNPATH) or texts.get(_RPATH) or []
        return cls(tuple(texts.get(_NEEDED, ())), tuple(part for text in folders for part in text.split(":")))


def _text(names: bytes, place: int) -> str:
    end = names.find(b"\0", place)
    return names[place : end if end >= 0 else None].decode("utf-8", "replace")


def _interpreter(elf: Elf, path: str) -> Iterator[Step]:
    section = elf.section(".interp")
    if section:
        yield Opened(path=_text(section, 0), because=Because(path, "is loaded by"))


def _libraries(linked: _Linked, path: str, elf: Elf, files: Files) -> Iterator[Step]:
    (machine,) = struct.unpack_from(elf.order + "H", elf.content, 18)
    wanted = Wanted(path, machine, linked.folders)
    for name in linked.needed:
        found = wanted.find(name, files)
        if found is not None:
            yield Opened(path=found, because=Because(path, "is linked with"))
        elif not posixpath.basename(path).startswith(name):
            yield Gap(kind=SYSTEM, reason=f"needs {name[:100]}, which is nowhere the loader looks", path=path)
    yield from _opened_later(elf, path, wanted, files)


def _opened_later(elf: Elf, path: str, wanted: Wanted, files: Files) -> Iterator[Step]:
    """Yield libraries whose names stand among the strings, as those do that are given to dlopen(3)."""
    for name in dict.fromkeys(_SONAME.findall(_constants(elf))):
        found = wanted.find(name.decode(), files)
        if found is not None:
            yield Opened(path=found, because=Because(path, "names in a string"), is_certain=False)


def _named_in_strings(elf: Elf, path: str, files: Files) -> Iterator[Step]:
    """Yield files whose whole paths stand among the strings.

    A program of that kind may be started, or may not; a path behind other words may be no more than a message.
    """
    because = Because(path, "names in a string")
    content = _constants(elf)
    is_libc = posixpath.basename(path).startswith(_LIBC)
    paths = (found for found in _PATH.finditer(content) if not _GRAPHIC.match(content, found.start() - 1))
    for raw, is_whole in {found[1]: content[found.start() - 1] == 0 for found in paths}.items():
        entry = files.find(raw.decode())
        if entry is None:
            yield from _in_folder(raw.decode(), path, files)
        else:
            is_program = bool(entry.mode & _EXECUTABLE) and ".so" not in posixpath.basename(entry.path)
            is_certain = is_whole and not is_program and not is_libc
            yield Opened(path=raw.decode(), because=because, is_certain=is_certain)


def _in_folder(folder: str, path: str, files: Files) -> Iterator[Step]:
    """Yield the files of a folder that a string names, unless many programs share it: any of them may be opened."""
    real = files.folder(folder)
    if real is not None and real not in (*_SHARED, *folders_of_all(files)):
        names = files.names(real)[:_MAX_BESIDE]
        yield from opened((f"{real}/{name}" for name in names), Because(path, "names the folder of"), is_certain=False)


def _settings(elf: Elf, path: str, files: Files) -> Iterator[Step]:
    """Yield settings whose folder and name stand in two strings, to be joined when the program runs."""
    content = _constants(elf)
    folders = {
        raw.decode() for raw in _PATH.findall(content) if raw.startswith(b"/etc/") and files.folder(raw.decode())
    }
    names = {raw.decode() for raw in _SETTING.findall(content)} if folders else set()
    joined = (f"{folder}/{name}" for folder in sorted(folders)[:_MAX_JOINED] for name in sorted(names)[:_MAX_JOINED])
    yield from opened(joined, Because(path, "names in two strings"))


def _constants(elf: Elf) -> bytes:
    """Return the section of constants, with the end of a string in front of the first."""
    return b"\0" + (elf.section(".rodata") or b"")


def _services(elf: Elf, path: str, files: Files) -> Iterator[Step]:
    name = posixpath.basename(path)
    for start, paths in FILES_OF_LIBRARIES.items():
        if name.startswith(start):
            yield from (Opened(path=found, because=Because(path, "reads")) for found in paths)
    if name.startswith(_LIBC):
        return
    for function in _imports(elf).intersection(_FUNCTIONS):
        because = Because(path, f"calls {function.decode()}, which reads")
        yield from (Opened(path=found, because=because) for found in _FUNCTIONS[function])
        yield from modules_of(function.decode(), because, files)


def _imports(elf: Elf) -> set[bytes]:
    """Return the names of the functions that others have to bring, if one of them is of interest."""
    names = elf.section(".dynstr") or b""
    if not any(b"\0" + name + b"\0" in names for name in _FUNCTIONS):
        return set()
    shape = struct.Struct(elf.order + ("IBBHQQ" if elf.is_wide else "IIIBBH"))
    symbols = elf.section(".dynsym") or b""
    found = set()
    for fields in shape.iter_unpack(symbols[: len(symbols) // shape.size * shape.size]):
        section = fields[3] if elf.is_wide else fields[5]
        if section == 0:
            end = names.find(b"\0", fields[0])
            found.add(names[fields[0] : end])
    return found
