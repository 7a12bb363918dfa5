"""Remembers the scripts that ShellCheck has nothing to say of, so that the next run need not ask again.

Digests alone are kept: a remark may repeat a piece of its script, and that piece may be a secret. The program's version
is part of a digest; settings and comments are not, as they only leave remarks out. What is damaged matches nothing.
"""

from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

from gate.whole_files import write_whole

SIZE = 16
"""Bytes of a digest."""
MOST = 65_536
"""Scripts that are remembered, those of the last runs first: 1 MiB."""
_FILE = "shellcheck-clean"


class CleanScripts(msgspec.Struct, frozen=True):
    """The memory in a cache folder, for one version of ShellCheck."""

    folder: str
    version: str

    def digest(self, script: str) -> bytes:
        """Return what a script is remembered by."""
        return blake2b(f"{self.version}\0{script}".encode("utf-8", "surrogatepass"), digest_size=SIZE).digest()

    def known(self) -> frozenset[bytes]:
        """Return the digests of all scripts that are known to be clean; none if there is no memory that can be read."""
        return frozenset(_read(self._file))

    def remember(self, digests: Iterable[bytes]) -> None:
        """Put `digests` before those that are remembered. A memory that cannot be written costs time only."""
        before = _read(self._file)
        after = list(dict.fromkeys((*sorted(digests), *before)))[:MOST]
        if set(after) != set(before):
            _write(self._file, b"".join(after))

    @property
    def _file(self) -> Path:
        return Path(self.folder, "dockerfile", _FILE)


def _read(file: Path) -> list[bytes]:
    try:
        with file.open("rb") as stream:
            content = stream.read(SIZE * MOST)
    except OSError:
        return []
    return [content[place : place + SIZE] for place in range(0, len(content) - SIZE + 1, SIZE)]


def _write(file: Path, content: bytes) -> None:
    """Keep the answers; of two runs that write, one is forgotten. What cannot be kept is asked again."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)
