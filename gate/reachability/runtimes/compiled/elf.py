"""ELF programs and libraries: the libraries that they need, and the files that their strings name (gABI; ld.so(8))."""

import fnmatch
import posixpath
import re
import zlib
from array import array
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

import msgspec

from gate.inventory.installed.elf import MAGIC, Elf, parse_elf
from gate.reachability.runtimes.compiled.elf_calls import leading_to
from gate.reachability.runtimes.compiled.elf_links import STARTING, Links, imported_names, links_of
from gate.reachability.runtimes.compiled.looked_for import looked_for
from gate.reachability.runtimes.compiled.name_services import modules_of
from gate.reachability.runtimes.compiled.packed_strings import constants_of
from gate.reachability.runtimes.compiled.services import FILES_OF_FUNCTIONS, FILES_OF_LIBRARIES
from gate.reachability.runtimes.compiled.string_ends import ends_in
from gate.reachability.runtimes.compiled.strings_in_code import PROCESSORS
from gate.reachability.runtimes.compiled.systemd_library import (
    FOLDERS,
    LIBRARY,
    UNPACKING,
    is_for_some,
    leading_in_systemd,
    looks_up_folders,
)
from gate.reachability.runtimes.servers.web_servers import SERVERS
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    SYSTEM,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
    opened,
)
from gate.reachability.runtimes.walk.libraries import WantedLibrary, everywhere, folders_of_all
from gate.trees.memo import Analysis

_PATH = re.compile(rb"(/(?:etc|usr|lib|lib64|bin|sbin|opt|var|srv|app)/[\w./+@:-]{2,200})(?:\0|(?=[%*]))")
_IN_LIST = b":/"
"""Between two folders or files of a list, as in `~/.mailcap:/etc/mailcap`."""
_PROGRAMS = re.compile(rb"(?:/(?:usr/)?s?bin/)?([a-z][\w+]{2,20}[._-])(?:%s)?")
"""The name of a program of which the end is put in at run time, `mount.%s`, or put behind it: `git-`."""
_ENDS_OF_PROGRAMS = (b".\0", b"_\0", b"-\0", b".%s\0", b"_%s\0", b"-%s\0")
_PROGRAM_FOLDERS = ("usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin")
_GRAPHIC = re.compile(rb"[\x21-\x7e]")
_SONAME = re.compile(rb"\0(lib[\w.+-]{2,60}\.so(?:\.\d+)*)(?=\0)")
_OF_NAMES = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz.+-"
_NAMES_ALONE = bytes(byte if byte in b"\0$@" + _OF_NAMES else 10 for byte in range(256))
_NAMES_OF_LIBRARIES = bytes(byte if byte in _OF_NAMES else 10 for byte in range(256))
"""Tables for `bytes.translate`, after which only names are left, a line's end for all else."""
_OF_LIBRARY = b".so"
_FORMAT = re.compile(rb"(?:[^\0\s]*/)?(lib[\w.+-]{3,40}%s[\w.+-]*\.so[\w.%]*)")
_END_OF_FORMAT = re.compile(rb"%s[\w.+-]{0,255}\.so[\w.%]{0,255}(?=\0)")
"""The name of a library with a part that is put in at run time, as of Guacamole's protocols."""
_PUT_IN = re.compile(r"%[a-z]")
_IN_PATH = re.compile(rb"/([\w.+-]{2,60})(?=[/\0])")
"""Names in paths, also in one of which a compiler put the end into code."""
_SETTING = re.compile(rb"[\w.-]{1,60}\.(?:conf|cnf|ini|cfg)")
_END_OF_SETTING = re.compile(rb"\.(?:conf|cnf|ini|cfg)(?=\0)")
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
    *("etc/bash_completion.d", "usr/share/bash-completion/completions"),  # what help texts say; shells read them
    *("bin", "sbin", "usr/bin", "usr/sbin", "usr/local", "usr/local/bin", "usr/local/sbin", "usr/local/share"),
)
"""Folders that hold files of many programs."""
_MAX_IN_FOLDER = 1_000
"""Files of one folder."""
_MAX_JOINED = 50
_EXECUTABLE = 0o111
_ZONES = "usr/share/zoneinfo"
C_LIBRARY = ("libc.so", "libc-", "ld-", "ld.so")
_IS_STARTING = re.compile(STARTING)
_PRELOADED = "etc/ld.so.preload"
_BETWEEN_LIBRARIES = re.compile(r"[:\s]+")
_FUNCTIONS = frozenset(name.encode() for name in FILES_OF_FUNCTIONS)


