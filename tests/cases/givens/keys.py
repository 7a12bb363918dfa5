"""Pairs of ed25519 keys: `outside/NAME.key` (private) and `outside/NAME.pub`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@contextmanager
def given(scene: Any, names: list[str]) -> Iterator[None]:
    """Make a pair for each name."""
    for name in names:
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (scene.outside / f"{name}.key").write_bytes(private)
        (scene.outside / f"{name}.pub").write_bytes(public)
    yield
