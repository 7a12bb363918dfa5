"""What a value tells of itself, offline: checksums, randomness, what is inside an encoding."""

import base64
import binascii
import hashlib
import math
import re
import zlib
from collections import Counter
from itertools import pairwise

from gate.core.lazy_regex import lazy_regex
from gate.secrets.triage.lookalikes import is_compound_name
from gate.secrets.triage.placeholders import is_placeholder
from gate.secrets.triage.wordlikeness import is_listed, is_scrambled, reads_as_words
from gate.secrets.triage.wordlikeness import is_noise as is_noise

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_TEMPLATE = lazy_regex(
    r"(?<![0-9A-Za-z]\$)\$[A-Za-z_{(]"
    r"|%~|\{\{|\}\}|<%|%[A-Za-z_]+%|%\(|<[A-Za-z_ -]+>|#\{|\{[A-Za-z_.0-9]*\}|%[sdvq]|^\[[A-Za-z_ -]+\]$"
)
_CODE = lazy_regex(
    r"^[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)+$|[()]|^[?`]|^(?:process|os|env|self|this|config)\."
)
_METAVARIABLE = lazy_regex(r"[A-Z_]{2,}(?:\\n|\Z)|[a-z_]{2,20}=")
"""`--password PASSWORD\\n` of a usage text, `"--password", default=None` of the code that reads it."""
_NUMBER = 6
_DIGITS_ALONE = 64
"""The least of the largest number in bytes that are random: sizes, months and ranks are smaller."""
_TYPED = tuple(map(lazy_regex, (r"\A[0-9A-Za-z!@#$%^&*?_.+-]{8,40}\Z", "[A-Za-z]", "[0-9]", "[!@#$%^&*?]")))
_ADDRESS = lazy_regex(r"[0-9a-z_.+-]+@[0-9A-Za-z_.-]+|[^@]+@[0-9A-Za-z-]+\.[A-Za-z.]+")
_OBJECT_ID = lazy_regex(r"[0-9a-f]{24}")
_UUID = lazy_regex(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = lazy_regex(r"[0-9a-f]+|[0-9A-F]+")
_BYTE = lazy_regex(r"(?:\\x|0x)([0-9A-Fa-f]{1,2})")


def is_random(value: str) -> bool:
    """True if the characters are spread as a generator spreads them, and no word stands for the secret."""
    return _bits(value) >= min(3.0, 0.7 * math.log2(max(len(value), 2))) and is_filled_in(value)


def is_random_and_no_name(value: str) -> bool:
    """True if the value is random, and no name of a type, which can be as long as a key is."""
    return is_random(value) and not is_compound_name(value)


def is_random_with_digit(value: str) -> bool:
    """True if the value is random, and has both letters and digits, as names and sentences have not."""
    has_both = any(one.isdigit() for one in value) and any(one.isalpha() for one in value)
    return has_both and is_random(value)


def is_filled_in(value: str) -> bool:
    """True if the value is no placeholder, template or reference to a variable."""
    return not (is_placeholder(value) or (_TEMPLATE.search(value) and not is_noise(value)))


def is_password(value: str) -> bool:
    """True if the value is filled in, and not the code that computes one."""
    return is_filled_in(value) and (not _CODE.search(value) or is_noise(value))


def _bits(value: str) -> float:
    """Return the Shannon entropy of the characters, in bits each."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())


def is_github_token(value: str) -> bool:
    """True if the last six characters are the CRC-32 of the thirty before them, in base 62 (npm: the same)."""
    _, _, body = value.partition("_")
    return len(body) == 36 and _base62(zlib.crc32(body[:30].encode())) == body[30:]


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits.rjust(6, "0")


def is_nkey_seed(value: str) -> bool:
    """True if the CRC-16 (XMODEM, little endian) at the end of a NATS or Stellar seed fits."""
    try:
        raw = base64.b32decode(value + "=" * (-len(value) % 8))
    except binascii.Error:
        return False
    return binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little")


def is_age_key(value: str) -> bool:
    """True if the Bech32 checksum of an age identity fits."""
    prefix, _, body = value.lower().rpartition("1")
    if any(one not in _BECH32 for one in body):
        return False
    expanded = [ord(one) >> 5 for one in prefix] + [0] + [ord(one) & 31 for one in prefix]
    return _bech32_sum(expanded + [_BECH32.index(one) for one in body]) == 1


def _bech32_sum(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum


def is_base58check(value: str) -> bool:
    """True if the double SHA-256 at the end of a Bitcoin key fits."""
    number = 0
    for one in value:
        number = number * 58 + _BASE58.index(one)
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


_BASE64_TEXT = lazy_regex(r"[A-Za-z0-9+/_-]{6,}={0,2}")


def decoded(value: str) -> str | None:
    """Return the printable text that is inside base64, with or without padding and in either alphabet; or None."""
    text = value.strip()
    if len(text.rstrip("=")) % 4 == 1 or not _BASE64_TEXT.fullmatch(text):
        return None
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        content = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode()
    except (ValueError, UnicodeDecodeError):
        return None
    return content if all(letter.isprintable() or letter in "\r\n\t" for letter in content) else None


def holds_login(value: str) -> bool:
    """True if base64 hides `user:password`, both printable and filled in."""
    user, colon, password = (decoded(value) or "").rstrip("\r\n").partition(":")
    return bool(user and colon) and len(password) >= 3 and is_filled_in(password)


def is_basic_login(value: str) -> bool:
    """True for what stands behind `Basic`: base64 of a login, or a key that a service takes in its place."""
    return holds_login(value) or (decoded(value) is None and is_random_with_digit(value) and not reads_as_words(value))


def holds_private_key(value: str) -> bool:
    """True if base64 hides a private key in its armour."""
    start = decoded(value[: len(value) // 4 * 4][:64])
    return start is not None and "-----BEGIN" in start and "PRIVATE KEY" in start


def is_base32_secret(value: str) -> bool:
    """True if the value is base32 with the variety of a random one."""
    return len(set(value.upper())) >= min(8, len(value) // 2)


def is_strong(value: str) -> bool:
    """True if the value is a password with a digit or sign in it, or no word: these are most often documentation."""
    is_other = value.startswith(("/", "./", "http", "$")) or _METAVARIABLE.match(value)
    return is_password(value) and (not value.rstrip(".,;:").isalpha() or is_scrambled(value)) and not is_other


def is_no_word(value: str) -> bool:
    """True if the value is a password, and no word of a sentence."""
    return is_strong(value) or (is_password(value) and not reads_as_words(value))


def is_generated_password(value: str) -> bool:
    """True if the value is a password without words, and has a digit or no letters like a word's: no example has."""
    has_both = any(one.isdigit() for one in value) and any(one.isalpha() for one in value)
    return is_strong(value) and ((has_both and not reads_as_words(value)) or is_scrambled(value))


def is_unworded(value: str) -> bool:
    """True for a generated password in one piece: what a call, a form or a sentence holds without a name for it."""
    kinds = sum(map(any, zip(*((one.islower(), one.isupper(), one.isdigit()) for one in value), strict=True)))
    is_piece = value.isascii() and not any(one.isspace() for one in value)
    is_generated = is_generated_password(value) and (kinds == 3 or is_scrambled(value))
    return is_piece and (is_generated or (is_typed(value) and is_filled_in(value)))


def is_unworded_or_number(value: str) -> bool:
    """True for a generated password, and for a number of several digits: what fills a field that asks for one."""
    is_number = value.isdigit() and len(value) >= _NUMBER and len(set(value)) * 2 > _NUMBER
    return (is_number and is_filled_in(value)) or is_unworded(value)


def is_app_password(value: str) -> bool:
    """True for four groups of four letters, as Google gives them out, none of which is a word."""
    return is_scrambled(value.replace(" ", "")) and not any(map(is_listed, value.split()))


def is_typed(value: str) -> bool:
    """True for words with the digit and the sign that rules for passwords ask for: `Winter2023!`; no mail's address."""
    is_address = _ADDRESS.fullmatch(value) is not None
    return not is_address and all(part.search(value) for part in _TYPED)


def is_keylike(value: str) -> bool:
    """True for what is called a key and could be one: long, of mixed characters or hexadecimal, and no words."""
    is_hex = len(value) >= 32 and _HEX.fullmatch(value) is not None and any(one.isalpha() for one in value)
    kinds = sum(map(any, zip(*((one.islower(), one.isupper(), one.isdigit()) for one in value), strict=True)))
    longest = max(map(len, re.split(r"[_.-]", value)))
    is_other = longest < 12 or value.startswith("/") or _UUID.fullmatch(value)
    return not is_other and is_key_material(value) and (is_hex or kinds == 3 or is_scrambled(value))


def is_url_key(value: str) -> bool:
    """True for a key in an address, and not for the id of a document, as MongoDB gives them out."""
    return is_keylike(value) and not _OBJECT_ID.fullmatch(value)


def is_seed_phrase(value: str) -> bool:
    """True for words of which hardly any is there twice: the phrases that tools print for tests repeat one."""
    words = value.split()
    return len(set(words)) * 4 >= len(words) * 3


def is_key_material(value: str) -> bool:
    """True if the value could be the key of a cipher or a service: one word of text, random, and no words."""
    return (
        not any(one.isspace() for one in value)
        and is_password(value)
        and is_random(value)
        and not reads_as_words(value)
    )


def is_key_or_password(value: str) -> bool:
    """True if the value could be the key of a cipher, or is a password in its place."""
    return is_key_material(value) or is_unworded(value)


def is_varied_bytes(value: str) -> bool:
    """True for bytes, as `\\x12\\x9a…` or `0x12, 0x9a, …`, most of them different and not counted up."""
    numbers = [int(one, 16) for one in _BYTE.findall(value)]
    steps = {after - before for before, after in pairwise(numbers)}
    return len(set(numbers)) * 4 >= len(numbers) * 3 and len(steps) * 2 >= len(numbers)


def is_varied_decimals(value: str) -> bool:
    """True for bytes, as `18, 154, …` or signed, most of them different and not counted up."""
    numbers = [int(one) for one in re.findall(r"-?[0-9]+", value)]
    steps = {after - before for before, after in pairwise(numbers)}
    is_bytes = min(numbers) >= -128 and max(numbers) <= 255 and max(map(abs, numbers)) > _DIGITS_ALONE
    return is_bytes and len(set(numbers)) * 4 >= len(numbers) * 3 and len(steps) * 2 >= len(numbers)


def is_stated(value: str) -> bool:
    """True for whatever stands in a credential file, a weak word too; not for what a template fills in."""
    return bool(value.strip()) and not _TEMPLATE.search(value) and value.strip().strip("xX*.-_") != ""


def is_option_value(value: str) -> bool:
    """True if the value is a password rather than a port, a number or a file's path."""
    return is_strong(value) and not value.isdigit()


def is_sql_password(value: str) -> bool:
    """True if the value is filled in, and no word of SQL."""
    return is_password(value) and value.lower() not in ("password", "values", "random", "null", "the", "their", "its")


def is_generic_token(value: str) -> bool:
    """True if a value without a shape is random enough: letters and digits mixed, not words joined by signs."""
    longest = max((len(part) for part in re.split(r"[_.~+/-]", value)), default=0)
    return longest >= 12 and is_password(value) and is_random_with_digit(value) and not reads_as_words(value)