def takes(reached: Reached, files: Files) -> bool:
    """True for a file that begins as ELF does."""
    return files.starts_with(reached.path, MAGIC)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the interpreter, the libraries, and what its strings and functions lead to."""
    path = reached.path
    links = links_of(path, files)
    if not links.has_sections:
        reason = "is packed" if links.is_packed else "has no table of sections"
        yield Gap(kind=EVERYTHING, reason=f"the program {reason}, so what it needs cannot be known", path=path)
        return
    if links.machine not in PROCESSORS and (isinstance(reached, StartedProgram) or not _is_loaded(path, links)):
        reason = "the program is for a processor of which no code is read, so what it names cannot be known"
        yield Gap(kind=EVERYTHING, reason=reason, path=path)
    program = _program(path, files)
    if links.interpreter is not None:
        yield Opened(path=links.interpreter, because=Because(path, "is loaded by"))
    yield from _libraries(program, path, files)
    yield from _named_in_strings(program, reached, files)
    yield from _settings(program, path, files)
    yield from _services(program, path, files)
    yield from _looked_for(path, files)
    if isinstance(reached, StartedProgram):
        yield from _preloaded(reached, links, files) if links.interpreter else ()
        yield from _looked_for_first(reached, files) if links.interpreter else ()
        given = [word for word in reached.arguments if word.startswith("/")]
        zone = reached.variable("TZ")
        if zone and UNKNOWN not in zone:
            yield Opened(path=f"{_ZONES}/{zone.lstrip(':/')}", because=Because(path, "is given the time zone"))
        yield from opened(given, Because(path, "is given"))


def _is_loaded(path: str, links: Links) -> bool:
    """True for a library or a compiled module: only a program for the same processor loads it."""
    name = posixpath.basename(path)
    return links.interpreter is None and (".so" in name or name.endswith(".node"))


def _preloaded(started: StartedProgram, links: Links, files: Files) -> Iterator[Step]:
    """Yield the libraries that variables, and a file for all programs, have the loader load first: ld.so(8)."""
    path = started.path
    wanted = WantedLibrary(path, links.machine, links.folders)
    names = [f"{started.variable(name) or ''}" for name in ("LD_PRELOAD", "LD_AUDIT")]
    names += [files.text(_PRELOADED)] if files.find(_PRELOADED) else []
    for name in _BETWEEN_LIBRARIES.split(" ".join(names)):
        found = None if UNKNOWN in name or not name else wanted.find(name, files)
        if found is not None:
            yield Opened(path=found, because=Because(path, "is started with"))
        elif UNKNOWN in posixpath.basename(name):
            yield Gap(kind=SYSTEM, reason="is started with a library that is known only at run time", path=path)
        elif name:
            yield from opened(everywhere(name, files), Because(path, "may be started with"), is_certain=False)


def _looked_for_first(started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the libraries in the folders in which a variable has the loader look first."""
    because = Because(started.path, "has the loader look in the folder of")
    for folder in (started.variable("LD_LIBRARY_PATH") or "").split(":"):
        if UNKNOWN in folder:
            yield Gap(
                kind=SYSTEM, reason="looks for libraries in a folder that is known only at run time", path=started.path
            )
        real = files.folder(posixpath.join("/", started.folder, folder)) if folder else None
        if real is not None and real not in _real_folders(files):
            libraries = (f"{real}/{name}" for name in files.names(real) if ".so" in name)
            yield from opened(libraries, because, is_certain=False)


