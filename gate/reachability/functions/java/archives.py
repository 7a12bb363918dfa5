"""The classes and other entries of Java archives and folders of classes, archives inside of archives too.

A class is the application's own if it is not in an archive of a library: one with a version in its name, or below a
folder of libraries. What is in a folder of an application's classes is its own in any archive.
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.core.zip_errors import ZIP_DAMAGE
from gate.inventory.installed.archives import ENDINGS, MAX_DEPTH
from gate.trees import FileTree

MAX_ARCHIVE = 256 << 20
"""Bytes of one archive."""
MAX_ARCHIVES = 512 << 20
"""Bytes that are held of all archives, inner ones too."""
MAX_CLASS = 16 << 20
"""Bytes of one class."""
MAX_CLASSES = 200_000
MAX_TEXTS = 96 << 20
"""Bytes of entries and files that may name classes."""
_LIBRARY = re.compile(r"(?:^|/)[A-Za-z][\w.-]*-\d[\w.+-]*\.jar\Z", re.IGNORECASE)
_OF_LIBRARIES = re.compile(r"(?:BOOT-INF/lib|WEB-INF/lib|quarkus-app/lib)/[^!]*\Z")
_OF_APPLICATIONS = ("BOOT-INF/classes/", "WEB-INF/classes/")
"""Folders in an archive that only an application has."""
_INSIDE = re.compile(r"(?:(?:BOOT-INF|WEB-INF)/classes/|META-INF/versions/\d+/)+")
_FOLDER = re.compile(r".*?(?:^|/)(?:target/classes|build/classes/\w+/\w+|classes)/")
_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|ico|svg|webp|css|map|woff2?|ttf|eot|otf|mp[34]|pdf|js|kotlin_\w+|sf|rsa|dsa|java|kt|txt|md)\Z",
    re.IGNORECASE,
)
"""Entries that name no class that the program would load."""
_FOR_BUILDS = re.compile(r"(?:^|/)META-INF/(?:maven|native-image|proguard|com\.android\.tools)/")


class ClassPlace(msgspec.Struct, frozen=True):
    """Where a class is."""

    archive: str
    """Path of the archive, inner ones behind a `!`; empty for a file of its own."""
    entry: str
    is_own: bool

    def __str__(self) -> str:
        return f"{self.archive}!{self.entry}" if self.archive else self.entry


class JavaArchives:
    """All classes of a program by name, and what else may name one."""

    def __init__(self, tree: FileTree, paths: Iterable[str], is_library: Callable[[str], bool] | None = None) -> None:
        """Take the paths of archives, classes and texts. Raises LimitError for too much, UnreadableError for damage."""
        self._tree = tree
        self._is_library = is_library or is_library_archive
        self._open: dict[str, zipfile.ZipFile] = {}
        self._held = 0
        self._texts = 0
        self.classes: defaultdict[bytes, list[ClassPlace]] = defaultdict(list)
        """By name, with slashes."""
        self.texts: dict[str, bytes] = {}
        """What is no class and may name one, by its path."""
        self.sources: dict[str, bytes] = {}
        """The application's own sources, by their paths."""
        for path in paths:
            if path.lower().endswith(ENDINGS):
                content = tree.read(path, MAX_ARCHIVE)
                self._add_archive(path, content, 1, is_library=self._is_library(path))
            elif path.endswith(".class"):
                self._add_class(ClassPlace("", path, is_own=True), _FOLDER.sub("", path, count=1))
            else:
                self._add_text(path, tree.read(path, MAX_TEXTS))

    def content(self, place: ClassPlace) -> bytes:
        """Return the bytes of a class."""
        if not place.archive:
            return self._tree.read(place.entry, MAX_CLASS)
        try:
            opened = self._open[place.archive]
            if opened.getinfo(place.entry).file_size > MAX_CLASS:
                raise LimitError(f"has more than {MAX_CLASS:,} bytes", path=str(place))
            return opened.read(place.entry)
        except ZIP_DAMAGE as error:
            raise UnreadableError("is no sound archive", path=place.archive) from error

    def places(self) -> Iterator[tuple[bytes, ClassPlace]]:
        """Yield name and place of every class."""
        for name, places in self.classes.items():
            yield from ((name, place) for place in places)

    def _add_archive(self, path: str, content: bytes, depth: int, *, is_library: bool) -> None:
        self._held += len(content)
        if self._held > MAX_ARCHIVES:
            raise LimitError(f"more than {MAX_ARCHIVES:,} bytes of archives")
        if depth > MAX_DEPTH:
            raise LimitError(f"more than {MAX_DEPTH} archives in one another", path=path)
        try:
            opened = self._open[path] = zipfile.ZipFile(io.BytesIO(content))
            for entry in opened.infolist():
                self._add_entry(path, opened, entry, depth, is_library=is_library)
        except ZIP_DAMAGE as error:
            raise UnreadableError("is no sound archive", path=path) from error

    def _add_entry(
        self, path: str, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int, *, is_library: bool
    ) -> None:
        name = entry.filename
        if entry.is_dir():
            return
        if name.endswith(".class"):
            is_own = not is_library or name.startswith(_OF_APPLICATIONS)
            self._add_class(ClassPlace(path, name, is_own=is_own), _INSIDE.sub("", name, count=1))
        elif name.lower().endswith(ENDINGS):
            inner = f"{path}!{name}"
            self._bound(entry.file_size)
            content = opened.read(entry)
            self._add_archive(inner, content, depth + 1, is_library=is_library or self._is_library(inner))
        elif not _MEDIA.search(name) and not _FOR_BUILDS.search(name):
            self._bound(entry.file_size)
            self._add_text(f"{path}!{name}", opened.read(entry))

    def _bound(self, size: int) -> None:
        if self._held + size > MAX_ARCHIVES:
            raise LimitError(f"more than {MAX_ARCHIVES:,} bytes of archives")

    def _add_class(self, place: ClassPlace, path: str) -> None:
        self.classes[path.removesuffix(".class").encode()].append(place)
        if len(self.classes) > MAX_CLASSES:
            raise LimitError(f"more than {MAX_CLASSES:,} classes")

    def _add_text(self, path: str, content: bytes) -> None:
        self._texts += len(content)
        if self._texts > MAX_TEXTS:
            raise LimitError(f"more than {MAX_TEXTS:,} bytes that may name classes")
        self.texts[path] = content


def is_library_archive(path: str) -> bool:
    """True for an archive with a version in its name, or in a folder of libraries."""
    return _LIBRARY.search(path) is not None or _OF_LIBRARIES.search(path) is not None
