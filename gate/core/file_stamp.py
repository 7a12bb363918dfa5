"""What tells that a file on this machine is as it was, without reading it.

An ordinary user can set a file's mtime, but not its ctime, the time of the last change of its status.
"""

import os

SETTLED_NS = 2_000_000_000
"""Age of a file, in nanoseconds, after which its next change certainly alters its times on every file system."""


def stamp(status: os.stat_result) -> str:
    """Return what changes when a file's content does, or when another file takes its place."""
    return f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def is_settled(status: os.stat_result, now_ns: int) -> bool:
    """True if the file's next change will show in its stamp; `now_ns` is the time in nanoseconds since 1970."""
    return max(status.st_mtime_ns, status.st_ctime_ns) <= now_ns - SETTLED_NS
