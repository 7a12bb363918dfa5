"""What earlier runs found out: in which contents there is nothing to find.

Only that is kept. A file with a secret is looked at in every run, so that no value, hash or place of one is ever in
the cache: see `docs/decisions/0006-what-is-cached.md`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gate.core.cache import KEY_SIZE, Cache, code_key, key_of, own_code
from gate.secrets.kinds.added import code_of_tokens
from gate.secrets.results.detected import Examined
from gate.secrets.results.summary import is_clean
from gate.secrets.sources.files import FileOptions

_ENGINE = ("detect_secrets", "hyperscan")
"""Packages whose version decides what is found, besides our own code."""

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
        """Return what is known of files without a secret."""
        if self._cache is None:
            return {}
        by_key = {self._key(file): file for file in files}
        answers = self._cache.get(by_key)
        return {by_key[key]: outcome for key, outcome in _decoded(answers, Examined).items()}

    def keep_files(self, outcomes: Mapping[File, Examined]) -> None:
        """Keep what files without a secret came to; the others are left out."""
        if self._cache is not None:
            clean = {file: one for file, one in outcomes.items() if is_clean(one)}
            self._cache.put({self._key(file): msgspec.msgpack.encode(one) for file, one in clean.items()})

    def whole(self, name: bytes, shape: type[Whole]) -> Whole | None:
        """Return what is known of a whole tree or history, as `keep_whole` took it."""
        if self._cache is None:
            return None
        key = key_of(self._engine, name)
        return _decoded(self._cache.get([key]), shape).get(key)

    def keep_whole(self, name: bytes, known: msgspec.Struct) -> None:
        """Keep what a whole tree or history came to."""
        if self._cache is not None:
            self._cache.put({key_of(self._engine, name): msgspec.msgpack.encode(known)})

    def _key(self, file: File) -> bytes:
        path, content_id = file
        text = f"{content_id} {path}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, digest_size=KEY_SIZE, key=self._engine).digest()


def _decoded(answers: Mapping[bytes, bytes], shape: type[msgspec.Struct]) -> dict[bytes, Any]:
    """Return the answers that can be understood."""
    decode = msgspec.msgpack.Decoder(shape).decode
    decoded = {}
    for key, answer in answers.items():
        try:
            decoded[key] = decode(answer)
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
