"""Perl: from the script that is started to the modules that it uses (perlfunc, "require"; perlvar, "@INC")."""

import posixpath
import re
from collections.abc import Iterator

from gate.images.in_use.files import Files
from gate.images.in_use.graph import SYSTEM, UNKNOWN, Because, Gap, Opened, Reached, Started, Step
from gate.images.in_use.guarded import guarded
from gate.images.in_use.once import once_an_image

_PROGRAM = re.compile(r"perl(?:5[\d.]*)?")
_SOURCES = (".pl", ".pm", ".psgi", ".t")
_LIBRARIES = re.compile(
    r"(?:etc/perl|usr/(?:local/)?(?:lib|share)/(?:[\w-]+-linux-gnu\w*/)?perl(?:5|-base)?)(?:/5[\d.]*)?"
)
"""Folders of `@INC`, as Debian, Alpine, Fedora and Perl's own installation lay them out."""
_DEPTH = 4
_USE = re.compile(r"(?:^|[;{}])[ \t]*(?:use|no|require)[ \t]+(?P<module>[A-Za-z_]\w*(?:::\w+)*)", re.MULTILINE)
_BASES = re.compile(r"(?:^|[;{}])[ \t]*use[ \t]+(?:base|parent)\b(?P<names>[^;]{0,500})", re.MULTILINE)
_FILE = re.compile(r"""\b(?:require|do)[ \t]*\(?[ \t]*["'](?P<file>[\w./-]{1,200})["']""")
_DYNAMIC = re.compile(r"^[^#\n]*\brequire[ \t]*\(?[ \t]*\$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_]\w*(?:::\w+)+|\b[A-Z]\w+")
_MAX_MODULES = 20_000
_CORE = ("strict", "warnings", "Config", "Exporter", "vars", "utf8")


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of Perl, and for one of its files."""
    if isinstance(reached, Started):
        return _PROGRAM.fullmatch(posixpath.basename(reached.program)) is not None
    return reached.path.endswith(_SOURCES)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the modules that a script or module uses."""
    if isinstance(reached, Started):
        return guarded(SYSTEM, reached.program, _started(reached, files))
    return guarded(SYSTEM, reached.path, _used_by(reached.path, files.text(reached.path), files, ()))


def _started(started: Started, files: Files) -> Iterator[Step]:
    inside, script, code = _arguments(started)
    for module in _CORE:
        yield from _module(module, Because(started.program, "uses"), files, inside)
    if code:
        yield from _used_by(started.program, code, files, inside)
    elif script is None or UNKNOWN in script:
        yield Gap(kind=SYSTEM, reason="which script Perl runs is not known", path=started.program)
    elif entry := files.find(path := posixpath.join("/", started.folder, script)):
        yield Opened(path=path, because=Because(started.program, "runs"))
        yield from _used_by(entry.path, files.text(entry.path), files, inside)


def _arguments(started: Started) -> tuple[tuple[str, ...], str | None, str]:
    """Return the folders that come before `@INC`, the script, and the code of `-e` and `-M`."""
    inside = [folder for folder in (started.variable("PERL5LIB") or "").split(":") if folder]
    code: list[str] = []
    following = iter(started.arguments)
    for word in following:
        if word == "-I":
            inside.append(next(following, ""))
        elif word.startswith("-I"):
            inside.append(word[2:])
        elif word[:2] in ("-M", "-m"):
            code.append(f"use {word[2:].partition('=')[0]};\n")
        elif re.fullmatch(r"-\w*[eE]", word):
            return tuple(inside), None, "".join(code) + next(following, "")
        elif not word.startswith("-"):
            return tuple(inside), word, ""
    return tuple(inside), None, "".join(code)


def _used_by(path: str, text: str, files: Files, inside: tuple[str, ...]) -> Iterator[Step]:
    text = text.partition("\n__END__")[0]
    own = (*inside, posixpath.dirname(path), f"{posixpath.dirname(posixpath.dirname(path))}/lib")
    for found in _USE.finditer(text):
        yield from _module(found["module"], Because(path, f"uses {found['module']}"), files, own)
    for bases in _BASES.finditer(text):
        for name in _NAME.findall(bases["names"]):
            yield from _module(name, Because(path, f"inherits from {name}"), files, own)
    for found in _FILE.finditer(text):
        for folder in (*own, *_folders(files)):
            yield Opened(path=posixpath.join("/", folder, found["file"]), because=Because(path, "requires"))
    if _DYNAMIC.search(text):
        yield from _any_module(path, files)


def _module(name: str, because: Because, files: Files, inside: tuple[str, ...]) -> Iterator[Step]:
    """Yield the first file on the way of `@INC`, with the compiled part of the module."""
    relative = name.replace("::", "/")
    folders = (*inside, *_folders(files))
    found = next((path for folder in folders if files.find(path := f"/{folder.strip('/')}/{relative}.pm")), None)
    if found is not None:
        yield Opened(path=found, because=because)
        for folder in folders:
            compiled = f"/{folder.strip('/')}/auto/{relative}/{posixpath.basename(relative)}.so"
            yield Opened(path=compiled, because=because)


@once_an_image
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
    """Sort as `@INC` does: what was installed besides comes before Perl's own, and of that Debian's base first."""
    is_base = "/perl-base" in folder
    is_own = is_base or "/perl/" in f"{folder}/"
    return is_own, not is_base, folder


def _any_module(path: str, files: Files) -> Iterator[Step]:
    """Yield all modules: a name that only a run tells may be that of any."""
    because = Because(path, "requires a module whose name only a run tells")
    folders = tuple(f"{folder}/" for folder in _folders(files))
    modules = [entry.path for entry in files.walk() if entry.path.endswith(".pm") and entry.path.startswith(folders)]
    yield from (Opened(path=module, because=because, is_certain=False) for module in modules[:_MAX_MODULES])
    if len(modules) > _MAX_MODULES:
        yield Gap(kind=SYSTEM, reason="requires a module whose name only a run tells", path=path)
