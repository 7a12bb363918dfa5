"""Tcl: the indexes of packages, each of which it reads where one is asked for that it doesn't know yet (package(n)).

This only adds what certainly is in use: what the indexes name may be loaded, as `looked_for` says.
"""

import re
from collections.abc import Iterator

from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import Because, Reached, StartedProgram, Step, opened

_MAX_SIZE = 1 << 20
_REQUIRED = re.compile(r"^[ \t]*(?:if\b.*\{[ \t]*)?package[ \t]+require[ \t]+(?!T(?:cl|k)\b)[\w:-]", re.MULTILINE)
_INDEX = "pkgIndex.tcl"


def takes(reached: Reached, files: Files) -> bool:
    """True for a source of Tcl."""
    if isinstance(reached, StartedProgram) or not reached.path.endswith(".tcl") or reached.path.endswith(_INDEX):
        return False
    entry = files.look_up(reached.path)
    return entry is not None and 0 < entry.size < _MAX_SIZE


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the indexes in the folders of the distribution (`auto_path`) and in each folder of these."""
    assert not isinstance(reached, StartedProgram)
    text = files.text(reached.path)
    found = _REQUIRED.search(text)
    if found is None:
        return
    libraries = (f"usr/lib/{one}" for one in files.names("usr/lib") if "-linux-" in one)
    for base in ("usr/share/tcltk", "usr/lib/tcltk", *(f"{one}/tcltk" for one in libraries), *_below(files)):
        inside = (f"{base}/{name}/{_INDEX}" for name in files.names(base))
        because = Because(reached.path, "asks for a package, for which is read", text.count("\n", 0, found.start()) + 1)
        yield from opened((path for path in inside if files.find(path)), because)


def _below(files: Files) -> Iterator[str]:
    return (f"usr/lib/tcltk/{one}" for one in files.names("usr/lib/tcltk") if "-linux-" in one)
