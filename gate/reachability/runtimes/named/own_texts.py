"""What the image's own scripts, settings and programs name: any program among it may be started, in ways not followed.

A text that a package brought is not looked at here: of what it names, only the package itself is unknown (`mentions`).
The same holds for the strings of packages' programs, which name far more than they start.
"""

import posixpath
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import chain, islice

import msgspec

from gate.core.errors import GateError
from gate.inventory.installed.archives import ENDINGS
from gate.inventory.installed.elf import MAGIC, parse_elf
from gate.reachability.runtimes.code.calls import undecided_calls
from gate.reachability.runtimes.launchers.subcommands import fuse_program
from gate.reachability.runtimes.named.listed_folders import ListedFolders
from gate.reachability.runtimes.named.own_literals import literals
from gate.reachability.runtimes.node.managers import OF_CONDITIONS, runs_other_script, script_names, texts_of
from gate.reachability.runtimes.node.pm2 import HOW as APPLICATIONS
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.package_files import PackageFiles
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.strings.dotnet_strings import dotnet_strings, is_assembly, is_of_dotnet
from gate.reachability.runtimes.strings.java_strings import java_strings
from gate.reachability.runtimes.strings.packed_texts import text_of
from gate.reachability.runtimes.strings.words import OF_PASSWORDS, FileWords, Names, words_of
from gate.reachability.runtimes.walk.explore import Explored
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import BETWEEN, PLAIN, named_by
from gate.reachability.runtimes.walk.graph import EVERYTHING, NAMED, Because, Gap, Opened, StartedProgram, Step, opened
from gate.reachability.runtimes.walk.home_folders import home_folders
from gate.reachability.runtimes.walk.per_image import cached_per_image
from gate.trees import EntryKind
from gate.trees.memo import Analysis

