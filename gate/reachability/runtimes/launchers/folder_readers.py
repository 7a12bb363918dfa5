"""Programs that read all files of a folder: archivers, copiers and tools for backups (tar(1)), and what has plug-ins.

Of those that are given folders only the distribution's count: packages have files there that nothing else opens, such
as `/etc/wgetrc`. Others load every library of a folder of their own, to ask it what it is for.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice, pairwise

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
    opened,
)

_ALWAYS = frozenset({"zip", "rsync", "7z", "restic", "borg", "rclone", "duplicity"})
_WITH = {
    "tar": re.compile(r"-{0,1}[a-zA-Z]*[cru]\w*|--(?:create|append|update)"),
    "cp": re.compile(r"-\w*[raR]\w*|--\w+"),
}
"""By program: a word with which it reads folders."""
_FOLDERS = frozenset({"-C", "--directory"})
_OF_SYSTEM = re.compile(r"/|/(?:etc|usr|var|lib\w*|bin|sbin|opt)(?:/.*)?")
_LOADING_ALL = {"syslog-ng": "usr/lib/syslog-ng"}
"""By program: the folder of which, and of those below, it loads all libraries (syslog-ng: to know its statements)."""
_MAX_FILES = 2_000
"""Files of a folder that are noted; of more it is a gap."""


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of such a program."""
    if not isinstance(reached, StartedProgram):
        return False
    option = _WITH.get(reached.name)
    return (
        reached.name in _ALWAYS
        or reached.name in _LOADING_ALL
        or (option is not None and any(map(option.fullmatch, reached.arguments)))
    )


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the files in each folder among the words, and below, as possible."""
    assert isinstance(reached, StartedProgram)
    if own := _LOADING_ALL.get(reached.name):
        libraries = (path for path in files.below(own) if path.endswith(".so"))
        yield from opened(islice(libraries, _MAX_FILES), Because(reached.program, "loads all of its folder, with"))
        return
    inside = [reached.folder, *(value for option, value in pairwise(reached.arguments) if option in _FOLDERS)]
    pairs = pairwise(("", *reached.arguments))
    words = [word for before, word in pairs if before not in _FOLDERS and not word.startswith("-")]
    places = {posixpath.normpath(posixpath.join("/", folder, word)) for folder in inside for word in words}
    because = Because(reached.program, "may read")
    for place in sorted(place for place in places if UNKNOWN not in place and _OF_SYSTEM.fullmatch(place)):
        below = (path for path in files.below(place) if files.folder(path) != path)
        found = list(islice(below, _MAX_FILES + 1))
        yield from (Opened(path=path, because=because, is_certain=False) for path in found)
        if len(found) > _MAX_FILES:
            yield Gap(
                kind=EVERYTHING, reason=f"may read more than {_MAX_FILES:,} files of {place}", path=reached.program
            )
