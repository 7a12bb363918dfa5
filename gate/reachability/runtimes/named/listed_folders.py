"""Folders of the distribution that own code lists: packages have files there that nothing else opens.

`for path in Path("/etc").iterdir()` opens `/etc/wgetrc`. Which folder is listed is known only at run time, so each that
an own text or an argument states may be, if own code lists any.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from gate.ecosystems import find
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import SYSTEM, Because, Gap, Opened, Step

_LISTS = re.compile(
    rb"listdir|scandir|iterdir|readdir|opendir|glob|os\.f?walk|walk(?:Sync)?\(|copytree|make_archive|tarfile|cpSync|copySync"
    rb"|[sS]tatic\(|\bDir[.\[]|\b(?:File::)?Find\b|Pathname|FileUtils|\bcp_r\b|DirectoryIterator|lfs|<[^<>\n]*\*[^<>\n]*>"
)
"""How Python, JavaScript, Perl, Ruby, PHP and Lua list folders, copy them, or serve what lies in them."""
_LISTS_ALL = re.compile(
    rb"""(?:walk|listdir|scandir|Path|copytree|readdir(?:Sync)?|find|glob|Dir\.\w+|Iterator)\(\s*r?['"]/(?:\*\*?/?\*?)?['"]"""
)
"""The root itself: as a string, `/` mostly stands between the parts of paths."""
_OF_SYSTEM = re.compile(r"/(?:etc|usr|var|lib\w*|bin|sbin|opt)(?:/.*)?")
_MAX_FILES = 2_000
"""Files of a folder that are noted; of more it is a gap."""
_OF_PERL = re.compile(rb"<(/[\w./+-]*)/[^<>/\n]*\*[^<>\n]*>")
"""The folder of a pattern that Perl looks for: `</etc/*.conf>`."""
_HOW = "may read all of a folder, with"


class ListedFolders:
    """The folders that own texts and arguments state, and whether own code lists some."""

    def __init__(self, owned: Mapping[Key, Owned], files: Files) -> None:
        self._owned = owned
        self._files = files
        self._stated: dict[str, str] = {}
        """By folder, without links: a file that states it, as long as its files were not noted."""
        self._done: set[str] = set()
        self._lists = False

    def add_code(self, path: str, content: bytes) -> None:
        """Take in a source, which may list folders."""
        self._lists = self._lists or _LISTS.search(content) is not None
        self.add_words(path, map(bytes.decode, _OF_PERL.findall(content)))
        if _LISTS_ALL.search(content):
            self._stated.setdefault("", path)

    def add_words(self, path: str, words: Iterable[str]) -> None:
        """Take in words of a text, or arguments and values of variables."""
        for word in words:
            if _OF_SYSTEM.fullmatch(word) and (folder := self._files.folder(posixpath.normpath(word))):
                self._stated.setdefault(folder, path)

    def steps(self) -> Iterator[Step]:
        """Yield the distribution's files in and below the folders that were stated since the last call."""
        for folder, path in list(self._stated.items()) if self._lists else ():
            if folder in self._done:
                continue
            self._done.add(folder)
            below = f"{folder}/" if folder else ""
            found = list(islice((each for each in self._of_system() if each.startswith(below)), _MAX_FILES + 1))
            because = Because(path, _HOW)
            yield from (Opened(path=each, because=because, is_certain=False) for each in found[:_MAX_FILES])
            if len(found) > _MAX_FILES:
                yield Gap(kind=SYSTEM, reason=f"may read more than {_MAX_FILES:,} files of /{folder}", path=path)

    def _of_system(self) -> list[str]:
        return self._files.cached(ListedFolders, lambda: list(_of_system(self._owned, self._files)))


def _of_system(owned: Mapping[Key, Owned], files: Files) -> Iterator[str]:
    """Yield the files of the distribution's packages, without links."""
    for key, one in owned.items():
        known = find(key[1])
        if known is None or not known.has_followed_runtime:
            yield from (entry.path for entry in map(files.find, one.files) if entry is not None)
