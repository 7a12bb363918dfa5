"""Node.js: from the script that is started to every module that it loads."""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from fnmatch import fnmatchcase
from itertools import chain, islice, pairwise
from urllib.parse import unquote

from gate.inventory.installed.elf import MAGIC
from gate.reachability.imports.javascript_loads import Form, Load, handed_on, loads, names_in, places_of_names
from gate.reachability.runtimes.node.conditions import is_left_out, is_not_chosen
from gate.reachability.runtimes.node.drivers import drivers_of
from gate.reachability.runtimes.node.frameworks import loaded_by_framework
from gate.reachability.runtimes.node.managers import RUNNERS, own_commands, run_by_manager
from gate.reachability.runtimes.node.modules import KIND, Modules, is_installed, modules_of, package_of, with_scoped
from gate.reachability.runtimes.node.oclif import commands_of
from gate.reachability.runtimes.node.on_request import is_on_request
from gate.reachability.runtimes.node.red import nodes_of
from gate.reachability.runtimes.node.sources import COMPILER, MAX_IN_FOLDER, SOURCES, sources_below
from gate.reachability.runtimes.node.tools import plugins_in_scopes, settings_of_command, settings_of_source
from gate.reachability.runtimes.walk.files import MAX_TEXT, Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
from gate.reachability.runtimes.walk.graph import (
    NAMED,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
    opened,
)
from gate.trees.memo import Analysis

