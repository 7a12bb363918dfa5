"""R: the script or expression that it is given, the packages that these load, and what those import.

Sources: Rscript(1), R(1), "R Installation and Administration" (6, 7) and "Writing R Extensions" (1.1, 1.5). Any other
package may be loaded by its name, which code may make at run time; which programs packages name is found by `mentions`.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice, pairwise

import msgspec

from gate.reachability.runtimes.walk.commands import program_at, starting
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import given, given_to_wrapper, of_environment
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
from gate.trees.memo import Analysis

_STARTER = "Rscript"
_MACHINE = re.compile(r"(?:^|/)bin/exec/R$")
_HOME = "/usr/lib/R"
_OF_SCRIPT = re.compile(r"^R_HOME_DIR=[\"']?(?P<home>/[\w./+-]+)", re.MULTILINE)
_STARTING_OTHERS = frozenset({"CMD", "-d", "--debugger"})
"""Words with which the script R starts other programs than its machine."""
_ALWAYS = ("base", "compiler", "tools")
_DEFAULT = "datasets,utils,grDevices,graphics,stats,methods"
"""Packages that are attached where R_DEFAULT_PACKAGES names no others."""
_LIBRARIES = ("/usr/local/lib/R/site-library", "/usr/local/lib/R/library")
_ENDINGS = (".R", ".r", ".Rprofile", "Rprofile.site", ".Rmd")
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_LOADED = re.compile(
    r"\b(?:library|require|requireNamespace|loadNamespace|attachNamespace)[ \t]*\(\s*(?:package\s*=\s*)?"
    r"[\"']?(?P<name>[A-Za-z][\w.]*)[\"']?\s*[,)]|(?<![\w.])(?P<space>[A-Za-z][\w.]*):::?[\w.`]"
)
_READ = re.compile(
    r"\b(?:source|sys\.source|plumb|pr|runApp|render|parse)[ \t]*\(\s*(?:\w+\s*=\s*)?[\"'](?P<path>[^\"']+)"
)
_BY = r"(?<![\w.$])(?:%s)[ \t]*\(\s*(?![\"')\s])"
_STARTED = re.compile(_BY % r"system2?|shell|pipe|popen")
"""A start of a program that is no literal."""
_STARTED_BY_PACKAGES = re.compile(_BY % r"system2?|shell|pipe|popen|run|process\$new|exec_\w+")
_STARTING = re.compile(r"\b(?:processx|sys)\b")
"""Packages that start programs by functions of other names."""
_IMPORTED = re.compile(r"^[ \t]*import(?:(?:Classes|Methods)?From)?[ \t]*\((?P<names>[^()]*)", re.MULTILINE)
_DEPENDS = re.compile(r"^Depends:(?P<names>.*(?:\n[ \t].*)*)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z][\w.]+")
_VERSION = re.compile(r"\([^()]*\)")
_MAX_PACKAGES = 2_000
_MAX_SOURCES = 500


class _Source(msgspec.Struct, frozen=True, array_like=True):
    """What a source of R states."""

    packages: list[str]
    sources: list[str]
    """Paths of what it reads as code."""
    started: int
    """The line that starts a program which is known only at run time; 0 if none does."""


def _read(content: bytes) -> _Source:
    text = _COMMENT.sub("", content.decode("utf-8", "replace"))
    packages = dict.fromkeys(found["name"] or found["space"] for found in _LOADED.finditer(text))
    sources = dict.fromkeys(found["path"] for found in _READ.finditer(text))
    started = (_STARTED_BY_PACKAGES if _STARTING.search(text) else _STARTED).search(text)
    return _Source(list(packages), list(sources), text.count("\n", 0, started.start()) + 1 if started else 0)


def _imported(content: bytes) -> list[str]:
    """Return the packages that a NAMESPACE imports: all names of `import(…)`, the first of the other forms."""
    text = _COMMENT.sub("", content.decode("utf-8", "replace"))
    found = []
    for one in _IMPORTED.finditer(text):
        names = _NAME.findall(one["names"])
        found += names if one[0].lstrip().startswith("import(") else names[:1]
    return list(dict.fromkeys(found))


def _depended(content: bytes) -> list[str]:
    """Return the packages that a DESCRIPTION depends on."""
    found = _DEPENDS.finditer(content.decode("utf-8", "replace"))
    return [name for one in found for name in _NAME.findall(_VERSION.sub("", one["names"]))]


_SOURCE = Analysis("what a source of R loads and starts", _Source, _read)
_IMPORTS = Analysis("what a package of R imports", list[str], _imported)
_DEPENDENCIES = Analysis("what a package of R depends on", list[str], _depended)


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of R or of Rscript, and for a source of R."""
    if isinstance(reached, StartedProgram):
        return posixpath.basename(reached.program) == _STARTER or _MACHINE.search(reached.program) is not None
    return reached.path.endswith(_ENDINGS) and files.find(reached.path) is not None


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the machine for Rscript; for the machine its packages and script; for a source what it loads."""
    if not isinstance(reached, StartedProgram):
        yield from _loaded_by(files.analysed(reached.path, _SOURCE), reached.path, files)
        return
    yield from of_environment(reached, files)
    if posixpath.basename(reached.program) == _STARTER:
        yield from _started(reached, files)
        return
    because = Because(reached.program, "loads")
    libraries = _libraries(reached, files)
    default = reached.variable("R_DEFAULT_PACKAGES") or _DEFAULT
    yield from _packages([*_ALWAYS, *_NAME.findall(default)], because, libraries, files)
    yield from _others(Because(reached.program, "may load"), libraries, files)
    yield from _run(reached, files)


def launched_by_r(
    shell: StartedProgram, path: str, words: tuple[str, ...], files: Files
) -> list[StartedProgram] | None:
    """Return the start of R's machine by the script `R`; None for any other script, and where it starts others."""
    entry = files.find(path)
    if entry is None or not entry.path.endswith("/bin/R") or _STARTING_OTHERS.intersection(words):
        return None
    stated = _OF_SCRIPT.search(files.text(entry.path))
    machine = f"{stated['home']}/bin/exec/R" if stated else ""
    if stated is None or files.find(machine) is None:
        return None
    environment = tuple(sorted({**dict(shell.environment), "R_HOME": stated["home"]}.items()))
    started = starting(shell, machine, words, Because(entry.path, "starts"))
    return [msgspec.structs.replace(started, environment=environment)]


