"""Prints the keys of the gate's two caches as outputs of a step: `python3 -I keys.py FOLDER SUFFIX`.

A key is the cache's name, SUFFIX (system, machine, version of the gate), the day in UTC, and 16 hexadecimal digits of
the SHA-256 of all files' names and contents. A name without a key has nothing to keep.
"""

import datetime
import hashlib
import sys
from pathlib import Path

ADVISORIES = "advisories"
"""Folder of the advisories in FOLDER; all other files are answers."""
TRANSIENT = (".lock", "-wal", "-shm", "-journal")
"""Ends of the names of files that a running gate needs."""


def key(name: str, suffix: str, files: list[Path], root: Path) -> str:
    """Return the key of a cache with these files; empty if there are none."""
    if not files:
        return ""
    whole = hashlib.sha256()
    for path in sorted(files):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
        whole.update(path.relative_to(root).as_posix().encode("utf-8", "surrogateescape") + b"\0" + content)
    day = datetime.datetime.now(datetime.UTC).date()
    return f"gate-{name}-{suffix}-{day}-{whole.hexdigest()[:16]}"


folder = Path(sys.argv[1])
found = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(TRANSIENT)]
advisories = [path for path in found if path.relative_to(folder).parts[0] == ADVISORIES]
answers = [path for path in found if path.relative_to(folder).parts[0] != ADVISORIES]
print(f"{ADVISORIES}={key(ADVISORIES, sys.argv[2], advisories, folder)}")
print(f"answers={key('answers', sys.argv[2], answers, folder)}")
