"""Tools of npm: the settings that they find in an application's folder, and the plug-ins that these name.

A tool is what is started (`gulp-cli` and `@babel/cli` start the tools `gulp` and `babel`), or what a source stands for
that looks for settings: `cosmiconfig("stylelint")`, or the name of their file, as `".babelrc"` in a source of Babel's.

It makes the names of its plug-ins of shorter ones in settings, each in its way: `airbnb` is `eslint-config-airbnb`,
`@babel/env` is `@babel/preset-env`. So a plug-in is what the application declares, is called like the tool, and has a
name of the settings behind that. What is named as a whole is one if it states the tool among its peers.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from gate.core.errors import GateError
from gate.core.yaml import parse
from gate.inventory.installed.packages import decode_json
from gate.reachability.imports.javascript_loads import names_in
from gate.reachability.runtimes.node.modules import Modules, is_installed, package_of
from gate.reachability.runtimes.node.sources import SOURCES
from gate.reachability.runtimes.walk.files import MAX_TEXT, Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram, Step, opened
from gate.trees.memo import Analysis

_DATA = (".json", ".json5", ".yaml", ".yml")
_ENDINGS = ("", *_DATA, *SOURCES)
_FILE_NAME = re.compile(
    r"""["'`]\.?(?P<tool>[A-Za-z][a-z-]{2,30})(?:rc|\.config|file)(?:\.(?:[cm]?[jt]s|json5?|ya?ml|\{[\w,]{2,40}\}))?["'`]"""
)
"""`.babelrc`, `vite.config.js`, `Gruntfile.{js,cjs}`, each as a whole string."""
_SEARCHES = re.compile(r"""(?:cosmiconfig|lilconfig)\w{0,5}\)?\(\s{0,4}["'`](?P<tool>[a-z][\w-]{2,30})["'`]""")
_PATTERN = re.compile(r"""["'`](?P<pattern>(?:@\*/)?(?P<tool>[a-z][a-z\d]{2,20})(?:-|\.|\{-,\.\})\*)["'`]""")
"""Which of the declared packages are loaded: `grunt-*`, `@*/grunt-*`."""
_DECLARED = "devDependencies"
_ON_ACCESS = "lazy"
"""In a source that loads what fits a pattern where it is first used."""
_OF_COMMANDS = re.compile(r"-cli$")
_KIND = re.compile(
    r"^(?:(?:plugin|preset|config|rule|filter|formatter|parser|transformer|contrib|environment|runner|reporter)s?-)+"
)
"""What stands between the tool and the rest of a plug-in's name."""
_NAME = re.compile(r"(?:plugin:)?(?P<name>(?:@[\w.-]+/)?[\w.-]+|@[\w.-]+)(?:/[\w./-]*)?")
_IN_SCOPE = re.compile(r"plugin:(?P<scope>@[\w.-]+)/")
"""Settings of the plug-in that has the scope's name: `plugin:@shop/recommended` of `@shop/eslint-plugin`."""
_WORD = re.compile(r"""(?<![\w./@-])(?:@[a-z\d][\w.-]*/)?[a-z\d][\w.-]*""")
_BY_ENVIRONMENT = "env"
"""The key of settings that count in one environment, or of names of environments."""
_GRUNT, _TASKS = "grunt", "tasks"
"""A tool, and the folder of its plug-ins, all sources of which it loads (Grunt's documentation, "Creating plugins")."""
_MOST_NAMES = 2_000


def _tools_in(content: bytes) -> list[tuple[str, str, bool]]:
    """Return what a source of a package looks for: a tool's settings, or what fits a pattern, perhaps not at once."""
    text = content.decode("utf-8", "replace")
    tools = {found["tool"].lower().rstrip("-") for each in (_FILE_NAME, _SEARCHES) for found in each.finditer(text)}
    patterns = {(found["tool"], found["pattern"]) for found in _PATTERN.finditer(text) if _DECLARED in text}
    is_lazy = _ON_ACCESS in text
    return [*((tool, "", False) for tool in sorted(tools)), *((tool, one, is_lazy) for tool, one in sorted(patterns))]


_STATED = Analysis("settings that a source of JavaScript looks for", list[tuple[str, str, bool]], _tools_in)


def tool_of(package: str) -> str:
    """Return the name of the tool that a package's command starts: `babel` for `@babel/cli`."""
    scope, _, name = package.rpartition("/")
    if scope and name in (scope[1:], "cli"):
        return scope[1:]
    return _OF_COMMANDS.sub("", name)


