"""What the text of a Python module says of what it loads; read once, however many programs import it."""

import re
from collections.abc import Iterable, Iterator, Set

import msgspec

from gate.core.literals import Literals
from gate.reachability.imports.python_sources import (
    SHORTEST_NAME,
    ImportedName,
    ImportsAndStrings,
    PythonSource,
    named_in,
    read_statements,
    without_documentation,
)
from gate.reachability.runtimes.python.own_conditions import OwnConditions, read_own_conditions
from gate.reachability.runtimes.strings.addresses import drivers_of
from gate.reachability.runtimes.strings.command_names import in_code, in_strings
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

MAX_SOURCE = 16 << 20
"""Bytes of one module."""
_BY_NAME = (b"import_module(", b"__import__(", b"import_string(", b"load_module(")
_IMPORTS_BY_NAME = r"\b(?:import_module|__import__|import_string|load_module)\(\s*"
_LOOP = re.compile(
    r"^for (?P<each>\w+) in [(\[](?P<names>[^()\[\]]{1,500})[)\]]:\n"
    r"[ \t]+[^\n#]*\b(?:import_module|__import__)\((?P=each)\)",
    re.MULTILINE,
)
"""A loop of a module itself that imports what it lists."""
_IN_LOOP = re.compile(r"""["']([A-Za-z_][\w.]*)["']""")
_REST = r"""(?:\{|%[sr]["']|["']\s*\+)"""
_PREFIX = re.compile(_IMPORTS_BY_NAME + r"""[fF]?["'](?P<package>\w[\w.]*)\.""" + _REST)
"""A name that is put together behind a known package: `import_module(f"shop.parts.{name}")`."""
_UNKNOWN_NAME = r"""(?:(?![fF]?["'])[^\s)]|[fF]["'](?!\w[\w.]*\.\{)|["'][{%])"""
_DYNAMIC = re.compile(_IMPORTS_BY_NAME + _UNKNOWN_NAME + r"|\bpkgutil\.(?:iter|walk)_|\brunpy\.")
_MADE = (*_BY_NAME, b"pkgutil.", b"runpy.")
"""How each match of `_DYNAMIC` and `_PREFIX` begins: to look for texts takes a tenth of the time."""
_EXECUTES = b"exec("
_INSTALLED = re.compile(
    r"\b(?:iter_modules|walk_packages)\(\s*(?:\)|None|sys\.path|prefix\s*=)|\b(?:packages_)?distributions\(\s*\)"
    r"|\bworking_set\b|\bgetsitepackages\("
)
"""How code goes through all that is installed (Python packaging guide, "Creating and discovering plugins")."""
_OF_PATH = re.compile(r"\bfor\s+\w+\s+in\s+sys\.path\b")
"""How code goes through the folders in which modules are looked for."""
_PUT_BACK = re.compile(r"\bsys\.path(?:\[:\])?\s*=\s*\[[^\[\]=]*$")
"""What stands before that where some of the folders are to be the path: `sys.path = [p for p in sys.path if …]`."""
_NAMED_LIST = re.compile(r"(?:^|\n)[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*\[[^\[\]\n=]*$")
"""What stands before it where a list of the folders gets a name in a function."""
_SHORT_STRING = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_TOP = re.compile(r"\n(?=\w|@)")
_KEPT = re.compile(r"\[[^\[\](){}]*$")
"""What stands before it where a list of the folders is made without calling anything."""
_LONGEST_BEFORE = 300
_LISTS = re.compile(
    r"\b(?:listdir|scandir|i?glob|rglob|iterdir|f?walk|walk_packages|iter_(?:importer_)?modules|find_modules"
    r"|FileFinder|namelist|readdir)\b"
)
"""How code lists what is in a folder or an archive."""
_ALL_PLUGINS = re.compile(r"\bentry_points\(\s*\)|\.entry_points\b(?!\s*\()")
"""How code takes all entry points: those of one distribution, or of each (`importlib.metadata.entry_points()`)."""
_CHOOSES_PLUGINS = re.compile(
    r"\bentry_points\([^()]*\bname\s*=(?!=)|\.select\([^()]*\bname\s*=(?!=)|\biter_entry_points\(\s*[^(),]+,\s*[\w\"']"
    r"|\b(?:ep|entry(?:_?point)?|impl|plugin)\.name\s*==|\bDriverManager\("
)
"""How code takes one entry point of a group by its name, as SQLAlchemy does a dialect."""
_TAKES_DISTRIBUTIONS = re.compile(rb"\b(?:(?:get_)?distribution|from_name|load_entry_point|get_entry_(?:info|map))\(")
_LOADS = (b".load(", b".resolve(", b"load_entry_point(", b"import_module(", b"__import__(")
"""How code takes a distribution by its own name (`importlib.metadata`, `pkg_resources`), and loads what is in it."""
_LISTS_APPLICATIONS = (b"INSTALLED_APPS", b"MIDDLEWARE")
_PLUGINS = (b"entry_points", b"entrypoints", b"distributions(", b"stevedore")
"""How code asks for plug-ins: by the standard library, by pluggy (`load_setuptools_entrypoints`), by stevedore."""
_STARTS = (
    b"subprocess",
    b"Subprocess",
    b"app_info",
    b"AppInfo",
    b"execcon",
    b"popen",
    b"Popen",
    b"spawn",
    b"execv",
    b"execl",
    b"startfile",
)
"""Parts of the names of functions that start a program."""
_OF_SYSTEM = {
    b".system(": re.compile(rb"(?<!platform)\.system\((?!\))"),
    b"from os import": re.compile(rb"\bfrom os import\b[^\n]*(?:\([^)]*)?\bsystem\b"),
}
"""How code calls or takes `os.system`, by a text that is always in it."""
_FINDS_LIBRARIES = b"find_library("
"""How code asks for a library by its name without `lib` and version (`ctypes.util`)."""
_LIBRARY = re.compile(r"""["'](?:lib)?([\w+][\w.+-]{1,40})["']""")
_TYPES = b"imetypes"
_READS_TYPES = r"(?:mimetypes\.init|(?:mimetypes\.)?(?:MimeTypes|add_type|guess_(?:file_)?type|guess_extension))\("
_TYPES_AT_ONCE = re.compile(rf"^(?:[A-Za-z_]\w*[^\n=(]{{0,80}}=[ \t]*)?(?:{_READS_TYPES})", re.MULTILINE)
_TYPES_EVER = re.compile(rf"(?<![\w.])(?:{_READS_TYPES})")
"""Calls by which the system's types of media are read, the first time (Python documentation, "mimetypes")."""
_MARKS = Literals((*_MADE, _EXECUTES, *_LISTS_APPLICATIONS, *_PLUGINS, *_STARTS, *_OF_SYSTEM, _FINDS_LIBRARIES, _TYPES))
"""Most modules have none of these, so that nothing else need be looked for."""
_BY_ITSELF = "auto"
_CHOSEN = re.compile(r"""["']auto["']\s*:\s*["']([A-Za-z_]\w*(?:\.\w+)+)(?::\w+)?["']""")
"""What a library loads where it is left to it what to choose: `"auto": "uvicorn.loops.auto:auto_loop_factory"`."""
_MOST_CHOSEN = 50
"""Such entries of one module."""
_ENABLED = re.compile(r"\b_?AUTO_\w*\s*=\s*\[([^\]]*)\]")
_ENABLES_BY_ITSELF = "AUTO_"
_LISTED = re.compile(r"""["']([A-Za-z_]\w*(?:\.\w+)+)["']""")
"""What a library loads once it is set up, as far as what it is for is there: `_AUTO_ENABLING_INTEGRATIONS = […]`."""
_SET_UP = re.compile(r"\b([A-Za-z_]\w*)\.init\(|\bfrom ([A-Za-z_]\w*) import init\b")
_ENGINE = re.compile(r"""\b(?:engine|parser|features|flavor|driver|serializer)\s*=\s*["']([A-Za-z_]\w*)["']""")
"""A module that own code asks a library to work with: `frame.to_excel(path, engine="openpyxl")`."""
_ASSIGNED = re.compile(r"\b([A-Za-z_]\w*+)[ \t]*+=(?!=)")


