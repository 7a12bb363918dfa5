"""What is safe to keep in a repository: files and lines that are encrypted as a whole, and by what."""

import re
from collections.abc import Iterable, Iterator, Sequence

from gate.secrets.lines import Lines
from gate.secrets.text import Text

_WHOLE: tuple[tuple[bytes, str], ...] = (
    (b"\0GITCRYPT\0", "git-crypt"),
    (b"$ANSIBLE_VAULT;", "Ansible Vault"),
    (b"age-encryption.org/v1", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"-----BEGIN PGP MESSAGE-----", "OpenPGP"),
)
_MARKS = (
    "ENC[AES256_GCM,",
    "$ANSIBLE_VAULT;",
    "BEGIN AGE ENCRYPTED",
    "BEGIN PGP MESSAGE",
    "encryptedData",
    "SealedSecret",
)
_ARMOUR = re.compile(r"BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE)")
_ARMOUR_END = re.compile(r"END (?:AGE ENCRYPTED FILE|PGP MESSAGE)")
_VAULT_LINE = re.compile(r"[ \t]*+[0-9a-f]{1,80}[ \t]*+$")
_SEALED = re.compile(r"[ \t]*+[\"']?encryptedData[\"']?[ \t]*+:[ \t]*+\{?[ \t]*+$")
_SOPS_FIELD = re.compile(r"[ \t-]*[\"']?(?:sops_.{0,40}|enc|mac|fp|recipient|arn)[\"']?[ \t]*[:=]")
_MAX_LINES = 10_000
"""Lines of one encrypted value."""


def encrypted_by(content: bytes) -> str | None:
    """Return what a whole file is encrypted by, or None. It goes by the first bytes, which all these formats fix."""
    return next((name for mark, name in _WHOLE if content.startswith(mark)), None)


def encrypted_lines(text: Text) -> dict[int, str]:
    """Return the lines (from 1) that hold what SOPS, Sealed Secrets, Ansible Vault, age or OpenPGP encrypted."""
    marked = _marked(text.content)
    if not marked:
        return {}
    lines = Lines(text.content)
    is_sops = "ENC[AES256_GCM," in text.content
    found: dict[int, str] = {}
    for number in range(1, len(lines) + 1) if is_sops else marked:
        if number not in found:  # each line belongs to one block, so that all blocks together are linear
            name, numbers = _block(number, lines, is_sops)
            found.update(dict.fromkeys(numbers, f"encrypted by {name}"))
    return found


def _marked(content: str) -> list[int]:
    """Return the lines with a mark; of what is not SOPS's, a block begins with one."""
    places = sorted({place for mark in _MARKS for place in _places(mark, content)})
    number, last, marked = 1, 0, dict[int, None]()
    for place in places:
        number, last = number + content.count("\n", last, place), place
        marked[number] = None
    return list(marked)


def _places(mark: str, content: str) -> Iterator[int]:
    place = content.find(mark)
    while place >= 0:
        yield place
        place = content.find(mark, place + 1)


def _block(first: int, lines: Sequence[str], is_sops: bool) -> tuple[str, Iterable[int]]:
    """Return what encrypted the lines that begin with line `first`, and which they are."""
    line = lines[first - 1]
    if "ENC[AES256_GCM," in line or (is_sops and _SOPS_FIELD.match(line)):
        return "SOPS", (first,)
    if armour := _ARMOUR.search(line):
        return "age" if armour[1].startswith("AGE") else "OpenPGP", _until(_ARMOUR_END, first, lines)
    if "$ANSIBLE_VAULT;" in line:
        return "Ansible Vault", _while(_VAULT_LINE, first, lines)
    if _SEALED.match(line):
        depth = min(len(line) - len(line.lstrip()), 1000)
        return "Sealed Secrets", _while(re.compile(rf"[ \t]{{{depth + 1}}}|[ \t]*$"), first, lines)
    return "", ()


def _until(end: re.Pattern[str], first: int, lines: Sequence[str]) -> Iterator[int]:
    for number in range(first, min(first + _MAX_LINES, len(lines) + 1)):
        yield number
        if end.search(lines[number - 1]):
            return


def _while(pattern: re.Pattern[str], first: int, lines: Sequence[str]) -> Iterator[int]:
    yield first
    for number in range(first + 1, min(first + _MAX_LINES, len(lines) + 1)):
        if not pattern.match(lines[number - 1]):
            return
        yield number
