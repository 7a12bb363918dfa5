"""Attested bills of materials, read as those that lie in a repository."""

from collections.abc import Iterator

import msgspec

from gate.core.errors import UnreadableError
from gate.images.provenance.base import PackageName
from gate.images.provenance.signatures.statements import SignedStatement
from gate.inventory.lockfiles import sbom
from gate.trees import MAX_FILE_SIZE, Entry, EntryKind

_TYPES = ("https://cyclonedx.org/bom", "https://spdx.dev/Document")
_FILE = "attested.sbom.json"


def packages_in(statement: SignedStatement, shown: str) -> tuple[PackageName, ...] | None:
    """Return the packages that an attested SBOM lists; None if the statement is none.

    Raises UnreadableError that names `shown` if it cannot be read.
    """
    if not statement.predicate_type.startswith(_TYPES):
        return None
    try:
        locked = sbom.read(_OneFile(bytes(statement.predicate)), _FILE)
    except UnreadableError as error:
        raise UnreadableError(f"has an attested SBOM that {error.message}", path=shown, hint=error.hint) from error
    names = {PackageName.of(one) for one in locked.packages}
    return tuple(sorted(names, key=msgspec.structs.astuple))


class _OneFile:
    """The document as a tree of one file, which is what readers read."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def walk(self) -> Iterator[Entry]:
        yield Entry(path=_FILE, kind=EntryKind.FILE, size=len(self._content))

    def look_up(self, path: str) -> Entry | None:
        return next(self.walk()) if path == _FILE else None

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        return self._content
