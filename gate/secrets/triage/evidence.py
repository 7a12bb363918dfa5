"""What speaks for a secret: how random a value is for its alphabet, and the name that it is given to."""

import math
import re
import string
from collections import Counter
from functools import lru_cache
from itertools import pairwise

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists


def _any_of(*alternatives: str) -> str:
    """Return the pattern of any of these patterns, which are separated by blanks."""
    return "|".join(" ".join(alternatives).split())


_ALPHABETS: tuple[frozenset[str], ...] = tuple(
    frozenset(letters)
    for letters in (
        string.digits,
        string.digits + "abcdef",
        string.digits + "ABCDEF",
        string.ascii_lowercase,
        string.ascii_uppercase,
        string.ascii_uppercase + "234567=",
        string.digits + string.ascii_lowercase,
        string.digits + string.ascii_uppercase,
        string.ascii_letters,
        string.digits + string.ascii_letters,
        string.digits + string.ascii_letters + "+/=",
        string.digits + string.ascii_letters + "-_=",
    )
)
_PRINTABLE = 94
_LISTS = word_lists(__file__)
_NEUTRAL = frozenset(_LISTS["neutral"])


def randomness(value: str) -> float:
    """Return the Shannon entropy of `value`, as a share of what its length and smallest alphabet allow: 0.0 to 1.0."""
    if len(value) < 2:
        return 0.0
    counts = Counter(value)
    size = next((len(alphabet) for alphabet in _ALPHABETS if counts.keys() <= alphabet), _PRINTABLE)
    entropy = -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
    return entropy / math.log2(min(size, len(value)))


def looks_generated(value: str) -> bool:
    """True if `value` is long, and its characters mixed, as only a program mixes them."""
    text = value.strip("=")
    if len(text) < 16 or any(letter.isspace() for letter in text) or randomness(text) < 0.75:
        return False
    return _changes(text) * 6 >= len(text)


def _changes(text: str) -> int:
    """Return how often neighbours are of different classes: lower, upper, digit, other."""
    classes = [(one.islower(), one.isupper(), one.isdigit()) for one in text]
    return sum(before != after for before, after in pairwise(classes))


class Naming(msgspec.Struct, frozen=True):
    """The names in front of a value, the nearest first, and whether it is called with them."""

    names: tuple[str, ...] = ()
    is_argument: bool = False
    """True for `f("value")` and `f["value"]`."""

    @property
    def nearest(self) -> str:
        """The name that the value is given to; empty if there is none."""
        return next((name for name in self.names if name.lower() not in _NEUTRAL), "")


_NAME = lazy_regex(r"[^\x00-#%-@[-^`{-\x7f][^\x00-#%-,/:-@[-^`{-\x7f]*")
"""A letter, `_`, `$` or what is not ASCII, then digits, `.` and `-` too. (A set of what is wanted takes 7 ms more.)"""
_FALLS_BACK = lazy_regex(
    r"(?:env|getenv|environ\.get|config|setting|option|fetch|get)\(\s?[\"']([A-Za-z][\w.-]{1,60})[\"'],\s?[rb]?[\"']\Z"
)
"""`env("APP_KEY", "`: what a setting is if nothing is set."""
_WINDOW = 120
_MAX_NAMES = 4


def naming(before: str) -> Naming:
    """Read the names at the end of the text before a value: `const apiKey = "` gives `apiKey`, `const`."""
    window = before[-_WINDOW:]
    setting = _FALLS_BACK.search(window)
    if setting:
        return Naming((setting[1],))
    statement = re.split(r"[;&{}]|,(?!\s*(?:value|content)\b)", window)[-1]
    opened = statement.rstrip(" \t\"'`@bru")
    names = _NAME.findall(statement)[::-1][:_MAX_NAMES]
    return Naming(tuple(name.strip("-$.") for name in names), opened.endswith(("(", "[")))


