"""oclif: the command that the words name, and the hooks, that the manifest of a program lists (oclif's documentation).

A manifest's key `oclif` says in which folder the commands lie (`commands`), which sources are called at events
(`hooks`) and which packages bring more commands (`plugins`). To know its commands it loads them all, unless they are
listed in `oclif.manifest.json`. `shop report:daily`, or `shop report daily`, runs `report/daily.js` or
`report/daily/index.js`.
"""

import posixpath
from collections.abc import Iterator
from typing import Any

from gate.reachability.runtimes.node.modules import Modules
from gate.reachability.runtimes.node.sources import SOURCES, sources_below
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Step, opened

_LISTED = "oclif.manifest.json"
_ENDINGS = (*SOURCES, *(f"/index{ending}" for ending in SOURCES))
"""What stands behind the path of a command or hook, if not an ending does already."""
_STARTING = ("init", "preparse", "prerun", "postrun", "finally")
"""Events of every run."""


def commands_of(script: str, arguments: tuple[str, ...], files: Files, modules: Modules) -> Iterator[Step]:
    """Yield the sources of the commands and hooks that the script of a program loads with `arguments`."""
    scope = modules.scope(posixpath.dirname(script))
    manifest = modules.manifest(scope) if scope is not None else None
    stated = manifest.oclif if manifest is not None else None
    if scope is None or not isinstance(stated, dict):
        return
    paths = _paths(stated.get("commands"), arguments)
    if paths and files.find(f"{scope}/{_LISTED}") is None:
        every = sources_below(posixpath.normpath(posixpath.join("/", scope, paths[-1])).strip("/"), files)
        yield from opened(every, Because(script, "looks for commands in"))
    yield from opened(_sources(paths, scope, files)[:1], Because(script, "runs the command of"))
    plugins = (f"{scope}/node_modules/{name}/package.json" for name in _texts(stated.get("plugins")))
    yield from opened(filter(files.find, plugins), Because(script, "looks for commands in"))
    hooks = stated.get("hooks")
    paths = [path for event in _STARTING if isinstance(hooks, dict) for path in _texts(hooks.get(event))]
    yield from opened(_sources(paths, scope, files), Because(script, "calls at its start"))


def _paths(commands: Any, arguments: tuple[str, ...]) -> list[str]:
    """Return where the command may lie that the words name, the longest name first; a program may have but one."""
    folder = commands.get("target") if isinstance(commands, dict) else commands
    if not isinstance(folder, str):
        return []
    words = [part for word in arguments if not word.startswith("-") for part in word.split(":") if part]
    return [posixpath.join(folder, *words[:count]) for count in range(len(words), -1, -1)]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _sources(paths: list[str], scope: str, files: Files) -> list[str]:
    """Return the first source at each path, with an ending or as the index of a folder."""
    found: list[str] = []
    for path in paths:
        place = posixpath.normpath(posixpath.join("/", scope, path))
        places = (f"{place}{each}" for each in ("", *_ENDINGS))
        found += [one for one in places if one.endswith(SOURCES) and files.find(one)][:1]
    return found
