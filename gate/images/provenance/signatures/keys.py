"""The keys that the settings trust."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from gate.core.signing import verifier_of


class PublicKey(msgspec.Struct, frozen=True):
    """A public key."""

    name: str
    """The name of its file, as reports show it."""
    has_signed: Callable[[bytes, bytes], bool]
    """Of a message and a signature: whether the private part made it."""


def load_keys(files: Sequence[str]) -> list[PublicKey]:
    """Return the keys in PEM files. Raises ConfigError for a file without one."""
    return [PublicKey(Path(file).name, verifier_of(file)) for file in files]
