"""Credentials in short texts, `KEY=value`: by the key's name, and by the detectors of the secrets stage."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from gate.core.cache_folder import user_cache_folder
from gate.core.errors import LimitError
from gate.model import Confidence, Secret
from gate.secrets import find_secrets
from gate.secrets.results.detected import keyed_hash, redact

_SECRET_NAME = re.compile(
    r"(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|(?:API|ACCESS|SECRET|PRIVATE|AUTH|ENCRYPTION|SIGNING|MASTER)_?KEY)$"
    r"|(?:^|_)(?:PASS|CREDENTIALS?)$|_PWD$"
)
_KEY = re.compile(r"-{0,2}([A-Za-z_][A-Za-z0-9_.-]{0,127})")
_MIN_LENGTH = 4
_MAX_LENGTH = 4096
_MAX_FOUND = 1000


class Assignment(msgspec.Struct, frozen=True):
    """A key and its value, and the number (from 1) of the text that they stand in."""

    key: str
    value: str
    place: int


class Credential(msgspec.Struct, frozen=True):
    """A credential, without its value, and where it stands."""

    secret: Secret
    confidence: Confidence
    place: int
    key: str = ""
    """Empty if it is not the value of a key."""

    @property
    def what(self) -> str:
        """How a message calls it: `NPM_TOKEN (npm_…)`."""
        return f"{self.key or self.secret.type} ({self.secret.redacted})"


def assignments(texts: Iterable[str]) -> Iterator[Assignment]:
    """Yield each `KEY=value` that a word of the texts is; quotes around values and dashes before keys are left out."""
    for place, text in enumerate(texts, 1):
        for word in text.split():
            key, equals, value = word.strip("\"';").partition("=")
            named = _KEY.fullmatch(key) if equals else None
            if named:
                yield Assignment(named[1], value.strip("\"';"), place)


def credentials(pairs: Iterable[Assignment], texts: list[str]) -> list[Credential]:
    """Return the credentials among `pairs`, and those that detectors are sure of in the rest of `texts`; each once.

    Raises LimitError for more of them than any image has.
    """
    secret_pairs = list(islice(filter(_is_secret, pairs), _MAX_FOUND + 1))
    if len(secret_pairs) > _MAX_FOUND:
        raise LimitError(f"has more than {_MAX_FOUND:,} secrets in its configuration", hint="Do not use this image")
    found = [*map(_credential, secret_pairs), *_detected(_without(secret_pairs, texts))]
    first = {credential.secret.hash: credential for credential in reversed(found)}
    return sorted(first.values(), key=lambda credential: (credential.place, credential.key, credential.secret.hash))


def _without(pairs: list[Assignment], texts: list[str]) -> list[str]:
    rest = list(texts)
    for pair in pairs:
        rest[pair.place - 1] = rest[pair.place - 1].replace(pair.value, "")
    return rest


def _is_secret(pair: Assignment) -> bool:
    from gate.secrets.triage.placeholders import is_placeholder

    key = pair.key.upper().replace("-", "_").replace(".", "_")
    value = pair.value
    if not _SECRET_NAME.search(key) or not _MIN_LENGTH <= len(value) <= _MAX_LENGTH:
        return False
    is_count = value.isdigit() and "PASS" not in key
    return not (is_count or value.startswith(("$", "/")) or is_placeholder(value))


def _credential(pair: Assignment) -> Credential:
    from gate.secrets.kinds.catalogue import KEYWORD

    sha1 = hashlib.sha1(pair.value.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    secret = Secret(type=KEYWORD, hash=keyed_hash(KEYWORD, sha1), redacted=redact(pair.value))
    return Credential(secret, Confidence.MEDIUM, pair.place, pair.key)


def _detected(texts: list[str]) -> Iterator[Credential]:
    """Yield what detectors are sure of, or know by its form; entropy alone would report every checksum there is."""
    from gate.secrets.kinds.catalogue import kind_of

    content = "\n".join(" ".join(text.split()) for text in texts)
    if not content.strip():
        return
    # The compiled patterns tell nothing of a run, so that they are kept without `cache` too.
    for found in find_secrets(content.encode("utf-8", "replace"), "image-configuration.txt", user_cache_folder()):
        has_own_format = kind_of(found.type).confidence is Confidence.HIGH and found.confidence is not Confidence.LOW
        if has_own_format or found.confidence is Confidence.HIGH:
            secret = Secret(type=found.type, hash=found.hash, redacted=found.redacted)
            yield Credential(secret, found.confidence, found.line)