_PASSWORDS = (
    r"passw passwd passord pasword pwd passphrase pass_?code (?<![a-z])psk(?![a-z])"
    r" (?<![a-z])(?:user|db|my|root|admin|ftp|mail|smtp|wifi|sql|auth|http|proxy|ssh|login|host|pg)?pass(?![a-z])"
    r" (?<![a-z])pw(?![a-z])"
)
_CREDENTIALS = r"secret token credential creds api_?key apikey access_?key auth private_?key priv_?key account_?key"
_KEYS = (
    r"service_?key validation_?key decryption_?key machine_?key consumer_?key encryption_?key crypto_?key"
    r" sign(?:ing)?_?key master_?key shared_?key storage_?key client_?key"
    r" license_?secret (?<![a-z])salt bearer cookie session_?id (?<![a-z])ticket(?![a-z]) seed mnemonic otp totp"
)
_IN_OTHER_LANGUAGES = r"contrase (?<![a-z])clave kennwort passwort mot_?de_?passe (?<![a-z])mdp(?![a-z]) senha"
_MORE_KEYS = (
    r"pepper sas(?![a-z]) webhook dsn connection_?string (?<![a-z])jwt app_?key write_?key admin_?key deploy_?key hmac"
    r" key_?base hash_?(?:key|iv) db_?key licen[sc]e_?token"
)
_SECRET_NAME = lazy_regex(_any_of(_PASSWORDS, _CREDENTIALS, _KEYS, _IN_OTHER_LANGUAGES, _MORE_KEYS))
_PUBLIC_WORDS = (
    r"public (?<![a-z])pub(?:key)?(?![a-z]) publishable tokeni[sz] author(?!i[sz]) authenticator licen[sc]e_?key"
)
_WAYS = "source mech mechanism type mode method scheme provider backend driver flow realm domain host server plugin"
_PASSES = "zero prop props depth args? through thru band filter context obj kwargs count rate ratio list by"
_KEYS_OF_DATA = (
    "sort primary foreign partition cache site short object row lookup spreadsheet sheet document project vapid vss"
)
_PASSES_OVER_DATA = "first second third single multi render shadow blur depth forward backward"
"""Words before `pass` that make it one of several times that a program goes through something."""
_PLACE_TOKENS = (
    "next page paging pagination continuation continue cursor sync resume upload term start creation sequence"
    " idempotency lock change client_request csrf xsrf authenticity"
)
"""Words before `token` that make it a place in a list, or one that every page has."""
_STATES = "is has no not wrong invalid incorrect missing bad update use ask forgot show hide requires? allow"
_PROPERTIES = " ".join(_LISTS["properties"]) + (
    r" last_?set last_?change (?<!password_)confirmation"
    r" (?:error|status|complexity|result|response|reason|return|expired|invalid|missing|unknown)_code"
    r" code_(?:unset|expired|missing|invalid|unknown|blocked|mismatch)"
)
"""What a name ends with that is about a secret, and not the secret itself."""
_REFERENCES = r"credentials?_secret existing_?secret image_?pull_?secret secret_ref secret_key_ref"
"""What ends with the name of a Kubernetes Secret, not with a secret."""
_PUBLIC_NAME = lazy_regex(
    _any_of(
        rf"(?:{_any_of(_REFERENCES)})s?\Z",
        _PUBLIC_WORDS,
        r"(?<![a-z])(?:token_types?|secret_names?)(?![a-z])",
        rf"(?<![a-z])auth_?(?:{_any_of(_WAYS)})s?\Z",
        rf"(?<![a-z])pass_(?:{_any_of(_PASSES)})",
        rf"(?<![a-z])(?:{_any_of(_PASSES_OVER_DATA)})_?pass\Z (?<![a-z])no_?pass(?:wd|word)",
        rf"(?:{_any_of(_KEYS_OF_DATA)})_?key secret_?stores?(?![a-z])",
        rf"(?:{_any_of(_PLACE_TOKENS)})_?(?:[a-z]+_)?token csrf_?middleware_?token amz_credential",
        rf"(?<![a-z])(?:{_any_of(_STATES)})_ authori[sz](?:e|ing) (?:fuzz|random|rng|shuffle|noise)_?seed",
        rf"_(?:{_any_of(_PROPERTIES)})s?\Z",
    )
)
_DIGESTS = (
    r"(?<![a-z])(?:sha|md)_?\d+ hash(?:es)? digests? checksums? integrity etag commit revision (?<![a-z])rev(?![a-z])"
    r" fingerprints?"
    r" (?<!oauth_)signature(?!_?secret) (?<![a-z])sig(?![a-z])"
)
_IDENTIFIERS = (
    r"uuid guid snapshot object_?id (?<![a-z])oid blob thumbprint key_?id keyid key_?grip certificate"
    r" (?<![a-z])cert(?![a-z]) (?<![a-z])crc (?<![a-z])sri(?![a-z]) build_?id image_?id content_?id trace_?id"
)
_PROOFS = (
    r"(?<![a-z])mac(?![a-z]) challenge x5[ct] modulus verifier version"
    r" (?<![a-z])(?:ref|tree|parent|head|(?<!key_)base)(?![a-z0-9])"
)
_DIGEST_NAME = lazy_regex(_any_of(_DIGESTS, _IDENTIFIERS, _PROOFS))


_OF_PASSWORDS = (
    "password passwd pass pwd user kdf pbkdf2? scrypt bcrypt argon2 hkdf hmac key the my test random fixed static"
)
_WRITTEN = r"(?:_?(?:hex|b64|base64|bytes|str|string|value|[0-9]))*\Z"
_WITH_CIPHERTEXT = lazy_regex(
    _any_of(
        rf"(?:\A|_)(?:oauth_)?(?:c?nonce|(?<!hash_)iv|init_vector|initiali[sz]ation_vector|auth(?:entication)?_tag|aad){_WRITTEN}",
        rf"\A(?:(?:{_any_of(_OF_PASSWORDS)})_)?salt{_WRITTEN}",
        rf"(?:\A|_)hash_?ids?_salt{_WRITTEN}",
        rf"\Atag{_WRITTEN} \Aencrypted_(?:key|content|data|value){_WRITTEN} dek_info",
    )
)


def folded(name: str) -> str:
    """Return `apiKey`, `API-KEY` and `api.key` as `api_key`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[-.\s]+", "_", split).lower()


@lru_cache(maxsize=4096)
def names_a_secret(name: str) -> bool:
    """True for `DB_PASSWORD`, `apiKey`, `client-secret`; not for `token_url`, `public_key`, `password_length`."""
    plain = folded(name)
    return _SECRET_NAME.search(plain) is not None and _PUBLIC_NAME.search(plain) is None


def names_what_is_public(name: str) -> bool:
    """True for the properties of a secret that are none: `token_url`, `password_field`, `publicKey`, `license_key`."""
    return _PUBLIC_NAME.search(folded(name)) is not None


def names_what_is_sent_along(name: str) -> bool:
    """True for `iv`, `oauth_nonce`, `authTag`, `password_salt`: sent or stored openly with what they protect.

    Not for the salts that an application keeps for itself: `signing_salt`, `AUTH_SALT`, `hash_salt`.
    """
    return _WITH_CIPHERTEXT.search(folded(name)) is not None


def names_a_digest(name: str) -> bool:
    """True for `sha256`, `integrity`, `commit`, `ETag`, `key_id`: what is random-looking and public."""
    plain = folded(name)
    ends = [match.end() for match in _DIGEST_NAME.finditer(plain)]
    return bool(ends) and (ends[-1] == len(plain) or _SECRET_NAME.search(plain) is None)