def linked_with(path: str, files: Files) -> tuple[str, ...]:
    """Return the paths of the libraries that an ELF file is or may be linked with, and of its loader."""

    def find() -> tuple[str, ...]:
        links = links_of(path, files)
        loader = () if links.interpreter is None else (links.interpreter,)
        return (*loader, *(step.path for step in _linked(links, path, files)))

    return files.cached((linked_with, path), find)


def starts_programs(path: str, files: Files) -> bool:
    """True if a program may start others by itself: it takes such a function from a library, or is linked with none."""
    return takes(Opened(path=path, because=Because("", "")), files) and links_of(path, files).starts_programs


def may_start_programs(path: str, files: Files) -> bool:
    """True if an ELF file, or a library that it is linked with except the C library, takes a function that does."""
    return any(starts_programs(one, files) for one in _with_libraries(path, files))


def starts_nothing(path: str, files: Files) -> bool:
    """True for an ELF file of which neither it nor a library of it can start a program, or load what does.

    Neither takes a function for that, nor `syscall` (syscall(2)). The C library does what it is called for.
    """
    return all(map(partial(_is_closed, files=files), _with_libraries(path, files)))


def _is_closed(path: str, files: Files) -> bool:
    if not files.starts_with(path, MAGIC) or starts_programs(path, files) or loads_libraries(path, files):
        return False
    return zlib.crc32(b"syscall") not in imported_by(path, files)


def leading_to_start(path: str, files: Files) -> tuple[str, ...] | None:
    """Return the names in a library that lead to a function that starts programs; None if any use of it may.

    Of a library that the loader finds for every program, that is: what else is loaded gives its functions by itself.
    """
    if posixpath.dirname(path) not in _real_folders(files) or ".so" not in posixpath.basename(path):
        return None

    def analyse(content: bytes) -> _Leading:
        elf = parse_elf(content, path)
        return _Leading(leading_in_systemd(elf) if _is_of_systemd(path) else leading_to(elf, _is_starting))

    return files.analysed_again(path, Analysis("names that lead to starts, of more libraries", _Leading, analyse)).names


class _Leading(msgspec.Struct, frozen=True):
    names: tuple[str, ...] | None


def _is_starting(name: bytes) -> bool:
    return _IS_STARTING.fullmatch(name) is not None


def _real_folders(files: Files) -> frozenset[str | None]:
    return files.cached(_real_folders, lambda: frozenset(map(files.folder, folders_of_all(files))))


def imported_by(path: str, files: Files) -> frozenset[int]:
    """Return the CRC-32 numbers of the names that an ELF file takes from others."""
    return links_of(path, files).numbers


def loads_libraries(path: str, files: Files) -> bool:
    """True if an ELF file takes a function that loads a library by its name."""
    return links_of(path, files).loads_libraries


def named_in_paths(path: str, files: Files) -> frozenset[int]:
    """Return the CRC-32 numbers of the names in the paths that an ELF file states, if it loads libraries."""
    return frozenset(array("I", _program(path, files).named_in_paths))


def finds_functions(path: str, files: Files) -> bool:
    """True if an ELF file takes a function that finds others by their names."""
    return links_of(path, files).finds_functions


def names_in(path: str, files: Files) -> bytes:
    """Return the names at the ends of the strings of an ELF file that was read before, a NUL behind each.

    Names of libraries count wherever in a string they stand.
    """
    ends = ends_in(path, files)

    def find(content: bytes) -> bytes:
        constants = _constants(parse_elf(content, path), ends)
        return b"\0".join((*sorted({*_names_at_ends(constants), *_names_of_libraries(constants)}), b""))

    return files.analysed_again(path, Analysis("names at the ends of strings", bytes, find))


def _names_at_ends(constants: bytes) -> Iterator[bytes]:
    strings = constants.translate(_NAMES_ALONE).split(b"\0")[:-1]
    return filter(None, (string.rpartition(b"\n")[2] for string in set(strings)))


