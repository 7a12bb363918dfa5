"""Which names of programs in what packages brought count: those that may come to code that starts programs."""

import posixpath
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Set

from gate.core.errors import GateError
from gate.ecosystems.pypi import normalised
from gate.inventory.installed.elf import MAGIC
from gate.reachability.runtimes.compiled import elf
from gate.reachability.runtimes.compiled.starting_libraries import StartingLibraries
from gate.reachability.runtimes.named.handed_on import HandedOn
from gate.reachability.runtimes.named.node_mentions import OF_TYPES, NodeMentions
from gate.reachability.runtimes.named.own_starts import own_starts
from gate.reachability.runtimes.named.python_mentions import KIND as PYTHON
from gate.reachability.runtimes.named.python_mentions import OF_WORDS, STANDARD_LIBRARY, is_for_developers
from gate.reachability.runtimes.named.python_skim import may_start_programs
from gate.reachability.runtimes.named.python_starts import python_starts
from gate.reachability.runtimes.named.script_starts import script_starts
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.package_files import PackageFiles
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.python.distributions import required_by
from gate.reachability.runtimes.strings.dotnet_strings import is_of_dotnet
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import BY_THEMSELVES, PLAIN

_RUNTIME = re.compile(
    r"(?:lib)?(?:node(?:js)?|v8\w*|uv|python[\d.]*|perl[\d.]*|ruby[-\d.]*|php[\d.]*)(?:\.so[.\d]*)?|bash|dash"
    r"|(?:[gmn]|original-)?awk"
    r"|(?:libc|ld)(?:[-.].*)?\.so.*|libwrap\.so.*"
)
"""Interpreters, the C library, and the one that starts what `/etc/hosts.allow` says (hosts_options(5)): they start what
scripts, programs and settings say, and these are followed themselves."""
_FOLLOWED = re.compile(r"bash|dash|(?:libc|ld)(?:[-.].*)?\.so.*")
"""Those of them that start nothing else; what sources of a language start may stand in any text."""
_LOADS_CODE = re.compile(r"java|mono[\w-]*|beam(?:\.\w+)?|lib(?:jvm|java|mono[\w-]*|beam)\.so.*")
"""Machines whose code is no file of ELF, and starts what any text names."""
_WRAPPERS = frozenset(
    {
        *("catatonit", "choom", "chroot", "chrt", "dumb-init", "env", "find", "flock", "gosu", "ionice", "nice"),
        *("nohup", "nsenter", "prlimit", "run-parts", "setarch", "setpriv", "setsid", "stdbuf", "su-exec", "taskset"),
        *("timeout", "tini", "tini-static", "unshare"),
    }
)
"""Programs that start the command of their arguments, the files of a folder, which are followed, or a shell."""
_ITSELF = frozenset({"nginx"})
"""Programs that start nothing but themselves (nginx documentation, "Upgrading Executable on the Fly")."""
_BY_SHELL = frozenset(map(zlib.crc32, (b"popen", b"system")))
"""Numbers of functions that they do not take, unless a language is built in, as OpenResty's."""
_NO_CODE = re.compile(
    r"usr/(?:local/)?share/(?:doc|man|info|lintian|locale|zoneinfo|mime|bash-completion)/|usr/share/ca-certificates/"
    r"|usr/lib/[\w-]+/gconv/gconv-modules|usr/share/libexttextcat/|usr/share/dns/|usr/share/awk/|usr/lib/[\w-]+/libicudata\.so"
    r"|etc/(?:services|protocols|rpc|ethertypes|networks|hosts|(?:nginx/)?mime\.types|group|ssl/certs/.+|terminfo/.+|.+/README[^/]*)$"
    r"|etc/(?:gai\.conf|shells|motd|security/access\.conf)$|etc/logcheck/|usr/share/binfmts/|usr/share/dpkg/\w+table$"
    r"|usr/include/|(?:usr|var)/lib/systemd/catalog/"
    r"|(?:usr/)?bin/(?:gunzip|uncompress|zcat)$"
)
"""Documentation, lists of numbers, names and character sets, data of languages, root servers, completions of shells,
and gawk's functions and gzip's scripts, which start programs of their package alone (`pwcat`, `gzip`).

Moreover rules by which getaddrinfo sorts addresses (gai.conf(5)), the list of shells that chsh allows (shells(5)),
texts that are shown (motd(5), the journal's catalog), who may log in from where (access.conf(5)), patterns of logcheck,
what update-binfmts tells the kernel, dpkg's tables of processors, and headers of C and C++, which compilers read."""
_OF_LINKER = re.compile(r"(?:usr/)?lib(?:64)?/(?:[\w-]+/|gcc/[\w-]+/[\d.]+/)?lib[\w+.-]+\.so")
"""Such a text is a script of the linker (ld manual, "Implicit Linker Scripts"): the loader takes programs alone."""
_MANIFEST = "package.json"
_OF_LIBRARY = b".so"
_Owner = str | Key
"""The folder of a module of Node.js, a distribution of Python, or the path of a compiled file."""


