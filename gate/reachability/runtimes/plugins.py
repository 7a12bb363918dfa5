"""Shared libraries of packages in use: a program may load any of its own as plug-ins.

Not those in the folders in which the loader looks for every program's: they are found by a name, which is followed
where a file is linked with it and where it stands in a string.
"""

import posixpath
import re
from collections.abc import Iterator

from gate.reachability.runtimes.compiled.systemd_library import LIBRARY as SYSTEMD
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import Key
from gate.reachability.runtimes.states import ReachedFiles
from gate.reachability.runtimes.walk.explore import Explored
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened
from gate.reachability.runtimes.walk.libraries import folders_of_all

_OF_COMPILER = re.compile(r"lib(?:gcc_s|stdc\+\+|atomic|quadmath|gomp|gfortran|itm)\.so")
"""The runtime libraries of GCC: what its package has in folders of its own is loaded by compilers and linkers."""


def plugins_of(owned: dict[Key, Owned], explored: Explored, files: Files) -> Iterator[Opened]:
    """Yield the libraries of each package that has a reached file, as files that may be opened."""
    reached = ReachedFiles(owned, explored, files)
    shared = frozenset(map(files.folder, folders_of_all(files)))
    for one in owned.values():
        first = reached.first(_that_may_load(one)) if one.folder is None else None
        if first is not None:
            because = Because(first, "may load its package's")
            for path in one.files:
                folder, _, name = path.rpartition("/")
                if ".so" in name and files.folder(folder) not in shared:
                    yield Opened(path=path, because=because, is_certain=False)


def _that_may_load(owned: Owned) -> Owned:
    """Return the files without libraries that load no plug-ins: those of the compiler, and systemd's.

    What systemd's library loads stands in its strings.
    """
    names = ((path, posixpath.basename(path)) for path in owned.files)
    return Owned(files=[path for path, name in names if not name.startswith(SYSTEMD) and not _OF_COMPILER.match(name)])