_MAX_TEXT = 256 << 10
"""Bytes of a text; longer ones are data."""
_MAX_PROGRAM = 64 << 20
_MAX_STEPS = 1_000
"""Steps from all files."""
_BY_ANY = Because("", "")
"""Stands for whatever text leads to a step."""
_FOLLOWING = 40
"""Words behind a program's name that may be its arguments."""
DATABASES = (
    "var/lib/dpkg/",
    "var/lib/apt/",
    "var/lib/rpm/",
    "usr/lib/sysimage/rpm/",
    "lib/apk/db/",
    "usr/lib/apk/db/",
    "var/cache/apt/",
    "var/cache/debconf/",
    "var/log/apt/",
    "var/log/dpkg.log",
    "var/log/alternatives.log",
    "var/log/bootstrap.log",
    "var/log/yum.log",
    "var/log/dnf",
    "var/lib/systemd/catalog/",
)
"""Where package managers list what they installed, and what they asked, and the journal's catalog (journalctl(1), -x):
none of these programs is started for it."""
_PAGES = (".html", ".htm", ".css", ".svg")
_MAP = ".map"
_KEYS_OF_MAPS = (b'"version"', b'"mappings"', b'"sources"')
"""How a source map ends, and what each has: from which sources a file was made, for whom looks for errors in it."""
_RUN_IN_PAGES = (b"<?", b"<%", b"#exec", b"{%", b"{{", b"${", b"<#", b"[%", b"require(", b"child_process")
"""Marks of code in a page: PHP, templates, server side includes, pages of a program such as Electron."""
_LISTS = (
    *("/pyvenv.cfg", "/package-lock.json", "/npm-shrinkwrap.json", "/pnpm-lock.yaml", "/yarn.lock", "/composer.lock"),
    *("/poetry.lock", "/uv.lock", "/pdm.lock", "/Pipfile.lock", "/Gemfile.lock", "/Cargo.lock", "/go.sum"),
    *(".tsbuildinfo", "/Dockerfile", "/Containerfile", "/.dockerignore", "/.gitignore", "/3rdpartylicenses.txt"),
    *(f"/hooks/{name}.sample" for name in ("applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-update")),
    *(f"/hooks/{name}.sample" for name in ("pre-applypatch", "pre-commit", "pre-merge-commit", "prepare-commit-msg")),
    *(f"/hooks/{name}.sample" for name in ("pre-push", "pre-rebase", "pre-receive", "push-to-checkout")),
    *(f"/hooks/{name}.sample" for name in ("sendemail-validate", "update")),
)
"""How the paths of files end that list what was installed or bundled, by which Python a virtual environment was made,
and how the image was built: what such files name ran before, or runs in another container."""
_OF_ERLANG = re.compile(r"\{(?:application|release|script),")
"""How resources of Erlang's applications begin, and what boot scripts are made of: all names in them are modules'."""
_ENDINGS_OF_ERLANG = (".app", ".rel", ".script")
_BEGIN = 500
"""Characters in which comments may stand before it."""
_OF_OTHER_SHELLS = {".ps1": ("pwsh", "powershell"), ".fish": ("fish",), ".csh": ("csh", "tcsh", "bsd-csh")}
"""Scripts of shells that few images have, with what runs them: a virtual environment brings one for each."""
_COMMENT = re.compile(
    r"^[ \t]*(?:#(?!!|include|define|exec)|;|//).*$|^\[supervisor(?:d|ctl)\][ \t]*$"
    r"|^[ \t]*import(?=[ \t]+[^-\n]*;[ \t]*$)",
    re.MULTILINE,
)
"""Comments, the headers of sections in which supervisor finds settings of its own, and the begin of a statement."""
_HEADER_OF_PHP = re.compile(r"^\[(?!(?i:PATH|HOST)=)[\w -]+\][ \t]*$", re.MULTILINE)
"""Sections of PHP's settings, which it reads as if their headers were not there (PHP manual, "php.ini")."""
_OF_PHP = re.compile(r"(?:^|/)php[^/]*\.ini$|/php/[\d.]+/.*\.ini$")
_SHELL = re.compile(
    rb"#!\s*(?:\S*/)?(?:(?:busybox|tini|dumb-init|catatonit)\s+(?:\S*/)?|env\s+(?:-S\s*)?(?:\S*/)?)?"
    rb"(?:[bdkz]?a?sh)(?![\w.-])|#!.*\bexeclineb\b"
)
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})
_WITH_TEXT = (("-c",), ("-lc",), ("-ec",), ("-ce",), ("-xc",), ("-euc",))
_READS = re.compile(
    r"(?:^|/)(?:bin|sbin)/[^/]+$|/(?:site|dist)-packages/.*\.py$|/(?:node_modules|nodejs)/.*\.[cm]?js$|/gems/.*\.rb$"
    r"|(?:^|/)lib(?:exec)?/(?:[^/]+/)+[^/.]+$"
)
"""Programs, also in folders of their packages, and code of packages for a language; the standard libraries of languages
read no file of an application."""
_OF_EACH_USER = frozenset(
    {
        ".bashrc",
        ".profile",
        ".bash_logout",
        ".bash_history",
        ".cache",
        ".npm",
        ".local",
        ".cargo",
        ".rustup",
        ".wget-hsts",
    }
)
"""What a new user is given, and what tools keep for themselves."""
_SHARE_AT_HOME = ".local/share"
"""Where users have services, drivers and plug-ins of their own (XDG Base Directory Specification)."""
_MAX_AT_HOME = 200
_MAX_ANYWHERE = 500
_LIBRARY = re.compile(r"\w\.so(?:\.[\d.]+)?\Z")
"""The name of a library, whatever stands in front: slapd writes `olcModuleLoad: {0}accesslog.so`."""
_LONGEST = 200
"""Characters of a word that is looked for as a file."""
_OF_APPLICATION = re.compile(r"etc/[^/]+/[^/]+\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties)$")
"""The settings of an application, as they are mostly called."""
_OF_PARTS = re.compile(r"etc/(?:.+/)?(?P<name>(?!(?:conf|pam)\.d/)[^/]+\.d)/[^/]+$")
_EXECUTABLE = 0o111
_DOCUMENT = re.compile(
    r"(?:AUTHORS|CHANGE(?:S|LOG)|CODE_OF_CONDUCT|CONTRIBUT(?:ING|ORS)|COPYING|HISTORY|NEWS|README"
    r"|RELEASES|SECURITY|(?:THIRD[_-]?PARTY[_-]?)?(?:NOTICE|LICEN[CS]E)S?)"
    r"(?:[._-][A-Z][A-Z\d-]*)?(?:\.(?:md|markdown|rst|txt|adoc))?|(?i:readme|changelog|licen[cs]e)(?:\.(?:md|rst|txt))?"
)
"""Documents as repositories have them: no scripts, whatever their modes are (a copy from Windows sets them all)."""
_RUN_IN_DOCUMENTS = b"exec="
"""How Markdown has code that is run where it is shown (markdown-exec)."""
_FOLDERS_OF_SYSTEM = frozenset({"", "usr", "etc", "var", "opt", "tmp", "run", "usr/bin", "usr/sbin", "usr/share"})
_NO_HOMES = frozenset({"", "bin", "dev", "etc", "lib", "proc", "sbin", "sys", "usr"})
"""Folders that are the homes of a system's own accounts, such as `daemon`."""
_BY_SHELL = re.compile(r"(?:^|/)(?:[bdkz]?a?sh|execlineb)$")
_OF_TOOLS = (".rake", ".ru", ".gemspec", ".psgi", ".wsgi")
_CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".pm", ".php", ".lua", ".tcl", ".awk", *_OF_TOOLS)
_CODE_LINE = re.compile(rb"#!.*(?:python|node|ruby|perl|php|lua|tclsh|expect|awk)")
MANIFEST = "package.json"
"""A manifest, whose scripts package managers run in its folder."""
_FIELDS = OF_CONDITIONS | {
    *("name", "version", "description", "keywords", "homepage", "bugs", "license", "author", "contributors", "funding"),
    *("files", "main", "module", "types", "browser", "bin", "man", "directories", "repository", "config", "overrides"),
    *("os", "cpu", "private", "publishConfig", "workspaces", "packageManager", "type", "sideEffects"),
}
"""Fields of a manifest that npm, Node.js and bundlers define: such a name is none of a tool."""
_INDENTED = r"[ \t]+[A-Za-z][\w.-]*(?:[ \t]+\w+)?[ \t]+\+?=[ \t]"
_KEY = re.compile(rf"^(?<!\\\n)(?=[\w.-]+[ \t]*[:=]|[\w.-]+[ \t]+[^\s\\]|\[|{_INDENTED})", re.MULTILINE)
"""Where a setting begins: `key: value`, `key = value`, `Key value`, `[section]`, unless the line before goes on.

An indented line begins one where blanks stand on both sides of its `=`, as no command has them.
"""
_INTERPRETER = re.compile(r"node(?:js)?|deno|bun|python[\d.]*|ruby|perl|php|java")
_STATEMENT = frozenset(
    {"async", "await", "class", "const", "function", "let", "new", "return", "throw", "typeof", "var"}
)
"""Words of JavaScript that are no script's name: they stand between two strings of minified code."""
_PLAIN_NAME = re.compile(r"[A-Za-z][\w.-]*")
_OF_SHELL = frozenset(
    {
        *(".", "builtin", "case", "cd", "command", "do", "elif", "else", "eval", "exec", "export", "for", "function"),
        *("if", "set", "source", "then", "time", "trap", "unset", "until", "while"),
    }
)
"""What a shell knows without a file, and a command may stand behind."""
_PACKED = ".pnp.cjs"
"""Yarn's list of packages that lie in archives, their programs too."""
_IN_PROGRAM = re.compile(rb"(?<=\0)[\x20-\x7e]{2,300}(?=\0)")


