"""The accounts of an image: `/etc/passwd` (passwd(5)) and `/etc/shadow` (shadow(5))."""

from collections.abc import Iterator

import msgspec

from gate.trees import FileTree, Kind, resolve

_MAX_SIZE = 4 << 20
_PASSWD, _SHADOW = "etc/passwd", "etc/shadow"
_FIELDS, _SHADOW_FIELDS = 7, 2
_NO_LOGIN = ("nologin", "false", "sync", "shutdown", "halt")
_IN_SHADOW = ("x", "*", "!")


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
    shadow = {fields[0]: fields[1] for fields in _rows(tree, _SHADOW) if len(fields) >= _SHADOW_FIELDS}
    return tuple(_account(fields, shadow) for fields in _rows(tree, _PASSWD) if len(fields) == _FIELDS and fields[0])


def _account(fields: list[str], shadow: dict[str, str]) -> Account:
    name, password, uid = fields[:3]
    if password == "x":  # noqa: S105  (the mark that says: see shadow)
        password = shadow.get(name, "*")
    return Account(
        name=name,
        uid=uid,
        shell=fields[6],
        is_open=not password,
        has_password=bool(password) and not password.startswith(_IN_SHADOW),
    )


def _rows(tree: FileTree, path: str) -> Iterator[list[str]]:
    entry = resolve(tree, path)
    if entry is not None and entry.kind is Kind.FILE:
        text = tree.read(path, _MAX_SIZE).decode("utf-8", "replace")
        yield from (line.split(":") for line in text.split("\n") if line and not line.startswith(("#", "+", "-")))
