"""What assemblies of .NET name: programs to start, libraries to load. Raises nothing for damage: it is stated."""

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from gate.core.errors import GateError
from gate.inventory.installed.elf import MAGIC
from gate.reachability.assemblies import tables
from gate.reachability.assemblies.deps_json import DEPS, RUNTIME_CONFIG
from gate.reachability.assemblies.metadata import ENDINGS, Metadata, NoAssemblyError
from gate.reachability.assemblies.type_names import TypeNames
from gate.reachability.runtimes.strings.command_names import in_strings
from gate.reachability.runtimes.strings.stated_names import StatedNames, numbers_of, paths_in
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_OF_WINDOWS = b"MZ"
_BUNDLE = bytes.fromhex("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae")
"""What stands in a program of .NET behind the address of the assemblies that were put behind it; 0 without any."""
_ADDRESS = 8
_LAST_ADDRESS = 1 << 32
_COMPILED = b"__managedcode"
"""A section with the machine code of assemblies."""
_OF_DOTNET = re.compile(
    r"(?:^|/)shared/Microsoft\.[\w.]+/\d[^/]*/[^/]+$|(?:^|/)host/fxr/[^/]+/[^/]+$"
    r"|(?:^|/)lib(?:coreclr\w*|clrjit|clrgc\w*|clrinterpreter|hostfxr|hostpolicy|mscordaccore|mscordbi|dbgshim|System\.[\w.]+)\.so$"
)
"""Files of .NET itself, those of an application that brings it along, too."""
_PROGRAM = "dotnet"
_PROCESS = "System.Diagnostics.Process"
_STARTS = re.compile(
    r"(?:exec[lv]p?e?|fexecve|posix_spawnp?|popen|system|v?fork|clone3?|syscall|ShellExecute\w*|CreateProcess\w*)"
)
_OF_OTHERS = re.compile(r"(?:System\.Management\.Automation|IronPython|Microsoft\.ClearScript|NLua|CliWrap|Jint)\b")
"""Libraries by which an application runs code of another language."""
_LIBRARY = re.compile(r"(?:lib)?(?P<stem>[\w.+-]+?)(?:\.(?:so|dll|dylib)[.\d]*)?")
_TEXT = 0x0E
_LEAST = 512 << 10
"""Bytes of a program with the runtime in it."""
_DATA = re.compile(rb"[\x20-\x7e]{3,200}")
_WIDE_DATA = re.compile(rb"(?:[\x20-\x7e]\0){3,200}")


def is_assembly(path: str, files: Files) -> bool:
    """True for an assembly of .NET by its name and begin, or a library of Windows."""
    return path.lower().endswith(ENDINGS) and files.find(path) is not None and files.starts_with(path, _OF_WINDOWS)


def is_of_dotnet(path: str, files: Files) -> bool:
    """True for a file of .NET itself: its runtime, its own assemblies, the program that starts an application."""
    if _OF_DOTNET.search(path) is not None or posixpath.basename(path) == _PROGRAM:
        return True
    return any(files.find(path + ending) is not None for ending in (DEPS, RUNTIME_CONFIG))


def holds_assemblies(path: str, files: Files) -> bool:
    """True for a program that holds its assemblies, or the machine code of them. Raises as `Files.read` does."""
    entry = files.find(path)
    if entry is None or entry.size < _LEAST or not files.starts_with(path, MAGIC):
        return False
    holds = Analysis("holds assemblies of .NET", bool, _is_in_one)
    return files.cached((holds_assemblies, entry.path), lambda: files.analysed(entry.path, holds))


def _is_in_one(content: bytes) -> bool:
    place = content.find(_BUNDLE)
    return any(content[max(place - _ADDRESS, 0) : max(place, 0)]) or _COMPILED in content


def dotnet_strings(path: str, files: Files) -> StatedNames:
    """Return the words of an assembly's strings. Raises as `Files.read` does."""
    return files.analysed(path, Analysis("words of strings in assemblies", StatedNames, read_assembly))


def read_assembly(content: bytes) -> StatedNames:
    """Return the words of the strings in an assembly; of a library of Windows without code of .NET there are none."""
    try:
        metadata = Metadata(content, "")
        texts, libraries = set(_texts(metadata)), set(_libraries(metadata))
        starts = _starts(metadata, texts)
    except NoAssemblyError:
        return StatedNames()
    except GateError:
        return StatedNames(is_read=False)
    names = {*in_strings(texts), *libraries}
    names |= {found["stem"] for found in map(_LIBRARY.fullmatch, names) if found}
    return StatedNames(numbers_of(map(str.encode, names)), starts, loads_libraries=True, paths=paths_in(texts))


def _texts(metadata: Metadata) -> Iterator[str]:
    yield from metadata.all_texts()
    for kind, _, value in metadata.rows(tables.CONSTANT):
        if kind & 0xFF == _TEXT:
            yield metadata.blob(value).decode("utf-16-le", "replace")
    for _, _, value in metadata.rows(tables.ATTRIBUTE):
        yield from _in_data(metadata.blob(value))
    yield from _in_data(metadata.resources)
    places = sorted({address for address, _ in metadata.rows(tables.FIELD_DATA)})
    for place, behind in pairwise((*places, _LAST_ADDRESS)):
        yield from _in_data(metadata.data(place)[: behind - place])


def _in_data(content: bytes) -> Iterator[str]:
    yield from (found.decode() for found in _DATA.findall(content))
    yield from (found[::2].decode() for found in _WIDE_DATA.findall(content))


def _libraries(metadata: Metadata) -> Iterator[str]:
    """Yield the libraries of which functions in C are called, as .NET looks for them (`NativeLibrary`)."""
    for (name,) in metadata.rows(tables.MODULE_REF):
        library = metadata.name(name)
        yield from (library, f"{library}.so", f"lib{library}", f"lib{library}.so")


def _starts(metadata: Metadata, texts: set[str]) -> bool:
    """True if code may start a program: by .NET's own type, by a function in C, by its name, or in another language."""
    names = TypeNames(metadata)
    types = {".".join(filter(None, map(metadata.name, row[2:0:-1]))) for row in metadata.rows(tables.TYPE_REF)}
    if any(map(_OF_OTHERS.match, types)) or any(_PROCESS in text for text in texts):
        return True
    called = (metadata.name(row[2]) for row in metadata.rows(tables.IMPORT))
    if any(map(_STARTS.fullmatch, called)):
        return True
    for number, (_, name, _) in enumerate(metadata.rows(tables.MEMBER_REF), 1):
        member = metadata.name(name)
        if member == "Start" and names.owner(tables.MEMBER_REF, number) == _PROCESS:
            return True
        if _STARTS.fullmatch(member) and not names.owner(tables.MEMBER_REF, number).startswith("System."):
            return True
    return False