def settings_of_command(script: str, started: StartedProgram, files: Files, modules: Modules) -> Iterator[Step]:
    """Yield the settings of the tool whose command `script` is, in the working folder, and what they name.

    A command that is installed for all (`grunt-cli`) loads the tool itself from there.
    """
    package = package_of(script.rpartition("node_modules/")[2])[0]
    folder = posixpath.join("/", started.folder)
    tool = _Tool(tool_of(package), folder, started.variable("NODE_ENV") or "", files, modules)
    if not is_installed(script) or not tool.name:
        return
    if package != tool.name and not script.startswith(f"{folder.strip('/')}/"):
        found = modules.resolve(tool.name, folder, "require")
        yield from opened((*found.manifests, *filter(None, (found.file,))), Because(script, "starts"))
    given = (posixpath.join(folder, word) for word in _settings_among(started.arguments))
    yield from tool.read(given, script)
    yield from tool.settings(script)
    yield from tool.named(set(_values(started.arguments)), script)


def settings_of_source(path: str, files: Files, modules: Modules) -> Iterator[Step]:
    """Yield the settings that an installed source looks for, which is loaded, and what these or patterns name."""
    above, inside, _ = f"/{path}".partition("/node_modules")
    stated = files.analysed(path, _STATED, MAX_TEXT) if inside else []
    package = path.rpartition("node_modules/")[2].lower()
    for name, pattern, is_lazy in stated:
        tool = _Tool(name, above or "/", "", files, modules)
        if pattern:
            yield from tool.fitting(pattern, path, is_lazy=is_lazy)
        elif name in package:
            yield from tool.settings(path)


def plugins_in_scopes(path: str, names: Iterable[str], files: Files, modules: Modules) -> Iterator[Step]:
    """Yield the plug-ins that an own source names by their tool's scope, for what passes it on: `"@babel/env"`."""
    by_tool: dict[str, set[str]] = {}
    for name in names:
        scope, slash, _ = name.partition("/")
        if slash and scope.startswith("@"):
            by_tool.setdefault(scope[1:], set()).add(name)
    folder = posixpath.join("/", posixpath.dirname(path))
    for tool, meant in sorted(by_tool.items()):
        yield from _Tool(tool, folder, "", files, modules).named(meant, path)


