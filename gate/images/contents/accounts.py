"""The accounts of an image: `/etc/passwd` (passwd(5)) and `/etc/shadow` (shadow(5))."""

import enum
from collections.abc import Callable
from typing import TypeVar

import msgspec

from gate.trees import FileTree, Kind, resolve
from gate.trees.told import Question, told

Told = TypeVar("Told")

_MAX_SIZE = 4 << 20
_PASSWD, _SHADOW = "etc/passwd", "etc/shadow"
_FIELDS, _SHADOW_FIELDS = 7, 2
_NO_LOGIN = ("nologin", "false", "sync", "shutdown", "halt")
_NO_HASH = ("x", "*", "!")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account."""

    name: str
    uid: str
    shell: str = ""
    is_open: bool = False
    """Its password is empty: whoever gives its name is let in."""
    has_password: bool = False
    """A hash of a password is in the image."""

    @property
    def can_log_in(self) -> bool:
        """True if its shell is a shell."""
        return self.shell.rpartition("/")[2] not in _NO_LOGIN


def read_accounts(tree: FileTree) -> tuple[Account, ...]:
    """Return the accounts in their order, lines that are none left out. Raises as `FileTree.read` does."""
    shadow = _told(tree, _SHADOW, dict[str, _Password], _shadowed) or {}
    return tuple(_account(one, shadow) for one in _told(tree, _PASSWD, list[_Line], _lines) or ())


class _Password(enum.Enum):
    """What stands where a password's hash would."""

    EMPTY = "empty"
    HASH = "hash"
    LOCKED = "locked"
    ELSEWHERE = "in shadow"


class _Line(msgspec.Struct, frozen=True):
    """A line of passwd, which may hold a hash: that one is not told."""

    name: str
    password: _Password
    uid: str
    shell: str


def _account(line: _Line, shadow: dict[str, _Password]) -> Account:
    password = line.password
    if password is _Password.ELSEWHERE:
        password = shadow.get(line.name, _Password.LOCKED)
    return Account(
        name=line.name,
        uid=line.uid,
        shell=line.shell,
        is_open=password is _Password.EMPTY,
        has_password=password is _Password.HASH,
    )


def _told(tree: FileTree, path: str, shape: type[Told], tell: Callable[[bytes], Told]) -> Told | None:
    entry = resolve(tree, path)
    if entry is None or entry.kind is not Kind.FILE:
        return None
    return told(tree, path, Question("accounts"), shape, tell, _MAX_SIZE)


def _shadowed(content: bytes) -> dict[str, _Password]:
    return {fields[0]: _password(fields[1]) for fields in _rows(content) if len(fields) >= _SHADOW_FIELDS}


def _lines(content: bytes) -> list[_Line]:
    return [
        _Line(fields[0], _Password.ELSEWHERE if fields[1] == "x" else _password(fields[1]), fields[2], fields[6])
        for fields in _rows(content)
        if len(fields) == _FIELDS and fields[0]
    ]


def _password(field: str) -> _Password:
    if not field:
        return _Password.EMPTY
    return _Password.LOCKED if field.startswith(_NO_HASH) else _Password.HASH


def _rows(content: bytes) -> list[list[str]]:
    lines = content.decode("utf-8", "replace").split("\n")
    return [line.split(":") for line in lines if line and not line.startswith(("#", "+", "-"))]
