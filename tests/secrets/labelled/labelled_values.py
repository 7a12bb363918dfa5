"""Made-up values for the labelled set: drawn from a seed, so that nothing secret-shaped stands in the repository."""

import base64
import binascii
import json
import random
import string
import zlib
from collections.abc import Callable
from uuid import UUID

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SYLLABLES = ("kra", "ben", "fel", "mo", "tir", "ush", "ven", "dal", "qui", "zor", "pek", "lum", "nix", "gar")
_WORDS = ("Sommer", "Liverpool", "dragon", "Passw0rd", "welcome", "Orchard", "letmein", "Admin", "shopkeeper", "monkey")


def password(draw: random.Random) -> str:
    """A password as people make them: `Krafel_72zor!`."""
    parts = [draw.choice(_SYLLABLES) for _ in range(3)]
    return (
        f"{parts[0].capitalize()}{parts[1]}{draw.choice('_-.')}{draw.randrange(10, 99)}{parts[2]}{draw.choice('!+~')}"
    )


def mixed(length: int) -> Callable[[random.Random], str]:
    """Return a generator of letters of both cases and digits, at least one of each, as in `Xk3bf91Q`."""

    def draw_mixed(draw: random.Random) -> str:
        parts = [draw.choice(kind) for kind in (string.digits, string.ascii_uppercase, string.ascii_lowercase)]
        parts += draw.choices(BASE62, k=length - len(parts))
        draw.shuffle(parts)
        return "".join(parts)

    return draw_mixed


def of(letters: str, length: int) -> Callable[[random.Random], str]:
    """Return a generator of `length` characters of `letters`."""
    return lambda draw: "".join(draw.choices(letters, k=length))


def b64(size: int) -> Callable[[random.Random], str]:
    """Return a generator of `size` random bytes in base64."""
    return lambda draw: base64.b64encode(draw.randbytes(size)).decode()


def encoded(text: str) -> str:
    """Return text in base64."""
    return base64.b64encode(text.encode()).decode()


def github(draw: random.Random) -> str:
    """A GitHub token whose checksum fits."""
    body = of(BASE62, 30)(draw)
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = BASE62[rest] + digits
    return "ghp_" + body + digits.rjust(6, "0")


def nkey(draw: random.Random) -> str:
    """A NATS user seed whose checksum fits: the prefix byte of a seed and of a user, 32 bytes, CRC-16."""
    raw = bytes([18 << 3 | 20 << 3 >> 5, (20 << 3 & 31) << 3]) + draw.randbytes(32)
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode().rstrip("=")


