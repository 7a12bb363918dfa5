"""What is safe to keep in a repository: files and lines that are encrypted as a whole, and by what."""

import re
from collections.abc import Iterable, Iterator, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.secrets.engine.text import Text

_ARMOURED = rb"(?:(?:Version|Comment|Hash|Charset|MessageID): [^\r\n]*|[A-Za-z0-9+/=]{0,80})[ \t]*\r?\n"
_WHOLE: tuple[tuple[bytes, str, bytes], ...] = (
    (b"\0GITCRYPT\0", "git-crypt", b""),
    (b"$ANSIBLE_VAULT;", "Ansible Vault", rb"[\w.;-]+\s+[0-9a-f\s]*+"),
    (b"age-encryption.org/v1", "age", rb"\n(?:-> [!-~ ]+\n(?:[A-Za-z0-9+/]{0,64}\n)+)+--- [A-Za-z0-9+/]{43}\n"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age", rb"\s+(?:%b)*+-----END AGE ENCRYPTED FILE-----\s*+" % _ARMOURED),
    (b"-----BEGIN PGP MESSAGE-----", "OpenPGP", rb"\s+(?:%b)*+-----END PGP MESSAGE-----\s*+" % _ARMOURED),
)
"""How files begin, by what they are encrypted, and what of them stands in clear letters before what is encrypted."""
_BEGINNINGS = tuple(mark for mark, _, _ in _WHOLE)
_MARKS = (
    "ENC[AES256_GCM,",
    "$ANSIBLE_VAULT;",
    "BEGIN AGE ENCRYPTED",
    "BEGIN PGP MESSAGE",
    "encryptedData",
    "SealedSecret",
)
_ARMOUR = lazy_regex(r"BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE)")
_ARMOUR_END = "-----END "
_ARMOUR_LINE = lazy_regex(
    r"""[ \t#*"']*+(?:-----END (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----|(?:Version|Comment|Hash|Charset|MessageID): .*"""
    r"""|[A-Za-z0-9+/]*+={0,2}|=[A-Za-z0-9+/]{4})(?:\\n)?[ \t"',+]*+$"""
)
_VAULT_LINE = lazy_regex(r"[ \t]*+[0-9a-f]{1,80}[ \t]*+$")
_SEALED = lazy_regex(r"[ \t]*+[\"']?encryptedData[\"']?[ \t]*+:[ \t]*+\{?[ \t]*+$")
_SOPS_FIELD = lazy_regex(
    r"[ \t-]*[\"']?(?:sops_(?:mac|pgp|age|kms|gcp_kms|azure_kv|hc_vault|version|lastmodified|shamir|(?:un)?encrypted)"
    r"\w{0,60}|enc|mac|fp|recipient|arn)[\"']?[ \t]*[:=]"
)
_MAX_LINES = 10_000
"""Lines of one encrypted value."""
_SOPS_VALUE = lazy_regex(r"ENC\[AES256_GCM,data:[A-Za-z0-9+/=]*,iv:[A-Za-z0-9+/=]*,tag:[A-Za-z0-9+/=]*,type:\w+\]?")
_VAULT_HEAD = lazy_regex(r"\$ANSIBLE_VAULT;[\w.;-]*(?:\\n[0-9a-f]+)*")
_ARMOUR_HEADER = lazy_regex(r"[ \t#*\"']*(?:Version|Comment|Hash|Charset|MessageID): ")
_SHORTEST_SEALED = 40
"""Characters; what kubeseal makes begins with the length of a session key under RSA, `Ag`."""


def encrypted_by(content: bytes) -> str | None:
    """Return what a whole file is encrypted by, or None.

    A first line says so of what follows only if that looks like it: else it would hide the rest of the file.
    """
    for mark, name, pattern in _WHOLE:
        if content.startswith(mark):
            letters = re.compile(pattern).match(content, len(mark))
            return name if letters and _is_random(content[letters.end() :]) else None
    return None


def begins_encrypted(content: bytes) -> bool:
    """True for the first bytes of a file that is encrypted, whatever follows."""
    return content.startswith(_BEGINNINGS)


def _is_random(content: bytes) -> bool:
    """True for nothing, and for what cannot be read as UTF-8, as random bytes cannot (a nonce alone has 12)."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return True
    return not content.strip()


def encrypted_lines(text: Text) -> dict[int, str]:
    """Return the lines (from 1) that hold what SOPS, Sealed Secrets, Ansible Vault, age or OpenPGP encrypted."""
    marked = _marked(text.content)
    if not marked:
        return {}
    lines = text.lines
    is_sops = "ENC[AES256_GCM," in text.content
    found: dict[int, str] = {}
    for number in range(1, len(lines) + 1) if is_sops else marked:
        if number not in found:  # each line belongs to one block, so that all blocks together are linear
            name, numbers = _block(number, lines, is_sops)
            found.update(dict.fromkeys(numbers, f"encrypted by {name}"))
    return found


def covers(reason: str, line: str, value: str) -> bool:
    """True if a value is what was encrypted in its line, and does not only stand near it: a mark is soon written."""
    match reason.removeprefix("encrypted by "):
        case "SOPS":
            return _SOPS_FIELD.match(line) is not None or any(value in one for one in _SOPS_VALUE.findall(line))
        case "Sealed Secrets":
            return len(value) >= _SHORTEST_SEALED and value.startswith("Ag")
        case "Ansible Vault":
            return _VAULT_LINE.match(line) is not None or any(value in one for one in _VAULT_HEAD.findall(line))
        case _:
            begin = line.find("-----BEGIN")
            return _ARMOUR_HEADER.match(line) is None and (begin < 0 or begin <= line.find(value))


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
        name = "age" if armour[1].startswith("AGE") else "OpenPGP"
        return name, _until(_ARMOUR_END, _while(_ARMOUR_LINE, first, lines), lines)
    if "$ANSIBLE_VAULT;" in line:
        return "Ansible Vault", _while(_VAULT_LINE, first, lines)
    if _SEALED.match(line):
        depth = min(len(line) - len(line.lstrip()), 1000)
        return "Sealed Secrets", _while(re.compile(rf"[ \t]{{{depth + 1}}}|[ \t]*$"), first, lines)
    return "", ()


def _until(end: str, numbers: Iterable[int], lines: Sequence[str]) -> Iterator[int]:
    for number in numbers:
        yield number
        if end in lines[number - 1]:
            return


def _while(pattern: re.Pattern[str], first: int, lines: Sequence[str]) -> Iterator[int]:
    yield first
    for number in range(first + 1, min(first + _MAX_LINES, len(lines) + 1)):
        if not pattern.match(lines[number - 1]):
            return
        yield number
