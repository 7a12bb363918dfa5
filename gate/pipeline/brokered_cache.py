"""What is kept from run to run, for a worker that can write no file and has no key: the broker keeps it."""

from collections.abc import Mapping, Sequence

import msgspec

from gate.core import broker


class Keys(msgspec.Struct, frozen=True):
    """Answers that are asked for."""

    folder: str
    keys: tuple[bytes, ...]


class KeptAnswers(msgspec.Struct, frozen=True):
    """Answers to be kept."""

    folder: str
    by_key: dict[bytes, bytes]


class File(msgspec.Struct, frozen=True):
    """A file below a folder; with content, to be kept."""

    folder: str
    name: str
    content: bytes = b""


class BrokeredBackend:
    """A `CacheBackend` that asks: what comes back was verified, and what is given is kept for this target alone."""

    def get(self, folder: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return broker.ask("cache.known", Keys(folder, tuple(keys)), dict[bytes, bytes])

    def put(self, folder: str, answers: Mapping[bytes, bytes]) -> None:
        broker.ask("cache.keep", KeptAnswers(folder, dict(answers)), type(None))

    def read(self, folder: str, name: str) -> bytes | None:
        _, files = broker.ask_with_files("cache.read", File(folder, name), type(None))
        for file in files:  # there is one, or none
            with open(file, "rb", buffering=0) as kept:
                return kept.read()
        return None

    def write(self, folder: str, name: str, content: bytes) -> None:
        broker.ask("cache.write", File(folder, name, content), type(None))
