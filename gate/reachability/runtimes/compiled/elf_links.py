"""What an ELF file is linked with and takes from others, by its tables alone (gABI, "Dynamic Section").

Of most files that are only named, this is all that is asked. To read their strings takes ten times as long.
"""

import re
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator

import msgspec

from gate.inventory.installed.elf import X86_64, Elf, parse_elf
from gate.reachability.runtimes.compiled.packed_strings import constants_of
from gate.reachability.runtimes.compiled.string_ends import ends_in
from gate.reachability.runtimes.compiled.systemd_library import OF_JOURNALS, reads_journals
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_NULL, _NEEDED, _OWN_NAME, _RPATH, _RUNPATH = 0, 1, 14, 15, 29
_LOADED_TOO = frozenset({0x6FFFFEFB, 0x6FFFFEFC, 0x7FFFFFFD, 0x7FFFFFFF})
"""Tags of the dynamic section; those of auditors and of libraries that stand in for others (DT_DEPAUDIT, DT_AUDIT,
DT_AUXILIARY, DT_FILTER) have the loader load these as it loads what is needed."""
_MAX_NEEDED = 1_000
_PACKED = b"UPX!"
_OF_LIBRARIES = (
    rb"(?:g_(?:spawn|subprocess)_\w+|g_(?:desktop_)?app_info_(?:create|launch)\w*|assuan_pipe_connect\w*|gpgrt_\w*spawn\w*"
    rb"|apr_proc_create|svn_io_(?:start_cmd|run)\w*|svn_cmdline_\w*edit\w*|rpm_execcon)"
)
"""Functions of libraries that start what they are given: GLib, Assuan, libgpg-error, APR, Subversion, libselinux."""
STARTING = (
    rb"(?:exec[lv]p?e?|execveat|fexecve|posix_spawnp?|system|popen|_IO_(?:popen|proc_open)|wordexp|uv_spawn|%s)"
    % _OF_LIBRARIES
)
"""Functions that start programs (exec(3), posix_spawn(3), system(3), popen(3), wordexp(3); libuv, and those above)."""
_NAMES_STARTING = re.compile(rb"\0%s(?=\0)" % STARTING)
_NAMES_OF_LIBRARIES = re.compile(rb"\0%s(?=\0)" % _OF_LIBRARIES)
_FINDS_FUNCTIONS = re.compile(rb"\0\w*(?:sym|resolve|LoadFunction)\w*(?=\0)", re.IGNORECASE)
"""Functions that find others by name: `dlsym` and what is made of it."""
_COMMAND_ADDRESS = b"unixexec:"
"""An address of D-Bus that is a command (D-Bus specification, "Executed Subprocesses on Unix")."""
_CALLS_KERNEL = re.compile(rb"\x0f\x05|\x0f\x34|\xcd\x80")
"""`syscall`, `sysenter` and `int 0x80` of x86-64: code without these bytes can start nothing but by a library."""
_LOADING = frozenset(
    map(
        zlib.crc32,
        (
            b"dlopen",
            b"dlmopen",
            b"g_module_open",
            b"g_module_open_full",
            b"lt_dlopen",
            b"lt_dlopenext",
            b"lt_dlopenadvise",
        ),
    )
)
"""Numbers of the functions that load a library by its name (dlopen(3); GLib; libltdl)."""
_OF_GO = (b"\0runtime.main\0", b"\0syscall.forkExec\0", b"\0syscall.Exec\0")
"""In the table of functions of a program of Go: one that each has, and those that start programs."""


class Links(msgspec.Struct, frozen=True, array_like=True):
    """What the tables of one ELF file say, independent of the rest of the image."""

    has_sections: bool
    is_packed: bool
    machine: int = 0
    interpreter: str | None = None
    needed: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    """RUNPATH, or RPATH where there is none."""
    starts_programs: bool = True
    """False if it is linked with libraries and takes no function from them that starts programs."""
    reads_journals: bool = False
    imports: bytes = b""
    """CRC-32 numbers of the names that it takes from others."""
    finds_functions: bool = True

    @property
    def numbers(self) -> frozenset[int]:
        """The CRC-32 numbers of the names that it takes from others."""
        return frozenset(array("I", self.imports))

    @property
    def loads_libraries(self) -> bool:
        """True if it takes a function that loads a library by its name."""
        return not _LOADING.isdisjoint(self.numbers)


