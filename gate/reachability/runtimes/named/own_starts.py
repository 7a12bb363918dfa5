"""Programs and libraries of which is known what they start of their own, by their manuals.

Else a program may start whatever its strings name, and in most of them nearly each word is one of a message, a key or a
table. What these are given, and what their settings say, is followed as for any other.
"""

import re

_BIN = r"(?:usr/)?s?bin/"
_LIB = r"(?:usr/)?lib(?:64)?/(?:[\w-]+-linux-gnu\w*/)?"
_SHELLS = r"r?bash|d?ash|[ml]?ksh|zsh|t?csh|fish|sh"
_OWN_STARTS = {
    _BIN + r"(?:runuser|script|su|watch)": _SHELLS,
    _BIN + r"xargs": "echo",
    # dnsmasq(8): --dhcp-script and --conf-script alone
    _BIN + r"dnsmasq": _SHELLS,
    # aria2c(1), "Event Hook": --on-download-complete and its like
    _LIB + r"libaria2\.so.*": "",
    # dbus-launch(1), "Automatic Launching"; what has an address that is a command (`unixexec:`) starts that itself
    _LIB + r"libdbus-1\.so.*": "dbus-launch",
    # pkcs11.conf(5), `remote`
    _LIB + r"libp11-kit\.so.*": "",
}
"""By a program's or library's path: the names of what it starts without being given its name."""
_KNOWN = [(re.compile(path), re.compile(rf"(?:{names})".encode())) for path, names in _OWN_STARTS.items()]


def own_starts(path: str) -> "re.Pattern[bytes] | None":
    """Return which names a file that a package brought starts by itself, as a whole; None if that is not known."""
    return next((names for file, names in _KNOWN if file.fullmatch(path)), None)