_PROGRAM = re.compile(r"node(?:js)?(?:-?\d+)?|tsx|ts-node|bun")
_LOADING = {
    "-r": "require",
    "--require": "require",
    "--import": "import",
    "--loader": "import",
    "--experimental-loader": "import",
}
_CODE_IN_ADDRESS = "data:text/javascript,"
_INLINE = ("-e", "--eval", "-p", "--print", "-pe")
_OF_VARIABLES = ("--env-file", "--env-file-if-exists")
_OPTIONS = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?NODE_OPTIONS[ \t]*=[ \t]*(?P<quote>["'`]?)(?P<value>.*?)(?P=quote)[ \t]*(?:#.*)?$""",
    re.MULTILINE,
)
_WITH_VALUE = (*_OF_VARIABLES, "-C", "--conditions", "--title", "--icu-data-dir", "--openssl-config")
_TESTING = "--test"
_OF_TESTS = re.compile(r"(?:^|/)(?:test/.+|test|test-[^/]*|[^/]*[._-]test)\.[cm]?[jt]s$")
"""Sources that `node --test` runs if it is given none (its documentation, "Running tests from the command line")."""
_INFORMATIVE = frozenset(("-v", "--version", "-h", "--help", "--v8-options"))
"""Options with which Node.js only prints information about itself."""
_LOADED = frozenset(("requires", "imports"))
"""How a module is reached that a source loads."""
_ADDON_LOADERS = frozenset(("bindings", "node-gyp-build", "@mapbox/node-pre-gyp", "prebuild-install", "node-pre-gyp"))
_WORD = re.compile(r"\w+")
"""What stands behind `node` in many a text, and is a script only if the image has it: `node ace`, `node src`."""
_RESOLVE = re.compile(rb"require\.resolve\(\s{0,4}(?:`[^`\n]{0,80}\$\{|[A-Za-z_$][\w$]{0,40}\s{0,4}[),+])")
"""How a package finds the path of its compiled part: ``require.resolve(`${part}/bin/esbuild`)``."""
_MAKES_ITS_OWN_REQUIRE = "createRequire"
_LOADS_FOLDERS = re.compile(
    r"autoload|auto-load|readdir|require-?(?:all|dir)|\bglob|include-all|import-dir|DataSource|createConnection"
    r"|sequelize|umzug|consign|awilix|loadModules|express-load",
    re.IGNORECASE,
)
"""Names of libraries and functions that load all sources in a folder."""
_LISTS_ITS_FOLDER = re.compile(
    r"(?:readdir\w*|glob(?:\w*|\.\w+))\s*\(\s*(?:[\w$.]{1,40}\(\s*)?(?:__dirname|import\.meta\.dirname)"
)
_RUNS_SOURCES = re.compile(r"\b(?:bree|piscina|tinypool|workerpool|jest-worker|worker_threads|fork)\b", re.IGNORECASE)
"""Names of libraries and functions that run sources by themselves, as jobs or workers."""
_BELOW_ITSELF = re.compile(
    r"""\b(?:join|resolve)\(\s*(?:__dirname|import\.meta\.dirname)\s*,\s*["'`](?P<name>[\w./-]{1,200})["'`]\s*\)"""
)
_IS_NO_PART = re.compile(r"\.(?:test|spec|stories)\.\w+$|\.d\.[cm]?ts$")
"""Sources for tests and compilers, which code leaves aside that loads all others in a folder."""
_FOLDER = re.compile(r"""["'`/](?P<name>(?:\.{0,2}/)?\w[\w-]*(?:/\w[\w-]*)*)/?(?:["'`]|/\*)""")
_OWN_PATH = re.compile(r"""["'`](\.{1,2}/[\w./-]{1,200})["'`]""")
_OF_SETTINGS = "process."
"""A word in each condition of variables."""
_KEY = re.compile(r"""(?<=[{,])\s*(?P<quote>["'])(?P<key>[\w@./-]+)(?P=quote)\s*:""")
"""A key of an object: behind `?`, a string in front of `:` is a value."""
_IN_BUNDLE = re.compile(
    r"""node_modules/(?:\.pnpm/[^/\s"']+/node_modules/)?(?P<name>(?:@[\w.-]+/)?\w[\w.-]*)/[^\s"'*]*\.[cm]?[jt]sx?\b"""
)
"""Paths in a bundle: comments and licenses, the keys of its modules, the sources of its map."""
_MOLECULER = "moleculer"
_RUN_WHAT_THEY_ARE_GIVEN = {
    "fastify-cli": "fastify",
    "@react-router/serve": None,
    "@remix-run/serve": None,
    "micro": None,
    _MOLECULER: None,
    "probot": None,
    "ts-node-dev": None,
}
"""Packages whose commands load the source that stands among their words, and what they look for near it."""
_GIVEN_HANDLER = "aws-lambda-ric"
"""The package whose command is given a source and what it calls there: `index.handler` (README of the package)."""
_GIVEN_FOLDER = "@google-cloud/functions-framework"
"""The package whose command loads the module of a folder, that of its option or the working folder."""
_SOURCE = re.compile(r"(?:^|\s)--source[= ](\S+)")
_OF_ENV = re.compile(r"^\s*(?:export\s+)?(?P<name>\w{1,80})\s*=(?P<value>[^\n#]*)", re.MULTILINE)
_COMMAND = re.compile(r"""\.command\(\s*["'`](?P<name>\w[\w-]*)[^"'`]*["'`]\s*,\s*["'`]""")
"""A command of Commander with its description: a program next to the script (its README, "Stand-alone executable")."""


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of Node.js, and for a file of JavaScript or TypeScript."""
    if isinstance(reached, StartedProgram):
        return any(_PROGRAM.fullmatch(posixpath.basename(name)) for name in (reached.called, reached.program))
    return is_loaded_source(reached.path, reached.because)


def is_loaded_source(path: str, because: Because) -> bool:
    """True for a source, which has no ending if it is loaded by its whole name: `require("grunt-cli/bin/grunt")`."""
    return path.endswith(SOURCES) or (because.how in _LOADED and "." not in posixpath.basename(path))


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the modules that are loaded, and a gap where a module's name is made at run time."""
    modules = modules_of(files)
    if isinstance(reached, StartedProgram):
        return errors_as_gaps(KIND, reached.program, _started(reached, files, modules))
    return errors_as_gaps(KIND, reached.path, _loaded_by(reached.path, files, modules))


def _started(started: StartedProgram, files: Files, modules: Modules) -> Iterator[Step]:
    modules.look_in(filter(None, (started.variable("NODE_PATH") or "").split(":")))
    modules.set_variables(started.environment)
    options = (started.variable("NODE_OPTIONS") or "").split()
    yield from _preloaded(tuple(options), started, modules)
    words, script = _script(started.arguments)
    yield from _preloaded((*_options_in_files(words, started.folder, files), *words), started, modules)
    yield from _inline(words, started, modules)
    if _TESTING in words:
        yield from _tested(script or (), started, files)
        return
    if script is None:
        if not any(word in _INLINE or word in _INFORMATIVE for word in words):
            yield Gap(kind=KIND, reason="Node.js is started without a script that is known", path=started.program)
        return
    yield from _run(script[0], script[1:], started, files, modules)


def _tested(asked: tuple[str, ...], started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the sources in the working folder that Node.js tests: those asked for, or that are called like tests."""
    folder = posixpath.join("/", started.folder)
    sources = sources_below(folder.rstrip("/"), files)
    wanted = [posixpath.normpath(posixpath.join(folder, each)) for each in asked]
    for path in sources:
        is_asked = any(fnmatchcase(path, each) or path.startswith(f"{each}/") for each in wanted)
        if is_asked if wanted else _OF_TESTS.search(path.removeprefix(folder)):
            yield Opened(path=path, because=Because(started.program, "tests"))
    if len(sources) >= MAX_IN_FOLDER or any(UNKNOWN in each for each in asked):
        yield Gap(kind=KIND, reason="which sources Node.js tests is not known", path=started.program)


def _script(arguments: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Return the options, and the script with its arguments; None if there is no script."""
    index = 0
    while index < len(arguments):
        word = arguments[index]
        if word == "--":
            index += 1
            break
        if not word.startswith("-"):
            break
        index += 2 if word in (*_LOADING, *_INLINE, *_WITH_VALUE) else 1
    is_inline = any(word in _INLINE for word in arguments[:index])
    return arguments[:index], None if is_inline or index >= len(arguments) else arguments[index:]


def _options_in_files(words: tuple[str, ...], folder: str, files: Files) -> Iterator[str]:
    """Yield the options in the files of variables that Node.js is given (`node --env-file=.env`)."""
    for word, following in pairwise((*words, "")):
        option, equals, value = word.partition("=")
        path = posixpath.join("/", folder, value if equals else following)
        if option in _OF_VARIABLES and files.find(path):
            yield from (each for found in _OPTIONS.finditer(files.text(path)) for each in found["value"].split())


def _preloaded(words: tuple[str, ...], started: StartedProgram, modules: Modules) -> Iterator[Step]:
    """Yield what options such as `-r module` and `--import=module` load."""
    for word, following in pairwise((*words, "")):
        option, equals, value = word.partition("=")
        if option in _LOADING:
            form: Form = "import" if _LOADING[option] == "import" else "require"
            load = Load(value if equals else following, form, 1)
            yield from _analysed(load, started.program, started.folder, modules)
            yield from _named_in_code(load.name, started, modules)


def _named_in_code(name: str, started: StartedProgram, modules: Modules) -> Iterator[Step]:
    """Yield what the code in an address names (`--import data:text/javascript,register(%22loader%22)`)."""
    if name.startswith(_CODE_IN_ADDRESS):
        for each in sorted(set(names_in(unquote(name)))):
            found = modules.resolve(each, started.folder, "import")
            yield from opened((*found.manifests, *filter(None, (found.file,))), Because(started.program, "is given"))


def _inline(words: tuple[str, ...], started: StartedProgram, modules: Modules) -> Iterator[Step]:
    for word, following in pairwise(words):
        if word in _INLINE:
            for load in loads(following):
                yield from _steps(load, started.program, started.folder, modules)


def _run(
    script: str, arguments: tuple[str, ...], started: StartedProgram, files: Files, modules: Modules
) -> Iterator[Step]:
    if UNKNOWN in script:
        yield Gap(kind=KIND, reason="which script Node.js runs is not known", path=started.program)
        return
    found = modules.resolve(posixpath.join("/", started.folder, script), "/", "require")
    if found.file is None:
        is_named = not started.is_certain and started.because.how == NAMED
        is_of_manifest = posixpath.basename(started.because.path) == "package.json"
        if not (is_named and (is_of_manifest or _WORD.fullmatch(script))):
            yield Gap(kind=KIND, reason=f"the script {script[:80]} is not in the image", path=started.program)
        return
    because = Because(started.program, "runs")
    yield from (Opened(path=path, because=because) for path in (found.file, *found.manifests))
    entry = files.find(found.file)
    if entry is not None:  # followed here: one that was started by its shebang is known already when it is opened
        yield from _loaded_by(entry.path, files, modules)
        yield from _applications(entry.path, arguments, started, files, modules)
        yield from _programs_next_to(entry.path, arguments, files)
        yield from commands_of(entry.path, arguments, files, modules)
        yield from settings_of_command(entry.path, started, files, modules)
    if posixpath.basename(script) in RUNNERS:
        yield from run_by_manager(posixpath.basename(script).split(".")[0], arguments, started, files)
        yield from own_commands(found.file if entry is None else entry.path, arguments, started)


def _applications(
    script: str, arguments: tuple[str, ...], started: StartedProgram, files: Files, modules: Modules
) -> Iterator[Step]:
    """Yield the sources that the command of a server is given, which it loads, and what it serves them with."""
    inside = script.rpartition("node_modules/")[2].split("/")
    package = "/".join(inside[: 2 if inside[0].startswith("@") else 1])
    beside = _RUN_WHAT_THEY_ARE_GIVEN.get(package)
    given = [*_given(package, arguments, started.folder, modules)]
    given += _services(arguments, started, files) if package == _MOLECULER else ()
    for path in filter(files.find, given):
        yield Opened(path=path, because=Because(script, "runs"))
        if beside is not None:
            yield from _analysed(Load(beside, "require", 1), script, posixpath.dirname(path).strip("/"), modules)


def _given(package: str, arguments: tuple[str, ...], folder: str, modules: Modules) -> Iterator[str]:
    """Yield where the sources may lie that the words of a package's command name."""
    words = [posixpath.join("/", folder, word) for word in arguments]
    if package in _RUN_WHAT_THEY_ARE_GIVEN:
        yield from (word for word in words if word.endswith(SOURCES))
    elif package == _GIVEN_HANDLER and words:
        place, _, name = words[0].rpartition("/")
        yield from (f"{place}/{name.partition('.')[0]}{ending}" for ending in (".js", ".mjs", ".cjs"))
    elif package == _GIVEN_FOLDER:
        stated = _SOURCE.search(" ".join(arguments))
        place = posixpath.normpath(posixpath.join("/", folder, stated[1] if stated else "."))
        main = modules.resolve(place, "/", "require").file
        yield from (main or "", f"{place}/function.js")


def _commands_of_their_own(content: bytes) -> list[str]:
    return sorted({found["name"] for found in _COMMAND.finditer(content.decode("utf-8", "replace"))})


_NAMED_PROGRAMS = Analysis("commands of Commander that are programs of their own", list[str], _commands_of_their_own)


def _programs_next_to(script: str, arguments: tuple[str, ...], files: Files) -> Iterator[Step]:
    """Yield what Commander starts for the word that names a command: `robot-run.js` next to `robot.js`."""
    name = next((word for word in arguments if not word.startswith("-")), None)
    if name is not None and name in files.analysed(script, _NAMED_PROGRAMS):
        stem = posixpath.splitext(script)[0]
        paths = (f"/{stem}-{name}{ending}" for ending in ("", *SOURCES))
        yield from opened(filter(files.find, paths), Because(script, "starts"))


def _services(arguments: tuple[str, ...], started: StartedProgram, files: Files) -> list[str]:
    """Return the services that Moleculer's runner loads: those below a folder that it is given, by word or variable."""
    chosen, services = started.variable("SERVICEDIR") or "", started.variable("SERVICES") or ""
    folder = posixpath.join("/", started.folder, chosen)
    words = [word.partition("*")[0] for word in arguments if not word.startswith("-")]
    places = services.split(",") if chosen or services else words
    paths = (posixpath.normpath(posixpath.join(folder, place)) for place in places)
    inside = chain.from_iterable(sources_below(path.strip("/"), files) for path in paths if path != "/")
    return sorted({f"/{path}" for path in inside if ".service." in posixpath.basename(path)})


def _resolves_made_name(content: bytes) -> bool:
    return _RESOLVE.search(content) is not None


_RESOLVES = Analysis("resolves a module's name that is made at run time", bool, _resolves_made_name)


def _loaded_by(path: str, files: Files, modules: Modules) -> Iterator[Step]:
    folder = posixpath.dirname(path)
    scope = modules.scope(folder)
    if scope is not None:
        yield Opened(path=f"{scope}/package.json", because=Because(path, "is described by"))
    variables = {} if is_installed(path) else {**_of_env_file(scope, files), **modules.variables}
    left_out = frozenset() if is_installed(path) else _left_out(path, variables, files)
    names_left_out = set() if is_installed(path) else _names_left_out(left_out, path, variables, files)
    if scope is not None:
        others = _other_names(path, files) | names_left_out
        yield from _named(_names_for_others(path, files), others, path, scope, modules)
    yield from nodes_of(path, files)
    if is_installed(path) and scope is not None:
        yield from drivers_of(path, scope, files, modules)
        yield from settings_of_source(path, files, modules)
        yield from loaded_by_framework(path, scope, files, modules)
    if not is_installed(path):
        text = files.text(path)
        yield from _folders_of_own(text, path, files)
        yield from _run_by_name(text, path, files)
        yield from _held(text, path, files)
        yield from plugins_in_scopes(path, set(names_in(text)) - names_left_out, files, modules)
    if is_installed(path) and scope is not None and files.analysed(path, _RESOLVES, MAX_TEXT):
        yield from _part_for_platform(scope, Because(path, "looks for its part for the platform"), files, modules)
    yield from _loads_stated(path, scope, left_out, files, modules)
    if not is_installed(path):
        yield from _own_paths(files.text(path), names_left_out, path, modules)


def _loads_stated(path: str, scope: str | None, left_out: Set[Load], files: Files, modules: Modules) -> Iterator[Step]:
    """Yield what the calls and declarations of a source load; what is left out only may be loaded."""
    folder = posixpath.dirname(path)
    for load in loads_of(path, files):
        if load.name in _ADDON_LOADERS:
            yield from _addons(scope or folder, path, load, files)
        if load.is_known:
            yield from _analysed(load, path, folder, modules, is_left_out=load in left_out)
        elif load.name.startswith("."):
            yield from _chosen_at_run_time(load, path, folder, scope, files)
        elif load.name:
            yield from _begun(load, path, scope, modules, files)
        else:
            yield _unknown_load(load, path, scope)
        if not (load.is_known or load.name.startswith(".")) and scope is not None and is_installed(path):
            yield from _part_for_platform(scope, Because(path, "loads for the platform", load.line), files, modules)


def _part_for_platform(scope: str, because: Because, files: Files, modules: Modules) -> Iterator[Step]:
    """Yield the compiled code of optional dependencies that are for one platform (`@img/sharp-${platform}`).

    A package manager installs what fits; that for musl, of which it may install both, may be loaded.
    """
    manifest = modules.manifest(scope)
    optional = manifest.optional if manifest is not None else None
    for name in optional if isinstance(optional, dict) else ():
        for folder in modules.copies(name, scope):
            part = modules.manifest(f"/{folder.strip('/')}")
            if part is not None and part.is_for_a_platform and "musl" not in name:
                inside = (f"{one}/{each}" for one in (folder, f"{folder}/lib") for each in files.names(one))
                programs = (f"{folder}/bin/{each}" for each in files.names(f"{folder}/bin"))
                yield from opened((f"{folder}/package.json", *modules.entries(f"/{folder.strip('/')}")), because)
                yield from opened((path for path in inside if path.endswith(".node")), because)
                yield from opened((path for path in programs if files.starts_with(path, MAGIC)), because)


def _loads_in(content: bytes) -> tuple[Load, ...]:
    text = content.decode("utf-8", "replace")
    line = handed_on(text)
    others = () if line is None else (Load("", "require", line, is_known=False),)
    return (*loads(text), *others)


def _names_for_own_require(content: bytes) -> list[str]:
    text = content.decode("utf-8", "replace")
    return sorted(set(names_in(text))) if _MAKES_ITS_OWN_REQUIRE in text else []


_LOADS = Analysis(
    "what a source of JavaScript loads, with how made names begin, or hands on", tuple[Load, ...], _loads_in
)


_FOR_OWN_REQUIRE = Analysis("names in JavaScript that makes its own require", list[str], _names_for_own_require)


def loads_of(path: str, files: Files) -> tuple[Load, ...]:
    """Return what `loads` yields for a source; searched once, though several ask. Raises as `Files.text` does."""
    if not is_installed(path):
        return files.cached((loads, path), lambda: tuple(loads(files.text(path))))
    return files.cached((loads, path), lambda: _loads_of_package(path, files))


def _loads_of_package(path: str, files: Files) -> tuple[Load, ...]:
    found = files.analysed(path, _LOADS, MAX_TEXT)
    return tuple(load for load in found if load.is_known) if COMPILER.search(path) else found


def _names_for_others(path: str, files: Files) -> Iterable[str]:
    """Return the strings that may be modules, of own code, and of code that has a `require` of its own."""
    if is_installed(path):
        return files.analysed(path, _FOR_OWN_REQUIRE, MAX_TEXT)
    return set(names_in(files.text(path)))


def _other_names(path: str, files: Files) -> frozenset[str]:
    """Return the names in an own source that are rarely for a `require`: settings, and ES modules that it imports."""
    if is_installed(path):
        return frozenset()
    imported = {load.name for load in loads_of(path, files) if load.form == "import" and not load.is_indented}
    return _keys_alone(files.text(path)).union(imported)


def _names_left_out(left_out: Set[Load], path: str, variables: Mapping[str, str], files: Files) -> set[str]:
    """Return the names that stand in a source only where it loads them, left out, or for settings that are not set."""
    text = files.text(path)
    if not left_out and _OF_SETTINGS not in text:
        return set()
    left = Counter(load.name for load in left_out)
    left.update(name for name, place in places_of_names(text) if is_not_chosen(text, place, variables))
    return {name for name, times in left.items() if len(re.findall(rf"[\"'`]{re.escape(name)}[\"'`]", text)) == times}


def _left_out(path: str, variables: Mapping[str, str], files: Files) -> frozenset[Load]:
    """Return what an own source loads only where a variable is set that neither Node.js's starts nor `.env` set.

    Also the packages that it loads when a request asks for them.
    """
    lines = files.text(path).split("\n")
    loads_there = (load for load in loads_of(path, files) if load.is_known and load.is_indented)
    return frozenset(
        load
        for load in loads_there
        if is_left_out(lines, load.line, variables)
        or (not load.name.startswith((".", "/", "#")) and is_on_request(lines, load.line))
    )


def _of_env_file(scope: str | None, files: Files) -> dict[str, str]:
    """Return the variables that the application's `.env` sets, as dotenv and Node.js read it."""
    place = f"{scope or ''}/.env"
    text = files.text(place.strip("/")) if files.find(place) is not None else ""
    return {found["name"]: found["value"].strip("\"' ") for found in _OF_ENV.finditer(text)}


def _named(names: Iterable[str], others: Collection[str], path: str, scope: str, modules: Modules) -> Iterator[Step]:
    """Yield the dependencies among names, for another package, or a `require` of its own, to load.

    What is only a key, as in `{"eslint": {}}`, is a setting's name, and rarely a module's.
    """
    manifest = modules.manifest(scope)
    for name in sorted(names) if manifest is not None else ():
        is_asked = manifest is not None and manifest.asks_for(package_of(name)[0])
        found = modules.resolve(name, posixpath.dirname(path), "require") if is_asked else None
        if found is not None and found.file is not None:
            because = Because(path, f"names {name}")
            yield from opened((*found.manifests, found.file), because, is_certain=name not in others)


def _keys_alone(text: str) -> frozenset[str]:
    """Return the strings of a source that stand as keys of objects and nowhere else."""
    keys = {found["key"] for found in _KEY.finditer(text)}
    elsewhere = set(names_in(_KEY.sub("", text))) if keys else set()
    return frozenset(keys - elsewhere)


def _folders_of_own(text: str, path: str, files: Files) -> Iterator[Step]:
    """Yield the sources in folders that the application names for a library, or code of its own, to load them all."""
    if not _LOADS_FOLDERS.search(text):
        return
    folder = posixpath.dirname(path)
    for name in sorted({found["name"] for found in _FOLDER.finditer(text)}):
        inside = posixpath.normpath(posixpath.join("/", folder, name.strip("/"))).strip("/")
        if inside != folder and inside.startswith(folder) and not is_installed(inside):
            because = Because(path, f"has all loaded in {name[:40]}")
            yield from opened(sources_below(inside, files), because)


def _run_by_name(text: str, path: str, files: Files) -> Iterator[Step]:
    """Yield the sources that the application names by folder and stem for what runs sources, as jobs of Bree."""
    if not _RUNS_SOURCES.search(text):
        return
    stems = set(names_in(text))
    for found in _BELOW_ITSELF.finditer(text):
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), found["name"]))
        for name in files.names(folder):
            stem, ending = posixpath.splitext(name)
            if ending in SOURCES and stem in stems:
                yield from opened((f"{folder}/{name}",), Because(path, f"names {stem[:80]}"))