def _is_for_shell(content: bytes) -> bool:
    return _SHELL.match(content[:200]) is not None


_BY_A_SHELL = Analysis("is a shell's script", bool, _is_for_shell)


def is_list(path: str, files: Files) -> bool:
    """True for a file that lists what was installed, bundled or compiled."""
    is_of_erlang = path.endswith(_ENDINGS_OF_ERLANG) and _OF_ERLANG.search(files.text(path)[:_BEGIN]) is not None
    return path.endswith(_LISTS) or is_of_erlang


def has_no_shell(path: str, files: Files) -> bool:
    """True for a script of a shell that is nowhere in the image, so that no one can run it."""
    shells = _OF_OTHER_SHELLS.get(posixpath.splitext(path)[1])
    return shells is not None and _names_of_all(files).isdisjoint(shells) and not files.starts_with(path, b"#!")


@cached_per_image
def _names_of_all(files: Files) -> frozenset[str]:
    return frozenset(posixpath.basename(entry.path) for entry in files.walk())


class OwnTexts:
    """The files that were looked at so far."""

    def __init__(self, owned: Mapping[Key, Owned], start: StartedProgram | None, files: Files) -> None:
        self._of_packages = PackageFiles(owned.values(), files)
        self._start = start
        self._files = files
        self._seen: set[str] = set()
        self._at_homes: set[str] = set()
        """Settings of users."""
        self._steps: set[Step] = set()
        """What texts name so far, whichever of them."""
        self._programs = frozenset(_programs(start, files)) if start else frozenset()
        self._folders = ListedFolders(owned, files)
        self._of_code: dict[str, FileWords | None] = {}
        """The words of programs and code, by path."""

    def steps(self, explored: Explored) -> Iterator[Step]:
        """Yield what the files name that were reached since the last call, and what lies in a working folder."""
        yield from self._named_from(explored)
        if self._start is not None:
            yield from self._named_in_code(explored, self._start)
            because = Because(self._start.path, "may read settings of its user, as")
            yield from opened(self._at_home(), because, is_certain=False)
            self._folders.add_words(self._start.path, explored.given)
            yield from self._folders.steps()

    def _named_from(self, explored: Explored) -> Iterator[Step]:
        for path in (*explored.certain, *explored.possible):
            if self._start is None or path in self._seen:
                continue
            self._seen.add(path)
            because = explored.certain.get(path) or explored.possible[path]
            try:
                if self._is_own(path) and not is_followed(path, because, self._files):
                    yield from self._named(path, self._start)
            except GateError as error:
                yield Gap(kind=EVERYTHING, reason=f"{error.message}, so what it names cannot be known", path=path)

    def _is_own(self, path: str) -> bool:
        """True for a file that no package brought; a link, as a virtual environment's Python, is what it leads to."""
        entry = self._files.find(path)
        if entry is None or not entry.size or entry.path in OF_PASSWORDS:
            return False
        if entry.path.startswith(DATABASES) or is_list(path, self._files) or has_no_shell(path, self._files):
            return False
        if is_assembly(path, self._files) or is_of_dotnet(path, self._files) or self._of_packages.is_copy(entry.path):
            return False
        return not any(map(self._of_packages.is_published, (path, entry.path)))

    def _named_in_code(self, explored: Explored, start: StartedProgram) -> Iterator[Step]:
        """Yield the own files that code may read or start, as it states their names: `Procfile`, `start-worker`.

        They lie in working folders, homes and `/etc`, or are programs anywhere. For those in a folder of `/etc` such as
        `dhclient-exit-hooks.d` its name is enough.
        """
        near: dict[bytes, list[str]] = {}
        working = list(self._in_working_folders(explored))
        named = [(posixpath.basename(path), path) for path in dict.fromkeys((*working, *self._anywhere))]
        for called, path in (*named, *self._in_folders_of_parts):
            if path not in explored.certain and path not in explored.possible:
                near.setdefault(called.encode(), []).append(path)
        wanted, programs = Names(near), frozenset(self._anywhere).difference(working)
        for path, because in chain(explored.certain.items(), explored.possible.items()) if near else ():
            is_own = self._is_own(path) and not path.endswith(ENDINGS)  # its words are followed
            for name in self._stated_in(path, because, wanted):
                for each in near[name] if not is_own else (one for one in near[name] if one not in programs):
                    yield from self._read_or_started(each, Because(path, "may read"), start)

    def _read_or_started(self, path: str, because: Because, start: StartedProgram) -> Iterator[Step]:
        """Yield a text that is read or run as a script; a compiled program, as an interpreter, is given no words."""
        if _is_document(path, self._files) or self._files.starts_with(path, MAGIC):
            yield Opened(path=path, because=because, is_certain=False)
        else:
            yield from named_by(start, f"/{path}", (), because, self._files)

    def _stated_in(self, path: str, because: Because, wanted: Names) -> Iterable[bytes]:
        """Return those of the wanted names that a program, code or an archive of Java has."""
        if path.endswith(ENDINGS) and self._files.find(path) is not None:
            return wanted.with_numbers(frozenset(array("I", java_strings(path, self._files).numbers)))
        if is_assembly(path, self._files) and not is_of_dotnet(path, self._files):
            return wanted.with_numbers(frozenset(array("I", dotnet_strings(path, self._files).numbers)))
        words = self._words_of_code(path, because) if self._may_state(path, wanted.all) else None
        return words.among(wanted) if words is not None else ()

    @cached_property
    def _anywhere(self) -> list[str]:
        """The own programs of the image, those on the search path first, and the own settings in `/etc`."""
        entries = (entry for entry in self._files.walk() if entry.kind is EntryKind.FILE)
        paths = (entry.path for entry in entries if entry.mode & _EXECUTABLE or _OF_APPLICATION.match(entry.path))
        paths = (path for path in paths if path not in self._of_packages and self._is_own(path))
        found = sorted(paths, key=lambda path: (posixpath.basename(path) not in self._programs, path))
        return found[:_MAX_ANYWHERE]

    @cached_property
    def _in_folders_of_parts(self) -> list[tuple[str, str]]:
        """The own files in folders of `/etc`, each with the folder's name, and with that as a part of a path."""
        found = ((_OF_PARTS.match(entry.path), entry.path) for entry in self._files.walk())
        own = [(part["name"], path) for part, path in found if part and self._is_own(path)][:_MAX_ANYWHERE]
        return [(f"{name}{end}", path) for name, path in own for end in ("", "/")]

    def _at_home(self) -> Iterator[str]:
        """Yield the own settings of users, but for those that each distribution gives a new one."""
        homes = dict.fromkeys(("root", *(f"home/{name}" for name in self._files.names("home")), *self._stated_homes()))
        hidden = (f"{home}/{name}" for home in homes for name in self._files.names(home) if name.startswith("."))
        todo = [path for path in hidden if posixpath.basename(path) not in _OF_EACH_USER]
        todo += (f"{home}/{_SHARE_AT_HOME}" for home in homes)
        while todo and len(self._at_homes) < _MAX_AT_HOME:
            path = todo.pop(0)
            todo += (f"{path}/{name}" for name in self._files.names(path))
            if path not in self._at_homes and self._files.look_up(path) is not None and self._is_own(path):
                self._at_homes.add(path)
                yield path

    def _in_working_folders(self, explored: Explored) -> Iterator[str]:
        """Yield the own files in working folders, and those in homes and below."""
        working = sorted(explored.folders - _FOLDERS_OF_SYSTEM)
        paths = [f"{folder}/{name}" for folder in working for name in self._files.names(folder)]
        for home in self._stated_homes():
            below = filter(_is_visible, self._files.below(home, _is_visible))
            paths += islice(below, _MAX_AT_HOME)
        yield from filter(self._is_own, dict.fromkeys(paths))

    def _stated_homes(self) -> Iterator[str]:
        stated = self._start.variable("HOME") if self._start is not None else None
        homes = (home.strip("/") for home in (stated or "", *home_folders(self._files).values()))
        return (home for home in homes if home.partition("/")[0] not in _NO_HOMES)

    def _may_state(self, path: str, names: Iterable[bytes]) -> bool:
        """False for a package's code without the letters of any of `names`: to take out its words takes much longer."""
        if not path.endswith(_CODE) or self._files.find(path) is None:
            return True
        content = self._files.read(path)
        return any(name in content for name in names)

    def _words_of_code(self, path: str, because: Because) -> FileWords | None:
        """Return the words of a program, or of a package's code, or of a text of the image's own; else None."""
        if path not in self._of_code:
            is_searched = _READS.search(path) or (self._is_own(path) and not is_followed(path, because, self._files))
            self._of_code[path] = words_of(path, self._files, self._of_packages.is_published) if is_searched else None
        return self._of_code[path]

    def _named(self, path: str, start: StartedProgram) -> Iterator[Step]:
        if is_page(path, self._files):
            return
        content = text_of(path, self._files.read(path))
        is_manifest = posixpath.basename(path) == MANIFEST
        folder = f"/{posixpath.dirname(path)}" if is_manifest else start.folder
        caller = StartedProgram(
            program=path, folder=folder, environment=start.environment, because=Because(path, NAMED)
        )
        scripts = script_names(content) if is_manifest else frozenset()
        for words in _sentences(path, content, self._may_start_another, self._is_there):
            self._folders.add_words(path, words)
            for place, word in enumerate(words):
                if _is_in_code(words[place : place + 2]):
                    continue
                if found := self._next_to(path, word):
                    yield from self._counted(path, opened([found], caller.because, is_certain=False))
                if self._may_be_started(word) and not runs_other_script(words[place:], scripts):
                    rest = tuple(words[place + 1 : place + 1 + _FOLLOWING])
                    rest = () if _is_torn(word, rest) else rest
                    yield from self._counted(path, named_by(caller, word, rest, caller.because, self._files))
        if is_code(path, content):
            self._folders.add_code(path, content)
        yield from undecided_calls(path, content, caller, self._files)

    def _counted(self, path: str, steps: Iterator[Step]) -> Iterator[Step]:
        for step in steps:
            known = len(self._steps)
            self._steps.add(step if isinstance(step, Gap) else msgspec.structs.replace(step, because=_BY_ANY))
            if known < len(self._steps) <= _MAX_STEPS:
                yield step
            elif known < len(self._steps) == _MAX_STEPS + 1:
                reason = f"and others name more than {_MAX_STEPS:,} programs and files"
                yield Gap(kind=EVERYTHING, reason=reason, path=path, is_limit=True)

    def _is_there(self, command: str) -> bool:
        """False for a command whose program has no file in the image: what it would be given is not started either."""
        program = next((word for word in command.split() if "=" not in word), "")
        if _PLAIN_NAME.fullmatch(program) is None or program in _OF_SHELL:
            return True
        names = _names_of_all(self._files)
        return program in names or _PACKED in names

    def _next_to(self, path: str, word: str) -> str | None:
        """Return the own file that a word names if it is meant from the folder of the text, as `include = x.conf`."""
        if len(word) > _LONGEST or word.startswith("/") or "." not in word:
            return None
        entry = self._files.find(posixpath.normpath(posixpath.join(posixpath.dirname(path), word)))
        return entry.path if entry is not None and entry.path != path and self._is_own(entry.path) else None

    def _may_be_started(self, word: str) -> bool:
        return "/" in word[:200] or word in self._programs or _LIBRARY.search(word[-_LONGEST:]) is not None

    def _may_start_another(self, word: str) -> bool:
        return word in self._programs and word not in PLAIN


