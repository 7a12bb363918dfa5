"""What `npm start`, `pnpm --filter api run serve`, `yarn workspace api start` and `npx TOOL` start.

Sources: the documentation of npm ("workspaces", "npm run"), of pnpm ("Filtering") and of Yarn ("workspace").
"""

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from itertools import takewhile
from typing import Any

import msgspec

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.node.modules import KIND, Modules, modules_of
from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    SCRIPTS,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    StartedProgram,
    Step,
    opened,
)

RUNNERS = frozenset(("npm", "npm-cli.js", "npx", "npx-cli.js", "yarn", "yarn.js", "pnpm", "pnpm.cjs", "pnpx"))
"""Names of the scripts of package managers."""
_RUN = ("run", "run-script", "rum", "urn")
_STARTING = {"start": "start", "test": "test", "t": "test", "stop": "stop", "restart": "restart"}
_SCRIPTS_ARE_RUN_BY = ("run-script", "run")
"""The command of npm that runs scripts, as it is called in version 10 and since."""
_PLAIN = re.compile(r"[a-z][a-z-]{0,30}")
_RUN_SCRIPTS = frozenset({"npm", "yarn", "pnpm"})
_QUIET = frozenset({"-s", "--silent", "-q", "--quiet", "--if-present"})
"""Options with which the same script is run."""
_EXECUTING = ("exec", "x", "dlx")
_SHELL = "bin/sh"
"""By which npm runs the command of `npm exec` too; other managers do without."""
_DEFAULT_START = "node server.js"
_FOLDERS = ("--prefix", "--cwd", "--dir", "-C")
_WORKSPACE = ("--filter", "-F", "--filter-prod", "--workspace", "-w")
_ALL = ("-r", "--recursive", "--workspaces", "-ws")
_ROOT_OF_PNPM = ("-w", "--workspace-root")
_RELATED = re.compile(r"\.{3}|\^")
"""In a filter of pnpm: what a package needs, or what needs it, is meant too."""
_OF_WHAT_IS_INSTALLED = frozenset(
    ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "peerDependenciesMeta", "engines")
)
OF_CONDITIONS = frozenset({"exports", "imports"})
"""Fields of a manifest whose keys are conditions (`import`, `node`), and whose values are files that modules load."""
_SETTING = re.compile(r"^[ \t]*(?:workspaces?|script-shell|prefix|include-workspace-root)\b", re.MULTILINE)
_VARIABLES = frozenset(
    f"npm_config_{name}" for name in ("workspace", "workspaces", "script_shell", "local_prefix", "prefix")
)
"""What says in which folders npm runs a script, or by what, other than its words."""
_OF_MANAGER = re.compile(r"\bnpm_\w+")
_SET_BY_MANAGER = tuple(f"npm_{name}" for name in ("execpath", "node_execpath", "lifecycle_event", "lifecycle_script"))
"""Variables that package managers set for scripts, of which what they say is not known here."""
_OPERATOR = re.compile(r"[;&|\n]+")
"""Between the commands of a shell."""
_MAX_MEMBERS = 500
_OWN = frozenset(word_lists(__file__)["own"])
"""Commands of package managers that run no script that a manifest names."""


class _Asked(msgspec.Struct, frozen=True):
    """A command line of a package manager."""

    folder: str
    words: tuple[str, ...]
    """The command, with its arguments."""
    workspaces: tuple[str, ...] = ()
    """Filters for the members of a workspace in which it is run; `*` for all of them."""