class ReadModule(msgspec.Struct, frozen=True):
    """The facts in one module's text."""

    source: PythonSource
    lists_applications: bool
    asks_for_plugins: bool
    dynamic_line: int | None
    """Line of the first import of a name that is made at run time, of which not even the package is known."""
    prefixes: tuple[str, ...]
    """Packages of which a module is imported whose name is made at run time."""
    drivers: tuple[str, ...]
    assigned: frozenset[str]
    """Names of variables, keywords and members where modules are imported by name: such a name may be one."""
    starts_programs: bool = False
    commands: frozenset[str] = frozenset()
    """Words of strings that are names of programs, where it starts any."""
    libraries: frozenset[str] = frozenset()
    """Strings that may be names of libraries, without `lib`, where it asks for any by name."""
    chosen: tuple[str, ...] = ()
    """Modules that it loads where it is left to it what to choose."""
    enabled: tuple[str, ...] = ()
    """Modules of its own that a library loads once it is set up."""
    set_up: tuple[str, ...] = ()
    """Libraries that own code sets up: `sentry_sdk.init(…)`."""
    engines: tuple[str, ...] = ()
    """Modules that own code asks libraries to work with."""
    goes_through_installed: bool = False
    """True if it imports by names made at run time, and goes through all that is installed."""
    goes_through_plugins: bool = False
    """True if it looks at all entry points, whatever their group."""
    chooses_plugins: bool = False
    """True if it takes entry points by their names."""
    takes_distributions: bool = False
    """True if it loads from distributions that it takes by their own names."""
    reads_types: bool = False
    """True if it reads the system's types of media when it is imported; of own code, when a function is called, too."""
    own: OwnConditions = OwnConditions()
    """What own code needs variables of the environment for."""

    def imported_among(self, names: Set[str]) -> set[str]:
        """Return those of `names`, of packages, that an import statement of the module has."""
        return {one.module.partition(".")[0] for one in self.source.imports} & names

    def named_among(self, names: Set[str]) -> set[str]:
        """Return those of `names`, of packages, commands or groups, that the module may import, load or start."""
        assigned = {name for name in names & self.assigned if len(name) >= SHORTEST_NAME}
        return assigned | self.source.named_among(names)