def _started(script: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the start of R with the words that Rscript makes of its own."""
    options: list[str] = []
    words = list(script.arguments)
    while words and words[0].startswith("-"):
        option = words.pop(0)
        options.append(option)
        if option == "-e" and words:
            options.append(words.pop(0))
    if "-e" not in options and words:
        options.append(f"--file={words.pop(0)}")
    because = Because(script.program, "starts")
    program = f"{_HOME}/bin/R" if files.find(f"{_HOME}/bin/R") else program_at("R", script, files)
    if program is None:
        yield Gap(kind=EVERYTHING, reason="starts R, which is not where it is looked for", path=script.program)
    else:
        rest = ("--args", *words) if words else ()
        yield starting(script, program, ("--no-echo", "--no-restore", *options, *rest), because)


def _run(machine: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the script, or what an expression loads, and what the words for these name."""
    words = machine.arguments
    place = words.index("--args") if "--args" in words else len(words)
    because = Because(machine.program, "runs")
    for option, word in pairwise((*words[:place], "")):
        script = word if option in ("-f", "--file") else option.partition("--file=")[2]
        expression = word if option == "-e" else ""
        if UNKNOWN in script + expression:
            yield Gap(kind=EVERYTHING, reason="runs code of R that is known only at run time", path=machine.program)
        elif script:
            yield from _script(posixpath.join("/", machine.folder, script), because, files)
        elif expression:
            yield from given_to_wrapper(machine, (expression,), because, files)
            read = _read(expression.encode())
            yield from _loaded_by(read, machine.program, files, folder=machine.folder)
    yield from given(machine, words[place + 1 :], Because(machine.program, "is given"), files)


def _script(path: str, because: Because, files: Files) -> Iterator[Step]:
    """Yield a script and what it loads: it may have any name, and may be what was started itself."""
    yield Opened(path=path, because=because)
    entry = files.find(path)
    if entry is not None:
        yield from _loaded_by(files.analysed(entry.path, _SOURCE), entry.path, files)


def _loaded_by(read: _Source, path: str, files: Files, folder: str | None = None) -> Iterator[Step]:
    """Yield what a source, or an expression, loads and reads; a start of a program that it does not state is a gap."""
    yield from _packages(read.packages, Because(path, "loads"), _known_libraries(files), files)
    for source in read.sources:
        for place in dict.fromkeys((posixpath.dirname(path) if folder is None else folder, "")):
            yield from _sources(posixpath.join("/", place, source), Because(path, "reads"), files)
    if read.started:
        reason = "starts a program that is known only at run time"
        yield Gap(kind=EVERYTHING, reason=reason, path=path, line=read.started)


def _sources(path: str, because: Because, files: Files) -> Iterator[Opened]:
    """Yield a source, or those in a folder."""
    yield from opened((path,), because)
    if files.find(path) is None and (folder := files.folder(path)) is not None:
        inside = (one for one in files.below(folder) if one.endswith(_ENDINGS))
        yield from opened(islice(inside, _MAX_SOURCES), because)


def _known_libraries(files: Files) -> list[str]:
    homes = (f"{_HOME}/site-library", f"{_HOME}/library", "/usr/local/lib/R/library", "/opt/R/library")
    return [path for path in (*_LIBRARIES, *homes) if files.folder(path) is not None]


def _libraries(machine: StartedProgram, files: Files) -> list[str]:
    """Return the folders in which R looks for packages."""
    home = machine.variable("R_HOME") or posixpath.join("/", machine.program.removesuffix("/bin/exec/R"))
    stated = [
        word
        for name in ("R_LIBS", "R_LIBS_USER", "R_LIBS_SITE")
        for word in (machine.variable(name) or "").split(":")
        if word and UNKNOWN not in word
    ]
    places = (*stated, f"{home}/site-library", f"{home}/library")
    return list(dict.fromkeys([*(one for one in places if files.folder(one) is not None), *_known_libraries(files)]))


def _packages(names: list[str], because: Because, libraries: list[str], files: Files) -> Iterator[Opened]:
    """Yield the files of packages and of all that these import or depend on."""
    reasons = dict.fromkeys(names, because)
    todo = list(names)
    while todo and len(reasons) < _MAX_PACKAGES:
        name = todo.pop()
        folder = next((f"{one}/{name}" for one in libraries if files.find(f"{one}/{name}/DESCRIPTION")), None)
        if folder is None:
            continue
        yield from _code(folder, name, reasons[name], files)
        for path, analysis in ((f"{folder}/NAMESPACE", _IMPORTS), (f"{folder}/DESCRIPTION", _DEPENDENCIES)):
            entry = files.find(path)
            for other in files.analysed(entry.path, analysis) if entry is not None else ():
                if other not in reasons:
                    reasons[other] = Because(path, "imports")
                    todo.append(other)


def _code(folder: str, name: str, because: Because, files: Files) -> Iterator[Opened]:
    """Yield a package's code and the compiled part that has its name; another may be loaded."""
    yield from opened((f"{folder}/Meta/package.rds", f"{folder}/R/{name}.rdb"), because)
    libraries = f"{folder}/libs"
    own = {f"{name}.so", f"{name.replace('.', '_')}.so"}
    for one in files.names(libraries):
        if one.endswith(".so"):
            yield Opened(path=f"{libraries}/{one}", because=because, is_certain=one in own)


def _others(because: Because, libraries: list[str], files: Files) -> Iterator[Opened]:
    """Yield the packages that may be loaded by their names: all that are installed."""
    names = ((one, name) for one in libraries for name in files.names(one))
    for library, name in islice(names, _MAX_PACKAGES):
        for step in _code(f"{library}/{name}", name, because, files):
            yield msgspec.structs.replace(step, is_certain=False)
