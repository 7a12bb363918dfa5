""".NET: the program that is started and what its `NAME.deps.json` and `NAME.runtimeconfig.json` say that it loads.

All packages that a deps.json lists are on the list from which the runtime loads, so all of them count as in use.
"""

import posixpath
from collections.abc import Iterator
from itertools import islice

import msgspec

from gate.inventory.installed.packages import decode_json
from gate.reachability.assemblies.deps_json import DEPS, RUNTIME_CONFIG, read_deps
from gate.reachability.runtimes.strings.dotnet_strings import holds_assemblies
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
    opened,
)

KIND = "NuGet"
_WITH_VALUE = ("--additionalprobingpath", "--depsfile", "--runtimeconfig", "--fx-version", "--roll-forward")
_LIBRARY = ".so"
_READS = ("etc/localtime", "usr/bin/ping", "usr/bin/ping6", "bin/ping", "sbin/ping", "etc/samba/smb.conf")
"""What .NET's own assemblies read or start, if code asks for it (their strings, .NET Core 3.1)."""
_READS_BELOW = ("etc/terminfo", "lib/terminfo", "usr/lib/terminfo", "usr/share/terminfo", "usr/share/zoneinfo")
_MOST_BELOW = 100
"""Files of each of these folders, by which the packages are known that have them."""
_NATIVE = ("libcoreclr.so", "libclrjit.so", "libhostpolicy.so", "libSystem.Native.so")
"""Native parts of the runtime that every program loads."""


class _Framework(msgspec.Struct, frozen=True):
    name: str = ""


class _Options(msgspec.Struct, frozen=True):
    framework: _Framework | None = None
    frameworks: list[_Framework] = []


class _Configuration(msgspec.Struct, frozen=True, rename="camel"):
    runtime_options: _Options = _Options()


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of `dotnet`, of a program that has a deps.json in its folder, or holds its assemblies."""
    if not isinstance(reached, StartedProgram):
        return False
    if posixpath.basename(reached.program) == "dotnet" or files.find(reached.program + DEPS) is not None:
        return True
    return holds_assemblies(reached.program, files)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the program's assemblies and the runtime's own files."""
    assert isinstance(reached, StartedProgram)
    return errors_as_gaps(KIND, reached.program, _started(reached, files))


def _started(started: StartedProgram, files: Files) -> Iterator[Step]:
    if holds_assemblies(started.program, files):
        yield Gap(kind=EVERYTHING, reason="its assemblies are inside of it", path=started.program)
    if posixpath.basename(started.program) != "dotnet":
        home = started.variable("DOTNET_ROOT") or "/usr/share/dotnet"
        yield from _program(f"/{started.program}", home, started, files)
        return
    name = _assembly(started.arguments)
    path = posixpath.join("/", started.folder, name or "")
    if name is None or UNKNOWN in name or files.find(path) is None:
        yield Gap(kind=KIND, reason="which .NET program is started is not known", path=started.program)
        return
    yield Opened(path=path, because=Because(started.program, "runs"))
    yield from _program(path.removesuffix(".dll"), f"/{posixpath.dirname(started.program)}", started, files)


def _assembly(arguments: tuple[str, ...]) -> str | None:
    """Return the first argument that is no option; the word `exec` may come before it."""
    following = iter(arguments)
    for word in following:
        if word in _WITH_VALUE:
            next(following, None)
        elif not word.startswith("-") and word != "exec":
            return word
    return None


def _program(stem: str, home: str, started: StartedProgram, files: Files) -> Iterator[Step]:
    because = Because(started.program, "loads")
    for ending in (".dll", DEPS, RUNTIME_CONFIG):
        yield Opened(path=stem + ending, because=because)
    yield from _assets(stem + DEPS, files)
    yield from _frameworks(stem + RUNTIME_CONFIG, home, because, files)
    below = (path for each in _READS_BELOW for path in islice(files.below(each), _MOST_BELOW))
    yield from opened((*_READS, *below), Because(started.program, "may read"), is_certain=False)
    folder = posixpath.dirname(stem).strip("/")
    inside = (entry.path for entry in files.walk() if folder and entry.path.startswith(f"{folder}/"))
    plugins = (path for path in inside if path.endswith((DEPS, _LIBRARY)))
    yield from opened(plugins, Because(started.program, "may load a plug-in or library"), is_certain=False)


def _assets(path: str, files: Files) -> Iterator[Step]:
    if files.find(path) is None:
        return
    folder, because = posixpath.dirname(path), Because(path.strip("/"), "lists")
    for _, _, assets in read_deps(files.read(path.strip("/")), path).listed():
        yield from opened(assets.assemblies(folder), because)
        yield from opened(assets.paths(folder), because, is_certain=False)


def _frameworks(path: str, home: str, because: Because, files: Files) -> Iterator[Step]:
    """Yield the host, and of each version of the frameworks that a program asks for what lists its parts."""
    if files.find(path) is None:
        return
    asked = decode_json(files.read(path.strip("/")), path, _Configuration).runtime_options
    names = {each.name for each in (*filter(None, [asked.framework]), *asked.frameworks)} | {"Microsoft.NETCore.App"}
    for version in files.names(f"{home}/host/fxr"):
        yield Opened(path=f"{home}/host/fxr/{version}/libhostfxr.so", because=because)
    for name in sorted(filter(None, names)):
        for version in files.names(f"{home}/shared/{name}"):
            folder = f"{home}/shared/{name}/{version}"
            yield Opened(path=f"{folder}/{name}.deps.json", because=because)
            yield from (Opened(path=f"{folder}/{each}", because=because) for each in _NATIVE)
            others = (each for each in files.names(folder) if each.endswith(_LIBRARY) and each not in _NATIVE)
            yield from (Opened(path=f"{folder}/{each}", because=because, is_certain=False) for each in others)
