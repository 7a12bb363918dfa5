"""The drivers that a package of npm loads by a function of its own: optional peers that its application depends on."""

from collections.abc import Iterator

from gate.reachability.imports.javascript_loads import names_in
from gate.reachability.runtimes.node.modules import Modules, package_of
from gate.reachability.runtimes.walk.files import MAX_TEXT, Files
from gate.reachability.runtimes.walk.graph import Because, Step, opened
from gate.trees.memo import Analysis


def _names_of_packages(content: bytes) -> list[str]:
    return sorted({package_of(name)[0] for name in names_in(content.decode("utf-8", "replace"))})


_NAMED = Analysis("packages that strings of JavaScript may name", list[str], _names_of_packages)


def drivers_of(path: str, scope: str, files: Files, modules: Modules) -> Iterator[Step]:
    """Yield the drivers that a source names which is loaded, of the package in the folder `scope`."""
    drivers = files.cached((drivers_of, scope), lambda: frozenset(_optional_peers(scope, modules)))
    named = files.analysed(path, _NAMED, MAX_TEXT) if drivers else []
    for name in sorted(drivers.intersection(named)):
        found = modules.resolve(name, scope, "require")
        if found.file is not None:
            yield from opened((*found.manifests, found.file), Because(path, f"names {name}"))


def _optional_peers(scope: str, modules: Modules) -> Iterator[str]:
    """Yield the optional peers of a package that the application depends on: it has them for that package to load."""
    manifest = modules.manifest(scope)
    application = modules.application(scope)
    about = manifest.about_peers if manifest is not None else None
    for name in about if isinstance(about, dict) and application is not None else ():
        if application is not None and application.asks_for(name):
            yield name
