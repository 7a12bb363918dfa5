"""Scripts that a distribution's packages bring, of which is known what they start: each was read.

Else a script may start whatever its words name. What it is given, and what variables and settings say, counts as for
any other. Names that a shell has itself (`kill`, `printf`) stand for no file here.
"""

import re

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.named.known_starts import KnownStarts

_BIN = r"(?:usr/)?s?bin/"
_TOOLS = "|".join(word_lists(__file__)["tools"])
"""What these scripts are made of: programs of coreutils, findutils, diffutils, gettext, grep and sed."""
_STARTS = {
    # git-sh-setup(1), git-sh-i18n(1); git-instaweb(1), which has a page in Python with an `import` in it
    r"usr/lib/git-core/git-(?:filter-branch|mergetool|quiltimport|request-pull|sh-(?:i18n|prompt|setup)|submodule|subtree)"
    r"|usr/lib/git-core/git-merge-(?:octopus|one-file|resolve)|usr/lib/git-core/git-difftool--helper": (
        r"git(?:-[\w-]+)?|perl|less|pager|editor"
    ),
    r"usr/lib/git-core/git-instaweb": (
        r"git(?:-[\w-]+)?|perl|python[\d.]*|ruby|plackup|lighttpd|apache2|httpd|mongoose|which"
    ),
    r"usr/lib/git-core/git-web--browse": (
        "git|firefox|iceweasel|iceape|seamonkey|google-chrome|chrome|chromium(?:-browser)?|konqueror|kfmclient|opera|dillo"
        "|open|start|cygstart|xdg-open|elinks|links|lynx|w3m"
    ),
    # savelog(8): -j, -J
    _BIN + "savelog": "gzip|bzip2|xz",
    # sensible-editor(1), sensible-browser(1), sensible-pager(1), sensible-terminal(1), select-editor(1)
    _BIN + r"(?:sensible-(?:editor|browser|pager|terminal)|select-editor)": (
        r"editor|nano(?:-tiny)?|vi|select-editor|update-alternatives|(?:gnome-|x-)?www-browser|gnome-terminal"
        r"|sensible-terminal.*|x-terminal-emulator|pager|more"
    ),
    _BIN + "ssh-argv0": "ssh",
    # ssh-copy-id(1); SANE_SH
    _BIN + "ssh-copy-id": "ssh(?:-add)?|sftp|ksh|restorecon",
    # service(8)
    _BIN + "service": "systemctl",
    # ldd(1): the loaders of programs by their paths
    _BIN + "ldd": "",
    # dpkg's, by its timer
    r"usr/libexec/dpkg/dpkg-db-backup": "tar|savelog",
    # apt's, by its timer
    r"usr/lib/apt/apt\.systemd\.daily": "apt-(?:config|get)|savelog|flock|debdelta-upgrade|unattended-upgrade",
    # Python's loader by the path that a program states, and Python itself
    r"usr/lib/python3/dist-packages/packaging/\w+\.py": "",
}
"""By a script's path: the names of what it starts apart from those tools, without being given its name."""
_KNOWN = KnownStarts({path: f"{_TOOLS}|{names}" for path, names in _STARTS.items()})


def script_starts(path: str) -> "re.Pattern[bytes] | None":
    """Return which names a script that a package brought starts by itself, as a whole; None if that is not known."""
    return _KNOWN.of(path)
