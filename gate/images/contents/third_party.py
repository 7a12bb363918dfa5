"""Which files belong to published packages of languages, and so hold no secret of the image's authors.

Python lists each file (`RECORD`, PyPA's "Recording installed projects"); npm, Ruby and PHP have a folder for each
package. The standard library of a runtime is found by its program. A package that was installed from a folder, not from
an index (`direct_url.json`), is the authors' own.
"""

import csv
import io
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.core.folder_names import EXAMPLES, TESTS, WHOLE_TESTS, any_of
from gate.images.contents.published import published_distribution
from gate.inventory.installed.known_programs import BITNAMI, GENERIC
from gate.inventory.records.file_record import stated_sha256
from gate.model import Package
from gate.trees import EntryKind, FileTree
from gate.trees.memo import Analysis, analysed

_MAX_SIZE = 64 << 20
_LIBRARIES = {
    "golang": "{folder}",
    "java": "{folder}",
    "perl": "{prefix}/lib/perl5/{version}",
    "python": "{prefix}/lib/python{release}",
    "ruby": "{prefix}/lib/ruby/{release}.0",
}
"""Where the standard library of a runtime is that belongs to no package, by the folder of its program."""
_OF_OTHERS = ("/site-packages/", "/dist-packages/", "/site_ruby/", "/site_perl/")
"""Folders in a standard library into which packages are installed."""
_PYTHON_LIBRARY = re.compile(r"/?lib(?:64)?/python[0-9.]+/(?:site|dist)-packages$")


_CONFIGURATION = re.compile(
    r"(?:^|/)(?:\.[^/]*(?:env|rc|pass|credentials|htpasswd)[^/]*|[^/]*\.(?:env|tfvars|p12|pfx|jks|kdbx|pem|key)"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|(?:credentials?|secrets?|settings|config|local|production)\.(?:json|ya?ml|toml|ini|cfg|conf|properties))$"
)
"""Names of files that hold the settings of one installation."""
_FOR_TESTS = re.compile(rf"(?:^|/)(?:{any_of(TESTS, WHOLE_TESTS, EXAMPLES)})/")


def is_like_own_configuration(path: str) -> bool:
    """True for a file that looks like settings or a key of the image's authors, and not like a package's test data.

    Published packages contain hardly any, so in a package's folder it may be the authors' own.
    """
    return _CONFIGURATION.search(path) is not None and _FOR_TESTS.search(path) is None


class PublishedFile(msgspec.Struct, frozen=True):
    """What a published package states of one of its files."""

    package: str
    """Its name and version."""
    sha256: str
    """Digest of the file's content, as lower-case hexadecimal digits."""


class ThirdParty:
    """The files of packages of languages."""

    def __init__(self, tree: FileTree, packages: Sequence[Package]) -> None:
        """Read the packages' lists of files. Raises as `FileTree.read` does."""
        self._files: set[str] = set()
        self._parts: dict[str, PublishedFile] = {}
        self._folders: set[str] = set()
        for package in packages:
            match package.ecosystem:
                case "PyPI":
                    self._add_recorded(tree, package.path)
                case "npm":
                    self._folders.add(package.path.removesuffix("package.json").rstrip("/"))
                case "Packagist":
                    self._folders.add(package.path.removesuffix("composer/installed.json").rstrip("/"))
                case "RubyGems":
                    self._folders.update(_gem_folders(package))
                case _:
                    self._files.add(package.path)
        self._libraries = {_library(package) for package in packages if _is_runtime(package)}

    def part_of(self, path: str) -> PublishedFile | None:
        """Return what a published package states of a file that looks like settings; None if there is none."""
        return self._parts.get(path)

    def _add_recorded(self, tree: FileTree, metadata: str) -> None:
        recorded = dict(_recorded(tree, metadata))
        self._files.update(recorded)
        stated = {path: sha256 for path, sha256 in recorded.items() if sha256}
        published = published_distribution(tree.read(metadata).decode("utf-8", "replace")) if stated else ""
        if published:
            self._parts.update((path, PublishedFile(published, sha256)) for path, sha256 in stated.items())

    def __contains__(self, path: str) -> bool:
        parents = list(_parents(path))
        is_in_library = any(folder in self._libraries for folder in parents)
        return (
            path in self._files
            or any(folder in self._folders for folder in parents)
            or (is_in_library and not any(folder in path for folder in _OF_OTHERS))
        )


def _is_runtime(package: Package) -> bool:
    return package.ecosystem in (BITNAMI, GENERIC) and package.name in _LIBRARIES


def _library(package: Package) -> str:
    folder = posixpath.dirname(package.path)
    return _LIBRARIES[package.name].format(
        folder=folder,
        prefix=posixpath.dirname(folder),
        version=package.version,
        release=".".join(package.version.split(".")[:2]),
    )


def _parents(path: str) -> Iterable[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _recorded(tree: FileTree, metadata: str) -> Iterable[tuple[str, str]]:
    """Return the files of a distribution that was installed from an index, with the digests of those like settings."""
    home = metadata.rpartition("/")[0]
    own = tree.look_up(f"{home}/direct_url.json")
    record = tree.look_up(f"{home}/RECORD")
    if own is not None or record is None or record.kind is not EntryKind.FILE:
        return []
    folder = home.rpartition("/")[0]
    rows = analysed(tree, record.path, Analysis("files of a RECORD", list[tuple[str, str]], _rows), _MAX_SIZE)
    real = ((posixpath.normpath(posixpath.join(folder, path)), sha256) for path, sha256 in rows)
    installed = (f"{folder}/", *_data_folders(folder))
    return [(path, sha256) for path, sha256 in real if path.startswith(installed)]


def _data_folders(folder: str) -> Iterator[str]:
    """Yield the folders in which wheels install scripts, data and headers, of the same Python."""
    prefix = _PYTHON_LIBRARY.sub("", folder)
    if prefix != folder:
        start = f"{prefix}/" if prefix else ""
        yield from (f"{start}{name}/" for name in ("bin", "share", "include", "etc/jupyter"))


def _rows(content: bytes) -> list[tuple[str, str]]:
    """Return the relative paths, each with its SHA-256 digest if it looks like settings; others' are not asked for."""
    rows = csv.reader(io.StringIO(content.decode("utf-8", "backslashreplace")))
    relative = [row for row in rows if row and not row[0].startswith("/")]
    return [(row[0], stated_sha256("".join(row[1:2])) if is_like_own_configuration(row[0]) else "") for row in relative]


def _gem_folders(package: Package) -> Iterable[str]:
    home, found, name = package.path.rpartition("/specifications/")
    stem = name.removesuffix(".gemspec").rpartition("/")[2]
    return (f"{home}/gems/{stem}", f"{home}/extensions/{stem}") if found else ()