class Starters:
    """The names that wait until it is known whether they may come to code that starts programs."""

    def __init__(self, node: NodeMentions, owned: Mapping[Key, Owned], files: Files, *, is_open: bool) -> None:
        self._node = node
        self._files = files
        self._owned = owned
        self._of_file = {path: key for key, one in owned.items() if key[1] == PYTHON for path in one.files}
        self._by_name: dict[str, list[Key]] = {}
        for key in owned:
            if key[1] == PYTHON:
                self._by_name.setdefault(normalised(key[2]), []).append(key)
        self._handed: HandedOn[_Owner] = HandedOn(self._required)
        self._libraries = StartingLibraries(files)
        self._waiting: dict[_Owner, list[tuple[str, Set[bytes] | None]]] = {}
        self.in_texts: list[tuple[str, Set[bytes]]] = []
        """What texts name, until something starts programs that is not followed."""
        self.is_open = is_open
        """True if something may start what any text names: that is so once such a file was taken in."""
        self.of_packages = PackageFiles(owned.values(), files)
        """The files that packages brought."""

    def is_silent(self, path: str) -> bool:
        """True for a file that a package brought, if it is known by itself that it starts nothing that it names.

        A module of Python's standard library hands no name of its own on: it counts if it starts programs itself.
        """
        if _NO_CODE.match(path) or any(kind.search(path) for kind in (OF_TYPES, OF_WORDS)):
            return True
        if is_of_dotnet(path, self._files):
            return True
        if posixpath.basename(path) == _MANIFEST and self._node.home(path) is not None:
            return True
        if path.endswith(".py"):
            return STANDARD_LIBRARY.search(path) is not None and not may_start_programs(path, self._files)
        if _OF_LINKER.fullmatch(path) and not self._files.starts_with(path, MAGIC):
            return True
        name = posixpath.basename(path)
        if elf.knows_types(path):
            return not elf.starts_programs(path, self._files)
        is_known = _RUNTIME.fullmatch(name) is not None or name in _WRAPPERS or name in _ITSELF
        is_known |= name in PLAIN and name not in BY_THEMSELVES
        return is_known and self._files.starts_with(path, MAGIC)

    def add(self, path: str) -> None:
        """Take in a file that may be loaded or started; what .NET starts its assemblies state."""
        if is_of_dotnet(path, self._files):
            return
        owner = self._owner(path)
        is_silent = owner == path and self.is_silent(path)
        if is_silent and _RUNTIME.fullmatch(posixpath.basename(path)):
            self.is_open |= not _FOLLOWED.fullmatch(posixpath.basename(path))
            return
        self.is_open |= owner == path and self._starts_unseen(path)
        for starting in self._libraries.add(path):  # a file that starts nothing may call a library that does
            if is_silent and starting == path:
                continue
            self.is_open = True
            if self._own_starts(starting) is None:
                self._handed.note(starting)
        if owner is None or is_silent:
            return
        self.is_open |= owner != path  # a source of a language
        for one in self._handed.add(owner):
            if isinstance(one, tuple) and any(map(self._is_starting, self._owned[one].files)):
                self._handed.note(one)
        if isinstance(owner, str) and owner != path and self._node.starts_programs(owner):
            self._handed.note(owner)

    def take(self, path: str, names: Set[bytes]) -> Set[bytes]:
        """Return the names in a file that count at once; the others wait."""
        owner = self._owner(path)
        own = self._own_starts(path)
        if own is not None:
            names = frozenset(name for name in names if _OF_LIBRARY in name or own.fullmatch(name))
        if owner is None:
            return self.take_text(path, names)
        if own is not None:
            return names
        if owner in self._handed or not names:
            return names
        self._waiting.setdefault(owner, []).append((path, names))
        return frozenset()

    def take_text(self, path: str, names: Set[bytes]) -> Set[bytes]:
        """Return the names in a text that count at once: of libraries alone while nothing starts what it names."""
        if self.is_open:
            return names
        libraries = frozenset(name for name in names if _OF_LIBRARY in name)
        self.in_texts.append((path, names - libraries))
        return libraries

    def waits(self, path: str) -> bool:
        """True for a compiled file that starts nothing: it waits without being searched; `settled` may yield it."""
        if not self._files.starts_with(path, MAGIC) or elf.may_start_programs(path, self._files):
            return False
        self.add(path)
        self._waiting.setdefault(path, []).append((path, None))
        return True

    def settled(self) -> Iterator[tuple[str, Set[bytes] | None]]:
        """Yield the files of which it has turned out that their names may come to code that starts programs.

        With the names; None for a file that was not searched yet.
        """
        if self.is_open:
            yield from self.in_texts
            self.in_texts.clear()
        for owner in [owner for owner in self._waiting if owner in self._handed]:
            yield from self._waiting.pop(owner)

    def _own_starts(self, path: str) -> "re.Pattern[bytes] | None":
        """Return which names a file starts by itself, if a package or Python brought it and that is known."""
        if STANDARD_LIBRARY.search(path):
            return python_starts(path) if self.of_packages.is_published(path) else None
        if path not in self.of_packages or not self.of_packages.is_published(path):
            return None
        return own_starts(path) if self._files.starts_with(path, MAGIC) else script_starts(path)

    def _starts_unseen(self, path: str) -> bool:
        """True for a compiled file that may run code which is no file of ELF, or which lies anywhere."""
        name = posixpath.basename(path)
        has_language = name in _ITSELF and not _BY_SHELL.isdisjoint(elf.imported_by(path, self._files))
        is_own_loader = not self.of_packages.is_published(path) and elf.loads_libraries(path, self._files)
        return has_language or is_own_loader or _LOADS_CODE.fullmatch(name) is not None

    def _owner(self, path: str) -> _Owner | None:
        home = self._node.home(path)
        if home is not None:
            return home
        if self._files.starts_with(path, MAGIC):
            return path
        return self._of_file.get(path)

    def _required(self, one: _Owner) -> Iterable[_Owner]:
        if isinstance(one, tuple):
            names = required_by(posixpath.dirname(one[0]), self._files)
            return [each for name in names for each in self._by_name.get(name, ())]
        if self._files.look_up(one) is not None and self._files.starts_with(one, MAGIC):
            linked = (entry.path for needed in elf.linked_with(one, self._files) if (entry := self._files.find(needed)))
            return [path for path in linked if not _RUNTIME.fullmatch(posixpath.basename(path))]
        return self._node.required(one)

    def _is_starting(self, path: str) -> bool:
        if not path.endswith(".py") or is_for_developers(path) or self._files.find(path) is None:
            return False
        try:
            return may_start_programs(path, self._files)
        except GateError:
            return True
