"""Remembers the scripts that ShellCheck has nothing to say of, so that the next run need not ask again.

Digests alone are kept: a remark may repeat a piece of its script, and that piece may be a secret. The program's version
is part of a digest; settings and comments are not, as they only leave remarks out. What is damaged matches nothing.
"""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

import msgspec

from gate.core.cache import Cache

SIZE = 16
"""Bytes of a digest."""
MOST = 65_536
"""Scripts that are remembered, those of the last runs first: 1 MiB."""
_FILE = "dockerfile/shellcheck-clean"


class CleanScripts(msgspec.Struct, frozen=True):
    """The memory in a cache folder, for one version of ShellCheck."""

    folder: str
    version: str

    def digest(self, script: str) -> bytes:
        """Return what a script is remembered by."""
        return blake2b(f"{self.version}\0{script}".encode("utf-8", "surrogatepass"), digest_size=SIZE).digest()

    def known(self) -> frozenset[bytes]:
        """Return the digests of all scripts that are known to be clean; none if there is no memory that can be read."""
        return frozenset(self._read())

    def remember(self, digests: Iterable[bytes]) -> None:
        """Put `digests` before those that are remembered; of two runs that write, one is forgotten."""
        before = self._read()
        after = list(dict.fromkeys((*sorted(digests), *before)))[:MOST]
        if set(after) != set(before):
            Cache(Path(self.folder)).write(_FILE, b"".join(after))

    def _read(self) -> list[bytes]:
        content = Cache(Path(self.folder)).read(_FILE) or b""
        return [content[place : place + SIZE] for place in range(0, len(content) - SIZE + 1, SIZE)]
