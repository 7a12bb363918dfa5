"""Files that a program looks for in folders that none of its strings names whole, and may start or load.

D-Bus starts what its service files name (dbus-daemon(1)), CUPS its filters (cupsd(8)), git the hooks of a repository
and what its settings say (githooks(5), git-config(1)), libmount `mount.TYPE` (mount(8)), incrond its
tables, ifup its hooks (interfaces(5)); Lua and Tcl load modules by names that scripts put together.
"""

import posixpath
import re

from gate.reachability.runtimes.walk.files import Files

_SHARE = r"(?:usr/(?:local/)?share|etc|lib|usr/lib)"
_LIB = r"usr/(?:local/)?lib(?:64)?(?:/[\w-]+-linux-\w+)?"
_LOOKED_FOR = tuple(
    (re.compile(program), re.compile(paths))
    for program, paths in (
        (r"dbus-daemon|dbus-broker-launch", rf"{_SHARE}/dbus-1/(?:system-)?services/[^/]+\.service"),
        (r"cupsd", r"usr/lib(?:exec)?/cups/(?:backend|cgi-bin|daemon|driver|filter|monitor|notifier|port)/[^/]+"),
        (r"git", r"(?:.*/)?(?:[^/]*\.git/|\.git/modules/.+/)(?:hooks/[a-z0-9-]+|config(?:\.worktree)?)"),
        (r"ifup|ifdown|ifquery", r"etc/network/if-[\w-]+\.d/[^/]+"),
        (r"incrond", r"etc/incron\.d/[^/]+|var/spool/incron/[^/]+"),
        (r"libmount\.so.*", r"(?:usr/)?s?bin/u?mount\.[^/]+"),
        (r"(?:lib)?lua(?:jit)?[-\d.]*(?:\.so.*)?", rf"(?:usr/(?:local/)?share|{_LIB})/lua/[\d.]+/.+"),
        (r"(?:lib)?(?:tcl|wish|expect)[\w.]*", rf"(?:usr/(?:local/)?share|{_LIB})/(?:tcltk/|tcl).*pkgIndex\.tcl"),
    )
)
"""The name of a program or library, and the paths of what it may use."""


def looked_for(path: str, files: Files) -> tuple[str, ...]:
    """Return the paths of the files that a program or library may start or load."""
    name = posixpath.basename(path)
    wanted = [paths for program, paths in _LOOKED_FOR if program.fullmatch(name)]
    return tuple(found for paths in wanted for found in _like(paths, files))


def _like(paths: "re.Pattern[str]", files: Files) -> tuple[str, ...]:
    def find() -> tuple[str, ...]:
        return tuple(sorted(entry.path for entry in files.walk() if paths.fullmatch(entry.path)))

    return files.cached((_like, paths), find)
