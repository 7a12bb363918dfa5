"""What earlier runs found out about contents.

What says anything of a secret is encrypted with this machine's key, so that no hash or place of one can be read from
the cache by others, and no value is in it at all: see `docs/decisions/0006-what-is-cached.md`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gate.core.cache import KEY_SIZE, Cache, code_key, key_of, own_code
from gate.core.sealed import seal, unseal
from gate.secrets.kinds.added import code_of_tokens
from gate.secrets.results.detected import Examined
from gate.secrets.results.summary import is_clean
from gate.secrets.sources.files import FileOptions

_ENGINE = ("detect_secrets", "hyperscan")
"""Packages whose version decides what is found, besides our own code."""

_SEALED = b"\xc1"
"""The first byte of what is encrypted: no answer in MessagePack begins with it."""

Whole = TypeVar("Whole", bound=msgspec.Struct)
File = tuple[str, str]
"""(path, content id): what is found depends on both, as detectors and filters go by names too."""


def engine_of(options: FileOptions) -> bytes:
    """Name all that decides, besides path and content, what is found in a file."""
    settings = msgspec.structs.replace(options, cache_folder=None)
    return key_of(_engine(), msgspec.json.encode(settings), code_of_tokens(options.configuration.kinds))


class SecretsCache:
    """What is known of contents by one engine with one set of options; None as folder: nothing, and nothing is kept."""

    def __init__(self, folder: Path | None, options: FileOptions) -> None:
        self._cache = Cache(folder) if folder else None
        self._options = options

    @cached_property
    def _engine(self) -> bytes:
        return engine_of(self._options)

    @property
    def is_kept(self) -> bool:
        """True if what is found out now serves the next run."""
        return self._cache is not None

    def files(self, files: Iterable[File]) -> dict[File, Examined]:
        """Return what is known of files."""
        if self._cache is None:
            return {}
        by_key = {self._key(file): file for file in files}
        answers = self._cache.get(by_key)
        return {by_key[key]: outcome for key, outcome in _decoded(answers, Examined).items()}

    def keep_files(self, outcomes: Mapping[File, Examined]) -> None:
        """Keep what files came to, but for those that were not read as a whole: they are tried again."""
        if self._cache is not None:
            whole = {file: one for file, one in outcomes.items() if not one.errors}
            encoded = {self._key(file): _encoded(one, is_secret=not is_clean(one)) for file, one in whole.items()}
            self._cache.put({key: answer for key, answer in encoded.items() if answer is not None})

    def known(self, names: Iterable[bytes], shape: type[Whole]) -> dict[bytes, Whole]:
        """Return what is known under these names, as `keep` took it."""
        if self._cache is None:
            return {}
        by_key = {key_of(self._engine, name): name for name in names}
        return {by_key[key]: one for key, one in _decoded(self._cache.get(by_key), shape).items()}

    def keep(self, known: Mapping[bytes, msgspec.Struct], *, is_secret: bool) -> None:
        """Keep what is known under names, of more than a file or less. `is_secret`: it says where a secret is."""
        if self._cache is not None:
            encoded = {key_of(self._engine, name): _encoded(one, is_secret=is_secret) for name, one in known.items()}
            self._cache.put({key: answer for key, answer in encoded.items() if answer is not None})

    def _key(self, file: File) -> bytes:
        path, content_id = file
        text = f"{content_id} {path}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, digest_size=KEY_SIZE, key=self._engine).digest()


def _encoded(known: msgspec.Struct, *, is_secret: bool) -> bytes | None:
    """Return what is stored; None if it cannot be encrypted and has to be."""
    encoded = msgspec.msgpack.encode(known)
    if not is_secret:
        return encoded
    sealed = seal(encoded)
    return None if sealed is None else _SEALED + sealed


def _decoded(answers: Mapping[bytes, bytes], shape: type[msgspec.Struct]) -> dict[bytes, Any]:
    """Return the answers that can be understood."""
    decode = msgspec.msgpack.Decoder(shape).decode
    decoded = {}
    for key, answer in answers.items():
        content = unseal(answer.removeprefix(_SEALED)) if answer.startswith(_SEALED) else answer
        try:
            decoded[key] = decode(content or b"")
        except msgspec.MsgspecError:  # written by another version under the same key: looked at again
            continue
    return decoded


@cache
def _engine() -> bytes:
    """Name the code that looks: ours, and the versions of the packages below it."""
    folders = (folder for name in _ENGINE if (folder := _folder_of(name)))
    versions = [file for folder in folders for file in sorted(folder.glob("_*.py"))]
    return key_of(own_code(), code_key(versions))


def _folder_of(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None