def _is_visible(path: str) -> bool:
    return not posixpath.basename(path).startswith(".")


def is_followed(path: str, because: Because, files: Files) -> bool:
    """True for a script of a shell, whose every command is followed, and for settings that pm2 reads."""
    is_by_shell = because.how == "runs" and _BY_SHELL.search(because.path) is not None
    if is_by_shell or because.how in (APPLICATIONS, "sources") or _is_of_launcher(because):
        return True
    return files.analysed(path, _BY_A_SHELL)


def _is_torn(word: str, rest: tuple[str, ...]) -> bool:
    """True for words that were a shell's text: all of them are looked at by themselves, if none is filled in."""
    is_shell = posixpath.basename(word) in _SHELLS and rest[:1] in _WITH_TEXT
    return is_shell and not any(set(each) & {"$", "`"} for each in rest)


def _is_in_code(words: list[str]) -> bool:
    """True for an interpreter's name behind which code stands, or a sentence goes on (`node type: x`): no script."""
    is_code = bool(_STATEMENT.intersection(words[1:])) or any(word.endswith((":", ",")) for word in words[1:])
    return is_code and _INTERPRETER.fullmatch(words[0]) is not None


def _is_of_launcher(because: Because) -> bool:
    """True if a launcher such as cron or supervisor reads a file for its commands; libraries read, too."""
    return because.how == "reads" and ".so" not in posixpath.basename(because.path)