def _names_of_libraries(constants: bytes) -> Iterator[bytes]:
    """Yield each name up to its last `.so`; to look for that first is twenty times as fast as a pattern."""
    names = constants.translate(_NAMES_OF_LIBRARIES)
    place = names.find(_OF_LIBRARY)
    while place >= 0:
        behind = names.find(b"\n", place)
        end = names.rfind(_OF_LIBRARY, place, behind if behind >= 0 else None) + len(_OF_LIBRARY)
        yield names[names.rfind(b"\n", 0, place) + 1 : end]
        place = names.find(_OF_LIBRARY, end)


def _with_libraries(path: str, files: Files) -> frozenset[str]:
    """Return an ELF file and all libraries that it is linked with, directly or through others, but the C library."""

    def follow() -> frozenset[str]:
        todo, known = [path], {path}
        while todo:
            libraries = (entry.path for needed in linked_with(todo.pop(), files) if (entry := files.find(needed)))
            new = {each for each in libraries if not posixpath.basename(each).startswith(C_LIBRARY)} - known
            known |= new
            todo += new
        return frozenset(known)

    return files.cached((_with_libraries, path), follow)


def _program(path: str, files: Files) -> "_Program":
    path = files.real(path)

    def find() -> _Program:
        ends = ends_in(path, files)
        links = links_of(path, files)
        analysis = Analysis(
            "what the strings of a program name (ends, data, begins, patterns and lists too)",
            _Program,
            lambda content: _Program.of(parse_elf(content, path), links, ends),
        )
        return files.analysed(path, analysis)

    return files.cached((_Program, path), find)


class _Program(msgspec.Struct, frozen=True, array_like=True):
    """What the strings of one ELF file name, independent of the rest of the image."""

    libraries: tuple[str, ...] = ()
    """Names of libraries among the strings."""
    paths: dict[str, bool] = {}
    """Paths in the strings; True if the path is the whole string."""
    settings_folders: tuple[str, ...] = ()
    """Paths in /etc in the strings."""
    settings: tuple[str, ...] = ()
    """Names of settings files in the strings."""
    functions: tuple[str, ...] = ()
    """Those of `FILES_OF_FUNCTIONS` that it imports from libraries."""
    looks_up_folders: bool = False
    """True if it has the names of such functions of systemd's library."""
    formats: tuple[str, ...] = ()
    """Names of libraries among the strings with `*` for what is put in at run time."""
    programs: tuple[str, ...] = ()
    """How names of programs begin of which the end is put in at run time."""
    named_in_paths: bytes = b""
    """CRC-32 numbers of the names in paths, of a file that loads libraries."""

    @classmethod
    def of(cls, elf: Elf, links: Links, ends: Iterable[bytes]) -> "_Program":
        constants = _constants(elf, ends)
        programs = tuple(_begins_of_programs(constants)) if links.starts_programs else ()
        named = _whole(_FORMAT, _END_OF_FORMAT, constants)
        in_paths = set(_IN_PATH.findall(constants)) if links.loads_libraries else ()
        functions = _FUNCTIONS.intersection(imported_names(elf))
        names = b"\0" + (elf.section(".dynstr") or b"") + constants
        paths = list(_PATH.finditer(constants))
        whole = [found for found in paths if not _GRAPHIC.match(constants, found.start() - 1)]
        listed = [found for found in paths if _IN_LIST in constants[found.start() - 1 : found.end()]]
        stated = {path: False for found in listed for path in found[1].decode().split(":") if path.startswith("/")}
        stated |= {_folder_or_file(found): constants[found.start() - 1] == 0 for found in whole}
        folders = {found[1].decode() for found in paths if found[1].startswith(b"/etc/")}
        # Names of settings matter only together with a folder: see `_settings`.
        names_of_settings = _whole(_SETTING, _END_OF_SETTING, constants) if folders else ()
        settings = {name[0].decode() for name in names_of_settings}
        return cls(
            libraries=tuple(name.decode() for name in dict.fromkeys(_SONAME.findall(constants))),
            paths=stated,
            programs=programs,
            settings_folders=tuple(sorted(folders)),
            settings=tuple(sorted(settings)),
            functions=tuple(sorted(map(bytes.decode, functions))),
            looks_up_folders=looks_up_folders(names),
            formats=tuple(dict.fromkeys(_PUT_IN.sub("*", name[1].decode()) for name in named)),
            named_in_paths=array("I", map(zlib.crc32, sorted(in_paths))).tobytes(),
        )


