"""Signatures: the gate signs with ed25519 (RFC 8032), and verifies ed25519 and ECDSA on P-256.

Keys are PEM files such as `openssl genpkey` and `cosign generate-key-pair` write. `cryptography` is imported inside the
functions: every run imports this module, few verify or sign, and the library takes longer to load than this module's
callers take to start.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.errors import ConfigError, UnreadableError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAX_KEY = 1 << 16
"""Bytes of a key file at most."""
_HINT = "Use none of it; ask its author"


def sign(message: bytes, key_file: str) -> bytes:
    """Sign with the private key in `key_file`. Raises ConfigError if there is none in it."""
    return _private(key_file).sign(message)


def public_part(key_file: str) -> bytes:
    """Return the 32 bytes of the public key that belongs to the private key in `key_file`. Raises ConfigError."""
    return _private(key_file).public_key().public_bytes_raw()


def public_key(key_file: str) -> bytes:
    """Return the 32 bytes of the public key in `key_file`. Raises ConfigError."""
    return _public(key_file).public_bytes_raw()


def verify(message: bytes, signature: bytes | None, key_file: str, shown: str) -> None:
    """Raise UnreadableError, which names `shown`, unless the public key in `key_file` verifies `signature`."""
    from cryptography.exceptions import InvalidSignature

    key = _public(key_file)
    if signature is None:
        raise UnreadableError("is not signed, and a key is configured", path=shown, hint=_HINT)
    try:
        key.verify(signature, message)
    except InvalidSignature as error:
        raise UnreadableError("is signed with another key, or was changed", path=shown, hint=_HINT) from error


def is_signed_by(message: bytes, signature: bytes, pem: bytes, shown: str) -> bool:
    """True if the public ed25519 key in `pem` verifies the signature. Raises ConfigError, which names `shown`."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(shown, "public") from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(shown, "public")
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def verifier_of(key_file: str) -> Callable[[bytes, bytes], bool]:
    """Return a function of a message and a signature that is true if the key in `key_file` verifies them.

    The key is a public one, ed25519 or ECDSA on P-256 with SHA-256 (FIPS 186-5). Raises ConfigError for any other.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _loaded_public(key_file)
    is_p256 = isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    if not (is_p256 or isinstance(key, Ed25519PublicKey)):
        raise ConfigError("is no public key of ed25519 or ECDSA P-256", path=key_file)

    def has_signed(message: bytes, signature: bytes) -> bool:
        try:
            if isinstance(key, EllipticCurvePublicKey):
                key.verify(signature, message, ECDSA(SHA256()))
            elif isinstance(key, Ed25519PublicKey):
                key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return has_signed


def _private(key_file: str) -> "Ed25519PrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_read(key_file), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(key_file, "private") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(key_file, "private")
    return key


def _public(key_file: str) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = _loaded_public(key_file)
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(key_file, "public")
    return key


def _loaded_public(key_file: str) -> object:
    """Return the public key in `key_file`, of whatever algorithm. Raises ConfigError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        return load_pem_public_key(_read(key_file))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(key_file, "public") from error


def _read(key_file: str) -> bytes:
    """Return the PEM in a file, or `key_file` itself if it is PEM. Raises ConfigError."""
    if key_file.startswith("-----BEGIN "):
        return key_file.encode()
    try:
        with Path(key_file).open("rb") as file:
            return file.read(MAX_KEY)
    except OSError as error:
        raise ConfigError(f"the key cannot be read ({error.strerror})", path=key_file) from error


def _no_key(key_file: str, kind: str) -> ConfigError:
    return ConfigError(f"is no {kind} ed25519 key in PEM", path=key_file, hint="openssl genpkey -algorithm ed25519")
