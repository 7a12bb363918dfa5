"""Frameworks of npm that load an application's own folders by convention, without a word of it in a source."""

import posixpath
import re
from collections.abc import Iterator

from gate.reachability.runtimes.node.modules import Modules, package_of
from gate.reachability.runtimes.node.sources import SOURCES, sources_below
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Step, opened

_CONVENTIONS = {
    "@midwayjs/bootstrap": (("dist",), ("src",)),
    "egg": (("app", "config", "app.js", "agent.js"),),
    "sails": (("api", "config"),),
    "@strapi/strapi": (("dist/src", "dist/config"), ("src", "config")),
}
"""By a framework's package: sets of what it loads in an application's folder; the first that is there counts.

Sources: Midway's guide ("Bootstrap"), Egg's ("Directory Structure"), Sails' ("Anatomy of a Sails app"), Strapi's
("Project structure").
"""
_IS_NO_PART = re.compile(r"\.(?:test|spec)\.\w+$|(?:^|/)(?:tests?|admin|public|assets|views?)/")
"""Sources for tests, and for what is built for a browser."""


def loaded_by_framework(path: str, scope: str, files: Files, modules: Modules) -> Iterator[Step]:
    """Yield the application's sources, if `path` is what loads a framework whose package is in the folder `scope`."""
    above, _, inside = f"/{path}".partition("/node_modules/")
    sets = _CONVENTIONS.get(package_of(inside)[0], ())
    if not sets or path not in modules.entries(scope):
        return
    for names in sets:
        found = [one for name in names for one in _sources(f"{above}/{name}".strip("/"), files)]
        if found:
            yield from opened(found, Because(path, "loads by convention"))
            return


def _sources(place: str, files: Files) -> list[str]:
    """Return a source, or the sources below a folder."""
    inside = [place] if place.endswith(SOURCES) and files.find(place) else sources_below(place, files)
    return [one for one in inside if not _IS_NO_PART.search(posixpath.relpath(one, place))]