def _begins_of_programs(constants: bytes) -> Iterable[str]:
    ends = sorted(place for end in _ENDS_OF_PROGRAMS for place in _places(end, constants))
    strings = (constants[constants.rfind(b"\0", 0, end) + 1 : constants.find(b"\0", end)] for end in ends)
    return dict.fromkeys(name[1].decode() for string in strings if (name := _PROGRAMS.fullmatch(string)))


def _places(part: bytes, content: bytes) -> Iterator[int]:
    place = content.find(part)
    while place >= 0:
        yield place
        place = content.find(part, place + 1)


def _folder_or_file(found: re.Match[bytes]) -> str:
    """Return a path in the strings; of one that a format goes on with, its folder."""
    path = found[1].decode()
    return path if found[0].endswith(b"\0") else posixpath.dirname(path)


def _whole(pattern: "re.Pattern[bytes]", end: "re.Pattern[bytes]", constants: bytes) -> "Iterator[re.Match[bytes]]":
    """Yield the strings that match as a whole, found by their ends: there are few, and millions of strings."""
    for found in end.finditer(constants):
        string = constants[constants.rfind(b"\0", 0, found.start()) + 1 : found.end()]
        if match := pattern.fullmatch(string):
            yield match


def _libraries(program: _Program, path: str, files: Files) -> Iterator[Step]:
    links = links_of(path, files)
    yield from _linked(links, path, files)
    wanted = WantedLibrary(path, links.machine, links.folders)
    for name in _meant(program.libraries, path):  # names that may be given to dlopen(3)
        found = wanted.find(name, files)
        if found is not None:
            yield Opened(path=found, because=Because(path, "names in a string"), is_certain=False)
    for pattern in () if posixpath.basename(path).startswith(C_LIBRARY) else program.formats:
        fitting = (
            f"{one}/{name}" for one in folders_of_all(files) for name in fnmatch.filter(files.names(one), pattern)
        )
        yield from opened(fitting, Because(path, "makes the name of"), is_certain=False)


def _linked(links: Links, path: str, files: Files) -> Iterator[Opened]:
    wanted = WantedLibrary(path, links.machine, links.folders)
    for name in links.needed:
        found = wanted.find(name, files)
        if found is not None:
            yield Opened(path=found, because=Because(path, "is linked with"))
            yield from opened(_for_processors(found, files), Because(path, "may be linked with"), is_certain=False)
        else:  # a variable or an option may name another folder; a library that the image lacks is no package's
            yield from opened(everywhere(name, files), Because(path, "may be linked with"), is_certain=False)
    if links.reads_journals and not _is_of_systemd(path):
        for name in UNPACKING:
            yield from opened(everywhere(name, files), Because(path, "reads journals with"), is_certain=False)


def _for_processors(library: str, files: Files) -> Iterator[str]:
    """Yield where the loader looks for a library first on newer processors (ld.so(8), "glibc-hwcaps")."""
    folder, _, name = library.rpartition("/")
    return (f"{folder}/glibc-hwcaps/{level}/{name}" for level in files.names(f"{folder}/glibc-hwcaps"))


def _is_of_systemd(path: str) -> bool:
    return posixpath.basename(path).startswith(LIBRARY)


def _meant(strings: Iterable[str], path: str) -> Iterator[str]:
    """Yield the strings of a file that count for each of its callers."""
    return (one for one in strings if not (_is_of_systemd(path) and is_for_some(one)))


