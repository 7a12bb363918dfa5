"""Shared libraries of packages in use: a program may load any of its own as plug-ins.

Not those in the folders in which the loader looks for every program's: they are found by a name, which is followed
where a file is linked with it and where it stands in a string.
"""

import posixpath
from collections.abc import Iterator

from gate.reachability.runtimes.explore import Explored
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import Because, Opened
from gate.reachability.runtimes.libraries import folders_of_all
from gate.reachability.runtimes.owners import Owned
from gate.reachability.runtimes.state import Key
from gate.reachability.runtimes.states import ReachedFiles
from gate.reachability.runtimes.systemd_library import LIBRARY as SYSTEMD


def plugins_of(owned: dict[Key, Owned], explored: Explored, files: Files) -> Iterator[Opened]:
    """Yield the libraries of each package that has a reached file, as files that may be opened."""
    reached = ReachedFiles(owned, explored, files)
    shared = frozenset(map(files.folder, folders_of_all(files)))
    for one in owned.values():
        first = reached.first(_without_systemd(one)) if one.folder is None else None
        if first is not None:
            because = Because(first, "may load its package's")
            for path in one.files:
                folder, _, name = path.rpartition("/")
                if ".so" in name and files.folder(folder) not in shared:
                    yield Opened(path=path, because=because, is_certain=False)


def _without_systemd(owned: Owned) -> Owned:
    """Return the files without systemd's library, which has no plug-ins: what it loads stands in its strings."""
    return Owned(files=[path for path in owned.files if not posixpath.basename(path).startswith(SYSTEMD)])