def is_page(path: str, files: Files) -> bool:
    """True for a document, a page, style or picture that is shown as it is, and for a source map.

    People read what these name.

    Raises as `Files.read` does.
    """
    if path.endswith(_MAP):
        content = files.read(path)
        return all(key in content for key in _KEYS_OF_MAPS)
    if _is_document(path, files):
        return _RUN_IN_DOCUMENTS not in files.read(path)
    if not path.endswith(_PAGES):
        return False
    content = files.read(path)
    return not any(mark in content for mark in _RUN_IN_PAGES)


def _is_document(path: str, files: Files) -> bool:
    return _DOCUMENT.fullmatch(posixpath.basename(path)) is not None and not files.starts_with(path, b"#!")


def is_code(path: str, content: bytes) -> bool:
    """True for a script in which a program's name stands in a literal."""
    return path.endswith(_CODE) or _CODE_LINE.match(content[:200]) is not None


def _programs(start: StartedProgram, files: Files) -> Iterator[str]:
    """Yield the names of all programs on the search path."""
    for folder in (start.variable("PATH") or "").split(":"):
        yield from files.names(folder or start.folder)


def _sentences(
    path: str, content: bytes, is_program: Callable[[str], bool], is_there: Callable[[str], bool]
) -> Iterator[list[str]]:
    """Yield the words of a file; of a script the literals that stand together, of a program each string.

    `is_program` tells whether a word is a program that may start another one, `is_there` whether the program of a
    command is in the image.
    """
    if content.startswith(MAGIC):
        if len(content) < _MAX_PROGRAM:
            constants = parse_elf(content, path).section(".rodata") or b""
            yield from (_parted([found.decode()]) for found in _IN_PROGRAM.findall(b"\0" + constants))
    elif b"\0" not in content[:4096] and len(content) < _MAX_TEXT:
        if posixpath.basename(path) == MANIFEST:
            commands, fields = texts_of(content)
            yield from (_parted([text]) for text in commands if is_there(text))
            yield from map(_parted, _strings_of_manifest(fields))
            return
        if path.endswith(".json") and (objects := _decoded(content)) is not None:
            yield from map(_parted, _strings_together(objects))
            return
        text = content.decode("utf-8", "replace")
        text = _HEADER_OF_PHP.sub("", text) if _OF_PHP.search(path) else text
        found = literals(path, text, is_program) if is_code(path, content) else _settings(_COMMENT.sub("", text))
        yield from map(_parted, found)