def _named_in_strings(program: _Program, reached: Reached, files: Files) -> Iterator[Step]:
    """Yield files whose paths are in the strings.

    A program may or may not be started, and a path after other words may be part of a message: both are uncertain. Of
    the folder of its settings, a web server reads what these include, which is followed.
    """
    path = reached.path
    because = Because(path, "names in a string")
    is_libc = posixpath.basename(path).startswith(C_LIBRARY)
    is_followed = isinstance(reached, StartedProgram) and posixpath.basename(path) in SERVERS
    for named in _meant(program.paths, path):
        is_whole = program.paths[named]
        entry = files.find(named)
        if entry is None:
            yield from () if is_followed and named.startswith("/etc/") else _in_folder(named, path, files)
        else:
            is_program = bool(entry.mode & _EXECUTABLE) and ".so" not in posixpath.basename(entry.path)
            if is_program and knows_types(path) and not starts_programs(path, files):
                continue
            is_certain = is_whole and not is_program and not is_libc
            yield Opened(path=named, because=because, is_certain=is_certain)
    for begin in program.programs:
        programs = (f"{one}/{name}" for one in _PROGRAM_FOLDERS for name in files.names(one) if name.startswith(begin))
        yield from opened(programs, Because(path, "makes the name of"), is_certain=False)


def knows_types(path: str) -> bool:
    """True for PHP's table of kinds of files, which has the first lines of scripts, with interpreters, to compare."""
    return posixpath.basename(path) == "fileinfo.so"


def _in_folder(folder: str, path: str, files: Files) -> Iterator[Step]:
    """Yield the files of a folder that a string names, any of which may be opened; not of a folder in _SHARED."""
    real = files.folder(folder)
    if real is not None and real not in (*_SHARED, *folders_of_all(files)):
        places = [real, *(f"{real}/{name}" for name in files.names(real))] if real.startswith("etc/") else [real]
        paths = (f"{place}/{name}" for place in places for name in files.names(place))
        yield from opened(islice(paths, _MAX_IN_FOLDER), Because(path, "names the folder of"), is_certain=False)


def _settings(program: _Program, path: str, files: Files) -> Iterator[Step]:
    """Yield settings files whose folder and name are in two strings, which the program may join."""
    folders = [folder for folder in program.settings_folders if files.folder(folder)]
    joined = (f"{folder}/{name}" for folder in folders[:_MAX_JOINED] for name in program.settings[:_MAX_JOINED])
    yield from opened(joined, Because(path, "names in two strings"))


def _constants(elf: Elf, ends: Iterable[bytes]) -> bytes:
    """Return the section of constants, with a NUL in front, so that the first string also begins after one."""
    return b"\0" + constants_of(elf, ends)


def _services(program: _Program, path: str, files: Files) -> Iterator[Step]:
    name = posixpath.basename(path)
    if program.looks_up_folders and not _is_of_systemd(path):
        for folder in FOLDERS:
            yield from _in_folder(folder, path, files)
    for start, paths in FILES_OF_LIBRARIES.items():
        if name.startswith(start):
            yield from (Opened(path=found, because=Because(path, "reads")) for found in paths)
    if name.startswith(C_LIBRARY):
        return
    for function in program.functions:
        because = Because(path, f"calls {function}, which reads")
        yield from (Opened(path=found, because=because) for found in FILES_OF_FUNCTIONS[function])
        yield from modules_of(function, because, files, is_certain=bool(FILES_OF_FUNCTIONS[function]))


def _looked_for(path: str, files: Files) -> Iterator[Step]:
    because = Because(path, "may use")
    for found in looked_for(path, files):
        entry = files.find(found)
        if entry is not None and entry.mode & _EXECUTABLE:
            yield StartedProgram(program=found, folder="/", because=because, is_certain=False)
        else:
            yield Opened(path=found, because=because, is_certain=False)