def _own_paths(text: str, left_out: Set[str], path: str, modules: Modules) -> Iterator[Step]:
    """Yield the own sources that strings name by a path from their folder, for a library to load: plug-ins, workers."""
    for name in sorted(set(_OWN_PATH.findall(text)) - left_out):
        found = modules.resolve(name, posixpath.dirname(path), "require").file
        if found is not None and found.endswith(SOURCES) and not is_installed(found):
            yield from opened((found,), Because(path, f"names {name[:80]}"))


def _held(text: str, path: str, files: Files) -> Iterator[Step]:
    """Yield the manifests of the packages that a bundle holds, by the paths that bundlers leave, or its source map."""
    texts = [text]
    if files.find(path + ".map") is not None and _IN_BUNDLE.search(text) is None:
        texts.append(files.text(path + ".map"))
    names = {found["name"] for each in texts for found in _IN_BUNDLE.finditer(each)}
    because = Because(path, "is a bundle that holds")
    for name in sorted(names):
        places = (f"{folder}/node_modules/{name}/package.json" for folder in upwards(posixpath.dirname(path)))
        yield from opened(islice((place for place in places if files.find(place)), 1), because)


def upwards(folder: str) -> Iterator[str]:
    """Yield a folder and all above it, the root last."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _steps(load: Load, path: str, folder: str, modules: Modules) -> Iterator[Step]:
    if load.is_known:
        yield from _analysed(load, path, folder, modules)
    else:
        yield _unknown_load(load, path, None)


def _unknown_load(load: Load, path: str, scope: str | None) -> Gap:
    """Return the gap for a name that is made at run time, in a file of the package in the folder `scope`."""
    within = None if scope is None else scope.strip("/")
    reason = "loads a module whose name is known only at run time"
    return Gap(kind=KIND, reason=reason, path=path, line=load.line, within=within)


def _analysed(load: Load, path: str, folder: str, modules: Modules, *, is_left_out: bool = False) -> Iterator[Step]:
    found = modules.resolve(load.name, folder, load.form)
    if found.file is not None:
        because = Because(path, f"{load.form}s", load.line)
        is_certain = not is_left_out and not (load.is_indented and _is_optional(load.name, path, folder, modules))
        yield from opened((*found.manifests, found.file), because, is_certain=is_certain)


def _is_optional(name: str, path: str, folder: str, modules: Modules) -> bool:
    """True if the package of the file `path` does not declare the package `name`: it is loaded only if it is there.

    What the application declares is there for a package to load it: an adapter, a driver, a transport.
    """
    if not is_installed(path) or name.startswith((".", "/", "#", "node:")):
        return False
    scope = modules.scope(folder)
    manifest = modules.manifest(scope) if scope is not None else None
    package = package_of(name)[0]
    if manifest is None or manifest.name == package or manifest.asks_for(package):
        return False
    application = modules.application(folder)
    return application is None or not application.asks_for(package)


def _chosen_at_run_time(load: Load, path: str, folder: str, scope: str | None, files: Files) -> Iterator[Step]:
    """Yield the files of the folder that a name begins with, of which one or some are loaded.

    An own source that looks which files its folder has loads the sources there, else those whose names it has in
    strings. A folder of an installed package that is not there may be made at run time, by code that is read itself:
    where compiled code is built. Then none of it is loaded.
    """
    chosen_from = posixpath.normpath(posixpath.join("/", folder, load.name))
    names = [each for name in files.names(chosen_from) for each in with_scoped(name, chosen_from, files)]
    because = Because(path, "may load", load.line)
    loaded = () if is_installed(path) else _loaded_of(names, files.text(path))
    for name in names[:MAX_IN_FOLDER]:
        yield Opened(path=f"{chosen_from}/{name}", because=because, is_certain=name in loaded)
        for each in (f"{name}/index.js", f"{name}/package.json"):  # `../` is the folder of all modules
            yield Opened(path=f"{chosen_from}/{each}", because=because, is_certain=False)
    if len(names) > MAX_IN_FOLDER or (not names and not is_installed(path)):
        yield _unknown_load(load, path, scope)


def _begun(load: Load, path: str, scope: str | None, modules: Modules, files: Files) -> Iterator[Step]:
    """Yield the packages whose names begin as one that is made at run time: they may be loaded."""
    folder, because = posixpath.dirname(path), Because(path, "may load", load.line)
    names = list(modules.beginning_with(load.name, folder))
    for name in names[:MAX_IN_FOLDER]:
        found = modules.resolve(name, folder, load.form)
        yield from opened((*found.manifests, *filter(None, (found.file,))), because, is_certain=False)
    if len(names) > MAX_IN_FOLDER:
        yield _unknown_load(load, path, scope)


def _loaded_of(names: list[str], text: str) -> frozenset[str]:
    """Return those of the files in a folder that an own source with this text loads from there, as far as it tells."""
    sources = frozenset(name for name in names if name.endswith(SOURCES) and not _IS_NO_PART.search(name))
    if _LISTS_ITS_FOLDER.search(text):
        return sources
    stated = frozenset(names_in(text))
    return frozenset(name for name in sources if posixpath.splitext(name)[0] in stated)


def _addons(scope: str, path: str, load: Load, files: Files) -> Iterator[Step]:
    """Yield a package's compiled code, of which a loader selects what fits the platform."""
    todo = [f"{scope}/build", f"{scope}/prebuilds", f"{scope}/lib/binding"]
    for folder in todo:
        for name in files.names(folder) if len(todo) < MAX_IN_FOLDER else ():
            if name.endswith(".node"):
                yield Opened(path=f"{folder}/{name}", because=Because(path, "loads compiled code", load.line))
            elif files.folder(f"{folder}/{name}") is not None:
                todo.append(f"{folder}/{name}")
