"""Results that the cache keeps unreadable to everyone without this machine's key: AES-256-GCM under a key made of it.

A cache is stored by CI systems and handed to forks (`docs/decisions/0006-what-is-cached.md`); the key never is. What is
sealed for one `scope` is opened for that one alone. `cryptography` is imported only once something is sealed.
"""

import os

from gate.core import broker
from gate.core.machine_key import marker

_NONCE = 12
"""Bytes of a nonce (NIST SP 800-38D, 8.2.2: random, of 96 bits)."""
_KIND = "gate sealed"
_PURPOSE = b"key of sealed results"


def seal(content: bytes, scope: bytes = b"") -> bytes | None:
    """Return `content` encrypted and authenticated; None if this machine has no key."""
    if broker.is_connected():
        return broker.ask("cache.seal", content, bytes | None)  # type: ignore[arg-type]
    key = _key()
    if key is None:
        return None
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, scope)


def unseal(sealed: bytes, scope: bytes = b"") -> bytes | None:
    """Return the content; None if it was sealed elsewhere or for another scope, or is damaged."""
    if broker.is_connected():
        return broker.ask("cache.unseal", sealed, bytes | None)  # type: ignore[arg-type]
    key = _key()
    if key is None:
        return None
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], scope)
    except (InvalidTag, ValueError):
        return None


def _key() -> bytes | None:
    mark = marker(_KIND)
    return mark(_PURPOSE) if mark else None