def read_module(path: str, files: Files, *, is_own: bool) -> ReadModule:
    """Return what a module says; of the program's own (`is_own`) also what only a run would show."""
    return files.cached((ReadModule, path, is_own), lambda: files.analysed(path, analysis(is_own=is_own), MAX_SOURCE))


def analysis(*, is_own: bool) -> Analysis[ReadModule]:
    """Return how a module is read, by which its result is kept."""
    function = _own if is_own else _library
    return Analysis(
        "what a Python module loads, for which versions and settings, starts, takes, chooses, reads and finds",
        ReadModule,
        function,
        (str(is_own),),
    )


def read_code(text: str, *, is_own: bool) -> ReadModule:
    """Return what code says."""
    text = _plain(text)
    content = text.encode("utf-8", "replace")
    marks = _MARKS.among(content)
    dynamic = _first_dynamic(text, marks)
    line = text.count("\n", 0, dynamic) + 1 if dynamic is not None and is_own else None
    own_text = text if is_own else ""
    reads_types = _TYPES_EVER if is_own else _TYPES_AT_ONCE
    drivers = tuple(drivers_of([own_text]))
    libraries = _LIBRARY.findall(text) if _FINDS_LIBRARIES in marks else ()
    statements = read_statements(text)
    if not marks.isdisjoint(_BY_NAME):
        statements = _with_loops(statements, text)
    chosen = dict.fromkeys(_CHOSEN.findall(text)[:_MOST_CHOSEN]) if _BY_ITSELF in statements.short else ()
    return ReadModule(
        named_in(statements),
        not marks.isdisjoint(_LISTS_APPLICATIONS),
        not marks.isdisjoint(_PLUGINS),
        line,
        tuple(dict.fromkeys(found["package"] for found in _matches(_PREFIX, marks.intersection(_BY_NAME), text))),
        drivers,
        frozenset(_ASSIGNED.findall(text) if dynamic is not None else ()),
        _starts_programs(content, marks),
        _commands(text, statements),
        frozenset(libraries),
        tuple(chosen),
        _enabled(text),
        _set_up(own_text),
        _engines(own_text),
        dynamic is not None and _goes_through_installed(text),
        not marks.isdisjoint(_PLUGINS) and _ALL_PLUGINS.search(text) is not None,
        not marks.isdisjoint(_PLUGINS) and _CHOOSES_PLUGINS.search(text) is not None,
        takes_distributions(content),
        _TYPES in marks and reads_types.search(text) is not None,
        read_own_conditions(own_text),
    )


def _plain(text: str) -> str:
    """Return a source with plain ends of lines, without the marks that editors put in front of some."""
    text = text.removeprefix("\ufeff")
    if "\f" in text or "\r" in text:
        text = text.replace("\f", "").replace("\r\n", "\n").replace("\r", "\n")
    return text


def _goes_through_installed(text: str) -> bool:
    """True if code may find what is installed without its name; what its documentation says of that does not count."""
    if _INSTALLED.search(text) is None and _OF_PATH.search(text) is None:
        return False
    code = without_documentation(text)
    if _INSTALLED.search(code) is not None:
        return True
    harmless = (_PUT_BACK,) if _LISTS.search(code) is not None else (_PUT_BACK, _KEPT)
    places = (loop.start() for loop in _OF_PATH.finditer(code))
    return any(not (_stands_behind(harmless, code, place) or _becomes_path(code, place)) for place in places)


