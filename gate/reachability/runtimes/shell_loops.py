"""The words that a shell's loop runs over: `for file in /docker-entrypoint.d/*.sh`, `find FOLDER | while read file`.

This is how entrypoints start the scripts of a folder; the image's files tell which scripts these are.
"""

import fnmatch
import posixpath
import re
import shlex
from collections.abc import Iterator

from gate.reachability.runtimes.files import Files

_FOR = re.compile(r"\bfor[ \t]+(?P<name>\w+)[ \t]+in[ \t]+(?P<words>[^;\n#]{1,2000})")
_FOUND = re.compile(
    r"\bfind[ \t]+(?P<folder>[\"']?/[\w./-]+[\"']?)[^|\n]{0,300}\|[^\n]{0,300}?\bread[ \t]+(?:-\w+[ \t]+)*(?P<name>\w+)"
)
_PARTS = re.compile(
    r"\bfor[ \t]+(?P<name>\w+)[ \t]+in[ \t]+\$\([ \t]*run-parts[ \t]+--list\b"
    r"[^)\n]{0,300}?[ \t](?P<folder>/[\w./-]+)[ \t]*\)"
)
"""As Debian's /etc/profile does."""
MAX_WORDS = 100
"""Words of one loop, and files that one pattern stands for."""
_WILD = re.compile(r"[*?\[]")
_VARIABLE = "$"


def loops_in(text: str, folder: str, files: Files) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the variable of each loop with its words; loops over words that are known only at run time are left out.

    A pattern that matches no file yields no word; a shell would keep the pattern, but scripts test for that. `folder`
    is the working folder.
    """
    for found in _FOR.finditer(text):
        try:
            words = shlex.split(found["words"])
        except ValueError:
            continue
        if not any(_VARIABLE in word or "`" in word for word in words):
            yield found["name"], tuple(each for word in words for each in expanded(word, folder, files))[:MAX_WORDS]
    for found in (*_FOUND.finditer(text), *_PARTS.finditer(text)):
        yield found["name"], tuple(_below(found["folder"].strip("\"'/"), files))


def expanded(word: str, folder: str, files: Files) -> list[str]:
    """Return the paths that a pattern with wildcards in its last part stands for; a word without any as it is."""
    if not _WILD.search(word):
        return [word]
    above, _, last = word.rpartition("/")
    inside = posixpath.join("/", folder, above)
    names = [name for name in files.names(inside) if fnmatch.fnmatchcase(name, last) and not name.startswith(".")]
    return [f"{above}/{name}" if above or word.startswith("/") else name for name in names[:MAX_WORDS]]


def _below(folder: str, files: Files) -> Iterator[str]:
    for name in files.names(folder)[:MAX_WORDS]:
        if files.find(f"{folder}/{name}"):
            yield f"/{folder}/{name}"
