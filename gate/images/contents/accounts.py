"""The accounts of an image: `/etc/passwd` (passwd(5)) and `/etc/shadow` (shadow(5))."""

import enum
from typing import Generic, TypeVar

import msgspec

from gate.images.contents.observations import Account
from gate.images.layers.merged import LayeredTree
from gate.trees import EntryKind, resolve
from gate.trees.memo import Analysis

Result = TypeVar("Result")

_MAX_SIZE = 4 << 20
_PASSWD, _SHADOW = "etc/passwd", "etc/shadow"
_FIELDS, _SHADOW_FIELDS = 7, 2
_NO_HASH = ("x", "*", "!")


class _Password(enum.Enum):
    """The state of a password field."""

    EMPTY = "empty"
    HASH = "hash"
    LOCKED = "locked"
    ELSEWHERE = "in shadow"


_Passwords = dict[str, _Password]
"""By the account's name."""


class _Line(msgspec.Struct, frozen=True):
    """A line of passwd, without the password's hash that may be in it."""

    name: str
    password: _Password
    uid: str
    shell: str


def read_accounts(tree: LayeredTree) -> tuple[Account, ...]:
    """Return the accounts in the order of passwd; malformed lines are left out. Raises as `FileTree.read` does."""
    passwd = _versions(tree, _PASSWD, Analysis("accounts", list[_Line], _lines))
    shadow = _versions(tree, _SHADOW, Analysis("accounts", _Passwords, _shadowed))
    accounts: list[Account] = []
    since: dict[Account, str] = {}
    layers = {one.layer: one.diff_id for one in passwd} | {one.layer: one.diff_id for one in shadow}
    for layer, diff_id in sorted(layers.items()):
        passwords = _at(shadow, layer) or {}
        accounts = [_account(line, passwords) for line in _at(passwd, layer) or ()]
        since = {account: since.get(account, diff_id) for account in accounts}
    return tuple(msgspec.structs.replace(account, layer=since[account]) for account in accounts)


class _Version(msgspec.Struct, Generic[Result], frozen=True):
    """The content of a file from one layer on."""

    layer: int
    diff_id: str
    content: Result | None
    """None if there is no such file from this layer on."""


def _versions(tree: LayeredTree, path: str, analysis: Analysis[Result]) -> list[_Version[Result]]:
    """Return the contents of a file in every layer that changed it; versions that are too large are left out."""
    entry = resolve(tree, path)
    real = entry.path if entry is not None else path
    found: dict[int, _Version[Result]] = {}
    for file in tree.hidden_files():
        if file.entry.path == real and file.entry.size <= _MAX_SIZE:
            content = tree.analysed_hidden(file, analysis)
            found[file.layer] = _Version(file.layer, file.entry.origin or "", content)
            found.setdefault(file.hidden_in, _Version(file.hidden_in, file.hidden_by, None))
    if entry is not None and entry.kind is EntryKind.FILE:
        layer = tree.layer_of(real)
        found[layer] = _Version(layer, entry.origin or "", tree.analysed(real, analysis, _MAX_SIZE))
    return [found[layer] for layer in sorted(found)]


def _at(versions: list[_Version[Result]], layer: int) -> Result | None:
    """Return the content of a file in the image that the layers up to this one make."""
    return next((one.content for one in reversed(versions) if one.layer <= layer), None)


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