def _becomes_path(code: str, place: int) -> bool:
    """True for a list that its function makes the path, and does nothing else with, nor lists anything."""
    named = _NAMED_LIST.search(code, max(0, place - _LONGEST_BEFORE), place)
    if named is None:
        return False
    end = _TOP.search(code, place)
    function = code[code.rfind("\ndef ", 0, place) + 1 : end.start() if end else len(code)]
    inside = _SHORT_STRING.sub("''", function)
    name = re.escape(named["name"])
    made = rf"{name}[ \t]*=[ \t]*\[|{name}\.(?:insert|remove|append)\("
    uses = rf"(?<![\w.])(?:{made})|\b(?:if|while)[ \t]+\w+[ \t]+(?:not[ \t]+)?in[ \t]+{name}[ \t]*:"
    path = rf"\bsys\.path[ \t]*=[ \t]*{name}[ \t]*(?:\n|\Z)"
    known = len(re.findall(uses, inside)) + (found := len(re.findall(path, inside)))
    is_known = known == len(re.findall(rf"(?<![\w.]){name}\b", inside))
    return found > 0 and is_known and _LISTS.search(inside) is None


def _stands_behind(patterns: Iterable["re.Pattern[str]"], code: str, place: int) -> bool:
    return any(pattern.search(code, max(0, place - _LONGEST_BEFORE), place) for pattern in patterns)


def takes_distributions(content: bytes) -> bool:
    """True if code may load from distributions that it takes by their own names."""
    return any(one in content for one in _LOADS) and _TAKES_DISTRIBUTIONS.search(content) is not None


def _with_loops(statements: ImportsAndStrings, text: str) -> ImportsAndStrings:
    """Return what a module imports, with what loops of its own list: `for name in ("a", "b"): __import__(name)`."""
    found = [name for loop in _LOOP.finditer(text) for name in _IN_LOOP.findall(loop["names"])]
    imports = (ImportedName(name, None, 1, is_lazy=False) for name in found)
    return msgspec.structs.replace(statements, imports=(*statements.imports, *imports))


def _enabled(text: str) -> tuple[str, ...]:
    """Return the modules in lists of what is enabled where it can be."""
    lists = _ENABLED.findall(text) if _ENABLES_BY_ITSELF in text else []
    return tuple(dict.fromkeys(_LISTED.findall(" ".join(lists))))


def _set_up(text: str) -> tuple[str, ...]:
    return tuple(sorted({first or second for first, second in _SET_UP.findall(text)}))


def _engines(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(_ENGINE.findall(text))))


def _commands(text: str, statements: ImportsAndStrings) -> frozenset[str]:
    """Return what the strings state as names of programs; of f-strings with strings in them, all code counts."""
    commands = in_strings((*statements.whole, *statements.long))
    if any("{" in one and one.rfind("{") > one.rfind("}") for one in statements.short):
        commands |= {word.decode("utf-8", "replace") for word in in_code(text.encode())}
    return commands


def _matches(pattern: "re.Pattern[str]", beginnings: Iterable[bytes], text: str) -> "list[re.Match[str]]":
    """Return the matches of a pattern, in order, each of which begins with one of some texts."""
    found = (pattern.match(text, place) for beginning in beginnings for place in _places(beginning.decode(), text))
    return sorted(filter(None, found), key=lambda match: match.start())


def _places(part: str, text: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _first_dynamic(text: str, marks: frozenset[bytes]) -> int | None:
    """Return the place of the first import of a name that is made at run time, or of code that is executed."""
    places = [match.start() for match in _matches(_DYNAMIC, marks.intersection(_MADE), text)[:1]]
    for place in _places(_EXECUTES.decode(), text) if _EXECUTES in marks else ():
        start = place
        while start and text[start - 1].isspace():
            start -= 1
        if start == 0 or "\n" in text[start:place]:
            places.append(text.find("\n", start, place) + 1)
            break
    return min(places, default=None)


def is_read(path: str, files: Files) -> bool:
    """True if a module that is not the program's own was read before."""
    return files.is_cached((ReadModule, path, False))


def starts_programs(content: bytes) -> bool:
    """True if code may start programs."""
    return _starts_programs(content, _MARKS.among(content))


def _starts_programs(content: bytes, marks: frozenset[bytes]) -> bool:
    """True if code may start programs; what comments and documentation say of processes starts none."""
    if not _has_start(content, marks):
        return False
    code = without_documentation(content.decode("utf-8", "replace")).encode("utf-8", "replace")
    return _has_start(code, _MARKS.among(code))


def _has_start(content: bytes, marks: frozenset[bytes]) -> bool:
    if not marks.isdisjoint(_STARTS):
        return True
    return any(pattern.search(content) for mark, pattern in _OF_SYSTEM.items() if mark in marks)


def _own(content: bytes) -> ReadModule:
    return read_code(content.decode("utf-8", "replace"), is_own=True)


def _library(content: bytes) -> ReadModule:
    return read_code(content.decode("utf-8", "replace"), is_own=False)
