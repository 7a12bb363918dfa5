"""What the modules of Python's standard library start of their own.

Each module of Python 3.7 to 3.13 that has a word of a start (`python.read.starts_programs`) was read, and of 3.14 those
that are listed for it. What a caller hands them, a variable or a file says (`subprocess.run(…)`, BROWSER, mailcap) is
stated elsewhere. A module without a row, as of a later Python, may start whatever it names.
"""

import re

from gate.reachability.runtimes.named.known_starts import KnownStarts

_TO_13 = r"(?s:.*/)?lib/python3\.(?:[7-9]|1[0-3])/"
_TO_14 = r"(?s:.*/)?lib/python3\.(?:[7-9]|1[0-4])/"
_GIVEN = (
    r"_compat_pickle|asyncio/\w+|concurrent/futures/process|http/server|imaplib|multiprocessing/\w+|os|pty|socketserver"
    r"|threading|traceback"
)
_GIVEN_TO_13 = (
    r"_bootsubprocess|asyncore|ensurepip/__init__|lib2to3/fixes/fix_imports|mailcap|pipes|turtle|venv/__init__"
)
"""They start what they are given, Python by its path, or nothing: some only speak of processes."""
_STARTS = {
    rf"{_TO_14}(?:{_GIVEN})\.py|{_TO_13}(?:{_GIVEN_TO_13})\.py|{_TO_14}pydoc_data/topics\.py": "",
    # `shell=True`
    _TO_14 + r"subprocess\.py": "sh",
    # programs that find a library, for Linux, Solaris, BSD and AIX
    _TO_14 + r"ctypes/(?:util|_aix)\.py": "gcc|cc|ld|objdump|ldconfig|dump|crle",
    # Debian's begins with `pager`
    rf"{_TO_14}_pyrepl/pager\.py|{_TO_13}pydoc\.py": "pager|less|more",
    # `_syscmd_file`, and the processor by `uname -p`
    _TO_14 + r"platform\.py": "uname|file",
    # the address of a network card
    _TO_14 + r"uuid\.py": "ifconfig|ip|arp|lanscan|netstat|ipconfig",
    _TO_13 + r"webbrowser\.py": (
        r"xdg-(?:open|settings)|gio|(?:gvfs|gnome)-open|(?:x-)?www-browser|(?:mozilla-)?fire(?:fox|bird)|ice(?:weasel|ape)"
        r"|seamonkey|mozilla|netscape|galeon|epiphany|skipstone|(?:google-)?chrome|chromium(?:-browser)?|opera|mosaic"
        r"|grail|konqueror|kfm(?:client)?|microsoft-edge|MicrosoftEdge|links|elinks|lynx|w3m|osascript"
    ),
    # what it asks of macOS and AIX; `sysconfig` and `distutils` call `_osx_support` on macOS alone
    _TO_13 + r"(?:_(?:osx|aix)_support|turtledemo/__main__)\.py": "xcrun|osascript|lslpp",
    # of Python's own tests: `multiprocessing.util` imports it to tidy up after them; compilers as `distutils` has them
    _TO_13 + r"test/support/__init__\.py": "ldd|defaults|getprop|cc|gcc",
    # compilers, `bdist_rpm`, `upload`, SWIG, archives
    _TO_13 + r"distutils/(?:command/)?\w+\.py": (
        r"gcc|cc|c\+\+|ar|ranlib|ld|ld_so_aix|dll(?:wrap|tool)|windres|rpm(?:build)?|gpg|swig|zip|compress"
        r"|brcc32|mt"
    ),
    # scripts for builds of Python itself, which have the names of their tools in variables
    _TO_13 + r"config-[^/]+/(?:makesetup|install-sh)": (
        "basename|cat|chgrp|chmod|chown|cmp|cp|dirname|expr|grep|ls|mkdir|mv|rm|rmdir|sed|strip|test|tr"
    ),
    # `print-command-posix` in its settings
    _TO_13 + r"idlelib/\w+\.py": "lpr",
}
"""By a module's path: the names of what it starts without being given its name."""
_KNOWN = KnownStarts(_STARTS)


def python_starts(path: str) -> "re.Pattern[bytes] | None":
    """Return which names a module of the standard library starts by itself, as a whole; None if that is not known."""
    return _KNOWN.of(path)
