"""Whether the scripts that the `package.json` of an application names may be run, in ways that are not followed.

A script's text is in the manifest alone. What runs it is a package manager, or code that reads the manifest and
handles its scripts; both may be spread over packages of which one requires the other, or a third both. Package
managers and tools that are only started, with words that are known, were followed: they run what these ask for.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Set

from gate.reachability.runtimes.named.handed_on import HandedOn
from gate.reachability.runtimes.named.node_manifests import MANAGERS, MANIFEST, ManifestUse, handles_scripts
from gate.reachability.runtimes.named.node_strings import Strings
from gate.reachability.runtimes.node.modules import is_installed
from gate.reachability.runtimes.packages.node_folders import ModuleFolder
from gate.reachability.runtimes.strings.words import FileWords, Names
from gate.reachability.runtimes.walk.explore import Explored, is_only_named
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import SCRIPTS, Because

_NPM = "npm"
_FOLLOWED = frozenset({_NPM, "concurrently", "npm-run-all", "npm-run-all2", "nodemon"})
"""Packages of which it is followed what they start of the scripts."""
_YARN = "yarn"
_CLASSIC = "1."
"""How the versions of Yarn begin that run a script as npm does, and hold all that they load in one source."""
_SETTINGS_OF_YARN = (".yarnrc", ".yarnrc.yml")
_OTHER_YARN = re.compile(rb"^[ \t\"]*(?:yarn-path|yarnPath|script-shell)\b", re.MULTILINE)
"""Settings by which another Yarn, or another shell, is started (Yarn's documentation, ".yarnrc")."""
_OTHERS = frozenset({_YARN, "yarnpkg", "pnpm", "@pnpm/exe", "corepack", "bun", "@yarnpkg/cli"})
"""Package managers that may run other scripts than those that they are asked for."""
_TOOLS = frozenset({"concurrently", "conc", "npm-run-all", "npm-run-all2", "run-s", "run-p", "nodemon"})
_NAMED = Names((MANIFEST, *(name.encode() for name in MANAGERS | _TOOLS)))


class ScriptRunners:
    """Collects what may run scripts."""

    def __init__(
        self,
        modules: Iterable[ModuleFolder],
        required: Callable[[str], Set[str]],
        explored: Explored,
        *,
        has_classic_yarn: bool = False,
    ) -> None:
        self._names = {one.path: one.names for one in modules}
        self._managers = _FOLLOWED | ({_YARN} if has_classic_yarn else frozenset())
        """Tools of which it is followed what they start."""
        self._is_run = any(gap.kind == SCRIPTS for gap in explored.gaps) or any(map(_asks_for_script, explored.given))
        self._is_set = False
        """True if a manifest names a package manager in another setting than its scripts."""
        self._own: set[str] = set()
        """The strings of the applications' sources."""
        self._is_handled = False
        """True if a source of an application handles scripts."""
        self._readers: set[str] = set()
        self._handlers: set[str] = set()
        self._naming: set[str] = set()
        """Folders of modules that name a package manager."""
        self._from_readers: HandedOn[str] = HandedOn(required)
        self._from_starters: HandedOn[str] = HandedOn(required)
        self._installing: set[str] = set()
        """Folders of modules that name one to have packages installed or published, which runs some scripts."""
        followed = self._only_started(explored)
        self._followed = tuple(f"{path}/" for path in followed)
        self._tools = _TOOLS if any(_NPM not in self._names[path] for path in followed) else frozenset()
        """Names of tools that are only started as far as they were followed."""

    def _only_started(self, explored: Explored) -> list[str]:
        """Return the folders of tools that are followed and only started; if another is reached, scripts may be run.

        Also those of npm where it is not reached: what may start it counts by npm's name.
        """
        reached = {**explored.possible, **explored.certain}
        tools = [path for path, names in self._names.items() if not names.isdisjoint(_FOLLOWED | _OTHERS)]
        found = [path for path in tools if _is_in(f"{path}/", reached)]
        followed = [path for path in found if not self._names[path].isdisjoint(self._managers)]
        started = [path for path in followed if _is_only_started(f"{path}/", reached, explored.named)]
        self._is_run = self._is_run or started != found
        unreached = (path for path in tools if path not in found and _NPM in self._names[path])
        return [*started, *unreached]

    def is_followed(self, home: str) -> bool:
        """True for the folder of a tool that is only started, or of a module inside of it."""
        return f"{home}/".startswith(self._followed)

    def note(self, path: str, home: str, use: ManifestUse, strings: Strings) -> None:
        """Note what a source of a module does."""
        if self.is_followed(home):
            return
        self._from_readers.add(home)
        self._from_starters.add(home)
        if use.reads_of_others(path, home):
            self._readers.add(home)
            self._from_readers.note(home)
        if use.handles_scripts:
            self._handlers.add(home)
        names_manager = not strings.names.isdisjoint(MANAGERS)
        asks = (
            use.knows_its_manager or (names_manager and use.asks_manager) or not strings.names.isdisjoint(self._tools)
        )
        if asks:
            self._naming.add(home)
        elif names_manager:
            self._installing.add(home)

    def note_own(self, content: bytes, strings: Strings, *, reads_manifest: bool) -> None:
        """Note what a source of an application does."""
        self._is_run = self._is_run or reads_manifest or not strings.names.isdisjoint(MANAGERS | _TOOLS)
        self._is_handled = self._is_handled or handles_scripts(content)
        self._own |= strings.names

    def note_manifest(self, words: Set[bytes]) -> None:
        """Note the words of an application's manifest, its scripts left aside."""
        self._is_set = self._is_set or not words.isdisjoint(map(str.encode, MANAGERS))

    def note_text(self, home: str | None, words: FileWords, *, is_code: bool) -> None:
        """Note what another text or program names; with the folder of the module that it belongs to."""
        counting = {MANIFEST, *(name.encode() for name in MANAGERS | self._tools)}
        named = counting.intersection(words.among(_NAMED))
        if MANIFEST in named and home is not None:
            self._readers.add(home)
            self._from_readers.add(home)
            self._from_readers.note(home)
        if home is not None and named - {MANIFEST}:
            self._naming.add(home)
            self._from_starters.add(home)
        is_any = is_code and MANIFEST in named
        self._is_run = self._is_run or is_any or (home is None and bool(named))

    def may_run(self, starting: Iterable[str]) -> bool:
        """True if scripts may be run; `starting` are the folders of all modules that start programs."""
        self._is_run = self._is_run or self._is_read() or self._is_started(starting)
        return self._is_run

    def started_from(self, homes: Iterable[str], starting: Iterable[str]) -> list[str]:
        """Return those of the modules in `homes` of which a name may come to code that starts programs."""
        for home in starting:
            self._from_starters.note(home)
        for home in homes:
            self._from_starters.add(home)
        return [home for home in homes if home in self._from_starters]

    def _is_read(self) -> bool:
        """True if what reads a manifest may hand it to what handles scripts."""
        if self._is_set and self._readers:
            return True
        if self._is_handled:
            return bool(self._readers)
        if any(not self._own.isdisjoint(self._names[home]) for home in self._readers):
            return bool(self._handlers)
        return any(home in self._from_readers for home in self._handlers)

    def _is_started(self, starting: Iterable[str]) -> bool:
        """True if the name of a package manager may come to code that starts programs."""
        for home in starting:
            self._from_starters.note(home)
        return any(home in self._from_starters for home in self._naming)

    def runs_lifecycle(self) -> bool:
        """True if packages may be installed or published, which runs the scripts that stand for that."""
        return any(home in self._from_starters for home in self._installing)


def has_classic_yarn(modules: Iterable[ModuleFolder], files: Files) -> bool:
    """True if each Yarn that is installed runs a script as npm does, and no settings ask for another one."""
    versions = [one.key[3] for one in modules if one.key[2] == _YARN]
    if not versions or not all(version.startswith(_CLASSIC) for version in versions):
        return False
    names = (entry.path for entry in files.walk() if posixpath.basename(entry.path) in _SETTINGS_OF_YARN)
    return not any(_OTHER_YARN.search(files.read(path)) for path in names if not is_installed(path))


def _is_only_started(folder: str, reached: Mapping[str, Because], named: Iterable[str]) -> bool:
    inside = ((path, because) for path, because in reached.items() if path.startswith(folder))
    from_outside = (because for _, because in inside if not because.path.startswith(folder))
    return not any(map(is_only_named, from_outside)) and not _is_in(folder, named)


def _is_in(folder: str, paths: Iterable[str]) -> bool:
    return any(path.startswith(folder) for path in paths)


def _asks_for_script(word: str) -> bool:
    """True for the option by which Node.js runs a script of a manifest itself, and for the manifest."""
    return word == "--run" or word.startswith("--run=") or "package.json" in word
