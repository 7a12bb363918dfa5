"""Passwords that a program finds by the order of lines, without a name next to them.

Subversion keeps logins in records (`K 8`, `password`, `V 6`, `hunter`); OpenVPN reads a user and, in the next line, a
password, from a file or from `<auth-user-pass>` in its configuration.

https://svn.apache.org/repos/asf/subversion/trunk/subversion/libsvn_subr/hash.c, openvpn(8)
"""

import re
from collections.abc import Iterator, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import DecodedPart, part_of
from gate.secrets.engine.text import Text
from gate.secrets.kinds.files import OPENVPN_LOGINS, SUBVERSION_LOGINS

_SUBVERSION = lazy_regex(SUBVERSION_LOGINS)
_OPENVPN = lazy_regex(OPENVPN_LOGINS)
_OPENVPN_SETTINGS = (".ovpn", ".conf")
_RECORD = lazy_regex(rb"K [0-9]{1,4}\r?\n")
_LENGTH = lazy_regex(r"[KV] [0-9]{1,6}")
_SEALED = frozenset(("wincrypt", "keychain", "gnome-keyring", "kwallet", "gpg-agent"))
"""Ways to store a password that leave no plain one in the file."""
_PASSWORDS = frozenset(("password", "passphrase"))
_INLINE = lazy_regex(r"<auth-user-pass>[ \t]*\n([^\n]*)\n([^\n]+)\n[ \t]*</auth-user-pass>")
_LOGIN_LINES = 2
_MAX_SIZE = 4096
"""Bytes of a file that holds one login."""


def begins_as_login(content: bytes, path: str) -> bool:
    """True for the first bytes of a file that holds one login by the order of its lines."""
    is_record = _SUBVERSION.search(path) is not None and _RECORD.match(content) is not None
    return is_record or _OPENVPN.search(path) is not None


def parts(text: Text, path: str) -> Iterator[DecodedPart]:
    """Yield one part with each password behind its name, in its own line."""
    yield from part_of([(number, f"stored-login: {value}") for number, value in _passwords(text, path)], path)


def _passwords(text: Text, path: str) -> Iterator[tuple[int, str]]:
    """Yield the line, from 1, and the text of each password."""
    if _SUBVERSION.search(path):
        yield from _in_records(text.content.splitlines()) if len(text.utf8) <= _MAX_SIZE else ()
    elif _OPENVPN.search(path):
        yield from _in_two_lines(text.content.splitlines()) if len(text.utf8) <= _MAX_SIZE else ()
    elif path.lower().endswith(_OPENVPN_SETTINGS) and "<auth-user-pass>" in text.content:
        for found in _INLINE.finditer(text.content):
            yield text.content.count("\n", 0, found.start(2)) + 1, found[2].strip()


def _in_records(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the password of a file of records: each name and each value in a line below its length."""
    values: dict[str, tuple[int, str]] = {}
    for place in range(0, len(lines) - 3, 4):
        if not (_LENGTH.fullmatch(lines[place]) and _LENGTH.fullmatch(lines[place + 2])):
            break
        values[lines[place + 1]] = (place + 4, lines[place + 3])
    if values.get("passtype", (0, ""))[1] not in _SEALED:
        yield from (value for name, value in values.items() if name in _PASSWORDS)


def _in_two_lines(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the second of the two lines of a login."""
    said = [line for line in lines if line.strip()]
    if len(said) == len(lines) == _LOGIN_LINES and not any(re.search(r"\s", line.strip()) for line in lines):
        yield _LOGIN_LINES, lines[1].strip()
