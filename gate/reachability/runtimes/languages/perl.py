"""Perl: from the script that is started to the modules that it uses (perlfunc, "require"; perlvar, "@INC")."""

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
from gate.reachability.runtimes.walk.graph import SYSTEM, UNKNOWN, Because, Gap, Opened, Reached, StartedProgram, Step
from gate.reachability.runtimes.walk.per_image import cached_per_image

_PROGRAM = re.compile(r"perl(?:5[\d.]*)?")
_SOURCES = (".pl", ".pm", ".psgi", ".t")
_LIBRARIES = re.compile(
    r"(?:etc/perl|usr/(?:local/)?(?:lib|share)/(?:[\w-]+-linux-gnu\w*/)?perl(?:5|-base)?)(?:/5[\d.]*)?"
)
"""Folders of `@INC`, as Debian, Alpine, Fedora and Perl's own installation lay them out."""
_DEPTH = 4
_USE = re.compile(r"[\n;{}][ \t]*(?P<word>use|no|require)[ \t]+(?P<module>[A-Za-z_]\w*(?:::\w+)*)")
"""In a text with a line's end in front: a pattern that begins with one of a few signs is found fastest."""
_TRIED = re.compile(r"\beval\s*\{[^;}]*$")
"""In front of what is loaded if it is there."""
_LONGEST_TRY = 200
_DOCUMENTATION = re.compile(r"\n=[a-zA-Z](?s:.*?)(?:^=cut\b.*$|\Z)", re.MULTILINE)
_AT_LOAD = re.compile(r"(?:use[ \t]+constant|our|my|eval|BEGIN)\b")
"""Beginnings of statements that are run when a module is loaded: what is tried in them is loaded if it is there."""
_OUTERMOST = re.compile(r"^(?=[^\s)}#])", re.MULTILINE)
_LONGEST_STATEMENT = 400
_BASES = re.compile(r"[\n;{}][ \t]*use[ \t]+(?:base|parent)\b(?P<names>[^;]{0,500})")
_OF_MOOSE = re.compile(r"[\n;{}][ \t]*(?:extends|with)\b[\s(]*(?P<names>[\"'q][^;]{1,500})")
"""What Moose, Moo and Mouse load when a class is declared (Moose documentation, "Moose::Manual::Classes")."""
_PARTS = re.compile(
    r"[\n;{}][ \t]*use[ \t]+(?P<module>[A-Z]\w*(?:::\w+)*)[ \t]+(?P<names>(?:qw[ \t]*[(/{\[]|[\"'])[^;]{1,500})"
)
_PART = re.compile(r"(?<![\w:$@%&-])[A-Z]\w*(?:::\w+)*")
"""A part of a module that it is asked to load: `use POE qw(Wheel::Run)` (POE documentation, "Loading modules")."""
_USE_LIB = re.compile(r"[\n;{}][ \t]*use[ \t]+lib\b(?P<names>[^;]{1,500})")
_QUOTED = re.compile(r"""["']([^"'\n]{1,300})["']""")
_VARIABLE = re.compile(r"^\$\{?[\w:]+\}?")
_LOADED_IF = re.compile(r"[\n;{}][ \t]*(?:use|no)[ \t]+(?:if|autouse)\b(?P<names>[^;]{1,500})")
_WORD = re.compile(r"[A-Za-z_]\w*(?:::\w+)*")
_SHARED = frozenset(
    {"bin", "etc", "home", "opt", "root", "srv", "usr", "usr/bin", "usr/lib", "usr/local", "usr/share", "var"}
)
"""Folders of many programs."""
_CATALYST = re.compile(r"[\n;{}][ \t]*use[ \t]+Catalyst\b(?!::)(?P<names>[^;]{0,1000})")
_PLUGIN = re.compile(r"(?<![\w:-])\+?[A-Z]\w*(?:::\w+)*")
_COMPONENTS = ("Controller", "C", "Model", "M", "View", "V")
"""Folders below an application of Catalyst of which it loads every module (Catalyst, "setup_components")."""
_FILE = re.compile(r"""\b(?:require|do)[ \t]*\(?[ \t]*["'](?P<file>[\w./-]{1,200})["']""")
_DYNAMIC = re.compile(r"^[^#\n]*\brequire[ \t]*\(?[ \t]*\$", re.MULTILINE)
_DRIVER = re.compile(r"\bdbi:(?P<driver>\w{2,30})(?=[:(])", re.IGNORECASE)
"""A data source of DBI."""
_APPLICATIONS = (".psgi", ".pl")
_NAME = re.compile(r"[A-Za-z_]\w*(?:::\w+)+|\b[A-Z]\w+")
_FOR_DEVELOPERS = ("Lint", "StackTrace", "AccessLog")
"""What plackup puts around an application while it is developed (Plack documentation, "plackup")."""
_MAX_MODULES = 20_000
_OPTION = re.compile(r"(?<!\S)-?([MmID]\S*)")
"""An option in PERL5OPT, with or without a dash (perlrun)."""
_CORE = ("strict", "warnings", "Config", "Exporter", "vars", "utf8")


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of Perl, and for one of its files."""
    if isinstance(reached, StartedProgram):
        return _PROGRAM.fullmatch(posixpath.basename(reached.program)) is not None
    return reached.path.endswith(_SOURCES)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the modules that a script or module uses."""
    if isinstance(reached, StartedProgram):
        return errors_as_gaps(SYSTEM, reached.program, _started(reached, files))
    return errors_as_gaps(SYSTEM, reached.path, _used_by(reached.path, files.text(reached.path), files, ()))


