"""PostgreSQL on Debian: scripts that start the programs of a version, which lie in a folder of its own.

`psql` is a link to pg_wrapper, which starts the program that it is called like, of the newest version or that
of a cluster; pg_ctlcluster and its like start the server and its tools (pg_wrapper(1), pg_ctlcluster(1)).
"""

import posixpath
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.walk.commands import starting
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, Opened, Reached, StartedProgram, Step

_VERSIONS = "usr/lib/postgresql"
_SETTINGS = ("etc/postgresql", "etc/postgresql-common")
_WRAPPER = "usr/share/postgresql-common/pg_wrapper"
_OF_CLUSTERS = frozenset({"pg_ctlcluster", "pg_lsclusters", "pg_createcluster", "pg_dropcluster"})
_OF_SERVER = ("pg_ctl", "postgres")


def is_script_of_clusters(path: str) -> bool:
    """True for a script whose calls start nothing but what `reach` yields, if the program is no literal."""
    folder, name = posixpath.split(path.strip("/"))
    return folder == "usr/bin" and name in _OF_CLUSTERS


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of such a script."""
    if not isinstance(reached, StartedProgram):
        return False
    return reached.program.strip("/") == _WRAPPER or is_script_of_clusters(reached.program)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the programs of each version, and the settings that these read."""
    assert isinstance(reached, StartedProgram)
    folders = [f"/{_VERSIONS}/{version}/bin" for version in sorted(files.names(_VERSIONS), key=_number, reverse=True)]
    folders = [folder for folder in folders if files.names(folder)]
    if reached.program.strip("/") == _WRAPPER:
        yield from _wrapped(reached, folders, files)
    else:
        yield from _of_clusters(reached, folders, files)
    because = Because(reached.program, "reads")
    for folder in _SETTINGS:
        paths = filter(files.find, files.below(folder))
        yield from (Opened(path=path, because=because, is_certain=False) for path in paths)


def _wrapped(started: StartedProgram, folders: list[str], files: Files) -> Iterator[Step]:
    """Yield the program that the wrapper is called like; an older one may be started instead."""
    is_named = started.name == posixpath.basename(_WRAPPER)
    name = (started.arguments or (UNKNOWN,))[0] if is_named else started.name
    words = started.arguments[1:] if is_named else started.arguments
    paths = [path for folder in folders if files.find(path := posixpath.join(folder, name))]
    for number, path in enumerate(paths):
        step = starting(started, path, words, Because(started.program, "starts"))
        yield msgspec.structs.replace(step, is_certain=number == 0)


def _of_clusters(started: StartedProgram, folders: list[str], files: Files) -> Iterator[Step]:
    is_start = started.name == "pg_ctlcluster" and not {"start", "restart"}.isdisjoint(started.arguments)
    for folder in folders:
        is_only = len(folders) == 1 or folder.split("/")[-2] in started.arguments
        for name in files.names(folder):
            step = starting(started, f"{folder}/{name}", (), Because(started.program, "starts"))
            yield msgspec.structs.replace(step, is_certain=is_start and is_only and name in _OF_SERVER)


def _number(version: str) -> tuple[float, str]:
    whole, _, part = version.partition(".")
    return (int(whole) + int(part or 0) / 10 if (whole + part).isdigit() else 0, version)
