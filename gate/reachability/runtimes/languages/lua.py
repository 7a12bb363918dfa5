"""Lua: the modules that a source, or nginx's settings, load by `require` (Lua 5.4 manual, 6.3; lua-nginx-module).

What Lua may load by names that code makes is `looked_for`, and any own source where an interpreter runs.
"""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import product

import msgspec

from gate.reachability.runtimes.languages.own_sources import own_sources
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened, Reached, StartedProgram, Step
from gate.reachability.runtimes.walk.libraries import multiarch_folders
from gate.trees.memo import Analysis

_PROGRAM = re.compile(r"(?:lua|luajit)[\d.-]*(?:beta\d)?")
_INITIAL = re.compile(r"LUA_INIT(?:_5_\d)?")
"""What an interpreter runs before its script: code, or a file behind `@` (lua(1))."""
_MAX_SIZE = 1 << 20
_REQUIRE = re.compile(r"""(?<![\w.:])require\s*[,(]?\s*["'](?P<name>[\w-]+(?:[./][\w-]+)*)["']""")
_COMMENT = re.compile(r"--(?!\[\[)[^\n]*|^[ \t]*#.*", re.MULTILINE)
_IN_NGINX = re.compile(r"\b\w+_by_lua(?:_block|_file)?\b")
_FILE_OF_NGINX = re.compile(r"""\b\w+_by_lua_file\s+["']?(?P<file>[^\s;"']+)""")
_PATTERN = re.compile(r"/\?\.lua\b")
_BETWEEN = re.compile(r"""[\s"';?]""")
"""What stands in front of a folder in a list of them."""
_LONGEST_ROOT = 300
_INSTALLED = re.compile(r"usr/(?:local/)?share/lua/(?P<version>5\.\d)/")
_VERSIONS = ("5.1", "5.4", "5.3", "5.2")
"""Those of the distribution's folders, LuaJIT's first: a package of modules mostly has one for each."""
_ALWAYS = "resty.core"
"""What nginx's module loads by itself where there is code of Lua."""
_SETTINGS = re.compile(r"\.conf$|/(?:sites|conf|modules)-(?:enabled|available)/")
_ABOVE = 4
"""Folders upwards of an own source from which its names may count."""


class _Names(msgspec.Struct, frozen=True, array_like=True):
    """What a source, or settings with code of Lua, state."""

    modules: list[tuple[int, str, bool]]
    """Line and name, and whether it stands in a function or block."""
    files: list[tuple[int, str]]
    roots: list[str]
    """Folders of `lua_package_path`."""
    has_code: bool


def _read(content: bytes) -> _Names:
    text = _COMMENT.sub("", content.decode("utf-8", "replace"))
    begins = [0, *(found.end() for found in re.finditer("\n", text))]
    required = [(bisect_right(begins, found.start()), found["name"]) for found in _REQUIRE.finditer(text)]
    return _Names(
        [(line, name, text[begins[line - 1]].isspace()) for line, name in required],
        [(bisect_right(begins, found.start()), found["file"]) for found in _FILE_OF_NGINX.finditer(text)],
        [_folder_before(text, found.start()) for found in _PATTERN.finditer(text)],
        _IN_NGINX.search(text) is not None,
    )


def _folder_before(text: str, end: int) -> str:
    return _BETWEEN.split(text[max(0, end - _LONGEST_ROOT) : end])[-1]


_NAMES = Analysis("what Lua requires", _Names, _read)


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of an interpreter, for a source of Lua, and for settings that may be nginx's."""
    if isinstance(reached, StartedProgram):
        return _PROGRAM.fullmatch(posixpath.basename(reached.program)) is not None
    if not (reached.path.endswith(".lua") or _SETTINGS.search(reached.path)):
        return False
    entry = files.look_up(reached.path)
    return entry is not None and 0 < entry.size < _MAX_SIZE


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the module of each name that is stated; in a library of one that stands in no function."""
    if isinstance(reached, StartedProgram):
        yield from own_sources(reached.program, (".lua",), files)
        yield from _run_before(reached)
        return
    path = reached.path
    names = files.analysed(path, _NAMES)
    is_source = path.endswith(".lua")
    if not is_source and not names.has_code:
        return
    roots = [] if _INSTALLED.match(path) else _roots(path, names)
    if not is_source:
        yield from _found(_ALWAYS, roots, Because(path, "has code of Lua, which loads"), files)
        for line, file in names.files:
            yield from _first((posixpath.join("/", root, file) for root in roots), Because(path, "runs", line), files)
    for line, name, is_inside in names.modules:
        if not (is_inside and _INSTALLED.match(path)):
            yield from _found(name, roots, Because(path, "requires", line), files)


def _run_before(started: StartedProgram) -> Iterator[Step]:
    others = tuple(pair for pair in started.environment if not _INITIAL.fullmatch(pair[0]))
    for name, value in started.environment:
        if _INITIAL.fullmatch(name) and value:
            words = (value[1:],) if value.startswith("@") else ("-e", value)
            because = Because(started.program, f"runs {name}")
            yield StartedProgram(
                program=started.program, arguments=words, folder=started.folder, environment=others, because=because
            )


def _roots(path: str, names: _Names) -> list[str]:
    """Return the folders in which an own source, or settings, look for Lua's sources: those above, and the stated."""
    above = [posixpath.dirname(path)]
    while len(above) < _ABOVE and above[-1]:
        above.append(posixpath.dirname(above[-1]))
    prefix = f"{above[1]}/" if len(above) > 1 else ""
    stated = (root.replace("${prefix}", prefix).replace("$prefix", prefix) for root in names.roots)
    return [*(root.strip("/") for root in stated), *above]


def _found(name: str, roots: list[str], because: Because, files: Files) -> Iterator[Step]:
    own = _INSTALLED.match(because.path)
    versions = dict.fromkeys((*([own["version"]] if own else ()), *_VERSIONS))
    libraries = ("usr/local/lib", "usr/lib", *multiarch_folders(files))
    inside = name.replace(".", "/")
    places = [f"{root}/{inside}{ending}" for root, ending in product(roots, (".lua", "/init.lua"))]
    for version in versions:
        shared = (f"usr/local/share/lua/{version}", f"usr/share/lua/{version}")
        places += (f"{root}/{inside}{ending}" for root, ending in product(shared, (".lua", "/init.lua")))
        compiled = dict.fromkeys((inside, inside.partition("/")[0]))  # that of the first part may hold all others
        places += (f"{root}/lua/{version}/{each}.so" for root, each in product(libraries, compiled))
    yield from _first(iter(places), because, files)


def _first(places: Iterator[str], because: Because, files: Files) -> Iterator[Step]:
    found = next((place for place in places if files.find(place) is not None), None)
    if found is not None:
        yield Opened(path=f"/{found.strip('/')}", because=because)
