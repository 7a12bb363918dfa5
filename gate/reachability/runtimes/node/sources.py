"""Which files are sources of JavaScript or TypeScript, and those below a folder."""

import re

from gate.reachability.runtimes.walk.files import Files

SOURCES = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".tsx", ".cts", ".mts")
"""How their names end."""
COMPILER = re.compile(r"/typescript/lib/(?:typescript|_?tsc)\.js$")
"""TypeScript's library: it speaks of its commands and starts none, and reads the modules that it finds. By made names
it loads plug-ins that its settings name, and only where it serves an editor."""
MAX_IN_FOLDER = 5_000
"""Files of a folder at most, if all in it may be loaded, or a name that is made at run time selects one of them."""


def sources_below(folder: str, files: Files) -> list[str]:
    """Return the paths of the sources in a folder and in those below it, but for installed modules and declarations."""
    found: list[str] = []
    todo = [folder]
    while todo and len(found) < MAX_IN_FOLDER:
        place = todo.pop()
        for name in files.names(place):
            if name.endswith(SOURCES) and not name.endswith(".d.ts"):
                found.append(f"{place}/{name}")
            elif "." not in name and name != "node_modules" and files.folder(f"{place}/{name}"):
                todo.append(f"{place}/{name}")
    return found