def jwt(draw: random.Random) -> str:
    """A JSON Web Token with a user, an hour and a signature."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": str(draw.randrange(10**6)), "exp": 1_900_000_000})
    head = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return head + "." + base64.urlsafe_b64encode(draw.randbytes(32)).decode().rstrip("=")


_PEOPLES = (
    *("aaaaaaaa9", "Aaaaaaa9", "aaaaaa999", "aaaaa99", "Aaaa@9999", "A9a@Aaaaaaa999!", "Aaaaaaaaa9!", "aaaa_aaaa"),
    *("aaaaaaaa-aaaa", "aaaaaaaaa", "aAaaAAa9", "a9a9a9a9", "Aaaaa_99aaa", "aaaa9999", "aaaaaaaaaaaa", "aaaa!aaaa9"),
    *("9aaaa9aaa", "Aaaaaaaa", "aaaaaa$9", "AAaaa9!aaa"),
)
_CLASSES = {"a": string.ascii_lowercase, "A": string.ascii_uppercase, "9": string.digits}


def scrambled(draw: random.Random) -> str:
    """A password of people whose characters became random ones of the same class: `Qxwzmrp4` for `Dolphin4`."""
    return "".join(draw.choice(_CLASSES.get(one, one)) for one in draw.choice(_PEOPLES))


def low(draw: random.Random) -> str:
    """A short word in small letters that became random ones: `xkdwm`."""
    return "".join(draw.choices(string.ascii_lowercase, k=draw.randrange(4, 9)))


VALUES: dict[str, Callable[[random.Random], str]] = {
    "password": password,
    "user": lambda draw: draw.choice(["deploy", "svc-billing", "anna", "reporting", "etl"]),
    "host": lambda draw: draw.choice(["db1.corp.internal", "10.20.0.7", "mail.orchard.dev", "queue.orchard.dev"]),
    "hex32": of("0123456789abcdef", 32),
    "hex40": of("0123456789abcdef", 40),
    "hex64": of("0123456789abcdef", 64),
    "hex128": of("0123456789abcdef", 128),
    "alnum24": of(BASE62, 24),
    "alnum32": of(BASE62, 32),
    "alnum40": of(BASE62, 40),
    "alnum86": of(BASE62, 86),
    "b32": of(string.ascii_uppercase + "234567", 32),
    "b64": b64(32),
    "b64_64": b64(64),
    "basic": lambda draw: encoded(f"deploy:{password(draw)}"),
    "b64password": lambda draw: encoded(password(draw)),
    "b64words": lambda _: encoded("changeme"),
    "uuid": lambda draw: str(UUID(int=draw.getrandbits(128))),
    "github": github,
    "nkey": nkey,
    "nkey_public": lambda draw: "U" + of(string.ascii_uppercase + "234567", 55)(draw),
    "nkey_broken": lambda draw: "SU" + of(string.ascii_uppercase + "234567", 55)(draw) + "A",
    "jwt": jwt,
    "bcrypt": lambda draw: "$2y$10$" + of(BASE62 + "./", 53)(draw),
    "apr1": lambda draw: "$apr1$" + of(BASE62, 8)(draw) + "$" + of(BASE62 + "./", 22)(draw),
    "crypt": lambda draw: "$6$" + of(BASE62, 12)(draw) + "$" + of(BASE62 + "./", 86)(draw),
    "aws_id": lambda draw: "AKIA" + of(string.ascii_uppercase + "234567", 16)(draw),
    "django": of(string.ascii_lowercase + string.digits + "!@#%^&*(-_=+)", 50),
    "phpass": lambda draw: "$P$B" + of(BASE62 + "./", 30)(draw),
    "md5crypt": lambda draw: "$1$" + of(BASE62, 4)(draw) + "$" + of(BASE62 + "./", 22)(draw),
    "hex48": of("0123456789abcdef", 48),
    "alnum35": of(BASE62 + "-_", 35),
    "gibberish": lambda draw: of("bcdfghjklmnpqrstvwxz", 9)(draw) + of(string.digits, 2)(draw),
    "npm": lambda draw: "npm" + github(draw)[3:],
    "none": lambda _: "",
    "pw8": mixed(8),
    "pw10": mixed(10),
    "pw12": lambda draw: mixed(11)(draw) + draw.choice("!$%&*+?@#"),
    "pwl": lambda draw: of(string.ascii_lowercase, draw.randrange(7, 11))(draw),
    "pwl16": of(string.ascii_lowercase, 16),
    "pwld": lambda draw: of(string.ascii_lowercase, draw.randrange(4, 8))(draw) + of(string.digits, 3)(draw),
    "human": lambda draw: draw.choice(_WORDS) + str(draw.randrange(1, 2030)) + draw.choice(["", "!", "#", "@"]),
    "azure": lambda draw: f"{of(BASE62, 3)(draw)}8Q~{of(BASE62 + '_.~-', 34)(draw)}",
    "ascii48": of(BASE62 + "!#%&()*+,-./:;<=>?@[]^_{|}~", 48),
    "upper8": of(string.ascii_uppercase + string.digits, 8),
    "upper10": of(string.ascii_uppercase + string.digits, 10),
    "hex12": of("0123456789abcdef", 12),
    "hex16": of("0123456789abcdef", 16),
    "hex20": of("0123456789abcdef", 20),
    "HEX20": of("0123456789ABCDEF", 20),
    "HEX64": of("0123456789ABCDEF", 64),
    "HEX128": of("0123456789ABCDEF", 128),
    "alnum14": of(BASE62, 14),
    "alnum16": of(BASE62, 16),
    "alnum20": of(BASE62, 20),
    "alnum28": of(BASE62 + "-_", 28),
    "alnum33": of(BASE62, 33),
    "alnum38": of(BASE62 + "-_", 38),
    "alnum50": of(BASE62, 50),
    "alnum60": of(BASE62 + "-_", 60),
    "alnum64": of(BASE62, 64),
    "alnum90": of(BASE62 + "-_", 90),
    "b64_16": b64(16),
    "b64_20": b64(20),
    "b64_24": b64(24),
    "b64_30": b64(30),
    "b64_48": b64(48),
    "b64_128": b64(128),
    "b64url22": of(BASE62 + "-_", 22),
    "b64url60": lambda draw: encoded(json.dumps({"u": mixed(8)(draw).lower(), "a": mixed(20)(draw).lower()})).rstrip(
        "="
    ),
    "scr": scrambled,
    "low": low,
    "b64low": lambda draw: encoded(low(draw)),
    "b32s": of(string.ascii_uppercase + "234567", 16),
    "bcrypt53": of(BASE62 + "./", 53),
    "ascii64": of(BASE62 + "!#%&()*+,-./:;<=>?@[]^_{|}~", 64),
    "upper16": of(string.ascii_uppercase + string.digits, 16),
    "digdash": lambda draw: "-".join(of(string.digits, 5)(draw) for _ in range(5)),
    "telegram": lambda draw: f"{of(string.digits, 9)(draw)}:AA{of(BASE62 + '_-', 33)(draw)}",
    "discord": lambda draw: f"M{of(BASE62, 23)(draw)}.{of(BASE62, 6)(draw)}.{of(BASE62 + '_-', 27)(draw)}",
    "sk": lambda draw: f"sk-{of(BASE62, 20)(draw)}T3BlbkFJ{of(BASE62, 20)(draw)}",
    **{f"dig{size}": of(string.digits, size) for size in (4, 5, 6, 11, 18, 28)},
    **{f"HEX{size}": of("0123456789ABCDEF", size) for size in (16, 32, 40)},
    **{f"hex{size}": of("0123456789abcdef", size) for size in (24, 37)},
    **{f"alnum{size}": of(BASE62, size) for size in (7, 8, 12, 22, 25, 27, 30, 34, 36, 43, 45, 68, 134)},
    "pem": lambda draw: "\n".join(b64(48)(draw) for _ in range(12)),
}
"""What a template may name between guillemets: `password = "«password»"`."""