def _started(started: StartedProgram, files: Files) -> Iterator[Step]:
    stated, script, code = _arguments(started)
    inside = tuple(posixpath.join("/", started.folder, folder) for folder in stated)
    for module in _CORE:
        yield from _module(module, Because(started.program, "uses"), files, inside)
    if code:
        yield from _used_by(started.program, code, files, inside)
    if script is None and code:
        return
    if script is None or UNKNOWN in script:
        yield Gap(kind=SYSTEM, reason="which script Perl runs is not known", path=started.program)
    elif entry := files.find(path := posixpath.join("/", started.folder, script)):
        yield Opened(path=path, because=Because(started.program, "runs"))
        yield from _used_by(entry.path, files.text(entry.path), files, inside)
        yield from _given(started, script, entry.path, files, inside)


def _given(started: StartedProgram, script: str, path: str, files: Files, inside: tuple[str, ...]) -> Iterator[Step]:
    """Yield the application that is an argument of the script, and the server that Plack shall use."""
    words = started.arguments[started.arguments.index(script) + 1 :]
    for word in words:
        given = files.find(posixpath.join("/", started.folder, word)) if word.endswith(_APPLICATIONS) else None
        if given is not None:
            yield Opened(path=given.path, because=Because(path, "is given"))
            yield from _used_by(given.path, files.text(given.path), files, (*inside, f"{started.folder}/lib"))
    servers = [value or following for name, value, following in _options(words) if name in ("-s", "--server")]
    if posixpath.basename(path) == "plackup" and _is_for_development(words, started):
        for name in _FOR_DEVELOPERS:
            because = Because(path, f"wraps the application in {name}")
            yield from _module(f"Plack::Middleware::{name}", because, files, inside)
    for server in (*servers, posixpath.basename(path).capitalize()):
        if re.fullmatch(r"\w+(?:::\w+)*", server):
            yield from _module(f"Plack::Handler::{server}", Because(path, f"serves with {server}"), files, inside)


def _is_for_development(words: tuple[str, ...], started: StartedProgram) -> bool:
    """True for Plack's default environment."""
    stated = [value or following for name, value, following in _options(words) if name in ("-E", "--env")]
    return (started.variable("PLACK_ENV") or [*stated, "development"][0]) == "development"