def links_of(path: str, files: Files) -> Links:
    """Return what the tables of an ELF file say. Raises as `Files.read` and `parse_elf` do."""

    def find(content: bytes) -> Links:
        elf = parse_elf(content, path)
        return _links(elf, is_of_journals=OF_JOURNALS in content and _reads_journals(elf, ends_in(path, files)))

    path = files.real(path)
    analysis = Analysis(
        "what a program is linked with, stands in for, takes, finds and may start, by words and addresses too",
        Links,
        find,
    )
    return files.cached((Links, path), lambda: files.analysed(path, analysis))


def _reads_journals(elf: Elf, ends: Iterable[bytes]) -> bool:
    return reads_journals(b"\0".join((b"", elf.section(".dynstr") or b"", constants_of(elf, ends))))


def _links(elf: Elf, *, is_of_journals: bool) -> Links:
    if not elf.sections:
        return Links(has_sections=False, is_packed=_PACKED in elf.content[:4096])
    texts = _texts(elf)
    folders = texts.get(_RUNPATH) or texts.get(_RPATH) or []
    interpreter = elf.section(".interp")
    return Links(
        has_sections=True,
        is_packed=False,
        machine=elf.machine,
        interpreter=_text(interpreter, 0) if interpreter else None,
        needed=tuple(texts.get(_NEEDED, ())),
        folders=tuple(part for text in folders for part in text.split(":")),
        # A library has a name for itself, even if it needs no other.
        starts_programs=_starts_programs(elf, is_static=_NEEDED not in texts and _OWN_NAME not in texts),
        reads_journals=is_of_journals,
        imports=array("I", map(zlib.crc32, imported_names(elf))).tobytes(),
        finds_functions=_FINDS_FUNCTIONS.search(elf.section(".dynstr") or b"") is not None,
    )


def _texts(elf: Elf) -> dict[int, list[str]]:
    """Return the texts in the dynamic section, by their tags."""
    texts: dict[int, list[str]] = {}
    names = elf.section(".dynstr") or b""
    shape = struct.Struct(elf.order + ("qQ" if elf.is_wide else "iI"))
    section = elf.section(".dynamic") or b""
    for tag, value in shape.iter_unpack(section[: len(section) // shape.size * shape.size]):
        if tag == _NULL or len(texts.get(_NEEDED, ())) > _MAX_NEEDED:
            break
        if tag in _LOADED_TOO:
            texts.setdefault(_NEEDED, []).extend(_text(names, value).split(":"))
        elif tag in (_NEEDED, _RPATH, _RUNPATH, _OWN_NAME):
            texts.setdefault(tag, []).append(_text(names, value))
    return texts


def _text(names: bytes, place: int) -> str:
    end = names.find(b"\0", place)
    return names[place : end if end >= 0 else None].decode("utf-8", "replace")


def _starts_programs(elf: Elf, *, is_static: bool) -> bool:
    """True for a program that takes such a function; one that is linked with nothing may have it inside."""
    is_main, *starting = (name in (elf.section(".gopclntab") or b"") for name in _OF_GO)
    is_unknown = is_static and not is_main and _may_call_kernel(elf)
    names = elf.section(".dynstr") or b""
    return (
        is_unknown
        or any(starting)
        or _COMMAND_ADDRESS in elf.content
        or _NAMES_STARTING.search(names) is not None
        or (_FINDS_FUNCTIONS.search(names) is not None and _NAMES_OF_LIBRARIES.search(elf.content) is not None)
    )


def _may_call_kernel(elf: Elf) -> bool:
    """False for a file without an instruction that calls the kernel, as modules are that need only what loads them."""
    if elf.machine != X86_64:
        return True
    code = [one for one in (*elf.sections, *elf.segments) if one.is_executable]
    end = len(elf.content)  # offsets and sizes of a damaged file may be beyond what a place can be
    places = ((min(one.offset, end), min(one.offset + one.size, end)) for one in code)
    return not code or any(_CALLS_KERNEL.search(elf.content, *place) for place in places)


def imported_names(elf: Elf) -> Iterator[bytes]:
    """Yield the names that an ELF file takes from others."""
    names = elf.section(".dynstr") or b""
    shape = struct.Struct(elf.order + ("IBBHQQ" if elf.is_wide else "IIIBBH"))
    symbols = elf.section(".dynsym") or b""
    for fields in shape.iter_unpack(symbols[: len(symbols) // shape.size * shape.size]):
        section = fields[3] if elf.is_wide else fields[5]
        if section == 0:
            end = names.find(b"\0", fields[0])
            yield names[fields[0] : end]