def run_by_manager(runner: str, arguments: tuple[str, ...], started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield what the package manager `runner` (`npm`, `npx`, `yarn`, `pnpm`, …) starts."""
    asked = _asked(runner, arguments, started)
    manager = _Manager(runner, started, files)
    if _is_set_up(asked.folder, started, files):
        yield Gap(kind=SCRIPTS, reason="runs scripts of a manifest that its words do not tell", path=started.program)
    if not asked.workspaces:
        yield from manager.run(asked.folder, asked.words)
        return
    members = list(_members(asked, files))
    yield from manager.run_in([folder for folder, _ in members], asked)


def _is_set_up(folder: str, started: StartedProgram, files: Files) -> bool:
    """True if variables or settings of npm say in which folders, or by what, a script is run."""
    path = posixpath.join(folder, ".npmrc").strip("/")
    is_in_variable = any(name.lower() in _VARIABLES for name, _ in started.environment)
    return is_in_variable or (files.find(path) is not None and _SETTING.search(files.text(path)) is not None)


def own_commands(script: str, arguments: tuple[str, ...], started: StartedProgram) -> Iterator[Step]:
    """Yield the sources of npm that carry out what it is asked, which it loads by the name of the command.

    `script` is the real path of `npm-cli.js` or `npx-cli.js`. A command that is a script's name runs `run-script` too.
    """
    runner = posixpath.basename(script).partition("-")[0]
    words = _asked(runner, arguments, started).words
    command = "exec" if runner == "npx" else next(iter(words), "")
    names = (command, *_SCRIPTS_ARE_RUN_BY) if command in (*_RUN, *_STARTING) else (command,)
    folder = posixpath.join(posixpath.dirname(posixpath.dirname(script)), "lib/commands")
    paths = (f"{folder}/{_STARTING.get(name, name)}.js" for name in names if _PLAIN.fullmatch(name))
    yield from opened(paths, Because(script, "carries out a command by"))


def texts_of(manifest: bytes) -> tuple[list[str], dict[str, Any]]:
    """Return each command in the scripts of a `package.json`, and its fields but those that name what is installed.

    So a command is not given the words of the next one. Of a broken manifest the whole text is returned.
    """
    try:
        content = msgspec.json.decode(manifest, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return [manifest.decode("utf-8", "replace")], {}
    scripts = content.pop("scripts", None)
    texts = [text for text in scripts.values() if isinstance(text, str)] if isinstance(scripts, dict) else []
    rest = {name: value for name, value in content.items() if name not in _OF_WHAT_IS_INSTALLED}
    return [command for text in texts for command in _OPERATOR.split(text)], rest


def runs_other_script(words: Sequence[str], scripts: Collection[str]) -> bool:
    """True for `npm run NAME`, or `yarn NAME` with one of `scripts`, and nothing that leads to another manifest."""
    if not words or words[0] not in _RUN_SCRIPTS:
        return False
    asked = [word for word in takewhile(lambda word: word != "--", words[1:]) if word not in _QUIET]
    is_run = bool(asked) and asked[0] in _RUN
    named = asked[1:] if is_run else asked
    return len(named) == 1 and (named[0] in scripts or (is_run and not named[0].startswith("-")))


def script_names(manifest: bytes) -> frozenset[str]:
    """Return the names of the scripts in a `package.json`; none of a broken one."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        scripts = msgspec.json.decode(manifest, type=dict[str, Any]).get("scripts")
        return frozenset(scripts if isinstance(scripts, dict) else ())
    return frozenset()


def _asked(runner: str, arguments: tuple[str, ...], started: StartedProgram) -> _Asked:
    """Return the command; the options of the package manager itself are left out, wherever they stand."""
    folder = posixpath.join("/", started.folder)
    words: list[str] = []
    filters: list[str] = []
    following = iter(arguments)
    for word in following:
        option, equals, value = word.partition("=")
        if word == "--":
            words += following
        elif option in _FOLDERS and (not words or _is_for_npm(runner, words, option)):
            folder = posixpath.join(folder, value if equals else next(following, ""))
        elif runner == "pnpm" and word in _ROOT_OF_PNPM:
            continue
        elif option in _WORKSPACE:
            filters.append(value if equals else next(following, ""))
        elif word in _ALL:
            filters.append("*")
        elif not word.startswith("-") or words:
            words.append(word)
    return _of_yarn(_Asked(folder, tuple(words), tuple(filters)))


def _is_for_npm(runner: str, words: list[str], option: str) -> bool:
    """True for an option that npm takes for itself behind its command too: `npm start --prefix api`."""
    return runner.startswith("npm") and words[0] not in _EXECUTING and option in ("--prefix", "-C")


def _of_yarn(asked: _Asked) -> _Asked:
    """Return the command inside of `yarn workspace NAME COMMAND` and `yarn workspaces foreach run SCRIPT`."""
    words = asked.words
    if words[:1] == ("workspace",) and len(words) > 1:
        return msgspec.structs.replace(asked, words=words[2:], workspaces=(words[1],))
    if words[:1] == ("workspaces",):
        inside = tuple(word for word in words[1:] if word != "foreach" and not word.startswith("-"))
        return msgspec.structs.replace(asked, words=inside, workspaces=("*",))
    return asked


def _members(asked: _Asked, files: Files) -> Iterator[tuple[str, str]]:
    """Yield the folders of the members that are asked for, with their names."""
    every = _every_member(asked.folder, files)
    chosen = [one for one in every if _is_asked(one, asked)]
    has_others = any(_RELATED.search(each) or UNKNOWN in each or each.startswith("!") for each in asked.workspaces)
    yield from every if has_others or not chosen else chosen


def _every_member(root: str, files: Files) -> list[tuple[str, str]]:
    """Return the folders below `root` that have a manifest of the project's own, with the names in it."""
    inside = root.strip("/") + "/" if root.strip("/") else ""
    paths = (entry.path for entry in files.walk() if entry.path.startswith(inside))
    own = (path for path in paths if path.endswith("/package.json") and "node_modules/" not in path)
    folders = sorted(posixpath.dirname(path) for path in own)[:_MAX_MEMBERS]
    return [(f"/{folder}", _name(modules_of(files), f"/{folder}")) for folder in folders if f"/{folder}" != root]


def _name(modules: Modules, folder: str) -> str:
    manifest = modules.manifest(folder)
    return manifest.name if manifest is not None and isinstance(manifest.name, str) else ""


def _is_asked(member: tuple[str, str], asked: _Asked) -> bool:
    return any(_is_meant(member, each, asked.folder) for each in asked.workspaces)


def _is_meant(member: tuple[str, str], asked: str, root: str) -> bool:
    folder, name = member
    wanted = _RELATED.sub("", asked).strip("{}")
    path = posixpath.normpath(posixpath.join(root, wanted))
    names = (name, name.rpartition("/")[2], folder)
    return any(fnmatchcase(each, wanted) for each in names) or fnmatchcase(folder, path)


class _Manager:
    """A package manager that was started."""

    def __init__(self, runner: str, started: StartedProgram, files: Files) -> None:
        self._runner = runner
        self._started = started
        self._files = files
        self._modules = modules_of(files)

    def run_in(self, folders: Sequence[str], asked: _Asked) -> Iterator[Step]:
        """Yield what is started in the members of a workspace; those without the script are left out.

        If it is to be a script and none has it, nothing starts.
        """
        command = asked.words[0] if asked.words else ""
        name = _script_of(command, asked.words[1:])
        having = [folder for folder in folders if name in self._scripts(folder)]
        is_script = (command in _RUN or command in _STARTING) and name != "start" and UNKNOWN not in name
        for folder in having or ([] if is_script and folders else folders or [asked.folder]):
            yield from self.run(folder, asked.words)

    def run(self, folder: str, words: tuple[str, ...]) -> Iterator[Step]:
        """Yield what a command starts in a folder."""
        command, rest = (words[0], words[1:]) if words else ("", ())
        if self._runner.startswith("npx") or (self._runner.startswith("npm") and command in _EXECUTING):
            yield Opened(path=_SHELL, because=Because(self._started.program, "runs the command by"))
        if self._runner.startswith("npx") or self._runner == "pnpx":
            yield from self._bin(words, folder)
        elif command in _EXECUTING:
            yield from self._bin(tuple(word for word in rest if not word.startswith("-")), folder)
        else:
            yield from self._script(folder, words, _script_of(command, rest))

    def _script(self, folder: str, words: tuple[str, ...], name: str) -> Iterator[Step]:
        scope = self._modules.scope(folder)
        scripts = self._scripts(scope)
        texts = [scripts.get(each) for each in (f"pre{name}", name, f"post{name}")]
        if name == "start" and not isinstance(texts[1], str):
            texts[1] = _DEFAULT_START
        if not isinstance(texts[1], str):
            yield from self._bin(words, folder)
            return
        because = Because(self._started.program, f"runs the script {name[:40]} of")
        yield Opened(path=f"{scope}/package.json", because=because)
        for text in texts:
            if isinstance(text, str):
                yield self._shell(text, f"{scope}")

    def _scripts(self, scope: str | None) -> dict[str, Any]:
        manifest = self._modules.manifest(scope) if scope is not None else None
        return manifest.scripts if manifest is not None and isinstance(manifest.scripts, dict) else {}

    def _bin(self, words: tuple[str, ...], folder: str) -> Iterator[Step]:
        program = self._modules.bin(words[0], folder) if words else None
        because = Because(self._started.program, "runs")
        start = started_by(self._started, (program, *words[1:]), because, self._files) if program else None
        if start is not None:
            yield start
        else:
            kind = KIND if not words or words[0] in _OWN else EVERYTHING
            yield Gap(kind=kind, reason="what the package manager starts is not known", path=self._started.program)

    def _shell(self, text: str, folder: str) -> Step:
        because = Because(f"{folder}/package.json".strip("/"), "runs")
        bins = ":".join(f"{each}/node_modules/.bin" for each in _way_up(folder))
        path = self._started.variable("PATH") or "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        set_by_manager = dict.fromkeys((*_SET_BY_MANAGER, *_OF_MANAGER.findall(text)), UNKNOWN)
        environment = {**set_by_manager, **dict(self._started.environment), "PATH": f"{bins}:{path}"}
        start = started_by(self._started, ("sh", "-c", text), because, self._files)
        if start is None:
            return Gap(kind=EVERYTHING, reason="there is no shell to run the script", path=because.path)
        return StartedProgram(
            program=start.program,
            called=start.called,
            arguments=start.arguments,
            folder=folder or "/",
            environment=tuple(sorted(environment.items())),
            because=because,
        )


def _script_of(command: str, rest: tuple[str, ...]) -> str:
    """Return the name of the script that a command runs."""
    named = next((word for word in rest if not word.startswith("-")), command)
    return _STARTING.get(command) or (named if command in _RUN else command)


def _way_up(folder: str) -> Iterator[str]:
    while folder not in ("", "/"):
        yield folder
        folder = posixpath.dirname(folder)