def _options(words: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Yield each word's part before and behind `=`, and the next word."""
    for word, following in pairwise((*words, "")):
        name, _, value = word.partition("=")
        yield name, value, following


def _arguments(started: StartedProgram) -> tuple[tuple[str, ...], str | None, str]:
    """Return the folders that come before `@INC`, the script, and the code of `-e` and `-M`, also in PERL5OPT."""
    inside = list(filter(None, (started.variable("PERL5LIB") or "").split(":")))
    debugger = started.variable("PERL5DB") if any(word.startswith("-d") for word in started.arguments) else None
    code = [f"{debugger};\n"] if debugger else []
    following = iter((*_OPTION.sub(r"-\1", started.variable("PERL5OPT") or "").split(), *started.arguments))
    for word in following:
        if word == "-I":
            inside.append(next(following, ""))
        elif word.startswith("-I"):
            inside.append(word[2:])
        elif word.startswith(("-d:", "-dt:")):
            code.append(f"use Devel::{word.partition(':')[2].partition('=')[0]};\n")
        elif word[:2] in ("-M", "-m"):
            code.append(f"use {word[2:].partition('=')[0]};\n")
        elif re.fullmatch(r"-\w*[eE]", word):
            return tuple(inside), None, "".join(code) + next(following, "")
        elif not word.startswith("-"):
            return tuple(inside), word, "".join(code)
    return tuple(inside), None, "".join(code)


def _used_by(path: str, text: str, files: Files, inside: tuple[str, ...]) -> Iterator[Step]:
    text = _DOCUMENTATION.sub("\n\n", "\n" + text.partition("\n__END__")[0])
    is_library = path.startswith(tuple(f"{folder}/" for folder in _folders(files)))
    stated = () if is_library else tuple(_stated_folders(path, text))
    own = (*inside, *stated, *([posixpath.dirname(path)] if is_library else _above(path)))
    own = (*own, f"{posixpath.dirname(posixpath.dirname(path))}/lib")
    yield from _perhaps(path, text, files, own, is_library=is_library)
    for found in _USE.finditer(text):
        start = found.start("word")
        is_tried = _TRIED.search(text, max(0, found.start() - _LONGEST_TRY), start) is not None
        is_late = is_library and found["word"] == "require" and text[start - 1 : start] in (" ", "\t")
        is_certain = not (is_tried or is_late) or _is_at_load(text, start)
        for step in _module(found["module"], Because(path, f"uses {found['module']}"), files, own):
            yield msgspec.structs.replace(step, is_certain=is_certain)
    for how, name in _stated(text, is_library=is_library):
        yield from _module(name, Because(path, f"{how} {name}"), files, own)
    for found in _CATALYST.finditer(text) if not is_library and "Catalyst" in text else ():
        yield from _of_catalyst(path, found["names"], files, own)
    for found in _FILE.finditer(text) if "require" in text or "do" in text else ():
        for folder in (*own, *_folders(files)):
            yield Opened(path=posixpath.join("/", folder, found["file"]), because=Because(path, "requires"))
    if "require" in text and _DYNAMIC.search(text):
        yield from _any_module(path, files)


def _perhaps(path: str, text: str, files: Files, own: tuple[str, ...], *, is_library: bool) -> Iterator[Step]:
    """Yield as possible the modules that code may load by their names."""
    for name in _named(text, files, is_library=is_library):
        for step in _module(name, Because(path, f"may load {name}"), files, own):
            yield msgspec.structs.replace(step, is_certain=False)


def _stated_folders(path: str, text: str) -> Iterator[str]:
    """Yield the folders that `use lib` puts in front, also near the script (`"$FindBin::Bin/../lib"`)."""
    for found in _USE_LIB.finditer(text):
        for name in _QUOTED.findall(found["names"]):
            absolute = "" if name.startswith("/") else posixpath.dirname(path)
            yield posixpath.normpath(posixpath.join("/", absolute, _VARIABLE.sub("", name).lstrip("/")))


def _above(path: str) -> Iterator[str]:
    """Yield the folder of an own file and those above: one of them is that of its package's modules."""
    folder = posixpath.dirname(path)
    while folder and folder not in _SHARED:
        yield folder
        folder = posixpath.dirname(folder)


def _named(text: str, files: Files, *, is_library: bool) -> Iterator[str]:
    """Yield the modules that words name to what loads by names: any of own code, else with `use if`."""
    tails = _tails(files)
    words = set(_WORD.findall(text)) if not is_library else set()
    for found in _LOADED_IF.finditer(text) if "if" in text or "autouse" in text else ():
        words.update(_WORD.findall(found["names"]))
    for word in sorted(words & tails.keys()):
        yield from tails[word]


@cached_per_image
def _tails(files: Files) -> dict[str, list[str]]:
    """Return the modules of `@INC` by their names, and by what stands behind the first part of these (`Deflater`)."""
    tails: dict[str, list[str]] = {}
    folders = sorted((f"{folder}/" for folder in _folders(files)), key=len, reverse=True)
    for path in (path for path in _modules(files) if path.endswith(".pm")):
        inside = next(path.removeprefix(folder) for folder in folders if path.startswith(folder))
        name = inside.removesuffix(".pm").replace("/", "::")
        for tail in dict.fromkeys((name, "::".join(name.split("::")[2:]))):
            if tail:
                tails.setdefault(tail, []).append(name)
    return tails


def _stated(text: str, *, is_library: bool) -> Iterator[tuple[str, str]]:
    """Yield the modules that a source states, but for `use` alone, each behind how it leads to them."""
    yield from (("inherits from", name) for name in _inherited(text))
    for found in _DRIVER.finditer(text) if "dbi:" in text.lower() else ():
        yield "names in an address", f"DBD::{found['driver']}"
    for found in _PARTS.finditer(text) if not is_library else ():
        yield from (
            ("names a part of a module,", f"{found['module']}::{part}") for part in _PART.findall(found["names"])
        )


def _inherited(text: str) -> Iterator[str]:
    """Yield the classes and roles that a class is made of."""
    for found in _BASES.finditer(text) if "base" in text or "parent" in text else ():
        yield from _NAME.findall(found["names"])
    for found in _OF_MOOSE.finditer(text) if "extends" in text or "with" in text else ():
        yield from _NAME.findall(found["names"])


def _of_catalyst(path: str, names: str, files: Files, inside: tuple[str, ...]) -> Iterator[Step]:
    """Yield the plug-ins of an application of Catalyst, and its components."""
    for name in _PLUGIN.findall(names):
        module = name[1:] if name.startswith("+") else f"Catalyst::Plugin::{name}"
        yield from _module(module, Because(path, f"has the plug-in {name}"), files, inside)
    todo = [f"{path.removesuffix('.pm')}/{kind}" for kind in _COMPONENTS]
    because = Because(path, "loads all its components")
    while todo:
        folder = todo.pop()
        for inner in files.names(folder):
            if inner.endswith(".pm"):
                yield Opened(path=f"{folder}/{inner}", because=because)
            elif files.folder(f"{folder}/{inner}") == f"{folder}/{inner}":  # no link, that might lead upwards
                todo.append(f"{folder}/{inner}")


def _is_at_load(text: str, place: int) -> bool:
    """True if the statement around `place` begins at the outermost level, and is run when the file is loaded."""
    starts = [found.end() for found in _OUTERMOST.finditer(text, max(0, place - _LONGEST_STATEMENT), place)]
    return bool(starts) and _AT_LOAD.match(text, starts[-1]) is not None


def _module(name: str, because: Because, files: Files, inside: tuple[str, ...]) -> Iterator[Opened]:
    """Yield the first file on the way of `@INC`, with the compiled part of the module."""
    relative = name.replace("::", "/")
    folders = (*inside, *_folders(files))
    found = next((path for folder in folders if files.find(path := f"/{folder.strip('/')}/{relative}.pm")), None)
    if found is not None:
        yield Opened(path=found, because=because)
        for folder in folders:
            compiled = f"/{folder.strip('/')}/auto/{relative}/{posixpath.basename(relative)}.so"
            yield Opened(path=compiled, because=because)


@cached_per_image
def _folders(files: Files) -> tuple[str, ...]:
    """Return the folders of `@INC` that the image has."""
    found: list[str] = []
    todo = ["etc", "usr/lib", "usr/share", "usr/local/lib", "usr/local/share"]
    while todo:
        folder = todo.pop()
        if _LIBRARIES.fullmatch(folder):
            found.append(folder)
        for name in files.names(folder) if folder.count("/") < _DEPTH else ():
            path = f"{folder}/{name}"
            is_on_the_way = "perl" in name or name.endswith(("-linux-gnu", "-linux-gnueabihf")) or "perl" in folder
            if is_on_the_way and files.folder(path) is not None:
                todo.append(path)
    return tuple(sorted(found, key=_order))


def _order(folder: str) -> tuple[bool, bool, str]:
    """Return the sort key for `@INC`: other folders before Perl's own, and of these Debian's base first."""
    is_base = "/perl-base" in folder
    is_own = is_base or "/perl/" in f"{folder}/"
    return is_own, not is_base, folder


def _any_module(path: str, files: Files) -> Iterator[Step]:
    """Yield all modules as possible: a name that is made at run time may be that of any."""
    because = Because(path, "requires a module whose name is known only at run time")
    modules = _modules(files)
    yield from (Opened(path=module, because=because, is_certain=False) for module in modules[:_MAX_MODULES])
    if len(modules) > _MAX_MODULES:
        yield Gap(kind=SYSTEM, reason="requires a module whose name is known only at run time", path=path)


@cached_per_image
def _modules(files: Files) -> tuple[str, ...]:
    """Return all modules in the folders of `@INC`, with their compiled parts."""
    folders = tuple(f"{folder}/" for folder in _folders(files))
    below = (entry.path for entry in files.walk() if entry.path.startswith(folders))
    return tuple(path for path in below if path.endswith(".pm") or (path.endswith(".so") and "/auto/" in path))
