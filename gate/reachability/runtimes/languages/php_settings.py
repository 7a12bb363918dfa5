"""The extensions that PHP loads: those that its settings name (PHP manual, "Installation of PECL extensions").

Of each folder with settings that a distribution, or the official image, scans at every start.
"""

import fnmatch
import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import given
from gate.reachability.runtimes.walk.graph import Because, Opened, StartedProgram, Step, opened
from gate.reachability.runtimes.walk.per_image import cached_per_image

_SETTINGS = (
    ("etc/php", "*", ("cli", "fpm", "apache2", "cgi", "embed")),  # Debian: one folder a version, then one a server
    ("etc", "php*", ("",)),  # Alpine
    ("", "etc", ("",)),  # Fedora
    ("usr/local/etc", "php", ("",)),  # the official image
)
_KINDS = ("cli", "fpm", "cgi", "apache2")
_SCANNED = ("conf.d", "php.d")
_EXTENSIONS = ("usr/lib/php/*", "usr/lib64/php/modules", "usr/lib/php*/modules", "usr/local/lib/php/extensions/*")
_LINE = re.compile(r"^[ \t]*(?:zend_)?extension[ \t]*=[ \t]*[\"']?(?P<name>[\w./-]+)", re.MULTILINE)
_RUN = re.compile(
    r"^[ \t]*(?:auto_(?:prepend|append)_file|opcache\.preload)[ \t]*=[ \t]*[\"']?(?P<file>[^\s\"';]+)", re.MULTILINE
)
"""Sources that PHP runs without being named by another (PHP manual, "Description of core php.ini directives")."""
_MAX_FILES = 1_000
_INCLUDED = ("usr/share/php", "usr/local/lib/php", "usr/share/pear", "usr/share/php8")
"""Where PHP is built to look for what a source includes: Debian, the official image, Fedora and Alpine."""
_INCLUDE_PATH = re.compile(r"^[ \t]*include_path[ \t]*=[ \t]*[\"']?(?P<folders>[^\"'\n]+)", re.MULTILINE)


@cached_per_image
def include_path(files: Files) -> tuple[str, ...]:
    """Return the folders in which PHP looks for what a source includes by a name, apart from that of the source."""
    settings = (path for kind in _KINDS for path in list(_scanned(kind, files))[:_MAX_FILES])
    values = (found["folders"] for path in settings for found in _INCLUDE_PATH.finditer(files.text(path)))
    folders = [folder.strip("/ ") for one in values for folder in one.split(":") if folder.strip().startswith("/")]
    return tuple(folder for folder in dict.fromkeys((*folders, *_INCLUDED)) if files.folder(folder))


def given_extensions(started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield what options and variables have PHP load: extensions, and settings in other folders (php(1))."""
    because = Because(started.program, "is given")
    paths = [*(started.variable("PHP_INI_SCAN_DIR") or "").split(":"), started.variable("PHPRC") or ""]
    for word, following in pairwise((*started.arguments, "")):
        option, value = word[:2], word[2:] or following
        if option == "-c":
            paths.append(value)
        elif option == "-z":
            yield from _library(value, because, files)
        elif option == "-d":
            yield from _stated(value, because, started.folder, files)
            yield from given(started, (value.partition("=")[2],), because, files)
    stated = [posixpath.join("/", started.folder, path).strip("/") for path in paths if path]
    inside = (f"{path}/{name}" for path in stated for name in files.names(path) if name.endswith(".ini"))
    yield from _loaded_by([*(path for path in stated if files.find(path)), *inside], because, files)


def extensions(server: str, files: Files) -> Iterator[Step]:
    """Yield the settings that the program `server` reads, and the libraries that they name."""
    yield from _loaded_by(list(_scanned(server, files)), Because(server, "reads"), files)


def _loaded_by(paths: list[str], because: Because, files: Files) -> Iterator[Step]:
    for path in paths[:_MAX_FILES]:
        yield Opened(path=path, because=because)
        yield from _stated(files.text(path), Because(path, "loads"), "/", files)


def _stated(text: str, because: Because, folder: str, files: Files) -> Iterator[Step]:
    """Yield the extensions that settings name, and the sources that they have run before or after a script."""
    for found in _LINE.finditer(text):
        yield from _library(found["name"], because, files)
    for found in _RUN.finditer(text):
        places = (folder, *include_path(files))
        yield from opened((posixpath.join("/", place, found["file"]) for place in places), because, is_certain=False)


def _scanned(server: str, files: Files) -> Iterator[str]:
    """Yield the `.ini` files, those of another kind of server left out."""
    kind = next((name for name in _KINDS[1:] if name in server), "cli")
    for folder in _homes(kind, files):
        yield from (f"{folder}/{name}" for name in files.names(folder) if name == "php.ini")
        for scanned in (f"{folder}/{name}" for name in _SCANNED):
            yield from (f"{scanned}/{name}" for name in files.names(scanned) if name.endswith(".ini"))


def _homes(kind: str, files: Files) -> Iterator[str]:
    """Yield the folders that a kind of server has its settings in."""
    for base, pattern, servers in _SETTINGS:
        for version in fnmatch.filter(files.names(base), pattern):
            yield from (f"{base}/{version}/{one}".strip("/") for one in servers if one in (kind, ""))


def _library(name: str, because: Because, files: Files) -> Iterator[Step]:
    if "/" in name:
        yield Opened(path=name, because=because)
        return
    file = name if name.endswith(".so") else f"{name}.so"
    for pattern in _EXTENSIONS:
        above, _, last = pattern.rpartition("/")
        for middle in fnmatch.filter(files.names(above.rpartition("/")[0]), above.rpartition("/")[2]):
            folder = f"{above.rpartition('/')[0]}/{middle}"
            folders = [f"{folder}/{one}" for one in fnmatch.filter(files.names(folder), last)]
            yield from opened((f"{one}/{file}" for one in folders), because)
