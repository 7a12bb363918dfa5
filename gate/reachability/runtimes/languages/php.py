"""PHP: the application that the interpreter or the web server runs, and packages behind Composer's autoloader.

A class is loaded when it is first used, and its name may be made at run time. So packages are in use whose classes a
reached file names, or which Composer loads at every start; for all others it is unknown.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from gate.reachability.runtimes.languages.own_sources import own_sources
from gate.reachability.runtimes.languages.php_lists import listed_classes
from gate.reachability.runtimes.languages.php_settings import extensions, given_extensions, include_path
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, Gap, Opened, Reached, StartedProgram, Step, opened
from gate.reachability.runtimes.walk.per_image import cached_per_image

KIND = "Packagist"
_PROGRAM = re.compile(r"php(?:\d[\d.]*)?|php-cgi[\d.]*|php-fpm[\d.]*|frankenphp")
_SERVER = re.compile(r"php-fpm[\d.]*|php-cgi[\d.]*|frankenphp|mod_php\S*")
_MODULE = re.compile(r"(?:lib|mod_)php[\d.]*\.so")
"""The interpreter as a part of Apache."""
_SOURCES = (".php", ".phtml", ".inc")
_AUTOLOAD = "vendor/composer/autoload_"
_INCLUDE = re.compile(
    r"""\b(?:require|include)(?:_once)?\s*\(?\s*(?:(?:(?P<dir>__DIR__|dirname\(\s*__FILE__\s*\)|dirname\(\s*__DIR__\s*\))|(?P<constant>[A-Z][A-Z0-9_]{1,60}))\s*\.\s*)?"""
    r"""["'](?P<file>[\w./@+-]{1,200})["']"""
)
_CLASS = re.compile(r"(?<![\w$>:\\])\\?(?P<name>[A-Za-z_]\w*(?:\\[A-Za-z_]\w*)+)")
_PLAIN = re.compile(r"\b(?:(?:new|extends|implements|instanceof)\s+(?P<name>[A-Za-z_]\w*)|(?P<static>[A-Za-z_]\w*)::)")
_GROUP = re.compile(r"\buse\s+(?:function\s+|const\s+)?\\?(?P<start>[\w\\]+)\\\{(?P<names>[^}]{1,2000})\}")
_ENTRY = re.compile(
    r"""(?:'(?P<key>(?:[^'\\]|\\.){0,300})'\s*=>\s*(?:array\()?|,\s*)?\$(?P<root>vendorDir|baseDir)\s*\.\s*'(?P<path>[^']{0,300})'"""
)
_START = "vendor/autoload.php"
_ENTRIES = (
    "index.php",
    "public/index.php",
    "web/index.php",
    "artisan",
    "bin/console",
    "www/index.php",
    "html/index.php",
)
_MAX_ROOTS = 1_000
_MAX_SAME = 100
"""Sources of the same name."""
_MAX_ABOVE = 5
"""Folders in which a file is looked for that is included by a constant: its source's, and those above."""


class Autoloader:
    """What Composer's generated files say: prefixes of classes and their folders, classes and their files."""

    def __init__(self, files: Files, root: str) -> None:
        self._files = files
        self._root = root
        self._prefixes: dict[str, list[tuple[str, str]]] = {}
        """By their first word."""
        for prefix, folder in (*self._entries("psr4"), *self._entries("namespaces")):
            self._prefixes.setdefault(prefix.partition("\\")[0], []).append((prefix, folder))
        self._classes = dict(self._entries("classmap"))
        self.always = [path for _, path in self._entries("files")]

    def _entries(self, kind: str) -> Iterator[tuple[str, str]]:
        path = f"{self._root}{_AUTOLOAD}{kind}.php"
        key = ""
        for found in _ENTRY.finditer(self._files.text(path)) if self._files.find(path) else ():
            key = key if found["key"] is None else found["key"].replace("\\\\", "\\")
            base = f"{self._root}vendor" if found["root"] == "vendorDir" else self._root.rstrip("/")
            yield key, f"{base}/{found['path'].lstrip('/')}"

    def files_of(self, name: str) -> Iterator[str]:
        """Yield where the class `name` may be."""
        if name in self._classes:
            yield self._classes[name]
        for prefix, folder in (*self._prefixes.get(name.partition("\\")[0], ()), *self._prefixes.get("", ())):
            if name.startswith(prefix):
                rest = name[len(prefix) :].lstrip("\\").replace("\\", "/")
                yield f"{folder.rstrip('/')}/{rest}.php"
                yield f"{folder.rstrip('/')}/{name.replace(chr(92), '/')}.php"


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of PHP, for its module in a web server, and for one of its files."""
    if isinstance(reached, StartedProgram):
        return _PROGRAM.fullmatch(posixpath.basename(reached.program)) is not None
    name = posixpath.basename(reached.path)
    return name.endswith(_SOURCES) or _MODULE.fullmatch(name) is not None


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the files that are included and those of the classes that are named."""
    if isinstance(reached, StartedProgram):
        return errors_as_gaps(KIND, reached.program, _started(reached, files))
    if not reached.path.endswith(_SOURCES):
        return errors_as_gaps(KIND, reached.path, chain(extensions("apache2", files), _served(reached.path, files)))
    return errors_as_gaps(KIND, reached.path, _used_by(reached.path, files))


def _started(started: StartedProgram, files: Files) -> Iterator[Step]:
    name = posixpath.basename(started.program)
    yield from extensions(name, files)
    yield from given_extensions(started, files)
    scripts = [word for word in started.arguments if not word.startswith("-") and UNKNOWN not in word]
    if _SERVER.fullmatch(name) or "-S" in started.arguments or not scripts:
        yield from _served(started.program, files)
        return
    yield from _loaded_by_name(started.program, files)
    yield Opened(path=posixpath.join("/", started.folder, scripts[0]), because=Because(started.program, "runs"))
    if entry := files.find(posixpath.join("/", started.folder, scripts[0])):
        yield from _used_by(entry.path, files)


def _served(path: str, files: Files) -> Iterator[Step]:
    """Yield the entry scripts of every application: which are served is said by the web server's settings."""
    yield from _loaded_by_name(path, files)
    for root in _autoloaders(files):
        for name in _ENTRIES:
            yield Opened(path=f"/{root}{name}", because=Because(path, "serves"))


def _loaded_by_name(path: str, files: Files) -> Iterator[Step]:
    """Yield the gap for packages, and the application's own sources, of which each may have a class that is named."""
    yield Gap(kind=KIND, reason="PHP loads classes by names that are known only at run time", path=path)
    yield from own_sources(path, _SOURCES, files)


@cached_per_image
def _autoloaders(files: Files) -> dict[str, Autoloader]:
    """Return the root folder of every application that Composer has set up (with `/` behind), and its autoloader."""
    roots = [entry.path.removesuffix(_START) for entry in files.walk() if f"/{entry.path}".endswith(f"/{_START}")]
    return {root: Autoloader(files, root) for root in roots[:_MAX_ROOTS]}


def _used_by(path: str, files: Files) -> Iterator[Step]:
    text = files.text(path)
    folder = posixpath.dirname(path)
    for found in _INCLUDE.finditer(text):
        there = [target for target in _targets(found, folder, files) if files.find(target) and target != f"/{path}"]
        yield from opened(there[:1], Because(path, "includes"))
        yield from opened(there[1:], Because(path, "may include"), is_certain=False)
    plain = dict.fromkeys(found["name"] or found["static"] for found in _PLAIN.finditer(text))
    yield from _of_classes(path, ((name, _file_near(name, folder, files)) for name in plain))
    listed = listed_classes(files)
    loader = next((one for root, one in _autoloaders(files).items() if path.startswith(root)), None)
    names = dict.fromkeys(_names(text)) if listed or loader else {}
    yield from _of_classes(path, ((name, listed.get(name.lower())) for name in names))
    if loader is None:
        return
    if path.endswith("vendor/autoload.php"):
        yield from (Opened(path=each, because=Because(path, "loads at every start")) for each in loader.always)
    yield from _of_classes(path, ((name, each) for name in names for each in loader.files_of(name)))


def _of_classes(path: str, found: Iterable[tuple[str, str | None]]) -> Iterator[Step]:
    """Yield the files of classes that a source names, each with the name; None: there is none."""
    for name, file in found:
        if file:
            yield Opened(path=file, because=Because(path, f"names the class {name[:100]}"))


def _targets(found: "re.Match[str]", folder: str, files: Files) -> Iterator[str]:
    """Yield where the file may lie that a source in `folder` includes; what a constant stands for is a folder above."""
    base = posixpath.dirname(folder) if (found["dir"] or "").endswith("(__DIR__)") else folder
    places = [base]
    if found["constant"]:
        places = list(islice(_with_those_above(folder), _MAX_ABOVE))
    elif not found["dir"] and not found["file"].startswith((".", "/")):
        places += include_path(files)
    file = found["file"].lstrip("/") if found["dir"] or found["constant"] else found["file"]
    return (posixpath.normpath(posixpath.join("/", place, file)) for place in places)


def _file_near(name: str, folder: str, files: Files) -> str | None:
    """Return the file named as a class in the folder of the source that names it, or the only one below."""
    sibling = f"{folder}/{name}.php"
    if files.find(sibling):
        return sibling
    paths = _by_name(files).get(name, ())
    below = [path for path in paths if path.startswith(f"{folder}/")] if len(paths) <= _MAX_SAME else []
    return below[0] if len(below) == 1 else None


@cached_per_image
def _by_name(files: Files) -> dict[str, list[str]]:
    """Return the sources of PHP by the name of the class that each may have."""
    found: dict[str, list[str]] = {}
    for entry in files.walk():
        if entry.path.endswith(".php"):
            found.setdefault(posixpath.basename(entry.path).removesuffix(".php"), []).append(entry.path)
    return found


def _with_those_above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


def _names(text: str) -> Iterator[str]:
    for found in _GROUP.finditer(text):
        for name in found["names"].split(","):
            yield f"{found['start']}\\{name.split(' as ')[0].strip()}"
    for found in _CLASS.finditer(text):
        yield found["name"]