def _settings(text: str) -> Iterator[list[str]]:
    """Yield each setting of a text: a key begins one, so that its words are not the next one's."""
    return ([setting] for setting in _KEY.split(text))


def _decoded(content: bytes) -> object:
    """Return what JSON says; None if it is none."""
    with suppress(msgspec.DecodeError, RecursionError):
        return msgspec.json.decode(content)
    return None


def _strings_together(value: object, *, with_keys: bool = True) -> Iterator[list[str]]:
    """Yield the strings of each object and list of JSON, in order, and each key by itself: true and 1 are no words.

    A list in an object goes on with its strings, as `{"command": "nice", "args": ["memcached"]}` is one command. An
    interpreter's name as a key (`{"node": {}}`) says for what the values are; it is given no script.
    """
    todo = [value]
    while todo:
        each = todo.pop()
        yield list(_direct_strings(each))
        if isinstance(each, dict) and with_keys:
            yield from ([str(key)] for key in each if _INTERPRETER.fullmatch(str(key)) is None)
        todo += [part for part in _within(each) if isinstance(part, (dict, list))]


def _strings_of_manifest(fields: Mapping[str, object]) -> Iterator[list[str]]:
    """Yield the strings of a manifest's fields, and the names of those that are not npm's own: a tool's, perhaps.

    What `exports` and `imports` have as keys are conditions (`import`, `node`); their values are files, each by itself.
    The environment of Jest's tests (`node`) is a module's name (`jest-environment-node`).
    """
    for name, value in fields.items():
        if name == "jest" and isinstance(value, dict):
            value = {key: each for key, each in value.items() if key != "testEnvironment"}
        if name in OF_CONDITIONS:
            yield from ([text] for each in _strings_together([value], with_keys=False) for text in each)
        else:
            yield from _strings_together([value])
            yield from [] if name in _FIELDS else [[name]]


def _direct_strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in _within(value):
        if isinstance(part, str):
            yield part
        elif isinstance(part, list):
            yield from (one for one in part if isinstance(one, str))


def _within(value: object) -> Iterable[object]:
    """Return the values of an object, or the elements of a list, of JSON."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _parted(texts: Iterable[str]) -> list[str]:
    """Return the words of texts, with the value of `NAME=VALUE` and the folders of `/x:/y` as words of their own."""
    words = [word for text in texts for word in BETWEEN.split(text)]
    return [part for word in words if word for part in (word, *_values(word))]


def _values(word: str) -> Iterator[str]:
    value = posixpath.normpath(word.partition("=")[2]) if "=" in word else ""
    if value and value != ".":
        yield value
    if word.startswith("/") and ":" in word:
        yield from word.split(":")
    if program := fuse_program(word):
        yield program
