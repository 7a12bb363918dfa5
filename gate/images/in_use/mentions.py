"""Names of unreached packages in what is reached: what is named may be started or imported by means not followed."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from gate.errors import GateError
from gate.images.in_use.explore import Explored
from gate.images.in_use.files import Files
from gate.images.in_use.owners import Key, Owned
from gate.inventory.installed.elf import MAGIC, parse_elf

_IN_PROGRAM = re.compile(rb"[\0/ ]([\w.+-]{2,60})(?=[\0 ])")
_IN_TEXT = re.compile(rb"[\"'`/ \n]([\w.+-]{2,60})(?=[\"'` \n])")
_PROGRAM_FOLDERS = frozenset({"bin", "sbin", "libexec", "games"})
_DOCUMENTS = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian", "usr/share/bash-completion")
_MAX_FILE = 64 << 20


class Mentions:
    """Tells why an unreached package may be in use all the same."""

    def __init__(self, unreached: dict[Key, Owned], owned: dict[Key, Owned], explored: Explored, files: Files) -> None:
        self._reasons: dict[Key, str] = {}
        names = {key: _names(key, one) for key, one in unreached.items()}
        wanted: dict[bytes, list[Key]] = {}
        for key, own in names.items():
            if not own:
                self._reasons[key] = "it holds only files that any program may open"
            for name in own:
                wanted.setdefault(name.encode(), []).append(key)
        for path in sorted({*explored.certain, *explored.possible}):
            for word in _words(path, files) & wanted.keys():
                for key in wanted.pop(word):
                    self._reasons.setdefault(key, f"{path} names {word.decode()}, so it may be started or loaded")

    def of(self, key: Key) -> str | None:
        """Return the reason, or None if nothing that is reached names the package."""
        return self._reasons.get(key)


def _names(key: Key, owned: Owned) -> set[str]:
    """Return the names by which others use a package: its programs and libraries, or modules."""
    if key[1] == "PyPI":
        return set(_modules(key, owned.files))
    return set(_programs(owned.files))


def _modules(key: Key, paths: Iterable[str]) -> Iterator[str]:
    site = posixpath.dirname(posixpath.dirname(key[0]))
    for path in paths:
        inside = path.removeprefix(site + "/")
        first, slash, _ = inside.partition("/")
        if not first.endswith((".dist-info", ".egg-info", ".data", "__pycache__")) and first != "..":
            yield first if slash else first.partition(".")[0]


def _programs(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        folder, _, name = path.rpartition("/")
        if posixpath.basename(folder) in _PROGRAM_FOLDERS or ".so" in name:
            yield name


def _words(path: str, files: Files) -> set[bytes]:
    """Return the words in a file that may be names: in the constants of a program, or anywhere in a text."""
    try:
        content = files.read(path, _MAX_FILE)
        if content.startswith(MAGIC):
            content = parse_elf(content, path).section(".rodata") or b""
            return set(_IN_PROGRAM.findall(content))
    except GateError:
        return set()
    return set(_IN_TEXT.findall(content))
