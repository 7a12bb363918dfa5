"""What a package manager needs for raising packages in a copy of its files, and what makes us leave it alone.

Nothing of a repository is executed, and the machine's own configuration alone says which servers are asked. So only
manifests and lockfiles are copied, never a configuration file (`.npmrc`, `.yarnrc.yml`, `.cargo/config.toml`,
`pip.conf`, `poetry.toml`, …), and a manifest that names a server, a git repository or a folder outside of the copy is
refused: then the raise is advice.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from shlex import quote

import msgspec

from gate.core.errors import GateError
from gate.trees import EntryKind, FileTree

Files = Mapping[str, bytes]
"""The files of a copy: their paths relative to the folder that is resolved, and contents."""
Commands = list[list[str]]
"""Command lines in their order, each a list of arguments that begins with a program's name."""
MAX_SIZE = 16 << 20
"""Bytes of a file that is copied, at most."""
MAX_FILES = 4000
"""Files that are copied at most."""
NEWEST = "latest"
"""As the version that a package is to be raised to: its newest one."""
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//|^(?:git|ssh|https?|ftp|file|link|portal|exec|patch|github|gitlab)[:+@]", re.I
)
_SKIPPED = frozenset({"node_modules", "vendor", ".venv", "venv", "site-packages", "target", ".git"})
"""Folders of installed or built packages."""


class RefusedError(GateError):
    """A package manager is not run, or its answer is not taken; the message is the reason, as half a sentence."""


class PackageRaise(msgspec.Struct, frozen=True, kw_only=True):
    """One package that a file lists, and the version that none of its vulnerabilities affects."""

    path: str
    """The file that lists it, in the target."""
    line: int | None
    name: str
    version: str
    to: str
    direct: bool | None = None
    """As `Package.direct`."""
    via: tuple[str, ...] = ()
    """As `Package.via`."""
    ecosystem: str = ""
    rules: tuple[str, ...] = ()
    """The vulnerabilities that it clears."""
    blocking: int = 0
    """How many of these findings block."""
    command: str | None = None
    """What to type to raise it by hand."""


class Folder(msgspec.Struct, frozen=True):
    """The folder of a lockfile in a tree."""

    tree: FileTree
    path: str
    """With a slash at its end; empty for the tree's own root."""

    def read(self, name: str) -> bytes | None:
        """Return the content of a file by its path in the folder; None if there is none."""
        entry = self.tree.look_up(self.path + name)
        return self.tree.read(self.path + name, MAX_SIZE) if entry and entry.kind is EntryKind.FILE else None

    def text(self, name: str) -> str:
        """Return a file as text; empty if there is none."""
        return (self.read(name) or b"").decode("utf-8", "replace")

    def names(self, wants: Callable[[str], bool]) -> list[str]:
        """Return the paths of the files in the folder that `wants` accepts, without those of installed packages.

        Raises RefusedError for more than MAX_FILES.
        """
        found = []
        for entry in self.tree.walk():
            name = entry.path.removeprefix(self.path)
            if entry.kind is not EntryKind.FILE or not entry.path.startswith(self.path) or not wants(name):
                continue
            if _SKIPPED.isdisjoint(name.split("/")):
                found.append(name)
        if len(found) > MAX_FILES:
            raise RefusedError(f"the project has more than {MAX_FILES:,} files to copy")
        return found

    def named(self, *basenames: str) -> dict[str, bytes]:
        """Return the files with one of these names, in the folder and below."""
        names = self.names(lambda name: name.rpartition("/")[2] in basenames)
        return {name: self.tree.read(self.path + name, MAX_SIZE) for name in names}


class RaiseRequest(msgspec.Struct, frozen=True):
    """What is asked of a package manager."""

    folder: Folder
    lock: str
    """Name of the lockfile in the folder."""
    raises: tuple[PackageRaise, ...]


class Resolver(msgspec.Struct, frozen=True, kw_only=True):
    """A package manager that can make its lockfile without installing and without running code of packages."""

    program: str
    files: Callable[[RaiseRequest], Files]
    """Returns what is copied. Raises RefusedError where the files cannot be resolved without the rest."""
    commands: Callable[[RaiseRequest], Commands]
    """Returns the command lines that make the raises, run in the copy."""
    by_hand: str = ""
    """What a person types to raise one package, with `{name}` and `{version}`."""
    environment: Mapping[str, str] = {}
    """What is set for it: scripts off, no other version of itself, no programs of its own."""
    settings: tuple[str, ...] = ()
    """Beginnings of the names of its variables, which are the machine's configuration and passed on."""
    writes: Callable[[RaiseRequest], Sequence[str]] | None = None
    """Returns the files of the copy that are its answer; None: the lockfile alone."""
    answer: Callable[[RaiseRequest, Files], Files] | None = None
    """Returns the new files of the folder, given those of `writes`; None: they are these. Raises RefusedError."""


def by_hand(resolver: Resolver, one: PackageRaise) -> str | None:
    """Return what to type to make a raise, quoted for the shell; None where the file is edited."""
    words = [word.format(name=one.name, version=one.to) for word in resolver.by_hand.split()]
    return one.command or " ".join(map(quote, words)) or None


def check_no_address(named: Iterable[str], where: str) -> None:
    """Raise RefusedError if one of these specifiers is an address or a path."""
    for text in named:
        if _ADDRESS.search(text) or text.startswith(("./", "../", "/", "~/")):
            raise RefusedError(f"{where} names its own source ({text[:80]}), which the gate does not contact")


def check_none_there(folder: Folder, *names: str) -> None:
    """Raise RefusedError if a file is there that changes what the package manager would do, and is not copied."""
    for name in names:
        if folder.tree.look_up(folder.path + name) is not None:
            raise RefusedError(f"{name} decides what is resolved, but the gate does not run or read it")


def strings_in(value: object) -> Iterable[str]:
    """Yield every text in nested dicts and lists, the keys left out."""
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from strings_in(one)
        case list():
            for one in value:
                yield from strings_in(one)
