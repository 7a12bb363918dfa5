"""Files of a folder that a script in Python starts one after the other: `for hook in sorted(Path(…).glob("*.sh"))`.

Only folders whose name is known count, in which neither the script nor a program at run time is likely to write.
"""

import fnmatch
import posixpath
import re

from gate.reachability.runtimes.code.words import ScriptRun, words_of
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN

_LOOP = r"\bfor\s+{name}\s+in\s+(?P<files>[^\n]{{1,300}}):[ \t]*(?:#[^\n]*)?$"
_ARGUMENT = r"((?:os\.environ\.get\([^()\n]{1,100}\)|[^()\n]){1,200}?)"
_LISTING = re.compile(
    rf"(?:(?:sorted|list|reversed)\()*(?:(?:(?:pathlib\.)?Path\({_ARGUMENT}\)|([A-Za-z_]\w*))\.(?:iterdir\(\)|glob\({_ARGUMENT}\))"
    rf"|(?:glob\.)?(?P<glob>i?glob)\({_ARGUMENT}\)|(?:os\.)?(?:listdir|scandir)\({_ARGUMENT}\))(?:\)|,\s*key=[\w.]+)*"
)
"""What lists the files of one folder, and nothing else."""
_FIRST = re.compile(
    r"\s*[\[(]?\s*(?:(?:str|os\.fspath)\(\s*)?(?:os\.path\.join\([^\n,()]{1,60},\s*)?"
    r"(?P<name>[A-Za-z_]\w*)(?:\.path)?[\s)]*(?:[\],]|\Z)"
)
"""The first word of a call, which is the variable of a loop by itself or behind its folder."""
_PATH = re.compile(r"\b(?:pathlib\.)?Path\(")
_WRITTEN = re.compile(r"/(?:data|home|root|run|srv|tmp|var|mnt|media)(?:/|\Z)")
_MAX_TEXT = 100_000
_MAX_FILES = 200
_EXECUTABLE = 0o111


def started_in_loop(expression: str, before: str, run: ScriptRun, files: Files) -> list[str] | None:
    """Return the files that a call with this expression starts, in whose loop it stands; None if they are not known."""
    first = _FIRST.match(expression)
    if first is None or len(run.text) > _MAX_TEXT:
        return None
    name = first["name"]
    loops = list(re.finditer(_LOOP.format(name=name), before, re.MULTILINE))
    if len(loops) != 1 or len(re.findall(rf"(?<![\w.]){name}\s*=(?!=)|\b{name}\s+in\b", run.text)) != 1:
        return None
    listed = _LISTING.fullmatch(loops[0]["files"].strip())
    if listed is None:
        return None
    before = _PATH.sub("(", before[: loops[0].start()])
    words = [words_of(each, before, run) for each in listed.groups() if each and each != listed["glob"]]
    return _executables(words, run.text, files) if all(len(each) == 1 for each in words) else None


def _executables(words: list[tuple[str, ...]], text: str, files: Files) -> list[str] | None:
    """Return the programs in the folder that is the first word, or that fit the pattern that this or the next is."""
    whole = posixpath.join(*(word for each in words for word in each))
    if UNKNOWN in whole or "**" in whole:
        return None
    if len(words) == 1 and "*" not in whole:
        whole = f"{whole}/*"
    folder, _, pattern = whole.rstrip("/").rpartition("/")
    if not folder.startswith("/") or "*" in folder or _WRITTEN.match(folder) or text.count(folder) != 1:
        return None
    paths = [f"{folder}/{name}" for name in fnmatch.filter(files.names(folder), pattern)]
    found = [path for path in paths if (entry := files.find(path)) is not None and entry.mode & _EXECUTABLE]
    return found if len(found) <= _MAX_FILES else None
