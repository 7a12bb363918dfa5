"""Key pairs (ed25519) beside the repository: `[a]` makes `{outside}/a.pem`, the same as `a.key`, and `a.pub`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@contextmanager
def given(scene: Any, value: list[str]) -> Iterator[dict[str, str]]:
    """Write the keys."""
    for name in value:
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for ending in ("pem", "key"):
            (scene.outside / f"{name}.{ending}").write_bytes(private)
        (scene.outside / f"{name}.pub").write_bytes(public)
    yield {}
