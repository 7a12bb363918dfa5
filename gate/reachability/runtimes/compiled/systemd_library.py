"""What systemd's library opens for some of its callers only (sd-path.h, sd-journal.h): most just report that they run.

`sd_path_lookup` returns folders of units and settings, which the caller may then read; to read a journal, the
library loads others that unpack it. No other function has to do with these strings.
"""

import re

from gate.inventory.installed.elf import Elf

LIBRARY = "libsystemd.so"
"""How its name begins."""
_FOLDER = re.compile(
    r"/(?:usr/(?:local/)?(?:lib|share)|etc)/"
    r"(?:systemd(?:/(?:system|user|network|catalog)[\w.-]*)?|[\w-]+\.d|factory/(?:etc|var))"
    r"|/usr/(?:local/)?include"
)
FOLDERS = tuple(
    f"{place}/{name}"
    for place in ("etc/systemd", "usr/lib/systemd", "usr/local/lib/systemd", "usr/share/systemd")
    for name in ("system", "user", "network", "catalog", "system-generators", "user-generators", "system-preset")
)
"""Folders of units; those of other settings are read by systemd's own programs, whose strings name them."""
_UNPACKS = re.compile(r"lib(?:lz4|lzma|zstd|gcrypt)\.so")
UNPACKING = ("liblz4.so.1", "libzstd.so.1", "liblzma.so.5", "libgcrypt.so.20")
OF_JOURNALS = b"sd_journal_"
"""How the functions begin that have to do with journals."""
_READS = re.compile(rb"\0sd_journal_(?!print|send|perror|stream_fd)\w+(?=\0)")
_LOOKS_UP = re.compile(rb"\0sd_path_\w+(?=\0)")

_STARTING = re.compile(rb"\0(sd_(?:bus|varlink)_\w+)(?=\0)")
"""Functions that start programs: an address of a bus or of a Varlink service may be `ssh:` or a command."""


def leading_in_systemd(elf: Elf) -> tuple[str, ...]:
    """Return the names of the functions that may start programs (sd-bus.h, sd-varlink.h)."""
    return tuple(sorted({name.decode() for name in _STARTING.findall(elf.section(".dynstr") or b"")}))


def reads_journals(names: bytes) -> bool:
    """True if a file has the name of a function that reads journals among its strings, a NUL around each."""
    return OF_JOURNALS in names and _READS.search(names) is not None


def looks_up_folders(names: bytes) -> bool:
    """True if a file has the name of a function that returns folders among its strings, a NUL around each."""
    return b"\0sd_path_" in names and _LOOKS_UP.search(names) is not None


def is_for_some(string: str) -> bool:
    """True for a string of the library that counts only for the callers of some functions."""
    return _FOLDER.fullmatch(string) is not None or _UNPACKS.match(string) is not None