class _Tool:
    """A tool that works in a folder of an application."""

    def __init__(self, name: str, folder: str, environment: str, files: Files, modules: Modules) -> None:
        self.name = name
        self._folder = folder
        self._environment = environment
        """The value of NODE_ENV, for which settings count in addition."""
        self._files = files
        self._modules = modules
        self._scope = modules.scope(folder)

    def settings(self, why: str) -> Iterator[Step]:
        """Yield the settings in the folder, or in that of the application around it, and the plug-ins they name."""
        folders = dict.fromkeys((self._folder, *(() if self._scope is None else (self._scope or "/",))))
        yield from self.read((path for each in folders for path in self._settings_in(each)), why)
        if self._scope is not None:
            path = f"{self._scope}/package.json".strip("/")
            stated = decode_json(self._files.read(path), path, dict[str, Any])
            settings = [stated.get(key) for key in (self.name, f"{self.name}Config")]
            yield from self.named({name for one in settings for name in _names(one, self._environment)}, path)

    def read(self, paths: Iterable[str], why: str) -> Iterator[Step]:
        """Yield settings, and the plug-ins that they name; what is no file of the application's own is left out."""
        for entry in map(self._files.find, paths):
            if entry is not None and not is_installed(entry.path) and entry.path.endswith(_ENDINGS):
                yield from opened((entry.path,), Because(why, "reads its configuration"))
                yield from self.named(self._names_in(entry.path), entry.path)

    def named(self, names: Set[str], path: str) -> Iterator[Step]:
        """Yield the plug-ins that the application declares, and that `names` in a file stand for."""
        meant = {found["name"] for name in names if (found := _NAME.fullmatch(name))}
        meant |= {found["scope"] for name in names if (found := _IN_SCOPE.match(name))}
        shorter = {_without_tool(name, self.name) or name for name in meant}
        for name in self._declared if meant else ():
            rest = _without_tool(name, self.name)
            if rest in shorter or (rest is None and name in meant and self._is_for_it(name)):
                yield from self._plugin(name, Because(path, f"names {name}"))

    def fitting(self, pattern: str, path: str, *, is_lazy: bool) -> Iterator[Step]:
        """Yield what the application declares that fits a pattern; if it is loaded late, what the settings take.

        So does `$.cleanCss` with `gulp-clean-css`.
        """
        texts = [self._files.text(one) for one in self._settings_in(self._folder)] if is_lazy else []
        for name in self._declared:
            if fnmatchcase(name, pattern.replace("{-,.}", "[-.]")) and (not is_lazy or self._is_taken(name, texts)):
                yield from self._plugin(name, Because(path, f"looks for {pattern} and finds {name}"))

    def _settings_in(self, folder: str) -> list[str]:
        """Return the paths of its settings in a folder, by the names that they have by convention."""
        name = self.name
        settings = (f".{name}rc", f".config/{name}rc", f"{name}rc", f"{name}.config")
        beginnings = (*settings, f"{name}file", f"{name.capitalize()}file")
        paths = (posixpath.join(folder, f"{one}{ending}") for one in beginnings for ending in _ENDINGS)
        return [path for path in paths if self._files.find(path)]

    def _names_in(self, path: str) -> Set[str]:
        text = self._files.text(path)
        if path.endswith(SOURCES):
            return set(names_in(text))
        try:
            return set(_names(parse(text, path), self._environment))
        except GateError:  # JSON with comments
            return set(_WORD.findall(text)[:_MOST_NAMES])

    @property
    def _declared(self) -> list[str]:
        manifest = self._modules.manifest(self._scope) if self._scope is not None else None
        return sorted(set(manifest.declared(is_developed=True))) if manifest is not None else []

    def _is_for_it(self, name: str) -> bool:
        """True for a package that states the tool among its peers or dependencies."""
        places = (self._modules.manifest(f"/{one}") for one in self._modules.copies(name, self._folder))
        stated = (each for one in places if one is not None for each in one.declared(is_developed=False))
        return any(tool_of(each) == self.name for each in stated)

    def _is_taken(self, name: str, texts: list[str]) -> bool:
        words = package_of(name)[0].rpartition("/")[2].removeprefix(self.name).strip("-.")
        member = re.sub(r"[-.](\w)", lambda found: found[1].upper(), words)
        return any(re.search(rf"\.{re.escape(member)}\b", text) for text in texts)

    def _plugin(self, name: str, because: Because) -> Iterator[Step]:
        found = self._modules.resolve(name, self._folder, "require")
        yield from opened((*found.manifests, *filter(None, (found.file,))), because)
        for place in self._modules.copies(name, self._folder) if self.name == _GRUNT else ():
            inside = (f"{place}/{_TASKS}/{each}" for each in self._files.names(f"{place}/{_TASKS}"))
            yield from opened((each for each in inside if each.endswith(SOURCES)), because)


def _settings_among(arguments: tuple[str, ...]) -> Iterator[str]:
    """Yield the words of a command line that name settings: `--config site.json`, `--config=site.json`."""
    for word, following in pairwise((*arguments, "")):
        option, equals, value = word.partition("=")
        if option == "-c" or (option.startswith("-") and "config" in option.lower()):
            yield value if equals else following


def _values(arguments: tuple[str, ...]) -> Iterator[str]:
    """Yield the names in the values of options: `--plugin commonjs`, `--plugin "terser={mangle: true}"`, `-p=a,b`."""
    for word, following in pairwise((*arguments, "")):
        option, equals, value = word.partition("=")
        if option.startswith("-"):
            values = value if equals else following
            yield from (one.partition("=")[0] for one in values.split(","))


def _names(settings: Any, environment: str) -> Iterator[str]:
    """Yield the keys and texts of settings, but for those of other environments and of what is switched off."""
    if isinstance(settings, str):
        yield settings
    elif isinstance(settings, list):
        for one in settings:
            yield from _names(one, environment)
    elif isinstance(settings, Mapping):
        for key, value in settings.items():
            if key == _BY_ENVIRONMENT and isinstance(value, Mapping):
                yield from _names(value.get(environment), environment)
            elif value is not False and isinstance(key, str):
                yield key
                yield from _names(value, environment)


def _without_tool(name: str, tool: str) -> str | None:
    """Return what a plug-in's name says besides that of its tool, and of its kind; None if it has the tool's not.

    `env` for `@babel/preset-env`, `@shop` for `@shop/eslint-plugin`, `@shop/one` for `@shop/eslint-plugin-one`.
    """
    scope, _, inside = name.rpartition("/")
    if scope == f"@{tool}":
        return _KIND.sub("", inside)
    if inside in (f"{tool}-plugin", f"{tool}-config") and scope:
        return scope
    if not inside.startswith(f"{tool}-"):
        return None
    return posixpath.join(scope, _KIND.sub("", inside.removeprefix(f"{tool}-")))
