"""Tcl: the indexes of packages, each of which it reads where one is asked for that it doesn't know yet (package(n)).

This only adds what certainly is in use: what the indexes name may be loaded, as `looked_for` says.
"""

import re
from collections.abc import Iterator

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Reached, StartedProgram, Step, opened
from gate.reachability.runtimes.walk.libraries import multiarch_folders
from gate.trees.memo import Analysis

_MAX_SIZE = 1 << 20
_REQUIRED = re.compile(r"^[ \t]*(?:if\b.*\{[ \t]*)?package[ \t]+require[ \t]+(?!T(?:cl|k)\b)[\w:-]", re.MULTILINE)
_INDEX = "pkgIndex.tcl"


def _line(content: bytes) -> int:
    """Return the line that asks for a package; 0 if none does."""
    text = content.decode("utf-8", "replace")
    found = _REQUIRED.search(text)
    return 0 if found is None else text.count("\n", 0, found.start()) + 1


_ASKING = Analysis("where Tcl asks for a package", int, _line)


def takes(reached: Reached, files: Files) -> bool:
    """True for a source of Tcl."""
    if isinstance(reached, StartedProgram) or not reached.path.endswith(".tcl") or reached.path.endswith(_INDEX):
        return False
    entry = files.look_up(reached.path)
    return entry is not None and 0 < entry.size < _MAX_SIZE


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the indexes in the folders of the distribution (`auto_path`) and in each folder of these."""
    assert not isinstance(reached, StartedProgram)
    line = files.analysed(reached.path, _ASKING)
    if line == 0:
        return
    of_tcl = "usr/lib/tcltk"
    inside_others = (f"{folder}/tcltk" for folder in multiarch_folders(files))
    for base in ("usr/share/tcltk", of_tcl, *inside_others, *multiarch_folders(files, of_tcl)):
        inside = (f"{base}/{name}/{_INDEX}" for name in files.names(base))
        because = Because(reached.path, "asks for a package, for which is read", line)
        yield from opened((path for path in inside if files.find(path)), because)
